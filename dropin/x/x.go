// SPDX-License-Identifier: Apache-2.0

// Package x has samplers that decide by what spans turn out to be.
//
//	byTenant := x.NewTagMatchingSampler("tenant", []x.TagMatcher{{TagValue: "acme"}})
//	some, _ := jaeger.NewProbabilisticSampler(0.01)
//	s := x.NewPrioritySampler(byTenant, some)
//	tracer, closer := jaeger.NewTracer("checkout", s, reporter)
//
// What it promises: the first sampler of several that says yes decides; one that
// said no for good is not asked again about the trace; a trace whose tags say
// nothing is not sampled when its first span here finishes.
package x

import (
	"sync/atomic"

	"github.com/uber/jaeger-client-go"
)

// PrioritySampler asks several samplers in their order.
type PrioritySampler struct {
	jaeger.SamplerV2Base
	delegates []jaeger.SamplerV2
}

// NewPrioritySampler returns one over delegates, which it owns; nil ones are left
// out.
func NewPrioritySampler(delegates ...jaeger.SamplerV2) *PrioritySampler {
	s := &PrioritySampler{}
	for _, d := range delegates {
		if d != nil {
			s.delegates = append(s.delegates, d)
		}
	}
	return s
}

// said is which delegates have said no for good to one trace, a bit for each.
type said []atomic.Uint64

func (s said) no(i int) bool { return s[i/64].Load()&(1<<(i%64)) != 0 }

func (s said) setNo(i int) {
	for {
		old := s[i/64].Load()
		if s[i/64].CompareAndSwap(old, old|1<<(i%64)) {
			return
		}
	}
}

func (s *PrioritySampler) ask(span *jaeger.Span, question func(jaeger.SamplerV2) jaeger.SamplingDecision) jaeger.SamplingDecision {
	if s == nil || span == nil {
		return jaeger.SamplingDecision{}
	}
	// Under the sampler itself, so that two of them do not meet.
	state, _ := span.SpanContext().ExtendedSamplingState(s, func() interface{} {
		return make(said, (len(s.delegates)+63)/64)
	}).(said)
	var answer jaeger.SamplingDecision
	for i, d := range s.delegates {
		if state.no(i) {
			continue
		}
		a := question(d)
		if !a.Retryable {
			state.setNo(i)
		}
		if a.Sample {
			return a
		}
		answer.Retryable = answer.Retryable || a.Retryable
	}
	return answer
}

// OnCreateSpan implements jaeger.SamplerV2.
func (s *PrioritySampler) OnCreateSpan(span *jaeger.Span) jaeger.SamplingDecision {
	return s.ask(span, func(d jaeger.SamplerV2) jaeger.SamplingDecision { return d.OnCreateSpan(span) })
}

// OnSetOperationName implements jaeger.SamplerV2.
func (s *PrioritySampler) OnSetOperationName(span *jaeger.Span, operationName string) jaeger.SamplingDecision {
	return s.ask(span, func(d jaeger.SamplerV2) jaeger.SamplingDecision { return d.OnSetOperationName(span, operationName) })
}

// OnSetTag implements jaeger.SamplerV2.
func (s *PrioritySampler) OnSetTag(span *jaeger.Span, key string, value interface{}) jaeger.SamplingDecision {
	return s.ask(span, func(d jaeger.SamplerV2) jaeger.SamplingDecision { return d.OnSetTag(span, key, value) })
}

// OnFinishSpan implements jaeger.SamplerV2.
func (s *PrioritySampler) OnFinishSpan(span *jaeger.Span) jaeger.SamplingDecision {
	return s.ask(span, func(d jaeger.SamplerV2) jaeger.SamplingDecision { return d.OnFinishSpan(span) })
}

// Close closes the delegates.
func (s *PrioritySampler) Close() {
	if s == nil {
		return
	}
	for _, d := range s.delegates {
		d.Close()
	}
}
