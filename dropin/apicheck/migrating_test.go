// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const guide = "../../docs/migrating.md"

// sides are the words behind ``` and go: the folder of a module that has what
// such a snippet imports, its imports, and the names it finds declared.
var sides = map[string]struct{ dir, imports, names string }{
	"old": {"..", `
		"github.com/opentracing/opentracing-go"
		"github.com/uber/jaeger-client-go"
		"github.com/uber/jaeger-client-go/config"
		jaegerzap "github.com/uber/jaeger-client-go/log/zap"
		"github.com/uber/jaeger-client-go/rpcmetrics"
		"github.com/uber/jaeger-client-go/testutils"
		"github.com/uber/jaeger-client-go/transport"
		"github.com/uber/jaeger-client-go/zipkin"
		"github.com/uber/jaeger-lib/metrics"
		"go.uber.org/zap"
		"context"
		"testing"`, `
		factory metrics.Factory
		logger  jaeger.Logger
		sampler jaeger.Sampler
		sc      jaeger.SpanContext
		span    opentracing.Span
		tracer  opentracing.Tracer
		zapLog  *zap.Logger
		observer jaeger.ContribObserver
		ctx     context.Context
		t       *testing.T`},
	"new": {"..", `
		"github.com/opentracing/opentracing-go"
		"github.com/jaegerkit/jaeger"
		"github.com/jaegerkit/jaeger/agenttest"
		"github.com/jaegerkit/jaeger/baggage"
		"github.com/jaegerkit/jaeger/config"
		"github.com/jaegerkit/jaeger/logging"
		"github.com/jaegerkit/jaeger/model"
		"github.com/jaegerkit/jaeger/propagation"
		"github.com/jaegerkit/jaeger/reporter"
		"github.com/jaegerkit/jaeger/rpcmetrics"
		"github.com/jaegerkit/jaeger/sampler"
		"github.com/jaegerkit/jaeger/throttle"
		"github.com/jaegerkit/jaeger/transport"
		"github.com/uber/jaeger-lib/metrics"
		"context"
		"log/slog"
		"testing"
		"time"`, `
		factory metrics.Factory
		logger  logging.Logger
		sc      model.SpanContext
		span    opentracing.Span
		tracer  *jaeger.Tracer
		send    transport.Sender
		keep    sampler.Sampler
		observer jaeger.Observer
		rep     reporter.Reporter
		ctx     context.Context
		t       *testing.T`},
	"zap": {"../../logging/zap", `
		"github.com/jaegerkit/jaeger"
		jaegerzap "github.com/jaegerkit/jaeger/logging/zap"
		"github.com/jaegerkit/jaeger/reporter"
		"go.uber.org/zap"
		"context"
		"log/slog"`, `
		zapLog *zap.Logger
		rep    reporter.Reporter
		ctx    context.Context`},
	"otel": {"../../bench", `
		"github.com/opentracing/opentracing-go"
		"go.opentelemetry.io/otel"
		otelbridge "go.opentelemetry.io/otel/bridge/opentracing"
		"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
		"go.opentelemetry.io/otel/propagation"
		sdktrace "go.opentelemetry.io/otel/sdk/trace"
		"context"`, `
		ctx context.Context`},
}

var importPath = regexp.MustCompile(`"([^"]+)"`)

// exported has the go command compile what snippets of a side import, and
// returns an importer of it.
func exported(t *testing.T, fset *token.FileSet, dir, imports string) types.Importer {
	t.Helper()
	args := []string{"list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}"}
	for _, m := range importPath.FindAllStringSubmatch(imports, -1) {
		args = append(args, m[1])
	}
	cmd := exec.CommandContext(t.Context(), "go", args...)
	var stderr bytes.Buffer
	cmd.Dir, cmd.Stderr = dir, &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list in %s: %v\n%s", dir, err, stderr.Bytes())
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		files[path] = file
	}
	return importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(files[path]) })
}

// typeCheck takes declarations or statements. Names that a snippet leaves unused
// are no error.
func typeCheck(fset *token.FileSet, from types.Importer, imports, names, snippet string, line int) error {
	head := fmt.Sprintf("package p\nimport (%s\n)\nvar (%s\n)\n", imports, names)
	snippet = fmt.Sprintf("\n//line migrating.md:%d\n%s\n", line, snippet)
	file, err := parser.ParseFile(fset, "snippet.go", head+snippet, parser.SkipObjectResolution)
	if err != nil {
		file, err = parser.ParseFile(fset, "snippet.go", head+"func _() error {"+snippet+"return nil }", parser.SkipObjectResolution)
	}
	if err != nil {
		return err
	}
	var errs []error
	check := types.Config{Importer: from, Error: func(err error) {
		if e, ok := err.(types.Error); ok && !e.Soft {
			errs = append(errs, e)
		}
	}}
	_, _ = check.Check("p", fset, []*ast.File{file}, nil)
	return errors.Join(errs...)
}

// TestMigratingCompiles type-checks every snippet of docs/migrating.md: those for
// jaeger-client-go against the drop-in, the others against this library and
// against OpenTelemetry's.
func TestMigratingCompiles(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	fence := regexp.MustCompile("(?ms)^ *```go *(\\w*)$\n(.*?)^ *```$")
	found := map[string]int{}
	blocks := fence.FindAllSubmatchIndex(text, -1)
	fset := token.NewFileSet()
	importers := map[string]types.Importer{}
	for name, side := range sides {
		importers[name] = exported(t, fset, side.dir, side.imports)
		for _, wrong := range []string{"jaeger.NoSuchName()", "span = 7", "if {"} {
			if typeCheck(fset, importers[name], side.imports, side.names, wrong, 1) == nil {
				t.Errorf("%s: got no error of %s", name, wrong)
			}
		}
	}
	for _, b := range blocks {
		name, snippet := string(text[b[2]:b[3]]), string(text[b[4]:b[5]])
		line := 1 + bytes.Count(text[:b[4]], []byte("\n"))
		side, ok := sides[name]
		if !ok {
			t.Errorf("line %d: got a snippet of %q, want one of the sides here", line, name)
			continue
		}
		found[name]++
		if err := typeCheck(fset, importers[name], side.imports, side.names, snippet, line); err != nil {
			t.Errorf("%s:\n%v", name, err)
		}
	}
	for name := range sides {
		if found[name] == 0 {
			t.Errorf("got no snippet of %q", name)
		}
	}
	if all := bytes.Count(text, []byte("```go")); all != len(blocks) {
		t.Errorf("got %d snippets read, want %d", len(blocks), all)
	}
}

// TestMigratingNamesTests: the tests that documents of the drop-in refer to, as
// `folder:TestName`, exist.
func TestMigratingNamesTests(t *testing.T) {
	t.Parallel()
	reference := regexp.MustCompile("`([^`:\\s]+):((?:Test|Example|Fuzz)[A-Za-z0-9_]*)`")
	for _, document := range []string{guide, "../README.md"} {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		references := reference.FindAllStringSubmatch(string(text), -1)
		if len(references) == 0 {
			t.Errorf("%s: got no test, want some", document)
		}
		for _, r := range references {
			files, err := filepath.Glob(filepath.Join("../..", r[1], "*_test.go"))
			if err != nil {
				t.Fatal(err)
			}
			there := false
			for _, file := range files {
				code, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				there = there || bytes.Contains(code, []byte("\nfunc "+r[2]+"("))
			}
			if !there {
				t.Errorf("%s: no test %s in %s", document, r[2], r[1])
			}
		}
	}
}
