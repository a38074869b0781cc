// SPDX-License-Identifier: Apache-2.0

//go:build go1.25

package sampler_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

func TestRateLimitingOverTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := must(sampler.NewRateLimiting(2))
		burst := func() (kept int) {
			for range 10 {
				if s.Sample(model.TraceID{}, "op").Sample {
					kept++
				}
			}
			return kept
		}
		for _, step := range []struct {
			wait time.Duration
			want int
		}{
			{0, 2}, {0, 0}, {499 * time.Millisecond, 0}, {time.Millisecond, 1}, {1500 * time.Millisecond, 2},
			{time.Hour, 2}, {time.Second, 2}, {750 * time.Millisecond, 1}, {250 * time.Millisecond, 1},
			{200 * 365 * 24 * time.Hour, 2}, {500 * time.Millisecond, 1},
		} {
			time.Sleep(step.wait)
			if got := burst(); got != step.want {
				t.Fatalf("after another %v: got %d traces, want %d", step.wait, got, step.want)
			}
		}
	})
}

func TestRateLimitingSharedByGoroutines(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const rate, seconds = 50, 20
		s := must(sampler.NewRateLimiting(rate))
		var kept atomic.Int64
		var wg sync.WaitGroup
		for g := range 8 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for range seconds * 100 {
					if s.Sample(model.TraceID{}, "op").Sample {
						kept.Add(1)
					}
					time.Sleep(10 * time.Millisecond)
				}
			}()
			time.Sleep(time.Duration(g) * time.Microsecond)
		}
		wg.Wait()
		if got, want := kept.Load(), int64(rate+rate*seconds); got > want || got < want-2 {
			t.Errorf("got %d traces in %d s, want %d", got, seconds, want)
		}
	})
}
