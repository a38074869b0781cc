// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

func TestDecide(t *testing.T) {
	s := &script{}
	tracer, kept := newTracer(t, jaeger.WithSampler(s))
	root := tracer.StartSpan("root").(*jaeger.Span)
	child := tracer.StartSpan("child", opentracing.ChildOf(root.Context())).(*jaeger.Span)
	if r := child.Detach(opentracing.FinishOptions{}); r != nil {
		t.Errorf("got %+v of an undecided trace", r)
	}
	other := &script{}
	if !root.Decide(sampler.Decision{Later: other}) {
		t.Error("the sampler asked was not changed")
	}
	root.SetTag("a", 1)
	if len(other.asked) != 1 {
		t.Errorf("asked %q, want the other sampler asked", other.asked)
	}
	yes := sampler.Decision{Sample: true, Firehose: true, Tags: sampler.NewTags(model.Int64("d", 1))}
	if !root.Decide(yes) || root.Decide(yes) || root.Decide(sampler.Decision{}) {
		t.Error("want the first decision to count, no other")
	}
	if r := root.Detach(opentracing.FinishOptions{}); r == nil || r.Flags != 9 || text(r.Tags) != "a=int64(1) d=int64(1)" {
		t.Errorf("got %+v", r)
	}
	if got := lines(kept.Spans()); !slices.Equal(got, []string{"child 9 "}) {
		t.Errorf("got %q", got)
	}
	sums(t, tracer.Stats())

	kept.Reset()
	root = tracer.StartSpan("root").(*jaeger.Span)
	s.answer = func(e sampler.Event) sampler.Decision { return yes }
	if r := root.Detach(opentracing.FinishOptions{}); r == nil || r.Flags != 9 || text(r.Tags) != "d=int64(1)" || len(kept.Spans()) != 0 {
		t.Errorf("got %+v, want the record that its own end decided on", r)
	}
	if new(jaeger.Span).Decide(yes) || root.Decide(yes) {
		t.Error("decided a trace that was not undecided")
	}
	sums(t, tracer.Stats())
}

// An undecided trace travels as not sampled, and its state is still one for all.
func TestInjectUndecided(t *testing.T) {
	tracer, _ := newTracer(t, jaeger.WithSampler(&script{}))
	root := tracer.StartSpan("root")
	root.SetBaggageItem("a", "b")
	carrier := opentracing.TextMapCarrier{}
	if err := tracer.Inject(root.Context(), opentracing.TextMap, carrier); err != nil {
		t.Fatal(err)
	}
	if got := carrier["uber-trace-id"]; !strings.HasSuffix(got, ":0") {
		t.Errorf("got %s, want flags 0", got)
	}
	child := tracer.StartSpan("child", opentracing.ChildOf(root.Context())).(*jaeger.Span)
	child.Decide(sampler.Decision{Sample: true})
	if !root.Context().(model.SpanContext).IsSampled() {
		t.Error("the child's decision did not reach the root")
	}
}

// A decision taken while the sampler is asked, even by itself, is the first and
// only one.
func TestDecideWhileAsked(t *testing.T) {
	s := &script{}
	tracer, kept := newTracer(t, jaeger.WithSampler(s))
	for _, answer := range []sampler.Decision{
		{Later: s}, {}, {Sample: true, Firehose: true, Tags: sampler.NewTags(model.Int64("second", 1))},
	} {
		kept.Reset()
		span := tracer.StartSpan("op").(*jaeger.Span)
		s.answer = func(sampler.Event) sampler.Decision {
			if !span.Decide(sampler.Decision{Sample: true, Tags: sampler.NewTags(model.Int64("first", 1))}) {
				t.Error("the decision was refused")
			}
			return answer
		}
		span.SetTag("a", 1).SetTag("b", 2).Finish()
		if got := lines(kept.Spans()); !slices.Equal(got, []string{"op 1 a=int64(1) first=int64(1) b=int64(2)"}) {
			t.Errorf("got %q", got)
		}
	}
	sums(t, tracer.Stats())
}

// A sampler that panics, alone or within one that asks it, has said no, and the
// program goes on.
func TestSamplerThatPanics(t *testing.T) {
	broken := answers(func() sampler.Decision { panic("sampler") })
	within, err := sampler.NewPriority(sampler.NewConst(false), broken)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []sampler.Sampler{broken, within} {
		tracer, kept := newTracer(t, jaeger.WithSampler(s))
		deferred := model.NewSpanContext(model.SpanContextConfig{TraceID: model.TraceID{Low: 1}, SpanID: 2, Deferred: true})
		for _, opts := range [][]opentracing.StartSpanOption{nil, {opentracing.ChildOf(deferred)}} {
			span := tracer.StartSpan("op", opts...)
			if sc := span.Context().(model.SpanContext); sc.IsSampled() || sc.Sampling().Undecided() {
				t.Errorf("%T: got %v, want it unsampled", s, sc)
			}
			span.SetTag("a", 1).Finish()
		}
		if n := len(kept.Spans()); n != 0 || tracer.Stats().Unsampled != 2 {
			t.Errorf("%T: got %d spans and %+v", s, n, tracer.Stats())
		}
		if got, want := fmt.Sprintf("%T", tracer.Sampler()), fmt.Sprintf("%T", s); got != want {
			t.Errorf("got the sampler %s, want %s, as it was given", got, want)
		}
		sums(t, tracer.Stats())
	}
}
