// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

// wrapped is a span type of another package's.
type wrapped struct {
	note string
	jaeger.Span
}

func (w *wrapped) Context() opentracing.SpanContext { return foreign{w.SpanContext()} }

// foreign is a context type of another package's.
type foreign struct{ model.SpanContext }

func (f foreign) JaegerContext() model.SpanContext { return f.SpanContext }

// hostileContext fails in the ways a context can.
type hostileContext struct{ sc *model.SpanContext }

func (h *hostileContext) ForeachBaggageItem(func(k, v string) bool) {}
func (h *hostileContext) JaegerContext() model.SpanContext          { return *h.sc }

func TestStartSpanIn(t *testing.T) {
	tracer, kept := newTracer(t)
	var parent, child wrapped
	tracer.StartSpanIn(&parent.Span, nil, "parent")
	tracer.StartSpanIn(&child.Span, nil, "child", opentracing.ChildOf(parent.Context()), opentracing.Tag{Key: "k", Value: 1})
	before := child.SpanContext()
	tracer.StartSpanIn(&child.Span, nil, "again") // started already
	tracer.StartSpanIn(nil, nil, "nowhere")
	if got := child.SpanContext(); got != before {
		t.Errorf("got %v, want the span that was started first, %v", got, before)
	}
	child.SetBaggageItem("a", "b")
	child.Finish()
	parent.Finish()
	spans := kept.Spans()
	if len(spans) != 2 || spans[0].ParentID != spans[1].ID || spans[0].TraceID != spans[1].TraceID || set(spans[0]) != "k=int64(1)" {
		t.Fatalf("got %+v", spans)
	}
	if spans[0].LocalRoot || !spans[1].LocalRoot {
		t.Errorf("got local roots %v and %v, want the parent alone", spans[0].LocalRoot, spans[1].LocalRoot)
	}
	carrier := opentracing.TextMapCarrier{}
	if err := tracer.Inject(child.Context(), opentracing.TextMap, carrier); err != nil {
		t.Fatal(err)
	}
	if got, want := carrier["uber-trace-id"], child.SpanContext().String(); got != want || carrier["uberctx-a"] != "b" {
		t.Errorf("got %v, want %s and the baggage", carrier, want)
	}
}

func TestForeignContexts(t *testing.T) {
	tracer, kept := newTracer(t)
	sc := remote(1, 2, 1)
	var typedNil *hostileContext
	for _, test := range []struct {
		name string
		sc   opentracing.SpanContext
		ok   bool
	}{
		{"ours", sc, true}, {"wrapped", foreign{sc}, true}, {"wrapped by pointer", &hostileContext{&sc}, true},
		{"nil", nil, false}, {"typed nil", typedNil, false}, {"panics", &hostileContext{}, false},
		{"another tracer's", opentracing.NoopTracer{}.StartSpan("").Context(), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			kept.Reset()
			tracer.StartSpan("op", opentracing.ChildOf(test.sc)).Finish()
			tracer.StartSpan("op", panicOption{}, opentracing.ChildOf(test.sc)).Finish()
			for _, span := range kept.Spans() {
				if got := span.TraceID.Low == 1 && span.ParentID == 2 && len(span.References) == 1; got != test.ok {
					t.Errorf("got a child %v, want %v: %+v", got, test.ok, span)
				}
			}
			err := tracer.Inject(test.sc, opentracing.TextMap, opentracing.TextMapCarrier{})
			if (err == nil) != test.ok || err != nil && err != opentracing.ErrInvalidSpanContext {
				t.Errorf("inject: got %v, want ok %v", err, test.ok)
			}
		})
	}
}

func TestDetach(t *testing.T) {
	tracer, kept := newTracer(t)
	span := tracer.StartSpan("op").(*jaeger.Span)
	span.SetTag("k", "v")
	end := time.Now().Add(time.Hour)
	got := span.Detach(opentracing.FinishOptions{FinishTime: end, LogRecords: []opentracing.LogRecord{{Fields: []log.Field{log.Int("n", 1)}}}})
	if got == nil || got.Operation != "op" || set(got) != "k=string(v)" || len(got.Logs) != 1 || got.Duration < 50*time.Minute {
		t.Fatalf("got %+v", got)
	}
	span.SetTag("late", 1)
	span.Finish()
	if again := span.Detach(opentracing.FinishOptions{}); again != nil || set(got) != "k=string(v)" {
		t.Errorf("got %+v of a finished span, and %s", again, set(got))
	}
	if s := tracer.Stats(); len(kept.Spans()) != 0 || s.Finished != 1 || s.Detached != 1 || s.Reporter.Reported != 0 || s.Open != 0 {
		t.Errorf("got %+v", s)
	}

	off, _ := newTracer(t, jaeger.WithSampler(sampler.NewConst(false)))
	span = off.StartSpan("op").(*jaeger.Span)
	if r := span.Detach(opentracing.FinishOptions{}); r != nil || off.Stats().Detached != 0 {
		t.Errorf("got %+v of an unsampled span", r)
	}
	if r := new(jaeger.Span).Detach(opentracing.FinishOptions{}); r != nil {
		t.Errorf("got %+v of a zero span", r)
	}
}

// What is done to a span after a snapshot does not show in it.
func TestSnapshot(t *testing.T) {
	tracer, kept := newTracer(t, jaeger.WithMaxLogsPerSpan(4))
	span := tracer.StartSpan("op", opentracing.ChildOf(remote(1, 2, 1)), opentracing.Tag{Key: "a", Value: 1}).(*jaeger.Span)
	for i := range 6 {
		span.LogKV("n", i)
	}
	got := span.Snapshot()
	describe := func(s *model.Span) (text string) {
		text = fmt.Sprint(s.Operation, s.Flags, set(s), s.References)
		for _, l := range s.Logs {
			text += fmt.Sprint(l.Fields[0].Key, l.Fields[0].Text())
		}
		return text
	}
	before := describe(got)
	span.SetTag("a", 2).SetTag("b", 3).SetOperationName("other")
	for i := range 6 {
		span.LogKV("n", 100+i)
	}
	span.Finish()
	if after := describe(got); after != before {
		t.Errorf("got  %s\nwant %s", after, before)
	}
	if want := "op1a=int64(1)[{0 0000000000000001 0000000000000002}]n0eventdropped Span logsn4n5"; before != want {
		t.Errorf("got  %s\nwant %s", before, want)
	}
	got.Release()
	if describe(got) != before {
		t.Error("Release touched a snapshot")
	}
	if final := only(t, kept); final.ID != got.ID || final.Operation != "other" {
		t.Errorf("got %+v", final)
	}
	off, _ := newTracer(t, jaeger.WithSampler(sampler.NewConst(false)))
	for name, s := range map[string]*jaeger.Span{"finished": span, "unsampled": off.StartSpan("").(*jaeger.Span), "zero": {}} {
		if r := s.Snapshot(); r != nil {
			t.Errorf("%s: got %+v, want nil", name, r)
		}
	}
}

func TestSelfRef(t *testing.T) {
	given := model.NewSpanContext(model.SpanContextConfig{
		TraceID: model.TraceID{High: 1, Low: 2}, SpanID: 3, ParentID: 4, Flags: 1, TraceState: "a=b",
		Baggage: []model.BaggageItem{{Key: "user", Value: "u1"}}, DebugID: "ignored",
	})
	ref := model.Reference{TraceID: model.TraceID{Low: 9}, SpanID: 8}
	for _, test := range []struct {
		name string
		opts []opentracing.StartSpanOption
		want []model.Reference
	}{
		{"alone", []opentracing.StartSpanOption{jaeger.SelfRef(given)}, nil},
		{"before a parent", []opentracing.StartSpanOption{jaeger.SelfRef(given), opentracing.ChildOf(remote(9, 8, 0))}, []model.Reference{ref}},
		{"behind a parent", []opentracing.StartSpanOption{opentracing.ChildOf(remote(9, 8, 0)), jaeger.SelfRef(given)}, []model.Reference{ref}},
		{"among foreign options", []opentracing.StartSpanOption{panicOption{}, jaeger.SelfRef(given)}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			tracer, kept := newTracer(t, jaeger.WithSampler(sampler.NewConst(false)))
			span := tracer.StartSpan("op", test.opts...)
			if got := span.Context().(model.SpanContext); got.String() != given.String() || got.BaggageItem("user") != "u1" || got.TraceState() != "a=b" {
				t.Errorf("got %v %q %q, want %v", got, got.BaggageItem("user"), got.TraceState(), given)
			}
			span.SetTag("sampling.priority", 0).SetTag("sampling.priority", 1).Finish()
			got := only(t, kept)
			if got.ID != 3 || got.ParentID != 4 || got.TraceID != given.TraceID() || !slices.Equal(got.References, test.want) || given.Flags() != 1 {
				t.Errorf("got %+v of %v", got, given)
			}
		})
	}

	tracer, kept := newTracer(t, jaeger.WithSampler(sampler.NewConst(true)))
	unsampled := remote(5, 6, 0)
	tracer.StartSpan("unsampled", jaeger.SelfRef(unsampled)).Finish()
	local := tracer.StartSpan("local")
	twin := tracer.StartSpan("twin", jaeger.SelfRef(local.Context().(model.SpanContext)))
	twin.SetTag("sampling.priority", 0).Finish()
	local.Finish()
	if got := twin.Context(); got.(model.SpanContext).String() != local.Context().(model.SpanContext).String() {
		t.Errorf("got %v, want the ids and flags of %v", got, local.Context())
	}
	tracer.StartSpan("new", jaeger.SelfRef(model.SpanContext{})).Finish()
	if got := only(t, kept); got.Operation != "new" || got.TraceID.Low != uint64(got.ID) {
		t.Errorf("got %+v, want a new trace alone", got)
	}
	if s := tracer.Stats(); s.Started != 4 || s.Unsampled != 3 || s.TracesStarted.Sampled != 2 || s.TracesJoined.Unsampled != 1 {
		t.Errorf("got %+v", s)
	}
}

func TestFirehose(t *testing.T) {
	tracer, kept := newTracer(t)
	root := tracer.StartSpan("root").(*jaeger.Span)
	child := tracer.StartSpan("child", opentracing.ChildOf(root.Context()))
	root.SetFirehose()
	child.Finish()
	root.Finish()
	for _, span := range kept.Spans() {
		if span.Flags != model.FlagSampled|model.FlagFirehose {
			t.Errorf("%s: got flags %d", span.Operation, span.Flags)
		}
	}
	done := tracer.StartSpan("done").(*jaeger.Span)
	done.Finish()
	done.SetFirehose()
	new(jaeger.Span).SetFirehose()
	if got := done.SpanContext().Flags(); got != model.FlagSampled {
		t.Errorf("got flags %d after Finish", got)
	}
	decided, kept := newTracer(t, jaeger.WithSampler(answers(func() sampler.Decision { return sampler.Decision{Sample: true, Firehose: true} })))
	decided.StartSpan("op").Finish()
	if got := only(t, kept).Flags; got != model.FlagSampled|model.FlagFirehose {
		t.Errorf("got flags %d from the sampler", got)
	}
}

// answers is a sampler of one function.
type answers func() sampler.Decision

func (a answers) Sample(model.TraceID, string) sampler.Decision { return a() }

// A span whose record is thrown away when it finishes is a finished one, too.
func TestFinishedWithoutReport(t *testing.T) {
	tracer, _ := newTracer(t)
	tracer.StartSpan("op").SetTag("sampling.priority", 0).Finish()
	if got, want := tracer.Stats().SpansFinished, (jaeger.BySampling{Unsampled: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
