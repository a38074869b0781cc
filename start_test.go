// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"math"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/sampler"
)

func remote(trace, span uint64, flags model.Flags) model.SpanContext {
	return model.NewSpanContext(model.SpanContextConfig{
		TraceID: model.TraceID{Low: trace}, SpanID: model.SpanID(span), Flags: flags,
		Baggage: []model.BaggageItem{{Key: "user", Value: "u1"}},
	})
}

func TestNewRefusesAllBadSettingsAtOnce(t *testing.T) {
	_, err := jaeger.New("", nil, jaeger.WithSampler(nil), nil, jaeger.WithMaxTagValueLength(0),
		jaeger.WithPropagator([]int{1}, nil))
	want := "new tracer: service name is empty\nreporter is nil\nsampler is nil\n" +
		"tag value length 0: want 1 or more\n" +
		"propagator <nil> for format [1]: want a comparable format and a propagator"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestParent(t *testing.T) {
	a, b := remote(0xa, 0xa1, model.FlagSampled), remote(0xb, 0xb1, model.FlagSampled)
	onlyBaggage := model.NewSpanContext(model.SpanContextConfig{Baggage: []model.BaggageItem{{Key: "user", Value: "u2"}}})
	tests := []struct {
		name       string
		refs       []opentracing.SpanReference
		wantTrace  uint64 // 0 is a new trace
		wantParent model.SpanID
		wantRefs   []model.Reference
		wantUser   string
	}{
		{name: "none"},
		{
			name: "child of", refs: []opentracing.SpanReference{opentracing.ChildOf(a)},
			wantTrace: 0xa, wantParent: 0xa1, wantUser: "u1",
			wantRefs: []model.Reference{{Type: model.ChildOf, TraceID: model.TraceID{Low: 0xa}, SpanID: 0xa1}},
		},
		{
			name:      "child of wins over an earlier follows from",
			refs:      []opentracing.SpanReference{opentracing.FollowsFrom(a), opentracing.ChildOf(b)},
			wantTrace: 0xb, wantParent: 0xb1, wantUser: "u1",
			wantRefs: []model.Reference{
				{Type: model.FollowsFrom, TraceID: model.TraceID{Low: 0xa}, SpanID: 0xa1},
				{Type: model.ChildOf, TraceID: model.TraceID{Low: 0xb}, SpanID: 0xb1},
			},
		},
		{
			name: "the first of two", refs: []opentracing.SpanReference{opentracing.FollowsFrom(a), opentracing.FollowsFrom(b)},
			wantTrace: 0xa, wantParent: 0xa1, wantUser: "u1",
			wantRefs: []model.Reference{
				{Type: model.FollowsFrom, TraceID: model.TraceID{Low: 0xa}, SpanID: 0xa1},
				{Type: model.FollowsFrom, TraceID: model.TraceID{Low: 0xb}, SpanID: 0xb1},
			},
		},
		{
			name: "nil, zero, foreign and of an unknown type",
			refs: []opentracing.SpanReference{
				opentracing.ChildOf(nil), opentracing.ChildOf(model.SpanContext{}),
				opentracing.ChildOf(opentracing.NoopTracer{}.StartSpan("").Context()),
				{Type: 42, ReferencedContext: a},
			},
		},
		{
			name: "only baggage begins a new trace", refs: []opentracing.SpanReference{opentracing.ChildOf(onlyBaggage)},
			wantUser: "u2",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tracer, kept := newTracer(t)
			opts := []opentracing.StartSpanOption{nil}
			for _, ref := range test.refs {
				opts = append(opts, ref)
			}
			tracer.StartSpan("op", opts...).Finish()
			got := only(t, kept)
			if test.wantTrace == 0 {
				if got.TraceID.Low != uint64(got.ID) || got.ParentID != 0 {
					t.Errorf("got trace %v span %v parent %v, want a root whose span id is its trace id", got.TraceID, got.ID, got.ParentID)
				}
			} else if got.TraceID.Low != test.wantTrace || got.ParentID != test.wantParent {
				t.Errorf("got trace %v parent %v, want %x %v", got.TraceID, got.ParentID, test.wantTrace, test.wantParent)
			}
			if len(got.References) != len(test.wantRefs) {
				t.Fatalf("got references %v, want %v", got.References, test.wantRefs)
			}
			for i := range test.wantRefs {
				if got.References[i] != test.wantRefs[i] {
					t.Errorf("got reference %v, want %v", got.References[i], test.wantRefs[i])
				}
			}
			span := tracer.StartSpan("again", opts...)
			if user := span.BaggageItem("user"); user != test.wantUser {
				t.Errorf("got baggage %q, want %q", user, test.wantUser)
			}
		})
	}
}

func TestLocalChildSharesItsTrace(t *testing.T) {
	tracer, kept := newTracer(t, jaeger.With128BitTraceIDs())
	root := tracer.StartSpan("root")
	child := tracer.StartSpan("child", opentracing.ChildOf(root.Context()))
	child.Finish()
	root.Finish()
	spans := kept.Spans()
	c, r := spans[0], spans[1]
	if c.TraceID != r.TraceID || c.ParentID != r.ID || c.ID == r.ID || r.TraceID.High == 0 {
		t.Errorf("got child %v/%v under %v, root %v/%v", c.TraceID, c.ID, c.ParentID, r.TraceID, r.ID)
	}
	if got, want := text(r.Tags), "sampler.type=string(const) sampler.param=bool(true)"; got != want {
		t.Errorf("got root tags %s, want %s", got, want)
	}
	if len(c.Tags) != 0 {
		t.Errorf("got child tags %s, want none", text(c.Tags))
	}
}

// The old client lost the sampler's tags with three or more start tags.
func TestSamplerTagsSurviveManyStartTags(t *testing.T) {
	tracer, kept := newTracer(t)
	tags := opentracing.Tags{}
	for _, k := range []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"} {
		tags[k] = 1
	}
	tracer.StartSpan("op", tags).Finish()
	span := only(t, kept)
	if got := len(span.Tags); got != 12 {
		t.Errorf("got %d tags, want 12: %s", got, text(span.Tags))
	}
	if tag, ok := span.Tag("sampler.type"); !ok || tag.Str() != "const" {
		t.Errorf("sampler.type is gone: %s", text(span.Tags))
	}
}

func TestRemoteDecisionIsFinal(t *testing.T) {
	tests := []struct {
		name   string
		flags  model.Flags
		sample bool
		want   int
	}{
		{"sampled upstream, sampler says no", model.FlagSampled, false, 1},
		{"unsampled upstream, sampler says yes", 0, true, 0},
		{"debug and firehose are kept", model.FlagSampled | model.FlagDebug | model.FlagFirehose, false, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tracer, kept := newTracer(t, jaeger.WithSampler(sampler.NewConst(test.sample)))
			span := tracer.StartSpan("op", ext.RPCServerOption(remote(1, 2, test.flags)))
			child := tracer.StartSpan("op", opentracing.ChildOf(span.Context()))
			if got := child.Context().(model.SpanContext).Flags(); got != test.flags {
				t.Errorf("got flags %x, want %x", got, test.flags)
			}
			span.Finish()
			if got := len(kept.Spans()); got != test.want {
				t.Errorf("got %d spans, want %d", got, test.want)
			}
			if test.want == 1 {
				if got, want := set(only(t, kept)), "span.kind=string(server)"; got != want {
					t.Errorf("got tags %s, want %s", got, want)
				}
			}
		})
	}
}

func TestDebugID(t *testing.T) {
	tracer, kept := newTracer(t, jaeger.WithSampler(sampler.NewConst(false)))
	sc, err := tracer.Extract(opentracing.TextMap, opentracing.TextMapCarrier{"jaeger-debug-id": "ticket 7"})
	if err != nil {
		t.Fatal(err)
	}
	span := tracer.StartSpan("op", opentracing.ChildOf(sc))
	child := tracer.StartSpan("child", opentracing.ChildOf(span.Context()))
	child.Finish()
	span.Finish()
	spans := kept.Spans()
	if len(spans) != 2 {
		t.Fatalf("got %d spans, want 2", len(spans))
	}
	if got, want := set(spans[1]), "jaeger-debug-id=string(ticket 7)"; got != want || spans[1].Flags != 3 {
		t.Errorf("got tags %q flags %d, want %q 3", got, spans[1].Flags, want)
	}
	if got := set(spans[0]); got != "" || spans[0].Flags != 3 {
		t.Errorf("got child tags %q flags %d, want none and 3", got, spans[0].Flags)
	}
}

func TestStartTime(t *testing.T) {
	start := time.Date(2020, 2, 3, 4, 5, 6, 789, time.UTC)
	tests := []struct {
		name         string
		start, end   time.Time
		wantStart    time.Time
		wantDuration time.Duration
	}{
		{"given", start, start.Add(time.Second), start, time.Second},
		{"longer than a duration can be", time.Date(1700, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1700, 1, 1, 0, 0, 0, 0, time.UTC), math.MaxInt64},
		{"end before start", start, start.Add(-time.Hour), start, 0},
		{"before the calendar of the clock", time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC), start, time.Date(1679, 1, 1, 0, 0, 0, 0, time.UTC), 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tracer, kept := newTracer(t)
			span := tracer.StartSpan("op", opentracing.StartTime(test.start))
			span.FinishWithOptions(opentracing.FinishOptions{FinishTime: test.end})
			got := only(t, kept)
			if told := span.(*jaeger.Span).StartTime(); !told.Equal(test.wantStart) {
				t.Errorf("the span says it started at %v, want %v", told.UTC(), test.wantStart)
			}
			if !got.StartTime().Equal(test.wantStart) {
				t.Errorf("got start %v, want %v", got.StartTime().UTC(), test.wantStart)
			}
			if test.wantDuration > 0 && got.Duration != test.wantDuration || got.Duration < 0 {
				t.Errorf("got duration %v, want %v", got.Duration, test.wantDuration)
			}
		})
	}
}

func TestWithoutRecording(t *testing.T) {
	kept := reporter.NewMemory()
	tracer, err := jaeger.New("svc", kept, jaeger.WithoutRecording())
	if err != nil {
		t.Fatal(err)
	}
	span := tracer.StartSpan("op", opentracing.ChildOf(remote(1, 2, model.FlagSampled)))
	span.SetTag("k", "v").SetBaggageItem("b", "1")
	span.LogKV("event", "x")
	carrier := opentracing.TextMapCarrier{}
	if err := tracer.Inject(span.Context(), opentracing.TextMap, carrier); err != nil {
		t.Fatal(err)
	}
	sc, err := tracer.Extract(opentracing.TextMap, carrier)
	if err != nil {
		t.Fatal(err)
	}
	got := sc.(model.SpanContext)
	if got.TraceID().Low != 1 || !got.IsSampled() || got.BaggageItem("user") != "u1" || got.BaggageItem("b") != "1" {
		t.Errorf("got %v with baggage user=%q b=%q", got, got.BaggageItem("user"), got.BaggageItem("b"))
	}
	span.Finish()
	tracer.StartSpan("root").SetTag("sampling.priority", 1).Finish()
	if n := len(kept.Spans()); n != 0 {
		t.Errorf("got %d spans, want none", n)
	}
	if s := tracer.Stats(); s.Started != 2 || s.Unsampled != 2 || s.Open != 0 {
		t.Errorf("got %+v", s)
	}
}
