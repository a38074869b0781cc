// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
	"github.com/uber/jaeger-client-go/thrift-gen/sampling"
)

// GuaranteedThroughputProbabilisticSampler keeps a share of the traces, and more
// of them while that makes less than the lower bound.
type GuaranteedThroughputProbabilisticSampler struct {
	current *sampler.Guaranteed // nil keeps nothing
	lower   []Tag
}

// NewGuaranteedThroughputProbabilisticSampler takes the bound in traces per second
// and a share from 0 to 1. Numbers outside are taken for the nearest that is not;
// the error is always nil.
func NewGuaranteedThroughputProbabilisticSampler(lowerBound, samplingRate float64) (*GuaranteedThroughputProbabilisticSampler, error) {
	g, err := sampler.NewGuaranteed(share(samplingRate), perSecond(lowerBound))
	if err != nil {
		return nil, err
	}
	return &GuaranteedThroughputProbabilisticSampler{g, samplerTags(SamplerTypeLowerBound, g.Rate())}, nil
}

func (s *GuaranteedThroughputProbabilisticSampler) inForce() sampler.Sampler {
	if s == nil || s.current == nil {
		return nil
	}
	return s.current
}

// IsSampled implements Sampler.
func (s *GuaranteedThroughputProbabilisticSampler) IsSampled(id TraceID, operation string) (bool, []Tag) {
	if s == nil || s.current == nil {
		return false, nil
	}
	d := s.current.Sample(model.TraceID(id), operation)
	if !d.Sample {
		return false, s.lower
	}
	return true, oldTags(d.Tags.List())
}

// Close does nothing.
func (s *GuaranteedThroughputProbabilisticSampler) Close() {}

// Equal says no.
func (s *GuaranteedThroughputProbabilisticSampler) Equal(other Sampler) bool { return false }

// String names the sampler and its parameters.
func (s GuaranteedThroughputProbabilisticSampler) String() string {
	rate, bound := 0.0, 0.0
	if s.current != nil {
		rate, bound = s.current.Rate(), s.current.LowerBound()
	}
	return fmt.Sprintf("GuaranteedThroughputProbabilisticSampler(lowerBound=%f, samplingRate=%f)", bound, rate)
}

// PerOperationSampler samples each operation by a share of its own, and with a
// lower bound of its own. The mutex was part of the old type and is not used.
type PerOperationSampler struct {
	sync.RWMutex
	undecided

	updates sync.Mutex
	current atomic.Pointer[sampler.PerOperation] // nil keeps nothing
	late    bool
}

// PerOperationSamplerParams are the parts of NewPerOperationSampler.
type PerOperationSamplerParams struct {
	// MaxOperations is how many operations have a sampler of their own; below 1 it
	// is 2000.
	MaxOperations int

	// OperationNameLateBinding asks once more when the local root is renamed. It is
	// dear: until then its trace is recorded.
	OperationNameLateBinding bool

	// Strategies, usually from a sampling server. Nil samples nothing.
	Strategies *sampling.PerOperationSamplingStrategies
}

// NewAdaptiveSampler is NewPerOperationSampler; its error is always nil.
//
// Deprecated: use NewPerOperationSampler.
func NewAdaptiveSampler(strategies *sampling.PerOperationSamplingStrategies, maxOperations int) (*PerOperationSampler, error) {
	return NewPerOperationSampler(PerOperationSamplerParams{MaxOperations: maxOperations, Strategies: strategies}), nil
}

// NewPerOperationSampler returns a sampler. Numbers out of range are taken for the
// nearest in it, and an operation without a share for one that is not listed.
func NewPerOperationSampler(params PerOperationSamplerParams) *PerOperationSampler {
	if params.MaxOperations <= 0 {
		params.MaxOperations = defaultMaxOperations
	}
	s := &PerOperationSampler{late: params.OperationNameLateBinding}
	p, err := sampler.NewPerOperation(strategiesOf(params.Strategies, s.late), params.MaxOperations)
	if err == nil {
		s.current.Store(p)
	}
	return s
}

func perOperationSamplerOf(p *sampler.PerOperation) *PerOperationSampler {
	s := &PerOperationSampler{late: p.Strategies().LateBinding}
	s.current.Store(p)
	return s
}

func strategiesOf(given *sampling.PerOperationSamplingStrategies, late bool) sampler.Strategies {
	s := sampler.Strategies{LateBinding: late}
	if given == nil {
		return s
	}
	s.DefaultRate = share(given.DefaultSamplingProbability)
	s.LowerBound = perSecond(given.DefaultLowerBoundTracesPerSecond)
	for _, o := range given.PerOperationStrategies {
		if o != nil && o.ProbabilisticSampling != nil {
			s.Operations = append(s.Operations, sampler.OperationRate{
				Operation: o.Operation, Rate: share(o.ProbabilisticSampling.SamplingRate),
			})
		}
	}
	return s
}

// update puts other strategies in force; what is used up of the bounds stays so.
func (s *PerOperationSampler) update(strategies *sampling.PerOperationSamplingStrategies) {
	s.updates.Lock()
	defer s.updates.Unlock()
	old := s.current.Load()
	if old == nil {
		return
	}
	if next, err := old.Next(strategiesOf(strategies, s.late)); err == nil {
		s.current.Store(next)
	}
}

func (s *PerOperationSampler) load() *sampler.PerOperation {
	if s == nil {
		return nil
	}
	return s.current.Load()
}

func (s *PerOperationSampler) inForce() sampler.Sampler {
	if p := s.load(); p != nil {
		return p
	}
	return nil
}

// IsSampled says no: the sampler is asked as a SamplerV2.
func (s *PerOperationSampler) IsSampled(id TraceID, operation string) (bool, []Tag) {
	return false, nil
}

// OnCreateSpan implements SamplerV2. Only local roots are sampled.
func (s *PerOperationSampler) OnCreateSpan(span *Span) SamplingDecision {
	d := s.decide(span, span.OperationName())
	answer := SamplingDecision{Sample: d.Sample, Retryable: s != nil && s.late}
	if d.Sample {
		answer.Tags = oldTags(d.Tags.List())
	}
	return answer
}

// OnSetOperationName implements SamplerV2. Its answer is final.
func (s *PerOperationSampler) OnSetOperationName(span *Span, operationName string) SamplingDecision {
	d := s.decide(span, operationName)
	if !d.Sample {
		return SamplingDecision{}
	}
	return SamplingDecision{Sample: true, Tags: oldTags(d.Tags.List())}
}

func (s *PerOperationSampler) decide(span *Span, operation string) sampler.Decision {
	p := s.load()
	if p == nil || span == nil {
		return sampler.Decision{}
	}
	c := span.SpanContext().c
	if data := c.Data(); data == nil || !data.LocalRoot() {
		return sampler.Decision{}
	}
	return p.Sample(c.TraceID(), operation)
}

// Close does nothing.
func (s *PerOperationSampler) Close() {}

// Equal says no.
func (s *PerOperationSampler) Equal(other Sampler) bool { return false }

// String tells the strategies.
func (s *PerOperationSampler) String() string {
	p := s.load()
	if p == nil {
		return "PerOperationSampler()"
	}
	made := p.Strategies()
	var b strings.Builder
	fmt.Fprintf(&b, "PerOperationSampler(defaultSampler=ProbabilisticSampler(samplingRate=%v), lowerBound=%f, maxOperations=%d, operationNameLateBinding=%t, numOperations=%d,\nsamplers=[",
		made.DefaultRate, made.LowerBound, p.MaxOperations(), made.LateBinding, len(made.Operations))
	for _, o := range made.Operations {
		fmt.Fprintf(&b, "\n(operationName=%s, samplingRate=%v)", o.Operation, o.Rate)
	}
	b.WriteString("])")
	return b.String()
}
