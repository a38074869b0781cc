// SPDX-License-Identifier: Apache-2.0

package sampler

import (
	"fmt"
	"math"

	"github.com/jaegerkit/jaeger/model"
)

// Guaranteed keeps a share of traces, and more of them while that share makes
// less than so many a second: a rare operation is seen too. A trace kept for the
// bound's sake has sampler.type lowerbound, and the probability as its
// sampler.param, as with jaeger-client-go.
//
// Every kept trace counts against the bound, also one the probability chose, so
// the bound is a floor and not an addition. A "no" costs a look at the clock on
// top of the probability's price, a "yes" an atomic write too; with probability
// 1 or bound 0 it is the probability's price alone.
type Guaranteed struct {
	share      Probabilistic
	lowerBound float64
	lower      Tags     // of a yes by the lower bound
	limit      *limiter // nil if nothing hangs on it
}

// NewGuaranteed returns a sampler that keeps the given share of traces, from 0
// to 1, and at least lowerBound traces a second, 0 or more, while there are
// that many. Other numbers are errors.
func NewGuaranteed(rate, lowerBound float64) (*Guaranteed, error) {
	g, err := newGuaranteed(rate, lowerBound)
	if err != nil {
		return nil, err
	}
	g.limit = g.bucket(nil)
	return &g, nil
}

// newGuaranteed leaves the bucket to the caller: operations may share the rest.
func newGuaranteed(rate, lowerBound float64) (Guaranteed, error) {
	share, err := NewProbabilistic(rate)
	if err != nil {
		return Guaranteed{}, err
	}
	if !(lowerBound >= 0) || math.IsInf(lowerBound, 1) {
		return Guaranteed{}, fmt.Errorf("lower bound %v: want traces per second, 0 or more", lowerBound)
	}
	return Guaranteed{share: *share, lowerBound: lowerBound, lower: NewTags(
		model.String(typeKey, "lowerbound"), model.Float64(paramKey, rate),
	)}, nil
}

// Rate returns the share of traces kept whatever the bound.
func (g *Guaranteed) Rate() float64 { return g.share.rate }

// LowerBound returns the bound in traces per second.
func (g *Guaranteed) LowerBound() float64 { return g.lowerBound }

// Sample implements Sampler.
func (g *Guaranteed) Sample(id model.TraceID, _ string) Decision {
	sample := g.share.keeps(id)
	if g.limit != nil && g.limit.allow() && !sample {
		return Decision{Sample: true, Tags: g.lower}
	}
	return Decision{Sample: sample, Tags: g.share.tags}
}

// String names the sampler and its parameters.
func (g *Guaranteed) String() string {
	return fmt.Sprintf("guaranteed(%v, lower bound %v)", g.share.rate, g.lowerBound)
}

// bucket returns the limiter of g's bound: old itself if it has that bound, else
// a new one that is as full as old, or full without it.
func (g *Guaranteed) bucket(old *limiter) *limiter {
	if g.lowerBound == 0 || g.share.rate == 1 {
		return nil
	}
	l := &limiter{}
	l.init(g.lowerBound)
	if old != nil {
		if old.Equal(&l.Limiter) {
			return old
		}
		l.inherit(old)
	}
	return l
}
