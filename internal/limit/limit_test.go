// SPDX-License-Identifier: Apache-2.0

package limit_test

import (
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/internal/limit"
)

func TestLimiter(t *testing.T) {
	t.Parallel()
	const s = int64(time.Second)
	for _, test := range []struct {
		name             string
		perSecond, burst float64
		at               []int64
		want             string
	}{
		{"one a second", 1, 1, []int64{0, 0, s - 1, s, s, 2*s - 1, 2 * s}, "ynnynny"},
		{"burst", 1, 3, []int64{0, 0, 0, 0, s, s, 9 * s, 9 * s, 9 * s, 9 * s}, "yyynynyyyn"},
		{"burst of less than one", 2, 0, []int64{0, 0, s / 2, s / 2}, "ynyn"},
		{"slow", 0.1, 2, []int64{0, 0, 9 * s, 10 * s, 10 * s}, "yynyn"},
		{"hardly ever", math.SmallestNonzeroFloat64, 1, []int64{0, 0, 1 << 60}, "ynn"},
		{"hardly ever, but at once", 1e-300, 1e300, []int64{0, 0}, "yy"},
		{"faster than the clock", 1e300, 2, []int64{0, 0, 0, 1, 1}, "yynyn"},
		{"late callers", 1, 1, []int64{5 * s, 4 * s, 0, 6 * s}, "ynny"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var l limit.Limiter
			l.Init(test.perSecond, test.burst)
			got := ""
			for _, at := range test.at {
				got += map[bool]string{true: "y", false: "n"}[l.AllowAt(at)]
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestLimiterRefusesAll(t *testing.T) {
	t.Parallel()
	var zero, none limit.Limiter
	none.Init(0, 10)
	for range 10 {
		if zero.Allow() || none.Allow() {
			t.Fatal("got yes, want no")
		}
	}
}

func TestLimiterInherits(t *testing.T) {
	t.Parallel()
	var old, same, next, other limit.Limiter
	old.Init(1e-6, 4)
	same.Init(1e-6, 4)
	next.Init(1e-7, 8)
	if !old.Equal(&same) || old.Equal(&next) {
		t.Error("got limits that differ, want those of the same numbers equal only")
	}
	if !old.Full() {
		t.Error("got a new limiter that is not full")
	}
	old.Allow()
	old.Allow()
	if old.Full() {
		t.Error("got a used limiter that is full")
	}
	next.Inherit(&old)
	other.Init(1e-7, 8)
	other.Inherit(new(limit.Limiter))
	for _, test := range []struct {
		name string
		l    *limit.Limiter
		want int
	}{{"old, half empty", &old, 2}, {"next", &next, 4}, {"of one that refused all", &other, 8}} {
		got := 0
		for test.l.Allow() {
			got++
		}
		// What flowed in meanwhile is not yet one, but of what is there one is
		// not whole any more.
		if got != test.want && got != test.want-1 {
			t.Errorf("%s: got %d, want %d", test.name, got, test.want)
		}
	}
}

func TestLimiterIsShared(t *testing.T) {
	t.Parallel()
	var l limit.Limiter
	l.Init(1e-6, 100)
	var got atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 100 {
				if l.Allow() {
					got.Add(1)
				}
			}
		}()
	}
	wg.Wait()
	if got.Load() != 100 {
		t.Errorf("got %d, want 100", got.Load())
	}
}

func TestAllowDoesNotAllocate(t *testing.T) {
	var l limit.Limiter
	l.Init(1e9, 1)
	if got := testing.AllocsPerRun(100, func() { l.Allow() }); got != 0 {
		t.Errorf("got %v allocations, want 0", got)
	}
}

func BenchmarkAllow(b *testing.B) {
	var l limit.Limiter
	l.Init(1, 1)
	b.ReportAllocs()
	for range b.N {
		l.Allow()
	}
}
