// SPDX-License-Identifier: Apache-2.0

package sampler

import (
	"fmt"
	"math"

	"github.com/jaegerkit/jaeger/internal/limit"
	"github.com/jaegerkit/jaeger/model"
)

// RateLimiting keeps at most so many traces a second. Unused room is saved up
// to one second's worth (at least one trace), and a new sampler starts with
// that much.
type RateLimiting struct {
	rate  float64
	tags  Tags
	limit limiter
}

// NewRateLimiting returns a sampler that keeps at most perSecond traces a
// second; fractions (0.1 is one every ten seconds) and 0 (none) are fine. A
// negative rate, NaN and infinity are errors.
func NewRateLimiting(perSecond float64) (*RateLimiting, error) {
	if !(perSecond >= 0) || math.IsInf(perSecond, 1) {
		return nil, fmt.Errorf("sampling rate %v: want traces per second, 0 or more", perSecond)
	}
	r := &RateLimiting{rate: perSecond, tags: NewTags(
		model.String(typeKey, "ratelimiting"), model.Float64(paramKey, perSecond),
	)}
	r.limit.init(perSecond)
	return r, nil
}

// Next returns a sampler of another limit that takes over from r what room is
// saved up, so that a change lets no more through than the limits do. r goes on
// to work.
func (r *RateLimiting) Next(perSecond float64) (*RateLimiting, error) {
	next, err := NewRateLimiting(perSecond)
	if err != nil {
		return nil, err
	}
	next.limit.inherit(&r.limit)
	return next, nil
}

// Rate returns the limit in traces per second.
func (r *RateLimiting) Rate() float64 { return r.rate }

// Sample implements Sampler.
func (r *RateLimiting) Sample(model.TraceID, string) Decision {
	return Decision{Sample: r.limit.allow(), Tags: r.tags}
}

// String names the sampler and its parameter.
func (r *RateLimiting) String() string { return fmt.Sprintf("ratelimiting(%v)", r.rate) }

// limiter saves up one second's worth, and at least one trace.
type limiter struct{ limit.Limiter }

func (l *limiter) init(perSecond float64) {
	l.Init(perSecond, math.Min(perSecond, 1e9))
}

func (l *limiter) allow() bool          { return l.Allow() }
func (l *limiter) full() bool           { return l.Full() }
func (l *limiter) inherit(old *limiter) { l.Inherit(&old.Limiter) }
