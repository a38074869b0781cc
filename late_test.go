// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

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
			return sampler.Decision{Sample: true, Tags: []model.Tag{model.String("by", "script")}}
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
		return sampler.Decision{Tags: []model.Tag{model.Int64("ignored", 1)}, Firehose: true}
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
	yes := sampler.Decision{Sample: true, Firehose: true, Tags: []model.Tag{model.Int64("d", 1)}}
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
	root = tracer.StartSpan("again").(*jaeger.Span)
	tracer.StartSpan("child", opentracing.ChildOf(root.Context())).Finish()
	if got := tracer.Stats().Waiting; got != 1 {
		t.Errorf("got %d waiting, want the memory of the others free again", got)
	}
	root.Finish()
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
	after.SetTag("a", 1).Finish()
	if got := tracer.Stats(); got.Unsampled != 3 || got.Undecided != 0 || got.Abandoned != 2 || len(kept.Spans()) != 0 {
		t.Errorf("got %+v and %q", got, lines(kept.Spans()))
	}
	sums(t, tracer.Stats())
}

// Two tracers of one process: the trace is the business of the one that began it.
func TestLateDecisionAndAnotherTracer(t *testing.T) {
	a, keptA := newTracer(t, jaeger.WithSampler(&script{}))
	b, keptB := newTracer(t)
	root := a.StartSpan("root").(*jaeger.Span)
	early := b.StartSpan("early", opentracing.ChildOf(root.Context()))
	early.SetTag("a", 1).SetOperationName("early too").Finish()
	late := b.StartSpan("late", opentracing.ChildOf(root.Context()))
	a.StartSpan("own", opentracing.ChildOf(root.Context())).Finish()
	late.SetTag("sampling.priority", 1)
	late.Finish()
	root.Finish()
	if got := lines(keptB.Spans()); !slices.Equal(got, []string{"late 3 sampling.priority=int64(1)"}) {
		t.Errorf("got %q", got)
	}
	if got := lines(keptA.Spans()); !slices.Equal(got, []string{"own 3 ", "root 3 "}) {
		t.Errorf("got %q", got)
	}
	sums(t, a.Stats())
	sums(t, b.Stats())

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
			return sampler.Decision{Sample: true, Tags: []model.Tag{model.String("by", "script")}}
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
