// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"sync/atomic"
	"time"
)

// clock tells wall time and durations from one reading of the monotonic clock,
// half the price of time.Now, which reads two clocks. Wall time is the anchor's
// plus what has passed since; the anchor is renewed once a second, so a step of
// the system clock shows at most that much later. Durations never see a step.
type clock struct {
	now    func() time.Time // set by WithClock, else nil
	base   time.Time
	anchor atomic.Pointer[anchor]

	_       [64]byte     // what follows is read by every unsampled span
	coarse  atomic.Int64 // see coarse.go; 0 while nobody keeps it
	_       [64]byte
	asked   atomic.Int64
	ticking atomic.Bool
}

// anchor pairs a wall time with the monotonic time at which it was read.
type anchor struct {
	wall int64 // nanoseconds since the Unix epoch
	mono int64 // nanoseconds since clock.base
}

const anchorAge = int64(time.Second)

func newClock(now func() time.Time) *clock {
	c := &clock{now: now, base: time.Now()}
	c.anchor.Store(&anchor{wall: c.base.UnixNano()})
	return c
}

// mono returns nanoseconds on a clock of its own that only wallAt understands.
func (c *clock) mono() int64 {
	if c.now != nil {
		return unixNano(c.now())
	}
	return int64(time.Since(c.base))
}

// wallAt returns the Unix time in nanoseconds at a recent reading of mono.
func (c *clock) wallAt(mono int64) int64 {
	if c.now != nil {
		return mono
	}
	a := c.anchor.Load()
	if mono-a.mono > anchorAge {
		a = c.renew()
	}
	return a.wall + (mono - a.mono)
}

func (c *clock) wall() int64 { return c.wallAt(c.mono()) }

// renew may run on several goroutines at once; any of their anchors will do.
func (c *clock) renew() *anchor {
	t := time.Now()
	a := &anchor{wall: t.UnixNano(), mono: int64(t.Sub(c.base))}
	c.anchor.Store(a)
	return a
}

// unixNano is t in nanoseconds since the epoch, pinned to the years that fit.
func unixNano(t time.Time) int64 {
	switch year := t.Year(); {
	case year < 1679:
		return time.Date(1679, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano()
	case year > 2261:
		return time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano()
	}
	return t.UnixNano()
}
