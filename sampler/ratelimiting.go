// SPDX-License-Identifier: Apache-2.0

package sampler

import (
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"github.com/jaegerkit/jaeger/model"
)

// RateLimiting keeps at most so many traces a second. Unused room is saved up
// to one second's worth (at least one trace), and a new sampler starts with
// that much.
type RateLimiting struct {
	rate     float64
	decision Decision
	limit    limiter
}

// NewRateLimiting returns a sampler that keeps at most perSecond traces a
// second; fractions (0.1 is one every ten seconds) and 0 (none) are fine. A
// negative rate, NaN and infinity are errors.
func NewRateLimiting(perSecond float64) (*RateLimiting, error) {
	if !(perSecond >= 0) || math.IsInf(perSecond, 1) {
		return nil, fmt.Errorf("sampling rate %v: want traces per second, 0 or more", perSecond)
	}
	r := &RateLimiting{rate: perSecond, decision: Decision{Tags: []model.Tag{
		model.String(typeKey, "ratelimiting"), model.Float64(paramKey, perSecond),
	}}}
	r.limit.init(perSecond)
	return r, nil
}

// Rate returns the limit in traces per second.
func (r *RateLimiting) Rate() float64 { return r.rate }

// Sample implements Sampler.
func (r *RateLimiting) Sample(model.TraceID, string) Decision {
	d := r.decision
	d.Sample = r.limit.allow()
	return d
}

// String names the sampler and its parameter.
func (r *RateLimiting) String() string { return fmt.Sprintf("ratelimiting(%v)", r.rate) }

// limiter is a leaky bucket in one atomic word: the time at which the bucket
// will be full again (GCRA, the "virtual scheduling" form of ITU-T I.371). A
// refusal, the usual answer under load, only reads.
type limiter struct {
	start    time.Time
	interval int64 // nanoseconds one event takes from the bucket; 0 refuses all
	room     int64 // how far ahead of now fullAt may run: the bucket less one event
	fullAt   atomic.Int64
}

// longest keeps the sums below from overflowing: one event in 73 years.
const longest = math.MaxInt64 / 4

func (l *limiter) init(perSecond float64) {
	l.start = time.Now()
	if perSecond <= 0 {
		return
	}
	// Rounded up: a limit may be missed by a little, not exceeded. The clock's
	// nanoseconds make 1e9 a second the highest limit there is.
	interval := math.Ceil(math.Min(float64(time.Second)/perSecond, longest))
	l.interval = int64(interval)
	if perSecond > 1 {
		l.room = int64((math.Min(perSecond, 1e9) - 1) * interval)
	}
}

func (l *limiter) allow() bool {
	return l.interval != 0 && l.allowAt(int64(time.Since(l.start)))
}

// allowAt takes nanoseconds since start. Callers may come with a time that
// others have overtaken; they are answered as if they were a little early.
func (l *limiter) allowAt(now int64) bool {
	for {
		fullAt := l.fullAt.Load()
		if fullAt-now > l.room {
			return false
		}
		if l.fullAt.CompareAndSwap(fullAt, max(fullAt, now)+l.interval) {
			return true
		}
	}
}
