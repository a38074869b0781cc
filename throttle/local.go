// SPDX-License-Identifier: Apache-2.0

package throttle

import (
	"fmt"
	"math"
	"sync/atomic"

	"github.com/jaegerkit/jaeger/internal/limit"
)

// Local allows so many debug spans a second in this process, whatever their
// operations. What is not used is saved up to the burst, which is also what a
// new one starts with.
type Local struct {
	limit limit.Limiter
	count count
}

// NewLocal returns a throttler that allows perSecond debug spans a second, of
// which up to burst at once. Fractions (0.1 is one every ten seconds) and 0
// (none, whatever the burst) are fine; a negative rate, NaN, infinity and a
// burst below 1 are errors.
func NewLocal(perSecond float64, burst int) (*Local, error) {
	if !(perSecond >= 0) || math.IsInf(perSecond, 1) {
		return nil, fmt.Errorf("debug spans per second %v: want 0 or more", perSecond)
	}
	if burst < 1 {
		return nil, fmt.Errorf("debug span burst %d: want 1 or more", burst)
	}
	l := &Local{}
	l.limit.Init(perSecond, float64(burst))
	return l, nil
}

// Allow implements Throttler.
func (l *Local) Allow(string) bool { return l.count.note(l.limit.Allow()) }

// LocalStats count since NewLocal.
type LocalStats struct{ Allowed, Refused uint64 }

// Stats returns the counts as of now.
func (l *Local) Stats() LocalStats {
	return LocalStats{Allowed: l.count.allowed.Load(), Refused: l.count.refused.Load()}
}

type count struct{ allowed, refused atomic.Uint64 }

func (c *count) note(allowed bool) bool {
	if allowed {
		c.allowed.Add(1)
	} else {
		c.refused.Add(1)
	}
	return allowed
}
