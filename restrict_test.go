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

// gate lets so many through, and is closed with its tracer.
type gate struct {
	left   int
	asked  []string
	closed int
	panics bool
}

func (g *gate) Allow(operation string) bool {
	g.asked = append(g.asked, operation)
	if g.panics {
		panic("gate")
	}
	g.left--
	return g.left >= 0
}

func (g *gate) Close() error { g.closed++; return nil }

func TestDebugThrottler(t *testing.T) {
	priority := opentracing.Tag{Key: "sampling.priority", Value: 1}
	debugID := model.NewSpanContext(model.SpanContextConfig{DebugID: "ticket", Baggage: []model.BaggageItem{{Key: "user", Value: "u1"}}})
	for _, test := range []struct {
		name   string
		opts   []opentracing.StartSpanOption
		more   []jaeger.Option
		gate   gate
		flags  model.Flags // of the root
		asked  int
		refuse uint64
		tags   string
	}{
		{name: "debug id allowed", opts: []opentracing.StartSpanOption{opentracing.ChildOf(debugID)}, gate: gate{left: 1},
			flags: 3, asked: 1, tags: "jaeger-debug-id=string(ticket)"},
		{name: "debug id refused", opts: []opentracing.StartSpanOption{opentracing.ChildOf(debugID)}, asked: 1, refuse: 1},
		{name: "debug id refused, sampled all the same", opts: []opentracing.StartSpanOption{opentracing.ChildOf(debugID)},
			more: []jaeger.Option{jaeger.WithSampler(sampler.NewConst(true))}, flags: 1, asked: 1, refuse: 1},
		{name: "gate panics", opts: []opentracing.StartSpanOption{opentracing.ChildOf(debugID)}, gate: gate{left: 9, panics: true}, asked: 1, refuse: 1},
		{name: "priority allowed", opts: []opentracing.StartSpanOption{priority}, gate: gate{left: 1},
			flags: 3, asked: 1, tags: "sampling.priority=int64(1)"},
		{name: "priority refused", opts: []opentracing.StartSpanOption{priority}, asked: 1, refuse: 1},
		{name: "priority refused, sampled all the same", opts: []opentracing.StartSpanOption{priority},
			more: []jaeger.Option{jaeger.WithSampler(sampler.NewConst(true))}, flags: 1, asked: 1, refuse: 1, tags: "sampling.priority=int64(1)"},
		{name: "priority without debug flag", opts: []opentracing.StartSpanOption{priority},
			more: []jaeger.Option{jaeger.WithoutDebugFlag()}, flags: 1, tags: "sampling.priority=int64(1)"},
		{name: "priority 0", opts: []opentracing.StartSpanOption{opentracing.Tag{Key: "sampling.priority", Value: 0}}},
		{name: "debug from upstream", opts: []opentracing.StartSpanOption{opentracing.ChildOf(remote(1, 2, 3)), priority},
			flags: 3, tags: "sampling.priority=int64(1)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := test.gate
			opts := append([]jaeger.Option{jaeger.WithSampler(sampler.NewConst(false)), jaeger.WithDebugThrottler(&g)}, test.more...)
			tracer, kept := newTracer(t, opts...)
			span := tracer.StartSpan("op", test.opts...)
			if got := span.Context().(model.SpanContext).Flags(); got != test.flags {
				t.Errorf("got flags %d, want %d", got, test.flags)
			}
			if item := span.BaggageItem("user"); strings.HasPrefix(test.name, "debug id") && item != "u1" {
				t.Errorf("got baggage %q, want it whatever the throttler says", item)
			}
			span.Finish()
			if len(g.asked) != test.asked || test.asked > 0 && g.asked[0] != "op" {
				t.Errorf("asked %q, want %d times", g.asked, test.asked)
			}
			if got := tracer.Stats().DebugThrottled; got != test.refuse {
				t.Errorf("got %d refused, want %d", got, test.refuse)
			}
			if spans := kept.Spans(); len(spans) > 0 && set(spans[0]) != test.tags || len(spans) != int(test.flags&1) {
				t.Errorf("got %d spans %q, want tags %s", len(spans), lines(spans), test.tags)
			}
			tracer.Close()
			tracer.Close()
			if g.closed != 1 {
				t.Errorf("closed %d times, want once", g.closed)
			}
		})
	}
}

// rules allow keys by name, up to a length.
type rules struct {
	lengths map[string]int
	closed  int
}

func (r *rules) Restriction(key string) (bool, int) {
	n, ok := r.lengths[key]
	if key == "panic" {
		panic(key)
	}
	return ok, n
}

func (r *rules) Close() error { r.closed++; return nil }

func TestBaggageRestrictions(t *testing.T) {
	r := &rules{lengths: map[string]int{"short": 3, "none": 0, "less": -5, "large": 3000, "huge": 1 << 30}}
	tracer, kept := newTracer(t, jaeger.WithBaggageRestrictions(r))
	long := strings.Repeat("é", 5000)
	for _, test := range []struct {
		key, value string
		want       int // bytes
		log        string
	}{
		{"short", "ab", 2, "value=string(ab)"},
		{"short", "éé", 2, "value=string(é) override=string(true) truncated=string(true)"},
		{"none", long, 2048, "truncated=string(true)"},
		{"less", "x", 1, "value=string(x)"},
		{"large", long, 3000, "truncated=string(true)"},
		{"huge", long, 4092, "truncated=string(true)"},
		{"other", "x", 0, "value=string(x) invalid=string(true)"},
		{"panic", "x", 0, "value=string(x) invalid=string(true)"},
		{strings.Repeat("k", 5000), "x", 0, "invalid=string(true)"},
		{"short", "", 0, "value=string() override=string(true)"},
	} {
		span := tracer.StartSpan("op")
		if test.log != "" && strings.Contains(test.log, "override") {
			span.SetBaggageItem(test.key, "a")
		}
		kept.Reset()
		span.SetBaggageItem(test.key, test.value)
		if got := span.BaggageItem(test.key); len(got) != test.want || !strings.HasPrefix(test.value, got) {
			t.Errorf("%.10s: got %d bytes, want %d", test.key, len(got), test.want)
		}
		span.Finish()
		logs := only(t, kept).Logs
		if got := text(logs[len(logs)-1].Fields); !strings.HasPrefix(got, "event=string(baggage) key=string(") || !strings.HasSuffix(got, test.log) {
			t.Errorf("%.10s: got ...%s, want %s", test.key, got[max(len(got)-100, 0):], test.log)
		}
	}
	if s := tracer.Stats(); s.BaggageSet != 9 || s.BaggageRefused != 3 || s.BaggageTruncated != 4 {
		t.Errorf("got %+v", s)
	}
	tracer.Close()
	if r.closed != 1 {
		t.Errorf("closed %d times, want once", r.closed)
	}

	// An unsampled span's baggage is restricted, too; one that came from elsewhere is not.
	off, _ := newTracer(t, jaeger.WithBaggageRestrictions(r), jaeger.WithSampler(sampler.NewConst(false)))
	span := off.StartSpan("op", opentracing.ChildOf(remote(1, 2, 0)))
	span.SetBaggageItem("other", "x").SetBaggageItem("short", "abcd")
	if got := fmt.Sprintf("%s %s %s", span.BaggageItem("user"), span.BaggageItem("other"), span.BaggageItem("short")); got != "u1  abc" {
		t.Errorf("got %q", got)
	}
	span.Finish()
	span.SetBaggageItem("short", "x")
	if s := off.Stats(); s.BaggageSet != 1 || s.BaggageRefused != 1 || s.BaggageTruncated != 1 {
		t.Errorf("got %+v", s)
	}
}

// How each span and trace began is counted once, and what became of it.
func TestStatsBySampling(t *testing.T) {
	type by = jaeger.BySampling
	for _, test := range []struct {
		name                             string
		sampler                          sampler.Sampler
		flags                            model.Flags // of the parent elsewhere
		started, joined, spans, finished by
	}{
		{"sampled", sampler.NewConst(true), 1, by{Sampled: 1}, by{Sampled: 1}, by{Sampled: 4}, by{Sampled: 4}},
		{"unsampled", sampler.NewConst(false), 0, by{Unsampled: 1}, by{Unsampled: 1}, by{Unsampled: 4}, by{Unsampled: 4}},
		{"undecided", new(script).when(sampler.Finished, "root"), 1,
			by{Undecided: 1}, by{Sampled: 1}, by{Undecided: 2, Sampled: 2}, by{Undecided: 1, Sampled: 3}},
		{"never decided", &script{}, 0, by{Undecided: 1}, by{Unsampled: 1}, by{Undecided: 2, Unsampled: 2}, by{Undecided: 1, Unsampled: 3}},
	} {
		t.Run(test.name, func(t *testing.T) {
			tracer, kept := newTracer(t, jaeger.WithSampler(test.sampler), jaeger.WithFinishCount())
			root := tracer.StartSpan("root")
			joined := tracer.StartSpan("joined", opentracing.ChildOf(remote(1, 2, test.flags)))
			for _, s := range []opentracing.Span{root, joined} {
				tracer.StartSpan("child", opentracing.ChildOf(s.Context())).Finish()
				s.Finish()
				s.Finish()
			}
			s := tracer.Stats()
			sums(t, s)
			if s.TracesStarted != test.started || s.TracesJoined != test.joined || s.SpansStarted != test.spans || s.SpansFinished != test.finished {
				t.Errorf("got %+v", s)
			}
			if s.Finished != uint64(len(kept.Spans())) || s.Started != 4 {
				t.Errorf("got %+v and %d spans", s, len(kept.Spans()))
			}
		})
	}
	tracer, _ := newTracer(t, jaeger.WithSampler(sampler.NewConst(false)))
	tracer.StartSpan("op").Finish()
	if s := tracer.Stats(); s.SpansFinished.Total() != 0 {
		t.Errorf("got %+v without WithFinishCount", s.SpansFinished)
	}
	tracer, _ = newTracer(t, jaeger.WithoutRecording(), jaeger.WithFinishCount())
	span := tracer.StartSpan("op", opentracing.ChildOf(remote(1, 2, 1)))
	span.Finish()
	span.SetOperationName("late").Finish()
	if s := tracer.Stats(); s.SpansFinished != (by{Unsampled: 1}) || span.(*jaeger.Span).OperationName() != "op" {
		t.Errorf("got %+v of a tracer that records nothing", s)
	}
}

func TestStatsWhileTracing(t *testing.T) {
	tracer, _ := newTracer(t, jaeger.WithSampler(new(script).when(sampler.Tagged, "child")))
	together(4, func(i int) {
		for range 50 {
			root := tracer.StartSpan("root")
			child := tracer.StartSpan("child", opentracing.ChildOf(root.Context()))
			if i%2 == 0 {
				child.SetTag("a", 1)
			}
			s := tracer.Stats()
			if s.Started != s.Unsampled+s.Finished+s.Open+s.Waiting+s.Overflowed || slices.Max([]uint64{s.Open, s.Waiting, s.Unsampled}) > 1000 {
				t.Errorf("got %+v", s)
			}
			child.Finish()
			root.Finish()
		}
	})
	sums(t, tracer.Stats())
}
