// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/sampler"
)

func TestZipkinSharedSpans(t *testing.T) {
	parent := model.NewSpanContext(model.SpanContextConfig{TraceID: model.TraceID{Low: 1}, SpanID: 2, ParentID: 3, Flags: 1})
	other := remote(9, 8, 1)
	kind := func(v any) opentracing.Tag { return opentracing.Tag{Key: "span.kind", Value: v} }
	for _, test := range []struct {
		name   string
		shared bool
		opts   []opentracing.StartSpanOption
		refs   int
	}{
		{"server option", true, []opentracing.StartSpanOption{serverOf(parent)}, 0},
		{"text", true, []opentracing.StartSpanOption{opentracing.ChildOf(parent), kind("server")}, 0},
		{"enum in tags", true, []opentracing.StartSpanOption{opentracing.Tags{"span.kind": serverKind}, opentracing.ChildOf(parent)}, 0},
		{"foreign option", true, []opentracing.StartSpanOption{panicOption{}, serverOf(parent)}, 0},
		{"another reference", true, []opentracing.StartSpanOption{serverOf(parent), opentracing.FollowsFrom(other)}, 1},
		{"client", false, []opentracing.StartSpanOption{opentracing.ChildOf(parent), kind("client")}, 1},
		{"client in the end", false, []opentracing.StartSpanOption{serverOf(parent), kind("client")}, 1},
		{"a number", false, []opentracing.StartSpanOption{opentracing.ChildOf(parent), kind(1)}, 1},
		{"no kind", false, []opentracing.StartSpanOption{opentracing.ChildOf(parent)}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			tracer, kept := newTracer(t, jaeger.WithZipkinSharedSpans())
			tracer.StartSpan("op", test.opts...).Finish()
			got := only(t, kept)
			if want := test.shared; got.Shared != want || (got.ID == 2) != want || (got.ParentID == 3) != want || len(got.References) != test.refs {
				t.Errorf("got %+v, want shared %v and %d references", got, want, test.refs)
			}
		})
	}

	tracer, kept := newTracer(t, jaeger.WithZipkinSharedSpans())
	root := tracer.StartSpan("root")
	tracer.StartSpan("local server", serverOf(root.Context())).Finish()
	if got := only(t, kept); got.Shared || got.ParentID == 0 {
		t.Errorf("got %+v, want an ordinary child of a local span", got)
	}
	kept.Reset()
	forced := tracer.StartSpan("forced", serverOf(model.NewSpanContext(model.SpanContextConfig{
		TraceID: model.TraceID{Low: 1}, SpanID: 2, ParentID: 3})))
	forced.SetTag("sampling.priority", 1).Finish()
	if got := only(t, kept); !got.Shared || got.ID != 2 || len(got.References) != 0 {
		t.Errorf("got %+v, want it shared", got)
	}
	off, kept := newTracer(t)
	off.StartSpan("op", serverOf(parent)).Finish()
	if got := only(t, kept); got.Shared || got.ID == 2 {
		t.Errorf("got %+v without the option", got)
	}
}

func TestOwnIDs(t *testing.T) {
	next := uint64(0)
	counting := func() uint64 { next++; return next }
	zero := func() uint64 { return 0 }
	for _, test := range []struct {
		name string
		opts []jaeger.Option
		want string // of the root and its child, where they are known
	}{
		{"64 bit", []jaeger.Option{jaeger.WithIDs(counting)}, "0000000000000001:0000000000000001 0000000000000002"},
		{"128 bit", []jaeger.Option{jaeger.WithIDs(counting), jaeger.With128BitTraceIDs()}, "00000000000000020000000000000001:0000000000000001 0000000000000003"},
		{"own high half", []jaeger.Option{jaeger.WithHighTraceIDs(func() uint64 { return 0xff }), jaeger.WithIDs(counting), jaeger.With128BitTraceIDs()}, "00000000000000ff0000000000000001:0000000000000001 0000000000000002"},
		{"zeros", []jaeger.Option{jaeger.WithIDs(zero), jaeger.WithHighTraceIDs(zero), jaeger.With128BitTraceIDs()}, ""},
		{"panics", []jaeger.Option{jaeger.WithIDs(func() uint64 { panic("no") })}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			next = 0
			tracer, _ := newTracer(t, test.opts...)
			root := tracer.StartSpan("root").Context().(model.SpanContext)
			child := tracer.StartSpan("child", opentracing.ChildOf(root)).Context().(model.SpanContext)
			got := fmt.Sprintf("%v:%v %v", root.TraceID(), root.SpanID(), child.SpanID())
			if test.want != "" && got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if !root.IsValid() || !child.IsValid() || root.SpanID() == child.SpanID() {
				t.Errorf("got %s, want valid ids", got)
			}
		})
	}
	for _, opt := range []jaeger.Option{jaeger.WithIDs(nil), jaeger.WithHighTraceIDs(nil), jaeger.WithObserver(nil),
		jaeger.WithDebugThrottler(nil), jaeger.WithBaggageRestrictions(nil)} {
		if _, err := jaeger.New("svc", reporter.NewMemory(), opt); err == nil {
			t.Error("got no error of a nil part")
		}
	}
}

// A parent that left the decision open has the sampler asked, for the trace it is in.
func TestDeferredParent(t *testing.T) {
	deferred := model.NewSpanContext(model.SpanContextConfig{TraceID: model.TraceID{Low: 7}, SpanID: 6, Deferred: true})
	for _, sample := range []bool{true, false} {
		t.Run(fmt.Sprint(sample), func(t *testing.T) {
			var asked []model.TraceID
			tracer, kept := newTracer(t, jaeger.WithSampler(asking{&asked, sample}))
			span := tracer.StartSpan("op", opentracing.ChildOf(deferred))
			child := tracer.StartSpan("child", opentracing.ChildOf(span.Context()))
			child.Finish()
			span.Finish()
			if !slices.Equal(asked, []model.TraceID{{Low: 7}}) {
				t.Errorf("asked about %v", asked)
			}
			if got := len(kept.Spans()); got != map[bool]int{true: 2}[sample] {
				t.Fatalf("got %d spans", got)
			}
			if sc := span.Context().(model.SpanContext); sc.IsSampled() != sample || sc.IsDeferred() || !deferred.IsDeferred() || deferred.IsSampled() {
				t.Errorf("got %v of %v", sc, deferred)
			}
			if sample {
				if got, want := text(kept.Spans()[1].Tags), "sampler=string(asked)"; got != want || kept.Spans()[1].ParentID != 6 {
					t.Errorf("got %s, want %s", got, want)
				}
			}
			if s := tracer.Stats(); s.TracesJoined.Total() != 1 || (s.TracesJoined.Sampled == 1) != sample || s.SpansStarted.Total() != 2 {
				t.Errorf("got %+v", s)
			}
		})
	}
}

type asking struct {
	asked  *[]model.TraceID
	sample bool
}

func (a asking) Sample(id model.TraceID, _ string) sampler.Decision {
	*a.asked = append(*a.asked, id)
	return sampler.Decision{Sample: a.sample, Tags: sampler.NewTags(model.String("sampler", "asked"))}
}
