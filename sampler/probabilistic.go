// SPDX-License-Identifier: Apache-2.0

package sampler

import (
	"fmt"
	"math"

	"github.com/jaegerkit/jaeger/model"
)

// Probabilistic keeps a fixed share of traces. It looks at the low 63 bits of
// the trace id, as jaeger-client-go does, so that services which share a rate
// take the same decision on the same trace.
type Probabilistic struct {
	rate     float64
	boundary uint64 // ids below are kept
	tags     Tags
}

const lowBits = 1<<63 - 1

// NewProbabilistic returns a sampler that keeps the given share of traces, from
// 0 to 1. Any other rate is an error.
func NewProbabilistic(rate float64) (*Probabilistic, error) {
	if !(rate >= 0 && rate <= 1) {
		return nil, fmt.Errorf("sampling rate %v: want a probability from 0 to 1", rate)
	}
	p := &Probabilistic{rate: rate, boundary: 1 << 63, tags: NewTags(
		model.String(typeKey, "probabilistic"), model.Float64(paramKey, rate),
	)}
	if rate < 1 {
		p.boundary = uint64(math.Ldexp(rate, 63))
	}
	return p, nil
}

// Rate returns the share of traces kept.
func (p *Probabilistic) Rate() float64 { return p.rate }

// Share returns the rate in parts of 1<<63: traces the low 63 bits of whose ids are
// below it are kept.
func (p *Probabilistic) Share() uint64 { return p.boundary }

// Sample implements Sampler.
func (p *Probabilistic) Sample(id model.TraceID, _ string) Decision {
	return Decision{Sample: p.keeps(id), Tags: p.tags}
}

func (p *Probabilistic) keeps(id model.TraceID) bool { return id.Low&lowBits < p.boundary }

// String names the sampler and its parameter.
func (p *Probabilistic) String() string { return fmt.Sprintf("probabilistic(%v)", p.rate) }
