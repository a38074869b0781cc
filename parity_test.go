// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/propagation"
	"github.com/jaegerkit/jaeger/reporter"
)

var (
	proof      = regexp.MustCompile("`([^`:]+):((?:Test|Example|Fuzz)[A-Za-z0-9_]*)`")
	notCarried = regexp.MustCompile(`^Not carried: .{10,}`)
)

// TestParity holds docs/parity.md to its word: each row names, in its last
// column, tests that exist (`folder:TestName`) or says why the feature is not
// carried. That the tests pass is for the rest of `make ci` to show.
func TestParity(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("docs/parity.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]map[string]bool{}
	lines := strings.Split(string(text), "\n")
	seen, columns := map[string]bool{}, 0
	for i, line := range lines {
		switch {
		case !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "|---"):
			continue
		case i+1 < len(lines) && strings.HasPrefix(lines[i+1], "|---"):
			columns = strings.Count(line, "|")
			continue
		case strings.Count(line, "|") != columns:
			t.Errorf("line %d has %d bars, want the %d of its table", i+1, strings.Count(line, "|"), columns)
		}
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		first, shown := cells[0], cells[len(cells)-1]
		seen[first] = true
		found := proof.FindAllStringSubmatch(shown, -1)
		if notCarried.MatchString(shown) == (len(found) > 0) {
			t.Errorf("line %d: %s: got %q in the last column, want tests, or a reason why it is not carried", i+1, first, shown)
		}
		if left := strings.Trim(proof.ReplaceAllString(shown, ""), ", "); len(found) > 0 && left != "" {
			t.Errorf("line %d: %s: got %q among the tests", i+1, first, left)
		}
		for _, f := range found {
			folder, name := f[1], f[2]
			if tests[folder] == nil {
				tests[folder] = testsIn(t, folder)
			}
			if !tests[folder][name] {
				t.Errorf("line %d: %s: no test %s in %s", i+1, first, name, folder)
			}
		}
	}
	for i := 1; i <= 57; i++ { // the defects of the old clients, and what is on the wire
		if d := fmt.Sprint("D", i); !seen[d] {
			t.Errorf("no row for defect %s", d)
		}
		if w := fmt.Sprint("W", i); i <= 34 && !seen[w] {
			t.Errorf("no row for the wire's %s", w)
		}
	}
}

// testsIn lists the tests of a folder, of a nested module or not; the root's is ".".
func testsIn(t *testing.T, folder string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
				names[f.Name.Name] = true
			}
		}
	}
	return names
}

// The rest show what no test beside its code shows.

func TestOwnFormats(t *testing.T) {
	tracer, _ := newTracer(t, jaeger.WithPropagator("mine", propagation.NewTextMap()), jaeger.WithPropagator(opentracing.HTTPHeaders, propagation.NewW3C()))
	span := tracer.StartSpan("op").SetBaggageItem("k", "v")
	for _, test := range []struct {
		format any
		header string // "" where the format is not known
	}{{"mine", "uber-trace-id"}, {opentracing.TextMap, "uber-trace-id"}, {opentracing.HTTPHeaders, "traceparent"}, {"other", ""}, {[]int{1}, ""}, {nil, ""}, {opentracing.BuiltinFormat(9), ""}} {
		carrier := opentracing.TextMapCarrier{}
		err := tracer.Inject(span.Context(), test.format, carrier)
		sc, err2 := tracer.Extract(test.format, carrier)
		if test.header == "" {
			if err != opentracing.ErrUnsupportedFormat || err2 != opentracing.ErrUnsupportedFormat {
				t.Errorf("%v: got %v and %v, want the format unsupported", test.format, err, err2)
			}
			continue
		}
		if err != nil || err2 != nil || carrier[test.header] == "" || sc.(model.SpanContext).BaggageItem("k") != "v" {
			t.Errorf("%v: got %v, errors %v and %v, want %s and the baggage", test.format, carrier, err, err2, test.header)
		}
	}
	var carrier model.SpanContext
	if err := tracer.Inject(span.Context(), propagation.SpanContextFormat, &carrier); err != nil || carrier != span.Context().(model.SpanContext) {
		t.Errorf("got %v, %v, want the context itself", carrier, err)
	}
	if _, err := tracer.Extract(opentracing.TextMap, opentracing.TextMapCarrier{"uber-trace-id": "damaged"}); err == nil || tracer.Stats().DecodingErrors != 1 {
		t.Errorf("got %v and %+v, want one error, counted", err, tracer.Stats())
	}
}

// A context with a trace goes before its debug id; one without a span id is none.
func TestContextsOfLittleUse(t *testing.T) {
	tracer, kept := newTracer(t)
	for _, test := range []struct {
		carrier opentracing.TextMapCarrier
		joins   bool
	}{
		{opentracing.TextMapCarrier{"uber-trace-id": "a:b:0:1", "jaeger-debug-id": "ticket", "uberctx-k": "v"}, true},
		{opentracing.TextMapCarrier{"uber-trace-id": "a:0:0:1", "uberctx-k": "v"}, false},
	} {
		kept.Reset()
		sc, err := tracer.Extract(opentracing.TextMap, test.carrier)
		if err != nil {
			t.Fatal(err)
		}
		tracer.StartSpan("op", opentracing.ChildOf(sc)).Finish()
		got := only(t, kept)
		if joins := got.TraceID.Low == 0xa && got.ParentID == 0xb; joins != test.joins || set(got) != "" || got.Flags != model.FlagSampled || sc.(model.SpanContext).BaggageItem("k") != "v" {
			t.Errorf("%v: got %v under %v, flags %d, tags %q, want it joined %v and no debug", test.carrier, got.TraceID, got.ParentID, got.Flags, set(got), test.joins)
		}
	}
}

// The old client asked, and tagged the span with a decision that did not count.
func TestDebugIDAsksNoSampler(t *testing.T) {
	var asked []model.TraceID
	tracer, kept := newTracer(t, jaeger.WithSampler(asking{&asked, true}))
	sc, err := tracer.Extract(opentracing.TextMap, opentracing.TextMapCarrier{"jaeger-debug-id": "ticket"})
	if err != nil {
		t.Fatal(err)
	}
	tracer.StartSpan("op", opentracing.ChildOf(sc)).Finish()
	if got, want := text(only(t, kept).Tags), "jaeger-debug-id=string(ticket)"; got != want || len(asked) != 0 {
		t.Errorf("got %s and asked about %v, want %s and nothing", got, asked, want)
	}
}

func TestSharedSpansCountAsJoined(t *testing.T) {
	tracer, _ := newTracer(t, jaeger.WithZipkinSharedSpans())
	tracer.StartSpan("op", serverOf(remote(1, 2, model.FlagSampled))).Finish()
	if s := tracer.Stats(); s.TracesJoined != (jaeger.BySampling{Sampled: 1}) || s.TracesStarted.Total() != 0 {
		t.Errorf("got %+v", s)
	}
}

func TestEqualKeysAreAllSent(t *testing.T) {
	tracer, kept := newTracer(t)
	tracer.StartSpan("op").SetTag("k", 1).SetTag("k", "two").Finish()
	if got, want := set(only(t, kept)), "k=int64(1) k=string(two)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Tags of the user's come first and replace what the library would find.
func TestProcessTags(t *testing.T) {
	tracer, _ := newTracer(t, jaeger.WithProcessTag("ip", 7), jaeger.WithProcessTag("hostname", "mine"), jaeger.WithProcessTag("client-uuid", "me"))
	if got, want := text(tracer.Process().Tags), "ip=int64(7) hostname=string(mine) client-uuid=string(me) jaeger.version=string(Go-jaegerkit-"+jaeger.Version+")"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Ids use all 64 bits, and do not repeat.
func TestRandomIDs(t *testing.T) {
	one, _ := newTracer(t)
	two, _ := newTracer(t)
	all, seen := uint64(0), map[model.TraceID]bool{}
	const each = 5000
	for range each {
		for _, tracer := range []*jaeger.Tracer{one, two} {
			id := tracer.StartSpan("op").Context().(model.SpanContext).TraceID()
			all, seen[id] = all|id.Low, true
		}
	}
	if all != 1<<64-1 || len(seen) != 2*each {
		t.Errorf("got bits %x and %d different ids, want all and %d", all, len(seen), 2*each)
	}
}

func TestForgottenSpansAreToldAtClose(t *testing.T) {
	for _, test := range []struct {
		name   string
		forget func(*jaeger.Tracer)
		want   string
	}{
		{"nothing", func(tracer *jaeger.Tracer) { tracer.StartSpan("op").Finish() }, ""},
		{"a finish", func(tracer *jaeger.Tracer) { tracer.StartSpan("op") }, "started=1 never_finished=1 calls_after_finish=0"},
		{"the end", func(tracer *jaeger.Tracer) { s := tracer.StartSpan("op"); s.Finish(); s.SetTag("k", 1) }, "started=1 never_finished=0 calls_after_finish=1"},
	} {
		var log bytes.Buffer
		tracer, err := jaeger.New("svc", reporter.NewMemory(), jaeger.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
		if err != nil {
			t.Fatal(err)
		}
		test.forget(tracer)
		tracer.Close()
		tracer.Close()
		if got := log.String(); !strings.Contains(got, test.want) || strings.Count(got, "\n") != min(len(test.want), 1) {
			t.Errorf("%s: got %q, want %s", test.name, got, test.want)
		}
	}
}
