// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"testing"

	"github.com/opentracing/opentracing-go"

	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/internal/baggage"
)

// eager says yes each time, and that it may be asked again.
type eager struct {
	jaeger.SamplerV2Base
	notes
}

func (e *eager) OnCreateSpan(s *jaeger.Span) jaeger.SamplingDecision {
	return jaeger.SamplingDecision{Retryable: true}
}

func (e *eager) OnSetOperationName(s *jaeger.Span, name string) jaeger.SamplingDecision {
	return jaeger.SamplingDecision{Retryable: true}
}

func (e *eager) OnSetTag(s *jaeger.Span, key string, value interface{}) jaeger.SamplingDecision {
	e.add("tag %s", key)
	return jaeger.SamplingDecision{Sample: true, Retryable: true}
}

func (e *eager) OnFinishSpan(s *jaeger.Span) jaeger.SamplingDecision {
	return jaeger.SamplingDecision{Retryable: true}
}

func TestYesIsFinal(t *testing.T) {
	e := &eager{}
	tracer, _ := traced(t, e)
	s := start(t, tracer, "op")
	s.LogKV("before", 1)
	s.SetTag("a", 1).SetTag("b", 2)
	if c := contextOf(t, s); !c.IsSampled() || !c.IsSamplingFinalized() || len(s.Logs()) != 1 {
		t.Errorf("got sampled %t, final %t, %d logs, want a decided trace with its first log", c.IsSampled(), c.IsSamplingFinalized(), len(s.Logs()))
	}
	e.want(t, "tag a")
}

// failing panics wherever a program's own parts may.
type failing struct{ jaeger.SamplerV2Base }

func (failing) OnCreateSpan(*jaeger.Span) jaeger.SamplingDecision { panic("sampler") }
func (failing) OnSetOperationName(*jaeger.Span, string) jaeger.SamplingDecision {
	panic("sampler")
}
func (failing) OnSetTag(*jaeger.Span, string, interface{}) jaeger.SamplingDecision { panic("sampler") }
func (failing) OnFinishSpan(*jaeger.Span) jaeger.SamplingDecision                  { panic("sampler") }

type failingFirst struct{ byName }

func (*failingFirst) IsSampled(jaeger.TraceID, string) (bool, []jaeger.Tag) { panic("sampler") }

type failingReporter struct{}

func (failingReporter) Report(*jaeger.Span) { panic("reporter") }
func (failingReporter) Close()              {}

// TestPanics: those of a SamplerV2 and of a Reporter go up to who called the span;
// others cost what they were asked.
func TestPanics(t *testing.T) {
	yes, null := jaeger.NewConstSampler(true), jaeger.NewNullReporter()
	for _, test := range []struct {
		name     string
		sampler  jaeger.Sampler
		reporter jaeger.Reporter
		option   jaeger.TracerOption
		start    opentracing.StartSpanOption
		want     any
	}{
		{"Sampler", &failingFirst{}, null, nil, nil, nil},
		{"SamplerV2", failing{}, null, nil, nil, "sampler"},
		{"Reporter", yes, failingReporter{}, nil, nil, "reporter"},
		{"throttler", yes, null, jaeger.TracerOptions.DebugThrottler(failingParts{}), opentracing.Tag{Key: "sampling.priority", Value: 1}, nil},
		{"restrictions", yes, null, jaeger.TracerOptions.BaggageRestrictionManager(failingParts{}), nil, nil},
		{"option of StartSpan", yes, null, nil, &panicking{}, nil},
	} {
		tracer, closer := jaeger.NewTracer("svc", test.sampler, test.reporter, test.option)
		got := func() (p any) {
			defer func() { p = recover() }()
			tracer.StartSpan("op", test.start).SetBaggageItem("k", "v").Finish()
			return nil
		}()
		if got != test.want {
			t.Errorf("%s: got panic %v, want %v", test.name, got, test.want)
		}
		closer.Close()
	}
}

type failingParts struct{}

func (failingParts) IsAllowed(string) bool                              { panic("throttler") }
func (failingParts) GetRestriction(string, string) *baggage.Restriction { panic("restrictions") }
