// SPDX-License-Identifier: Apache-2.0

//lint:file-ignore SA1019 the deprecated methods are part of the API under test

package jaeger_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

func TestSamplingPriority(t *testing.T) {
	type level int8
	tests := []struct {
		name    string
		sampled bool // before
		value   any
		want    model.Flags
	}{
		{"uint16", false, uint16(1), 3}, {"int", false, 1, 3}, {"int64", false, int64(5), 3},
		{"own type", false, level(1), 3}, {"bool", false, true, 3}, {"text", false, "1", 3}, {"float", false, 0.5, 3},
		{"zero", true, 0, 0}, {"false", true, false, 0}, {"text zero", true, "0", 0}, {"negative", true, -1, 0},
		{"no number", true, "high", 1}, {"nil", true, nil, 1}, {"NaN", true, math.NaN(), 1}, {"no number, unsampled", false, "high", 0},
	}
	for _, test := range tests {
		for _, when := range []string{"at start", "later"} {
			t.Run(test.name+" "+when, func(t *testing.T) {
				tracer, kept := newTracer(t, jaeger.WithSampler(sampler.NewConst(test.sampled)))
				var span opentracing.Span
				if when == "later" {
					span = tracer.StartSpan("op")
					span.SetTag("sampling.priority", test.value)
				} else {
					span = tracer.StartSpan("op", opentracing.Tag{Key: "sampling.priority", Value: test.value})
				}
				span.SetTag("after", 1)
				if got := span.Context().(model.SpanContext).Flags(); got != test.want {
					t.Errorf("got flags %d, want %d", got, test.want)
				}
				span.Finish()
				if want := int(test.want & model.FlagSampled); len(kept.Spans()) != want {
					t.Fatalf("got %d spans, want %d", len(kept.Spans()), want)
				}
				if test.want != 0 {
					got := only(t, kept)
					if _, ok := got.Tag("after"); !ok || got.Flags != test.want || got.Operation != "op" {
						t.Errorf("got %s flags %d tags %s", got.Operation, got.Flags, text(got.Tags))
					}
				}
				if s := tracer.Stats(); s.Started != 1 || s.Unsampled+s.Finished != 1 || s.Open != 0 {
					t.Errorf("got %+v", s)
				}
			})
		}
	}
}

func TestForcedLateKeepsStartAndParent(t *testing.T) {
	now := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	tracer, kept := newTracer(t, jaeger.WithSampler(sampler.NewConst(false)), jaeger.WithoutDebugFlag(),
		jaeger.WithClock(func() time.Time { return now }))
	root := tracer.StartSpan("root")
	child := tracer.StartSpan("child", opentracing.ChildOf(root.Context()))
	start := now
	now = now.Add(time.Second)
	child.SetTag("error", true)
	ext.SamplingPriority.Set(child, 1)
	child.Finish()
	root.Finish()
	spans := kept.Spans()
	if len(spans) != 2 {
		t.Fatalf("got %d spans, want the whole local trace", len(spans))
	}
	got := spans[0]
	if !got.StartTime().Equal(start) || got.Duration != time.Second || got.ParentID != spans[1].ID || got.Flags != 1 {
		t.Errorf("got %+v", got)
	}
	want := []model.Reference{{TraceID: got.TraceID, SpanID: spans[1].ID}}
	if len(got.References) != 1 || got.References[0] != want[0] {
		t.Errorf("got references %v, want %v", got.References, want)
	}
}

// However the decision moves around Finish, a span is counted once.
func TestFinishedOnceWhateverThePriority(t *testing.T) {
	for _, sampled := range []bool{true, false} {
		for _, priorities := range [][]int{{0}, {1}, {0, 1}, {1, 0}, {0, 1, 0}, {1, 0, 1}} {
			for when := range len(priorities) + 1 {
				t.Run(fmt.Sprint(sampled, priorities, when), func(t *testing.T) {
					tracer, kept := newTracer(t, jaeger.WithSampler(sampler.NewConst(sampled)))
					root := tracer.StartSpan("root")
					span := tracer.StartSpan("op", opentracing.ChildOf(root.Context()))
					for i, p := range priorities {
						if i == when {
							span.Finish()
						}
						root.SetTag("sampling.priority", p)
						span.SetTag("k", i)
					}
					span.Finish()
					root.Finish()
					span.Finish()
					root.Finish()
					s := tracer.Stats()
					if s.Started != 2 || s.Unsampled+s.Finished != 2 || s.Open != 0 || len(kept.Spans()) != int(s.Finished) {
						t.Errorf("got %+v and %d spans", s, len(kept.Spans()))
					}
				})
			}
		}
	}
}

// Tags given with StartSpan are kept wherever among them the priority stands.
func TestPriorityAmongStartTags(t *testing.T) {
	for range 50 {
		tracer, kept := newTracer(t, jaeger.WithSampler(sampler.NewConst(false)))
		tracer.StartSpan("op", opentracing.Tag{Key: "first", Value: 1},
			opentracing.Tags{"a": 1, "b": 2, "sampling.priority": 1, "c": 3}).Finish()
		if got := only(t, kept); len(got.Tags) != 5 {
			t.Fatalf("got %s, want all five tags", text(got.Tags))
		}
	}
}

func TestForcedSpanKeepsItsReferences(t *testing.T) {
	a, b := remote(0xa, 0xa1, 0), remote(0xb, 0xb1, 0)
	follows := func(trace uint64, span model.SpanID) model.Reference {
		return model.Reference{Type: model.FollowsFrom, TraceID: model.TraceID{Low: trace}, SpanID: span}
	}
	priority := opentracing.Tag{Key: "sampling.priority", Value: 1}
	tests := []struct {
		name string
		at   []opentracing.StartSpanOption
		want []model.Reference
	}{
		{"at start", []opentracing.StartSpanOption{opentracing.FollowsFrom(a), opentracing.FollowsFrom(b), priority},
			[]model.Reference{follows(0xa, 0xa1), follows(0xb, 0xb1)}},
		{"later, the parent", []opentracing.StartSpanOption{opentracing.FollowsFrom(a), opentracing.FollowsFrom(b)},
			[]model.Reference{follows(0xa, 0xa1)}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tracer, kept := newTracer(t)
			span := tracer.StartSpan("op", test.at...)
			span.SetTag("sampling.priority", 1).Finish()
			if got := only(t, kept).References; !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}
