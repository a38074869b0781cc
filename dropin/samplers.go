// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

const defaultMaxOperations = sampler.DefaultMaxOperations

// current is a sampler here whose parameters may change while it is in use.
type current interface {
	inForce() sampler.Sampler // nil samples nothing
}

type live[S current] struct{ s S }

// NeverPanics implements sampler.Steady.
func (l live[S]) NeverPanics() {}

// AskAbout implements sampler.Sharer.
func (l live[S]) AskAbout() uint64 {
	switch s := l.s.inForce().(type) {
	case nil:
		return 0
	case *sampler.Probabilistic:
		return s.Share()
	}
	return 1 << 63
}

func (l live[S]) Sample(id model.TraceID, operation string) sampler.Decision {
	s := l.s.inForce()
	if s == nil {
		return sampler.Decision{}
	}
	return s.Sample(id, operation)
}

// constant follows the exported field.
type constant struct{ s *ConstSampler }

// NeverPanics implements sampler.Steady.
func (c constant) NeverPanics() {}

// AskAbout implements sampler.Sharer.
func (c constant) AskAbout() uint64 {
	if c.s == nil || !c.s.Decision {
		return 0
	}
	return 1 << 63
}

// Switch implements sampler.Switched.
func (c constant) Switch() *bool {
	if c.s == nil {
		return nil
	}
	return &c.s.Decision
}

func (c constant) Sample(model.TraceID, string) sampler.Decision {
	if c.s == nil || !c.s.Decision {
		return sampler.Decision{}
	}
	return sampler.Decision{Sample: true, Tags: c.s.recorded}
}

// first is a Sampler of the program's own.
type first struct{ Sampler }

func (f first) Sample(id model.TraceID, operation string) sampler.Decision {
	sampled, tags := f.IsSampled(TraceID(id), operation)
	if !sampled {
		return sampler.Decision{}
	}
	return sampler.Decision{Sample: true, Tags: sampler.NewTags(modelTags(tags)...)}
}

// samplerV2Of returns s as a SamplerV2: itself, or one that asks it when a span
// starts or is renamed.
func samplerV2Of(s Sampler) SamplerV2 {
	if s == nil {
		return NewConstSampler(false)
	}
	if v2, ok := s.(SamplerV2); ok {
		return v2
	}
	return &firstAsSecond{s: s}
}

// firstAsSecond leaves Close to whoever made the Sampler.
type firstAsSecond struct {
	undecided
	s Sampler
}

func (f *firstAsSecond) OnCreateSpan(span *Span) SamplingDecision { return ask(f.s, span) }

func (f *firstAsSecond) OnSetOperationName(span *Span, operationName string) SamplingDecision {
	return ask(f.s, span)
}

func (f *firstAsSecond) Close() {}

// ask is what samplers that know only the trace id and the name say of a span.
func ask(s Sampler, span *Span) SamplingDecision {
	if span == nil {
		return SamplingDecision{}
	}
	sampled, tags := s.IsSampled(span.SpanContext().TraceID(), span.OperationName())
	return SamplingDecision{Sample: sampled, Tags: tags}
}

// undecided is what they say of tags and ends.
type undecided struct{}

// OnSetTag says "not yet".
func (undecided) OnSetTag(span *Span, key string, value interface{}) SamplingDecision {
	return SamplingDecision{Retryable: true}
}

// OnFinishSpan says "not yet".
func (undecided) OnFinishSpan(span *Span) SamplingDecision {
	return SamplingDecision{Retryable: true}
}

// SamplerV2Base makes a Sampler of a SamplerV2 that embeds it, which NewTracer
// wants: none of its methods is asked.
type SamplerV2Base struct{}

// IsSampled says no.
func (SamplerV2Base) IsSampled(id TraceID, operation string) (sampled bool, tags []Tag) {
	return false, nil
}

// Close does nothing.
func (SamplerV2Base) Close() {}

// Equal says no.
func (SamplerV2Base) Equal(other Sampler) bool { return false }
