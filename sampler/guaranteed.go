// SPDX-License-Identifier: Apache-2.0

package sampler

import (
	"fmt"
	"math"
	"time"

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
	lower      []model.Tag
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
	return Guaranteed{share: *share, lowerBound: lowerBound, lower: []model.Tag{
		model.String(typeKey, "lowerbound"), model.Float64(paramKey, rate),
	}}, nil
}

// Rate returns the share of traces kept whatever the bound.
func (g *Guaranteed) Rate() float64 { return g.share.rate }

// LowerBound returns the bound in traces per second.
func (g *Guaranteed) LowerBound() float64 { return g.lowerBound }

// Sample implements Sampler.
func (g *Guaranteed) Sample(id model.TraceID, operation string) Decision {
	d := g.share.Sample(id, operation)
	if g.limit == nil {
		return d
	}
	if below := g.limit.allow(); below && !d.Sample {
		return Decision{Sample: true, Tags: g.lower}
	}
	return d
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
		if old.interval == l.interval && old.room == l.room {
			return old
		}
		l.inherit(old)
	}
	return l
}

// inherit leaves l, which nobody uses yet, as full as old is, so that a changed
// limit is no gift of a full bucket. What others take from old meanwhile is lost.
func (l *limiter) inherit(old *limiter) {
	if old.interval == 0 {
		return
	}
	now := int64(time.Since(old.start))
	taken := float64(old.fullAt.Load()-now) / float64(old.room+old.interval)
	l.start = old.start
	if taken > 0 {
		l.fullAt.Store(now + int64(min(taken, 1)*float64(l.room+l.interval)))
	}
}

// full tells whether l differs from a new limiter in anything.
func (l *limiter) full() bool {
	return l.fullAt.Load() <= int64(time.Since(l.start))
}
