// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

func TestLateBounds(t *testing.T) {
	tracer, kept := newTracer(t, jaeger.WithSampler(&script{}), jaeger.WithMaxLogValueLength(1<<20))
	root := tracer.StartSpan("many").(*jaeger.Span)
	for range 1500 {
		tracer.StartSpan("child", opentracing.ChildOf(root.Context())).Finish()
	}
	if s := tracer.Stats(); s.Waiting != 1000 || s.Overflowed != 500 {
		t.Errorf("got %+v", s)
	}
	root.Decide(sampler.Decision{Sample: true})
	root.Finish()
	if got := len(kept.Spans()); got != 1001 {
		t.Errorf("got %d spans", got)
	}
	sums(t, tracer.Stats())

	kept.Reset()
	payload := strings.Repeat("x", 100<<10)
	root = tracer.StartSpan("large").(*jaeger.Span)
	for range 15 {
		child := tracer.StartSpan("child", opentracing.ChildOf(root.Context()))
		child.LogKV("payload", payload)
		child.Finish()
	}
	if s := tracer.Stats(); s.Waiting != 10 || s.Overflowed != 505 {
		t.Errorf("got %+v", s)
	}
	root.Finish()

	// All traces together: 32 MiB.
	var roots []*jaeger.Span
	for range 40 {
		root := tracer.StartSpan("large").(*jaeger.Span)
		for range 9 {
			child := tracer.StartSpan("child", opentracing.ChildOf(root.Context()))
			child.LogKV("payload", payload)
			child.Finish()
		}
		roots = append(roots, root)
	}
	s := tracer.Stats()
	if got := s.Waiting * uint64(len(payload)); got > 32<<20 || got < 30<<20 {
		t.Errorf("got %d bytes waiting", got)
	}
	for _, root := range roots {
		root.Decide(sampler.Decision{Sample: true})
		root.Finish()
	}
	if got := uint64(len(kept.Spans())); got != s.Waiting+40 {
		t.Errorf("got %d spans, want %d", got, s.Waiting+40)
	}
	sums(t, tracer.Stats())

	// Nothing is left of what was bounded.
	for range 40 {
		root = tracer.StartSpan("again").(*jaeger.Span)
		for range 9 {
			child := tracer.StartSpan("child", opentracing.ChildOf(root.Context()))
			child.LogKV("payload", payload)
			child.Finish()
		}
		if got := tracer.Stats().Waiting; got != 9 {
			t.Fatalf("got %d waiting, want the memory of the others free again", got)
		}
		root.Finish()
	}
}

// Roots that are never finished give way to newer traces, the oldest first.
func TestForgottenTraces(t *testing.T) {
	tracer, kept := newTracer(t, jaeger.WithSampler(new(script).when(sampler.Finished, "op")))
	first := tracer.StartSpan("first")
	for range 25_000 {
		tracer.StartSpan("forgotten")
	}
	s := tracer.Stats()
	if s.Undecided > 10_000 || s.Undecided < 9_000 || s.Undecided+s.Abandoned != 25_001 {
		t.Errorf("got %+v", s)
	}
	if sc := first.Context().(model.SpanContext); sc.Sampling().Undecided() {
		t.Error("the oldest trace is still undecided")
	}
	first.Finish()
	for range 1000 {
		tracer.StartSpan("op").Finish()
	}
	if got := len(kept.Spans()); got != 1000 {
		t.Errorf("got %d spans, want those of newer traces decided as ever", got)
	}
	sums(t, tracer.Stats())
}

func TestCloseWithUndecidedTraces(t *testing.T) {
	tracer, kept := newTracer(t, jaeger.WithSampler(new(script).when(sampler.Finished, "root")))
	root := tracer.StartSpan("root")
	tracer.StartSpan("child", opentracing.ChildOf(root.Context())).Finish()
	if err := tracer.Close(); err != nil {
		t.Fatal(err)
	}
	s := tracer.Stats()
	if s.Undecided != 0 || s.Abandoned != 1 || s.Waiting != 0 || s.Unsampled != 1 || s.Open != 1 {
		t.Errorf("got %+v", s)
	}
	root.SetTag("a", 1).Finish()
	after := tracer.StartSpan("root")
	if sc := after.Context().(model.SpanContext); sc.Sampling().Undecided() {
		t.Error("a trace of a closed tracer is undecided")
	}
	after.SetTag("a", 1).Finish()
	if got := tracer.Stats(); got.Unsampled != 3 || got.Undecided != 0 || got.Abandoned != 2 || len(kept.Spans()) != 0 {
		t.Errorf("got %+v and %q", got, lines(kept.Spans()))
	}
	sums(t, tracer.Stats())
}

// Two tracers of one process: the trace is the business of the one that began it.
func TestLateDecisionAndAnotherTracer(t *testing.T) {
	decider := &script{}
	a, keptA := newTracer(t, jaeger.WithSampler(decider))
	b, keptB := newTracer(t)
	root := a.StartSpan("root").(*jaeger.Span)
	early := b.StartSpan("early", opentracing.ChildOf(root.Context()))
	early.SetTag("a", 1).SetOperationName("early too").Finish()
	late := b.StartSpan("late", opentracing.ChildOf(root.Context()))
	a.StartSpan("own", opentracing.ChildOf(root.Context())).Finish()
	late.SetTag("sampling.priority", 1)
	late.Finish()
	asked := len(decider.asked)
	root.Finish()
	if len(decider.asked) != asked {
		t.Errorf("asked %q of a trace that was forced", decider.asked[asked:])
	}
	if got := lines(keptB.Spans()); !slices.Equal(got, []string{"late 3 sampling.priority=int64(1)"}) {
		t.Errorf("got %q", got)
	}
	if got := lines(keptA.Spans()); !slices.Equal(got, []string{"own 3 ", "root 3 "}) {
		t.Errorf("got %q", got)
	}
	sums(t, a.Stats())
	sums(t, b.Stats())

	// Forced elsewhere, and closed before anything else happened here.
	keptA.Reset()
	root = a.StartSpan("root").(*jaeger.Span)
	a.StartSpan("own", opentracing.ChildOf(root.Context())).Finish()
	b.StartSpan("late", opentracing.ChildOf(root.Context())).SetTag("sampling.priority", 1)
	a.Close()
	if got := lines(keptA.Spans()); !slices.Equal(got, []string{"own 3 "}) {
		t.Errorf("got %q", got)
	}
	sums(t, a.Stats())

	disabled, _ := newTracer(t, jaeger.WithoutRecording(), jaeger.WithSampler(&script{}))
	span := disabled.StartSpan("op")
	disabled.StartSpan("child", opentracing.ChildOf(a.StartSpan("root").Context())).SetTag("a", 1).SetOperationName("b").Finish()
	span.Finish()
	if s := disabled.Stats(); s.Unsampled != 2 || s.Undecided != 0 {
		t.Errorf("got %+v", s)
	}
}

// However events and decisions meet, every span is counted once, and nothing of
// one trace shows in another.
func TestLateConcurrently(t *testing.T) {
	s := &script{}
	s.answer = func(e sampler.Event) sampler.Decision {
		switch {
		case e.Kind == sampler.Tagged && e.Tag.Key == "yes":
			return sampler.Decision{Sample: true, Tags: sampler.NewTags(model.String("by", "script"))}
		case e.Kind == sampler.Tagged && e.Tag.Key == "no":
			return sampler.Decision{}
		}
		return sampler.Decision{Later: s}
	}
	tracer, kept := newTracer(t, jaeger.WithSampler(s))
	for round := range 60 {
		root := tracer.StartSpan("root").(*jaeger.Span)
		together(6, func(i int) {
			for j := range 5 {
				span := tracer.StartSpan("child", opentracing.ChildOf(root.Context())).(*jaeger.Span)
				span.SetTag("i", i).SetOperationName("child too")
				switch {
				case i == 5 && j == 2:
					span.SetTag([]string{"yes", "no", "sampling.priority", "neither"}[round%4], 1)
				case i == 4 && j == 2 && round%8 == 3:
					root.Finish()
				case i == 3 && j == 2 && round%8 == 7:
					span.Decide(sampler.Decision{Sample: true})
				case i == 2:
					span.Snapshot()
					tracer.Stats()
				}
				span.Finish()
				span.SetTag("late", 1)
			}
		})
		root.Finish()
	}
	if err := tracer.Flush(context.Background()); err != nil {
		t.Error(err)
	}
	stats := tracer.Stats()
	sums(t, stats)
	if stats.Open+stats.Waiting+stats.Undecided+stats.Overflowed != 0 || stats.Started != 60*31 {
		t.Errorf("got %+v", stats)
	}
	perTrace := map[model.TraceID]int{}
	for _, span := range kept.Spans() {
		perTrace[span.TraceID]++
		if span.Flags&model.FlagSampled == 0 || span.Duration < 0 || span.Duration > time.Minute {
			t.Errorf("got %+v", span)
		}
	}
	whole := 0
	for _, n := range perTrace {
		if n == 31 {
			whole++
		}
	}
	if whole < 15 {
		t.Errorf("got %d whole traces of %d", whole, len(perTrace))
	}
}
