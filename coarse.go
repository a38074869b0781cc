// SPDX-License-Identifier: Apache-2.0

package jaeger

import "time"

// The start time of an unsampled span is needed only if someone forces the
// trace later, and reading the clock for it would be a quarter of what the span
// costs, or half where that is not the processor's counter. A program that starts a
// quarter of a million of them a second therefore has a goroutine read the clock once a
// millisecond for all; a program with fewer reads the clock for each, which is exact and
// cheaper than waking up a thousand times a second (about 4 µs each, measured on two
// cores of a Zen 5).
const (
	coarseTick  = time.Millisecond
	coarseTicks = 50 // after which the program has to show again that it is busy
	busyEvery   = 1024
	busyWithin  = int64(busyEvery * time.Second / 250_000)
)

// start returns a reading of mono for an unsampled span, the n-th of its kind as
// one of several counters has it. While the goroutine runs it is old by a tick,
// or by as long as the scheduler kept the goroutine waiting.
func (c *clock) start(n uint64) int64 {
	if at := c.coarse.Load(); at != 0 {
		return at
	}
	return c.exact(n)
}

// exact is start while nobody reads the clock for all.
func (c *clock) exact(n uint64) int64 {
	at := c.mono()
	if n%busyEvery == 0 && c.now == nil {
		c.consider(at)
	}
	return at
}

// consider is asked once in busyEvery spans, and starts the goroutine if the
// time before was not long ago.
func (c *clock) consider(at int64) {
	if before := c.asked.Swap(at); at-before < busyWithin && before != 0 && !c.ticking.Swap(true) {
		go c.tick()
	}
}

// tick ends by itself: a tracer that was forgotten keeps no goroutine.
func (c *clock) tick() {
	defer c.ticking.Store(false)
	ticker := time.NewTicker(coarseTick)
	defer ticker.Stop()
	for range coarseTicks {
		c.coarse.Store(max(c.mono(), 1))
		<-ticker.C
	}
	c.coarse.Store(0)
}
