// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// baseline has TestDropinPublished run what it runs with jaeger-client-go itself and write down which tests pass:
//
//	go test -run TestDropinPublished -baseline
var baseline = flag.Bool("baseline", false, "record what passes with jaeger-client-go in published/*/passed.txt")

// publishedVar tells the test's second process that it is in a network of its own.
const publishedVar = "E2E_PUBLISHED"

// published are tests that others wrote against jaeger-client-go, each in a folder of published/ with a module that
// says which version of them, and with passed.txt: those that pass with jaeger-client-go.
var published = []struct {
	name     string
	run      string // go test's -run; the rest of a package does not trace
	skip     string // go test's -skip
	packages []string
}{
	{
		name: "dskit", run: "Trac|SpanProfiler",
		// Their subject reads a field of jaeger.SpanContext that is not exported, through unsafe.Pointer and the struct's
		// layout: the one thing that a replacement with a layout of its own cannot offer.
		skip: "TestTracer_pprof_labels_propagation/pprof_labels",
		packages: []string{
			"github.com/grafana/dskit/httpgrpc/server", // InitGlobalTracer, baggage over gRPC
			"github.com/grafana/dskit/server",          // ContribObserver, in-memory reporter
			"github.com/grafana/dskit/spanprofiler",    // a tracer wrapped, *jaeger.Span asserted
		},
	},
	{
		name: "crossdock", run: ".",
		packages: []string{"github.com/jaegertracing/jaeger/crossdock/services"},
	},
}

// TestDropinPublished runs them with the drop-in in jaeger-client-go's place. The same tests must pass. Some of them
// bind ports that they fix, hence the network of their own; what they are built from is fetched and compiled before.
func TestDropinPublished(t *testing.T) {
	t.Parallel()
	switch {
	case *baseline:
	case os.Getenv(publishedVar) == "":
		for _, p := range published {
			checkImported(t, filepath.Join("published", p.name), p.packages)
		}
		inOwnNetwork(t, publishedVar+"=1")
		return
	default:
		raiseLoopback(t)
	}
	for _, p := range published {
		t.Run(p.name, func(t *testing.T) {
			dir := filepath.Join("published", p.name)
			golden := filepath.Join(dir, "passed.txt")
			args := []string{"test", "-count=1", "-json", "-run=" + p.run, "-skip=" + p.skip}
			if *baseline {
				passed := runPublished(t, dir, append(append(args, "-mod=mod", "-modfile="+withoutDropin(t, dir)), p.packages...))
				if err := os.WriteFile(golden, []byte(passed), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if passed := runPublished(t, dir, append(args, p.packages...)); passed != string(want) {
				t.Errorf("passed with the drop-in:\n%s\nwith jaeger-client-go:\n%s", passed, want)
			}
		})
	}
}

// checkImported asks the go command whether the tests of every package import the drop-in, and has it compile them.
func checkImported(t *testing.T, dir string, packages []string) {
	t.Helper()
	want, err := filepath.Abs(filepath.Join("..", "dropin"))
	if err != nil {
		t.Fatal(err)
	}
	const format = `{{if eq .ImportPath "github.com/uber/jaeger-client-go"}}{{.Dir}}{{end}}`
	for _, pkg := range packages {
		got := goIn(t.Context(), t, dir, "list", "-export", "-test", "-deps", "-f", format, pkg)
		if strings.TrimSpace(string(got)) != want {
			t.Fatalf("%s imports jaeger-client-go from %q, want %q", pkg, got, want)
		}
	}
}

// withoutDropin is a copy of dir's go.mod without its replacements.
func withoutDropin(t *testing.T, dir string) (modfile string) {
	t.Helper()
	into := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(into, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	goIn(t.Context(), t, into, "mod", "edit", "-droprequire=github.com/jaegerkit/jaeger",
		"-dropreplace=github.com/jaegerkit/jaeger", "-dropreplace=github.com/uber/jaeger-client-go")
	return filepath.Join(into, "go.mod")
}

// runPublished returns the tests and subtests that passed, a line each. The test fails if one of them did.
func runPublished(t *testing.T, dir string, args []string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	var stdout, stderr bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &stdout, &stderr
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "JAEGER_") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	runErr := cmd.Run()
	var passed []string
	var output strings.Builder
	for d := json.NewDecoder(&stdout); ; {
		var event struct{ Action, Package, Test, Output string }
		if err := d.Decode(&event); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		output.WriteString(event.Output)
		if event.Action == "pass" && event.Test != "" {
			passed = append(passed, event.Package+" "+event.Test+"\n")
		}
	}
	if runErr != nil {
		t.Fatalf("go %s: %v\n%s%s", strings.Join(args, " "), runErr, output.String(), stderr.String())
	}
	slices.Sort(passed)
	return strings.Join(passed, "")
}
