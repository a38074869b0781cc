// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/internal/tsc"
)

// A counter of 2 GHz, read after so long.
func at(mono time.Duration, ticks uint64) reading {
	return reading{wall: int64(time.Hour + mono), mono: int64(mono), ticks: ticks, spread: 300}
}

const nanosecond = 1 << 31 // the rate of a counter of 2 GHz

func TestNextAnchor(t *testing.T) {
	const ms, s = int64(time.Millisecond), int64(time.Second)
	first := &anchor{age: learnAge}
	learned := &anchor{mono: s, ticks: 2e9, rate: nanosecond, valid: 2e9, age: s}
	with := func(r reading, change func(*reading)) reading { change(&r); return r }
	for _, test := range []struct {
		name   string
		before *anchor
		r      reading
		rate   uint64
		age    int64
		strays bool
	}{
		{"too early to learn", first, at(4*time.Millisecond, 8e6), 0, 20 * ms, false},
		{"first lesson", first, at(11*time.Millisecond, 22e6), nanosecond, 44 * ms, false},
		{"a second later", first, at(time.Second, 2e9), nanosecond, s, false},
		{"never asked for a week", learned, at(604801*time.Second, 604801*2e9), nanosecond, s, false},
		{"a little faster", learned, at(2*time.Second, 4e9+2000), nanosecond - 2148, s, false},
		{"it was interrupted", first, with(at(time.Second, 2e9), func(r *reading) { r.spread = 5000 }), 0, 20 * ms, false},
		{"it was interrupted before", &anchor{age: learnAge, blurred: true}, at(time.Second, 2e9), 0, 20 * ms, false},
		{"it never was of use", &anchor{age: 640 * ms}, at(time.Second, 0), 0, s, false},
		{"it stands still", first, at(time.Second, 0), 0, 20 * ms, false},
		{"it stands nearly still", first, at(time.Second, 1e7), 0, 20 * ms, false},
		{"it is far too fast", first, at(time.Second, 20e9), 0, 20 * ms, false},
		{"it was set back before it was known", first, at(time.Second, 1<<64-5), 0, 20 * ms, false},
		{"it strays", learned, at(2*time.Second, 4.1e9), 0, s, true},
		{"it stopped", learned, at(2*time.Second, 2e9), 0, s, true},
		{"it was set back", learned, at(2*time.Second, 5), 0, s, true},
		{"the clock was set back", learned, at(time.Millisecond, 4e9), 0, s, true},
		{"the clock stands still", learned, with(at(2*time.Second, 4.1e9), func(r *reading) { r.stopped = true }), 0, s, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, strays := test.before.next(test.r)
			if got.rate != test.rate || got.age != test.age || strays != test.strays {
				t.Errorf("got rate %d, age %v, strays %v, want %d, %v, %v",
					got.rate, time.Duration(got.age), strays, test.rate, time.Duration(test.age), test.strays)
			}
			if got.mono != test.r.mono || got.wall != test.r.wall || got.ticks != test.r.ticks {
				t.Errorf("got %+v, want the readings %+v", got, test.r)
			}
			if want := int64(0); got.rate != 0 {
				want = test.age
				if valid := scale(got.valid, got.rate); valid > want || valid < want-2 {
					t.Errorf("the rate is good for %d ns, want %d", valid, want)
				}
			} else if got.valid != 0 {
				t.Errorf("no rate, but good for %d ticks", got.valid)
			}
		})
	}
}

// Whatever it is that is read, it stays between two readings of the runtime's clock
// around it, give or take what an anchor may be wrong by.
func TestMonoFollowsTheRuntime(t *testing.T) {
	c := newClock(nil)
	c.refused.Store(!tsc.Trusted())
	const slack = int64(20 * time.Microsecond)
	for begun := time.Now(); time.Since(begun) < 300*time.Millisecond; {
		before := int64(time.Since(c.base))
		got := c.mono()
		if after := int64(time.Since(c.base)); got < before-slack || got > after+slack {
			t.Fatalf("got %d, want %d to %d", got, before, after)
		}
	}
	a := c.anchor.Load()
	t.Logf("rate %d, trusted %v", a.rate, tsc.Trusted())
}

// Nothing is learned of a counter from readings that were interrupted, not that it
// strays either.
func TestInterruptedReadingConvictsNobody(t *testing.T) {
	learned := &anchor{mono: int64(time.Second), ticks: 2e9, rate: nanosecond, valid: 2e9, age: int64(time.Second)}
	r := at(2*time.Second, 4e9+9e6)
	r.spread = 18e6
	if a, strays := learned.next(r); strays || a.valid != 0 || !a.blurred {
		t.Errorf("got %+v, strays %v", a, strays)
	}
}

// In a test time may be a bubble's, and the counter is left alone.
func TestCounterIsNotForTests(t *testing.T) {
	if c := newClock(nil); !c.refused.Load() {
		t.Error("it is used")
	}
}

// A counter that strays is never asked again.
func TestStrayingCounterIsRefused(t *testing.T) {
	c := newClock(nil)
	c.refused.Store(false)
	c.anchor.Store(&anchor{wall: c.base.UnixNano(), ticks: tsc.Now() - 1e12, rate: nanosecond, valid: 1 << 20, age: 1})
	c.mono()
	if !c.refused.Load() {
		t.Error("it is trusted")
	}
	for range 3 {
		if a := c.renew(c.anchor.Load()); a.valid != 0 {
			t.Errorf("it is asked: %+v", a)
		}
	}
}
