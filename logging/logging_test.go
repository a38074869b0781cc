// SPDX-License-Identifier: Apache-2.0

package logging_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/slogtest"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger/logging"
	"github.com/jaegerkit/jaeger/model"
)

var sc = model.NewSpanContext(model.SpanContextConfig{
	TraceID: model.TraceID{High: 1, Low: 0xabc}, SpanID: 0xdef, Flags: model.FlagSampled,
})

const ids = `"trace_id":"00000000000000010000000000000abc","span_id":"0000000000000def"`

// span is one of a tracer whose contexts a test chooses.
type span struct {
	opentracing.Span
	context opentracing.SpanContext
}

func (s *span) Context() opentracing.SpanContext { return s.context }
func (*span) Tracer() opentracing.Tracer         { return opentracing.NoopTracer{} }

func with(sc opentracing.SpanContext) context.Context {
	return opentracing.ContextWithSpan(context.Background(), &span{context: sc})
}

// wrapped is how the context of a tracer around this library's looks.
type wrapped struct{ inner model.SpanContext }

func (w wrapped) JaegerContext() model.SpanContext        { return w.inner }
func (wrapped) ForeachBaggageItem(func(k, v string) bool) {}

type broken struct{ wrapped }

func (broken) JaegerContext() model.SpanContext { panic("not today") }

type foreign struct{}

func (foreign) ForeachBaggageItem(func(k, v string) bool) {}

// noTime keeps lines comparable.
func noTime(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && (a.Key == slog.TimeKey || a.Key == slog.LevelKey) {
		return slog.Attr{}
	}
	return a
}

func TestWhichContexts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		ctx  context.Context
		want string
	}{
		{"no context", nil, `{"msg":"m"}`},
		{"no span", context.Background(), `{"msg":"m"}`},
		{"a span", with(sc), `{"msg":"m",` + ids + `}`},
		{"a wrapper's span", with(wrapped{sc}), `{"msg":"m",` + ids + `}`},
		{"64 bit", with(model.NewSpanContext(model.SpanContextConfig{TraceID: model.TraceID{Low: 1}, SpanID: 2})),
			`{"msg":"m","trace_id":"0000000000000001","span_id":"0000000000000002"}`},
		{"the zero context", with(model.SpanContext{}), `{"msg":"m"}`},
		{"another tracer's span", with(foreign{}), `{"msg":"m"}`},
		{"no tracer's span", with(opentracing.NoopTracer{}.StartSpan("x").Context()), `{"msg":"m"}`},
		{"a span without context", with(nil), `{"msg":"m"}`},
		{"a broken span", with(broken{}), `{"msg":"m"}`},
		{"a nil span", opentracing.ContextWithSpan(context.Background(), (*span)(nil)), `{"msg":"m"}`},
	}
	for _, test := range tests {
		var b bytes.Buffer
		h := logging.NewHandler(slog.NewJSONHandler(&b, &slog.HandlerOptions{ReplaceAttr: noTime}), nil)
		if err := h.Handle(test.ctx, slog.Record{Message: "m"}); err != nil {
			t.Error(err)
		}
		if got := strings.TrimSpace(b.String()); got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, got, test.want)
		}
	}
}

func TestWhereTheIDsStand(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		opts []logging.Option
		log  func(*slog.Logger, context.Context)
		want string // %I are the ids
	}{
		{"behind the record's own", nil, func(l *slog.Logger, ctx context.Context) {
			l.With("a", 1).InfoContext(ctx, "m", "b", 2)
		}, `{"msg":"m","a":1,"b":2,%I}`},
		{"outside an open group", nil, func(l *slog.Logger, ctx context.Context) {
			l.With("a", 1).WithGroup("g").InfoContext(ctx, "m", "b", 2)
		}, `{"msg":"m","a":1,"g":{"b":2},%I}`},
		{"outside all of them", nil, func(l *slog.Logger, ctx context.Context) {
			l.With("a", 1).WithGroup("g").With("b", 2).WithGroup("h").With("c", 3).With("d", 4).InfoContext(ctx, "m", "e", 5)
		}, `{"msg":"m","a":1,"g":{"b":2,"h":{"c":3,"d":4,"e":5}},%I}`},
		{"empty groups are left out", nil, func(l *slog.Logger, ctx context.Context) {
			l.WithGroup("g").With("b", 2).WithGroup("h").WithGroup("i").InfoContext(ctx, "m")
		}, `{"msg":"m","g":{"b":2},%I}`},
		{"only empty groups", nil, func(l *slog.Logger, ctx context.Context) {
			l.WithGroup("g").WithGroup("h").InfoContext(ctx, "m")
		}, `{"msg":"m",%I}`},
		{"more than a record holds in place", nil, func(l *slog.Logger, ctx context.Context) {
			l.InfoContext(ctx, "m", "a", 1, "b", 2, "c", 3, "d", 4, "e", 5, "f", 6)
		}, `{"msg":"m","a":1,"b":2,"c":3,"d":4,"e":5,"f":6,%I}`},
		{"with the decision", []logging.Option{logging.WithSampled("sampled")}, func(l *slog.Logger, ctx context.Context) {
			l.InfoContext(ctx, "m")
		}, `{"msg":"m",%I,"sampled":true}`},
		{"under other names", []logging.Option{logging.WithKeys("traceID", "")}, func(l *slog.Logger, ctx context.Context) {
			l.InfoContext(ctx, "m")
		}, `{"msg":"m","traceID":"00000000000000010000000000000abc"}`},
	}
	for _, test := range tests {
		var b bytes.Buffer
		l := slog.New(logging.NewHandler(slog.NewJSONHandler(&b, &slog.HandlerOptions{ReplaceAttr: noTime}), test.opts...))
		test.log(l, with(sc))
		if got, want := strings.TrimSpace(b.String()), strings.ReplaceAll(test.want, "%I", ids); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, got, want)
		}
		b.Reset()
		test.log(l, context.Background())
		if got := b.String(); strings.Contains(got, "race") || strings.Contains(got, "sampled") {
			t.Errorf("%s, without a span: got %s", test.name, got)
		}
	}
}

// keeper keeps records and shows them only at the end.
type keeper struct {
	slog.Handler
	records []slog.Record
}

func (k *keeper) Handle(_ context.Context, r slog.Record) error {
	k.records = append(k.records, r)
	return nil
}

// Loggers that were made from one, and records they have handed on, share
// nothing that is written to.
func TestLoggersKeepApart(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	k := &keeper{Handler: slog.NewJSONHandler(&b, &slog.HandlerOptions{ReplaceAttr: noTime})}
	base := slog.New(logging.NewHandler(open{k}))
	g := base.WithGroup("g").With("a", 1, "b", 2, "c", 3).With("d", 4)
	deep := base.WithGroup("1").WithGroup("2").WithGroup("3")
	for _, l := range []*slog.Logger{
		g.With("x", 1), g.With("y", 2), g.WithGroup("h"), g.WithGroup("i"), g,
		deep.WithGroup("4"), deep.WithGroup("5"), deep,
	} {
		l.InfoContext(with(sc), "m", "z", 1)
	}
	for _, r := range k.records {
		if err := k.Handler.Handle(context.Background(), r); err != nil {
			t.Error(err)
		}
	}
	want := `{"msg":"m","g":{"a":1,"b":2,"c":3,"d":4,"x":1,"z":1},%I}
{"msg":"m","g":{"a":1,"b":2,"c":3,"d":4,"y":2,"z":1},%I}
{"msg":"m","g":{"a":1,"b":2,"c":3,"d":4,"h":{"z":1}},%I}
{"msg":"m","g":{"a":1,"b":2,"c":3,"d":4,"i":{"z":1}},%I}
{"msg":"m","g":{"a":1,"b":2,"c":3,"d":4,"z":1},%I}
{"msg":"m","1":{"2":{"3":{"4":{"z":1}}}},%I}
{"msg":"m","1":{"2":{"3":{"5":{"z":1}}}},%I}
{"msg":"m","1":{"2":{"3":{"z":1}}},%I}
`
	if want = strings.ReplaceAll(want, "%I", ids); b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

// open is a handler whose groups need not be seen, because no record comes
// through one.
type open struct{ slog.Handler }

func (o open) WithAttrs([]slog.Attr) slog.Handler { return o }
func (o open) WithGroup(string) slog.Handler      { return o }

// A record may go to several handlers, so none of them writes to it.
func TestRecordIsLeftAlone(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	h := logging.NewHandler(slog.NewJSONHandler(&b, &slog.HandlerOptions{ReplaceAttr: noTime}))
	r := slog.Record{Message: "m"}
	for range 10 { // more than it holds in place, with room behind
		r.AddAttrs(slog.Int("n", 1))
	}
	want := ""
	for range 2 {
		if err := h.Handle(with(sc), r); err != nil {
			t.Error(err)
		}
		want += `{"msg":"m",` + strings.Repeat(`"n":1,`, 10) + ids + "}\n"
	}
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

// tracing puts a span into every record's context.
type tracing struct{ slog.Handler }

func (h tracing) Handle(_ context.Context, r slog.Record) error {
	return h.Handler.Handle(with(sc), r)
}
func (h tracing) WithAttrs(attrs []slog.Attr) slog.Handler {
	return tracing{h.Handler.WithAttrs(attrs)}
}
func (h tracing) WithGroup(name string) slog.Handler { return tracing{h.Handler.WithGroup(name)} }

func TestConformance(t *testing.T) {
	t.Parallel()
	for _, traced := range []bool{false, true} {
		var b *bytes.Buffer
		slogtest.Run(t, func(*testing.T) slog.Handler {
			b = &bytes.Buffer{}
			h := slog.Handler(logging.NewHandler(slog.NewJSONHandler(b, nil)))
			if traced {
				h = tracing{h}
			}
			return h
		}, func(t *testing.T) map[string]any {
			var m map[string]any
			if err := json.Unmarshal(b.Bytes(), &m); err != nil {
				t.Fatal(err)
			}
			if _, has := m["trace_id"]; has != traced {
				t.Errorf("got %s, want trace_id at the top: %t", b, traced)
			}
			return m
		})
	}
}

func TestEnabledIsTheNextHandlers(t *testing.T) {
	t.Parallel()
	h := logging.NewHandler(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if h.Enabled(with(sc), slog.LevelInfo) || !h.Enabled(with(sc), slog.LevelWarn) {
		t.Error("got another level than that of the handler behind")
	}
}

// discard takes everything for nothing.
type discard struct{}

func (discard) Enabled(context.Context, slog.Level) bool  { return true }
func (discard) Handle(context.Context, slog.Record) error { return nil }
func (d discard) WithAttrs([]slog.Attr) slog.Handler      { return d }
func (d discard) WithGroup(string) slog.Handler           { return d }

func TestAllocations(t *testing.T) {
	h := logging.NewHandler(discard{})
	r := slog.Record{Message: "m"}
	r.AddAttrs(slog.Int("a", 1))
	tests := []struct {
		name string
		ctx  context.Context
		want float64
	}{
		{"no span", context.Background(), 0},
		{"a span", with(sc), 2}, // the ids
	}
	for _, test := range tests {
		got := testing.AllocsPerRun(100, func() { _ = h.Handle(test.ctx, r) })
		if got > test.want {
			t.Errorf("%s: got %v allocations, want %v", test.name, got, test.want)
		}
	}
}

func BenchmarkHandler(b *testing.B) {
	for name, ctx := range map[string]context.Context{"no span": context.Background(), "a span": with(sc)} {
		b.Run(name, func(b *testing.B) {
			l := slog.New(logging.NewHandler(discard{}))
			b.ReportAllocs()
			for range b.N {
				l.LogAttrs(ctx, slog.LevelInfo, "m", slog.Int("a", 1))
			}
		})
	}
}
