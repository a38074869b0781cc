// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jaegerkit/jaeger/internal/tsc"
)

// clock tells wall time and durations from one reading of a monotonic clock, half
// the price of time.Now, which reads two clocks. Wall time is the anchor's plus
// what has passed since; the anchor is renewed once a second, so a step of the
// system clock shows at most that much later. Durations never see a step.
//
// Where the processor's counter can be trusted it is read in place of the runtime's
// clock, but in tests, for less than half of the price (12 ns for 30 of a Zen 3); a
// span reads the clock for its start, for its end and for each log. anchor.go says how
// it is kept honest.
type clock struct {
	now    func() time.Time // set by WithClock, else nil
	base   time.Time
	anchor atomic.Pointer[anchor]

	_       [64]byte     // what follows is read by every unsampled span
	coarse  atomic.Int64 // see coarse.go; 0 while nobody keeps it
	_       [64]byte
	asked   atomic.Int64
	ticking atomic.Bool
	refused atomic.Bool // the counter was found wrong
}

func newClock(now func() time.Time) *clock {
	c := &clock{now: now, base: time.Now()}
	c.refused.Store(!tsc.Trusted() || underTest())
	r := c.look()
	c.anchor.Store(&anchor{wall: r.wall, mono: r.mono, ticks: r.ticks, age: learnAge, blurred: r.spread > maxSpread})
	return c
}

// underTest reports whether the program is a test, by the name that the go command
// gives it: its flags may still be on the way. The time of a test may be that of a
// bubble of testing/synctest, now or later, of which the counter knows nothing.
func underTest() bool { return len(os.Args) > 0 && strings.HasSuffix(os.Args[0], ".test") }

// mono returns nanoseconds on a clock of its own that only wallAt understands.
func (c *clock) mono() int64 {
	if c.now != nil {
		return unixNano(c.now())
	}
	a := c.anchor.Load()
	if a.valid != 0 { // else it is not worth looking at
		if passed := tsc.Now() - a.ticks; passed < a.valid {
			return a.mono + scale(passed, a.rate)
		}
	}
	return c.read(a)
}

// read is mono by the runtime's clock.
func (c *clock) read(a *anchor) int64 {
	mono := int64(time.Since(c.base))
	if mono-a.mono > a.age {
		c.renew(a)
	}
	return mono
}

// wallAt returns the Unix time in nanoseconds at a recent reading of mono.
func (c *clock) wallAt(mono int64) int64 {
	if c.now != nil {
		return mono
	}
	a := c.anchor.Load()
	if mono-a.mono > anchorAge {
		a = c.renew(a)
	}
	return a.wall + (mono - a.mono)
}

// wall is wallAt of mono, from one look at the anchor.
func (c *clock) wall() int64 {
	if a := c.anchor.Load(); a.valid != 0 && c.now == nil {
		if passed := tsc.Now() - a.ticks; passed < a.valid {
			return a.wall + scale(passed, a.rate)
		}
	}
	return c.wallAt(c.mono())
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
