// SPDX-License-Identifier: Apache-2.0

package sampler

// Limiter lets the tests bring their own time.
type Limiter struct{ l limiter }

// NewLimiter returns the limiter of NewRateLimiting.
func NewLimiter(perSecond float64) *Limiter {
	l := &Limiter{}
	l.l.init(perSecond)
	return l
}

// AllowAt asks at so many nanoseconds after the start.
func (l *Limiter) AllowAt(now int64) bool { return l.l.AllowAt(now) }
