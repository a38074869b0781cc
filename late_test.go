// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

// script is a sampler that postpones every trace and answers as it is told. It
// writes down what it is asked.
type script struct {
	mu     sync.Mutex
	asked  []string
	answer func(e sampler.Event) sampler.Decision
}

func (s *script) Sample(model.TraceID, string) sampler.Decision { return sampler.Decision{Later: s} }

func (s *script) Ask(e sampler.Event) sampler.Decision {
	line := fmt.Sprint(e.Kind, " ", e.Operation)
	if e.LocalRoot {
		line += " root"
	}
	if e.Kind == sampler.Tagged {
		line += " " + text([]model.Tag{e.Tag})
	}
	s.mu.Lock()
	s.asked = append(s.asked, line)
	s.mu.Unlock()
	if s.answer == nil {
		return sampler.Decision{Later: s}
	}
	return s.answer(e)
}

// when decides yes on the event with that kind and name, with a tag.
func (s *script) when(kind sampler.EventKind, operation string) *script {
	s.answer = func(e sampler.Event) sampler.Decision {
		if e.Kind == kind && e.Operation == operation {
			return sampler.Decision{Sample: true, Tags: sampler.NewTags(model.String("by", "script"))}
		}
		return sampler.Decision{Later: s}
	}
	return s
}

// lines lists spans as name, flags and tags.
func lines(spans []*model.Span) (l []string) {
	for _, s := range spans {
		l = append(l, fmt.Sprintf("%s %d %s", s.Operation, s.Flags, text(s.Tags)))
	}
	return l
}

// sums checks what Stats promises.
func sums(t testing.TB, s jaeger.Stats) {
	t.Helper()
	if s.Started != s.Unsampled+s.Finished+s.Open+s.Waiting+s.Overflowed || s.Started != s.SpansStarted.Total() ||
		s.Finished-s.Detached != s.Reporter.Reported || s.Started > 1<<40 || s.Waiting > 1<<40 || s.Open > 1<<40 || s.Unsampled > 1<<40 {
		t.Errorf("the sums do not agree: %+v", s)
	}
}

// family starts a root and two children, sets tags and names, and finishes the
// root last.
func family(tracer *jaeger.Tracer) {
	root := tracer.StartSpan("root", opentracing.Tag{Key: "a", Value: 1}, opentracing.Tag{Key: "b", Value: "x"})
	one := tracer.StartSpan("one", opentracing.ChildOf(root.Context()))
	one.SetTag("k", 1)
	one.Finish()
	two := tracer.StartSpan("two", opentracing.ChildOf(root.Context()))
	two.SetOperationName("renamed")
	two.LogKV("event", "e")
	two.Finish()
	root.SetTag("c", true)
	root.Finish()
}

func TestLateDecisions(t *testing.T) {
	all := []string{
		"tagged root root a=int64(1)", "tagged root root b=string(x)",
		"started one", "tagged one k=int64(1)", "finished one",
		"started two", "named renamed", "finished renamed",
		"tagged root root c=bool(true)", "finished root root",
	}
	root := "root 1 a=int64(1) b=string(x)"
	by := " by=string(script)"
	const c = " c=bool(true)"
	for _, test := range []struct {
		name      string
		kind      sampler.EventKind
		operation string
		asked     int // of all
		want      []string
	}{
		{"tag at start", sampler.Tagged, "root", 1, []string{"one 1 k=int64(1)", "renamed 1 ", "root 1 a=int64(1)" + by + " b=string(x)" + c}},
		{"start of a child", sampler.Started, "one", 3, []string{"one 1 by=string(script) k=int64(1)", "renamed 1 ", root + c}},
		{"tag of a child", sampler.Tagged, "one", 4, []string{"one 1 k=int64(1)" + by, "renamed 1 ", root + c}},
		{"end of a child", sampler.Finished, "one", 5, []string{"one 1 k=int64(1)" + by, "renamed 1 ", root + c}},
		{"start of the next", sampler.Started, "two", 6, []string{"one 1 k=int64(1)", "renamed 1 by=string(script)", root + c}},
		{"name of a child", sampler.Named, "renamed", 7, []string{"one 1 k=int64(1)", "renamed 1 by=string(script)", root + c}},
		{"end of the next", sampler.Finished, "renamed", 8, []string{"one 1 k=int64(1)", "renamed 1 by=string(script)", root + c}},
		{"end of the root", sampler.Finished, "root", 10, []string{"one 1 k=int64(1)", "renamed 1 ", root + c + by}},
		{"never", sampler.Finished, "nobody", 10, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := new(script).when(test.kind, test.operation)
			tracer, kept := newTracer(t, jaeger.WithSampler(s))
			family(tracer)
			if want := all[:test.asked]; !slices.Equal(s.asked, want) {
				t.Errorf("asked %q\nwant  %q", s.asked, want)
			}
			if got := lines(kept.Spans()); !slices.Equal(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
			for _, span := range kept.Spans() {
				if span.Operation == "renamed" && len(span.Logs) != 1 {
					t.Errorf("got %d logs, want what was recorded before the decision", len(span.Logs))
				}
			}
			stats := tracer.Stats()
			sums(t, stats)
			if stats.Undecided+stats.Open+stats.Waiting+stats.Abandoned != 0 || stats.Finished != uint64(len(test.want)) {
				t.Errorf("got %+v", stats)
			}
			if stats.TracesStarted != (jaeger.BySampling{Undecided: 1}) {
				t.Errorf("got traces %+v", stats.TracesStarted)
			}
		})
	}
}

func TestLateNoAndAnotherLater(t *testing.T) {
	second := new(script).when(sampler.Named, "two")
	first := &script{answer: func(sampler.Event) sampler.Decision { return sampler.Decision{Later: second} }}
	tracer, kept := newTracer(t, jaeger.WithSampler(first))
	span := tracer.StartSpan("one")
	span.SetOperationName("one again").SetOperationName("two").SetOperationName("three")
	span.Finish()
	if got := lines(kept.Spans()); !slices.Equal(got, []string{"three 1 by=string(script)"}) {
		t.Errorf("got %q", got)
	}
	if len(first.asked) != 1 || len(second.asked) != 1 {
		t.Errorf("asked %q and %q, want each once", first.asked, second.asked)
	}

	kept.Reset()
	first.answer = func(sampler.Event) sampler.Decision {
		return sampler.Decision{Tags: sampler.NewTags(model.Int64("ignored", 1)), Firehose: true}
	}
	first.asked = nil
	root := tracer.StartSpan("root")
	child := tracer.StartSpan("child", opentracing.ChildOf(root.Context()))
	later := tracer.StartSpan("later", opentracing.ChildOf(root.Context()))
	for _, s := range []opentracing.Span{later, child, root} {
		s.SetTag("k", 1)
		s.LogKV("k", 1)
		s.Finish()
	}
	if sc := root.Context().(model.SpanContext); len(kept.Spans()) != 0 || sc.Flags() != 0 || sc.Sampling().Undecided() {
		t.Errorf("got %d spans, flags %d", len(kept.Spans()), sc.Flags())
	}
	if !slices.Equal(first.asked, []string{"started child"}) {
		t.Errorf("asked %q after a no", first.asked)
	}
	sums(t, tracer.Stats())
	if s := tracer.Stats(); s.Unsampled != 3 || s.SpansStarted != (jaeger.BySampling{Undecided: 3, Unsampled: 1}) {
		t.Errorf("got %+v", s)
	}
}

func TestLateDecisionByPriority(t *testing.T) {
	for _, test := range []struct {
		name  string
		value any
		opts  []jaeger.Option
		want  []string
	}{
		{"yes", 1, nil, []string{"child 3 k=int64(1)", "root 3 a=int64(1) sampling.priority=int64(1)"}},
		{"without debug", 1, []jaeger.Option{jaeger.WithoutDebugFlag()}, []string{"child 1 k=int64(1)", "root 1 a=int64(1) sampling.priority=int64(1)"}},
		{"no", 0, nil, nil},
		{"unreadable", "high", nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &script{}
			tracer, kept := newTracer(t, append(test.opts, jaeger.WithSampler(s))...)
			root := tracer.StartSpan("root", opentracing.Tag{Key: "a", Value: 1})
			tracer.StartSpan("child", opentracing.ChildOf(root.Context())).SetTag("k", 1).Finish()
			if got := tracer.Stats(); got.Waiting != 1 || got.Open != 1 || got.Undecided != 1 || got.SpansFinished.Undecided != 1 {
				t.Errorf("before: got %+v", got)
			}
			root.SetTag("sampling.priority", test.value)
			if got := len(kept.Spans()); got != min(len(test.want), 1) {
				t.Errorf("got %d spans at the decision", got)
			}
			root.Finish()
			if got := lines(kept.Spans()); !slices.Equal(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
			sums(t, tracer.Stats())
		})
	}
	tracer, kept := newTracer(t, jaeger.WithSampler(&script{}))
	tracer.StartSpan("op", opentracing.Tag{Key: "a", Value: 1}, opentracing.Tag{Key: "sampling.priority", Value: 1}).Finish()
	if got, want := set(only(t, kept)), "a=int64(1) sampling.priority=int64(1)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	sums(t, tracer.Stats())
}

func TestLateSamplerThatPanicsOrUsesSpans(t *testing.T) {
	s := &script{answer: func(sampler.Event) sampler.Decision { panic("sampler") }}
	tracer, kept := newTracer(t, jaeger.WithSampler(s))
	root := tracer.StartSpan("root")
	root.SetTag("a", 1).SetTag("b", 2).Finish()
	if len(kept.Spans()) != 0 || len(s.asked) != 1 {
		t.Errorf("got %d spans, asked %q, want a panic to be a no", len(kept.Spans()), s.asked)
	}
	sums(t, tracer.Stats())

	// It may not, but it must not hang.
	root = tracer.StartSpan("root")
	s.asked = nil
	s.answer = func(e sampler.Event) sampler.Decision {
		if e.Kind == sampler.Tagged && e.Tag.Key == "a" {
			root.SetTag("b", 2).SetOperationName("renamed")
			tracer.StartSpan("inner", opentracing.ChildOf(root.Context())).Finish()
		}
		return sampler.Decision{Sample: e.Kind == sampler.Finished && e.LocalRoot, Later: s.unless(e)}
	}
	root.SetTag("a", 1).Finish()
	want := []string{"tagged root root a=int64(1)", "tagged root root b=int64(2)", "named renamed root", "started inner", "finished inner", "finished renamed root"}
	if !slices.Equal(s.asked, want) {
		t.Errorf("asked %q\nwant  %q", s.asked, want)
	}
	if got := lines(kept.Spans()); !slices.Equal(got, []string{"inner 1 ", "renamed 1 a=int64(1) b=int64(2)"}) {
		t.Errorf("got %q", got)
	}
	sums(t, tracer.Stats())

	// Nor run for ever.
	kept.Reset()
	root = tracer.StartSpan("root")
	s.answer = func(e sampler.Event) sampler.Decision {
		root.SetOperationName("again")
		return sampler.Decision{Later: s}
	}
	root.SetTag("a", 1)
	if sc := root.Context().(model.SpanContext); sc.Sampling().Undecided() || sc.IsSampled() {
		t.Error("want an endless sampler to have said no")
	}
	root.Finish()
	sums(t, tracer.Stats())
}

// unless goes on being asked until the end of the root.
func (s *script) unless(e sampler.Event) sampler.Late {
	if e.Kind == sampler.Finished && e.LocalRoot {
		return nil
	}
	return s
}

func TestLateAfterRootFinished(t *testing.T) {
	tracer, kept := newTracer(t, jaeger.WithSampler(&script{}))
	root := tracer.StartSpan("root")
	open := tracer.StartSpan("open", opentracing.ChildOf(root.Context()))
	root.Finish()
	if s := tracer.Stats(); s.Open != 1 || s.Unsampled != 1 || s.Undecided != 0 {
		t.Errorf("got %+v", s)
	}
	open.SetTag("a", 1).Finish()
	tracer.StartSpan("more", opentracing.ChildOf(root.Context())).Finish()
	root.Finish()
	if s := tracer.Stats(); len(kept.Spans()) != 0 || s.Unsampled != 3 {
		t.Errorf("got %d spans and %+v", len(kept.Spans()), s)
	}
	sums(t, tracer.Stats())
}
