// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"math/bits"
	"time"

	"github.com/jaegerkit/jaeger/internal/tsc"
)

// anchor pairs readings of three clocks: the wall's, the runtime's monotonic one
// and the processor's counter. The counter's rate is learned between two anchors,
// first 10 ms and in the end a second apart, and each new anchor is held against what the
// one before would have said: a counter that strays, after a suspend or on a
// machine that only claims to have a steady one, is not asked again, and the spans
// of one second at most have times that are off.
type anchor struct {
	wall int64 // nanoseconds since the Unix epoch
	mono int64 // nanoseconds since clock.base
	age  int64 // nanoseconds after which the next one is due

	ticks uint64 // the counter
	rate  uint64 // nanoseconds in 1<<32 of its ticks
	valid uint64 // ticks for which the rate may be used, 0 where it is not known

	blurred bool // its readings were too far apart
}

const (
	anchorAge = int64(time.Second)
	learnAge  = int64(10 * time.Millisecond)

	// Readings that are more ticks apart than this, 1 or 2 µs, were interrupted, or
	// the counter is one that the hypervisor answers for, at many times the price of
	// a clock. Nothing is learned from them.
	maxSpread = 4096

	// A rate is good for so many times what it was learned in: the error of the
	// readings, up to half their spread, grows with what is derived from it.
	growth = 4

	// The rates of real counters, 100 MHz to 16 GHz.
	minRate, maxRate = 1 << 32 / 16, 1 << 32 * 10
)

// reading is one look at all clocks.
type reading struct {
	wall, mono int64
	ticks      uint64
	spread     uint64 // ticks from before the other clocks were read until after
	stopped    bool   // the counter is not to be used: it was refused, or the clock does not go on by itself
}

// look reads the counter before and after the others, and takes the best of a few.
func (c *clock) look() (r reading) {
	for i := range 4 {
		before := tsc.Now()
		t := time.Now()
		spread := tsc.Now() - before
		mono := int64(t.Sub(c.base))
		stopped := r.stopped || i > 0 && mono == r.mono
		if i == 0 || spread < r.spread {
			r = reading{wall: t.UnixNano(), mono: mono, ticks: before + spread/2, spread: spread}
		}
		r.stopped = stopped
	}
	return r
}

// renew may run on several goroutines at once; any of their anchors will do.
func (c *clock) renew(before *anchor) *anchor {
	r := c.look()
	if c.refused.Load() {
		r.stopped = true
	}
	a, strays := before.next(r)
	if strays {
		c.refused.Store(true)
	}
	c.anchor.Store(a)
	if a.valid != 0 && c.refused.Load() { // by another goroutine, meanwhile
		a = &anchor{wall: a.wall, mono: a.mono, age: anchorAge}
		c.anchor.Store(a)
	}
	return a
}

// next is the anchor at r. It reports whether the counter is not where a said it
// would be by then.
func (a *anchor) next(r reading) (n *anchor, strays bool) {
	n = &anchor{wall: r.wall, mono: r.mono, age: anchorAge, ticks: r.ticks, blurred: r.spread > maxSpread}
	if r.stopped {
		return n, false
	}
	elapsed, passed := r.mono-a.mono, r.ticks-a.ticks
	if a.valid != 0 && !n.blurred {
		off := elapsed - scale(passed, a.rate)
		if max(off, -off) > elapsed/1000+int64(50*time.Microsecond) {
			return n, true
		}
	}
	n.age = min(2*max(a.age, learnAge/2), anchorAge) // the next lesson, ever later
	if a.valid != 0 {
		n.age = learnAge
	}
	if a.blurred || n.blurred || elapsed < learnAge/2 || passed>>56 != 0 || passed < uint64(elapsed)/16 {
		return n, false
	}
	rate, _ := bits.Div64(uint64(elapsed)>>32, uint64(elapsed)<<32, passed)
	if rate < minRate || rate > maxRate {
		return n, false
	}
	n.age = min(anchorAge, growth*elapsed)
	valid, _ := bits.Div64(uint64(n.age)>>32, uint64(n.age)<<32, rate)
	n.rate, n.valid = rate, valid
	return n, false
}

// scale turns ticks into nanoseconds.
func scale(ticks, rate uint64) int64 {
	high, low := bits.Mul64(ticks, rate)
	return int64(high<<32 | low>>32)
}
