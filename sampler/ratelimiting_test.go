// SPDX-License-Identifier: Apache-2.0

package sampler_test

import (
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

const second = int64(time.Second)

func TestLimiterAtGivenTimes(t *testing.T) {
	t.Parallel()
	const ms = int64(time.Millisecond)
	for _, test := range []struct {
		name  string
		rate  float64
		at    []int64
		wants string // y or n for each time
	}{
		{"starts full", 3, []int64{0, 0, 0, 0}, "yyyn"},
		{"not a nanosecond early", 3, []int64{0, 0, 0, 333_333_333, 333_333_334}, "yyyny"},
		{"refills one at a time", 2, []int64{0, 0, 499 * ms, 500 * ms, 500 * ms, 1000 * ms}, "yynyny"},
		{"saves one second's worth", 2, []int64{60 * second, 60 * second, 60 * second}, "yyn"},
		{"saves again", 2, []int64{0, 0, 0, 9 * second, 9 * second, 9 * second}, "yynyyn"},
		{"at least one trace", 0.1, []int64{0, 0, 9999 * ms, 10 * second, 10 * second}, "ynnyn"},
		{"fractions add up", 2.5, []int64{0, 0, 0, 199 * ms, 200 * ms, 599 * ms, 600 * ms}, "yynnyny"},
		{"one in 30 years", 1e-9, []int64{0, second * 999_999_999, second * 1_000_000_001}, "yny"},
		{"slower than the clock can tell", 5e-324, []int64{0, 1, math.MaxInt64 / 8}, "ynn"},
		{"time that goes back", 1, []int64{5 * second, 0, 4 * second, 6 * second}, "ynny"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l := sampler.NewLimiter(test.rate)
			got := ""
			for _, at := range test.at {
				if l.AllowAt(at) {
					got += "y"
				} else {
					got += "n"
				}
			}
			if got != test.wants {
				t.Errorf("got %s, want %s", got, test.wants)
			}
		})
	}
}

// TestLimiterNeverExceeds: in no stretch of time more than a bucket and what
// flows in, however the calls come; and under a steady load not less either.
func TestLimiterNeverExceeds(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	rates := []float64{0.3, 1, 1.1, 3, 7, 99.9, 1000, 1e6 / 3, 3e8, 1e9}
	for _, rate := range rates {
		l := sampler.NewLimiter(rate)
		gap := max(int64(float64(second)/rate/3), 1)
		bucket := max(rate, 1)
		var kept []int64
		for now := int64(0); len(kept) < 1000 && now < 1000*gap*10; now += random.Int64N(2 * gap) {
			if l.AllowAt(now) {
				kept = append(kept, now)
			}
		}
		for i := range kept {
			for j := i; j < len(kept); j++ {
				room := bucket + rate*float64(kept[j]-kept[i])/float64(second)
				if got := float64(j - i + 1); got > room+1e-6 {
					t.Fatalf("rate %v: got %v from %v ns to %v ns, want at most %v", rate, got, kept[i], kept[j], room)
				}
			}
		}
	}
	for _, rate := range []float64{0.3, 1, 3, 7, 99.9, 333} {
		l := sampler.NewLimiter(rate)
		got := 0.0
		const seconds = 100
		for now := int64(0); now < seconds*second; now += second / 1000 {
			if l.AllowAt(now) {
				got++
			}
		}
		if want := max(rate, 1) + rate*seconds; got < want-2 || got > want {
			t.Errorf("rate %v: got %v traces in %d s, want %v", rate, got, seconds, want)
		}
	}
}

func TestHugeLimits(t *testing.T) {
	t.Parallel()
	for _, rate := range []float64{1e9, 1e12, 1e300, math.MaxFloat64} {
		l := sampler.NewLimiter(rate)
		for i := range int64(1000) {
			if !l.AllowAt(i) {
				t.Fatalf("rate %v: got a refusal at call %d", rate, i)
			}
		}
		if !must(sampler.NewRateLimiting(rate)).Sample(model.TraceID{}, "").Sample {
			t.Errorf("rate %v: got a refusal of the first trace", rate)
		}
	}
}

// TestContendedLimiter: no event is let through twice and none is lost between
// goroutines that ask at the same moment.
func TestContendedLimiter(t *testing.T) {
	t.Parallel()
	const goroutines, rounds = 8, 50
	for _, rate := range []float64{1, 10, 1000} {
		l := sampler.NewLimiter(rate)
		for round := range int64(rounds) {
			var kept atomic.Int64
			var wg sync.WaitGroup
			for range goroutines {
				wg.Add(1)
				go func() {
					defer wg.Done()
					for range int(rate)/2 + 3 {
						if l.AllowAt(round * second) {
							kept.Add(1)
						}
					}
				}()
			}
			wg.Wait()
			if got := kept.Load(); got != int64(rate) {
				t.Fatalf("rate %v: got %d traces in second %d, want %v", rate, got, round, rate)
			}
		}
	}
}

// TestLimiterWithStaleTimes: each goroutine has its own idea of now.
func TestLimiterWithStaleTimes(t *testing.T) {
	t.Parallel()
	const goroutines, calls, rate = 8, 5000, 100
	l := sampler.NewLimiter(rate)
	var kept atomic.Int64
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Add(1)
		go func() {
			defer wg.Done()
			random := rand.New(rand.NewPCG(7, uint64(g)))
			for i := range int64(calls) {
				if l.AllowAt(i*second/100 + random.Int64N(second)) {
					kept.Add(1)
				}
			}
		}()
	}
	wg.Wait()
	const span = calls/100 + 1 // seconds
	if got, most := kept.Load(), int64(rate+rate*span); got > most || got < rate*(span-2)/2 {
		t.Errorf("got %d traces in %d s, want at most %d and about that", got, span, most)
	}
}

func TestRealClock(t *testing.T) {
	t.Parallel()
	s := must(sampler.NewRateLimiting(1e-6))
	if got := s.Rate(); got != 1e-6 {
		t.Errorf("got rate %v, want 1e-06", got)
	}
	for i := range 1000 {
		if got, want := s.Sample(model.TraceID{}, "op").Sample, i == 0; got != want {
			t.Fatalf("call %d: got %v, want %v", i, got, want)
		}
	}
}
