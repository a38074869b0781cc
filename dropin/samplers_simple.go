// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"fmt"
	"math"
	"sync"
	"sync/atomic"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

// samplerTags are the two tags of a sampled root span.
func samplerTags(kind string, param interface{}) []Tag {
	return []Tag{{SamplerTypeTagKey, kind}, {SamplerParamTagKey, param}}
}

// ConstSampler answers the same for every trace.
type ConstSampler struct {
	undecided

	Decision bool
	tags     []Tag
	recorded sampler.Tags // the same, as the library has them
}

// NewConstSampler returns a sampler that keeps every trace, or none.
func NewConstSampler(sample bool) *ConstSampler {
	tags := samplerTags(SamplerTypeConst, sample)
	return &ConstSampler{Decision: sample, tags: tags, recorded: sampler.NewTags(modelTags(tags)...)}
}

// IsSampled implements Sampler.
func (s *ConstSampler) IsSampled(id TraceID, operation string) (bool, []Tag) {
	if s == nil {
		return false, nil
	}
	return s.Decision, s.tags
}

// OnCreateSpan implements SamplerV2.
func (s *ConstSampler) OnCreateSpan(span *Span) SamplingDecision { return ask(s, span) }

// OnSetOperationName implements SamplerV2.
func (s *ConstSampler) OnSetOperationName(span *Span, operationName string) SamplingDecision {
	return ask(s, span)
}

// Close does nothing.
func (s *ConstSampler) Close() {}

// Equal reports whether other is a ConstSampler of the same decision.
func (s *ConstSampler) Equal(other Sampler) bool {
	o, ok := other.(*ConstSampler)
	return ok && s != nil && o != nil && s.Decision == o.Decision
}

// String names the sampler and its decision.
func (s *ConstSampler) String() string {
	return fmt.Sprintf("ConstSampler(decision=%t)", s != nil && s.Decision)
}

// ProbabilisticSampler keeps a share of the traces, chosen by their ids.
type ProbabilisticSampler struct {
	undecided

	current atomic.Pointer[probability] // nil keeps nothing
}

type probability struct {
	*sampler.Probabilistic
	tags []Tag
}

// NewProbabilisticSampler returns a sampler that keeps the given share, from 0 to
// 1; another is an error.
func NewProbabilisticSampler(samplingRate float64) (*ProbabilisticSampler, error) {
	s := &ProbabilisticSampler{}
	if err := s.Update(samplingRate); err != nil {
		return nil, err
	}
	return s, nil
}

// newProbabilisticSampler takes the nearest rate there is.
func newProbabilisticSampler(samplingRate float64) *ProbabilisticSampler {
	p, err := sampler.NewProbabilistic(share(samplingRate))
	if err != nil {
		return &ProbabilisticSampler{}
	}
	return probabilisticSamplerOf(p)
}

func probabilisticSamplerOf(p *sampler.Probabilistic) *ProbabilisticSampler {
	s := &ProbabilisticSampler{}
	s.current.Store(&probability{p, samplerTags(SamplerTypeProbabilistic, p.Rate())})
	return s
}

// share clamps; NaN is 0.
func share(rate float64) float64 {
	if !(rate >= 0) {
		return 0
	}
	return math.Min(rate, 1)
}

// Update changes the share; one outside 0 to 1 is an error and changes nothing.
func (s *ProbabilisticSampler) Update(samplingRate float64) error {
	p, err := sampler.NewProbabilistic(samplingRate)
	if err == nil && s != nil {
		s.current.Store(&probability{p, samplerTags(SamplerTypeProbabilistic, samplingRate)})
	}
	return err
}

func (s *ProbabilisticSampler) load() *probability {
	if s == nil {
		return nil
	}
	return s.current.Load()
}

func (s *ProbabilisticSampler) inForce() sampler.Sampler {
	if p := s.load(); p != nil {
		return p.Probabilistic
	}
	return nil
}

// SamplingRate returns the share.
func (s *ProbabilisticSampler) SamplingRate() float64 {
	if p := s.load(); p != nil {
		return p.Rate()
	}
	return 0
}

// IsSampled implements Sampler.
func (s *ProbabilisticSampler) IsSampled(id TraceID, operation string) (bool, []Tag) {
	p := s.load()
	if p == nil {
		return false, nil
	}
	return p.Sample(model.TraceID(id), operation).Sample, p.tags
}

// OnCreateSpan implements SamplerV2.
func (s *ProbabilisticSampler) OnCreateSpan(span *Span) SamplingDecision { return ask(s, span) }

// OnSetOperationName implements SamplerV2.
func (s *ProbabilisticSampler) OnSetOperationName(span *Span, operationName string) SamplingDecision {
	return ask(s, span)
}

// Close does nothing.
func (s *ProbabilisticSampler) Close() {}

// Equal reports whether other is a ProbabilisticSampler of the same share.
func (s *ProbabilisticSampler) Equal(other Sampler) bool {
	o, ok := other.(*ProbabilisticSampler)
	return ok && s.SamplingRate() == o.SamplingRate()
}

// String names the sampler and its share.
func (s *ProbabilisticSampler) String() string {
	return fmt.Sprintf("ProbabilisticSampler(samplingRate=%v)", s.SamplingRate())
}

// RateLimitingSampler keeps at most so many traces a second.
type RateLimitingSampler struct {
	undecided

	updates sync.Mutex
	current atomic.Pointer[rateLimit] // nil keeps nothing
}

type rateLimit struct {
	*sampler.RateLimiting
	tags []Tag
}

// NewRateLimitingSampler returns a sampler that keeps at most maxTracesPerSecond,
// of which it saves up a second's worth, and one trace at least. 0, negative
// numbers and NaN keep none.
func NewRateLimitingSampler(maxTracesPerSecond float64) *RateLimitingSampler {
	s := &RateLimitingSampler{}
	s.Update(maxTracesPerSecond)
	return s
}

func rateLimitingSamplerOf(r *sampler.RateLimiting) *RateLimitingSampler {
	s := &RateLimitingSampler{}
	s.current.Store(&rateLimit{r, samplerTags(SamplerTypeRateLimiting, r.Rate())})
	return s
}

// perSecond clamps; NaN is 0.
func perSecond(rate float64) float64 {
	if !(rate >= 0) {
		return 0
	}
	return math.Min(rate, math.MaxInt32)
}

// Update changes the limit and keeps what is saved up.
func (s *RateLimitingSampler) Update(maxTracesPerSecond float64) {
	if s == nil {
		return
	}
	s.updates.Lock()
	defer s.updates.Unlock()
	rate := perSecond(maxTracesPerSecond)
	old := s.current.Load()
	var next *sampler.RateLimiting
	var err error
	switch {
	case old == nil:
		next, err = sampler.NewRateLimiting(rate)
	case old.Rate() != rate:
		next, err = old.Next(rate)
	}
	if next != nil && err == nil {
		s.current.Store(&rateLimit{next, samplerTags(SamplerTypeRateLimiting, rate)})
	}
}

func (s *RateLimitingSampler) load() *rateLimit {
	if s == nil {
		return nil
	}
	return s.current.Load()
}

func (s *RateLimitingSampler) inForce() sampler.Sampler {
	if r := s.load(); r != nil {
		return r.RateLimiting
	}
	return nil
}

func (s *RateLimitingSampler) rate() float64 {
	if r := s.load(); r != nil {
		return r.Rate()
	}
	return 0
}

// IsSampled implements Sampler.
func (s *RateLimitingSampler) IsSampled(id TraceID, operation string) (bool, []Tag) {
	r := s.load()
	if r == nil {
		return false, nil
	}
	return r.Sample(model.TraceID(id), operation).Sample, r.tags
}

// OnCreateSpan implements SamplerV2.
func (s *RateLimitingSampler) OnCreateSpan(span *Span) SamplingDecision { return ask(s, span) }

// OnSetOperationName implements SamplerV2.
func (s *RateLimitingSampler) OnSetOperationName(span *Span, operationName string) SamplingDecision {
	return ask(s, span)
}

// Close does nothing.
func (s *RateLimitingSampler) Close() {}

// Equal reports whether other is a RateLimitingSampler of the same limit.
func (s *RateLimitingSampler) Equal(other Sampler) bool {
	o, ok := other.(*RateLimitingSampler)
	return ok && s.rate() == o.rate()
}

// String names the sampler and its limit.
func (s *RateLimitingSampler) String() string {
	return fmt.Sprintf("RateLimitingSampler(maxTracesPerSecond=%v)", s.rate())
}
