// SPDX-License-Identifier: Apache-2.0

//go:build go1.25

package sampler_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jaegerkit/jaeger/sampler"
)

func TestLowerBoundOverTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := must(sampler.NewGuaranteed(0.5, 2))
		count := func() (byShare, byBound int) {
			for i := range 20 {
				id := unlikely
				if i < 1 {
					id = likely
				}
				if d := g.Sample(id, "op"); d.Sample && d.Tags.List()[0].Text() == "lowerbound" {
					byBound++
				} else if d.Sample {
					byShare++
				}
			}
			return byShare, byBound
		}
		// One of two a second is the share's: the bound adds the other.
		for range 10 {
			if byShare, byBound := count(); byShare != 1 || byBound != 1 {
				t.Errorf("got %d traces by the share and %d by the bound, want 1 and 1", byShare, byBound)
			}
			time.Sleep(time.Second)
		}
	})
}

// TestNextGoesOnFromTheSameLevel: a changed bound starts as full as the old one.
func TestNextGoesOnFromTheSameLevel(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name         string
		first, next  float64
		wait         time.Duration
		before, want int
	}{
		{"empty", 10, 20, 0, 10, 0},
		{"half full, twice as many", 10, 20, 500 * time.Millisecond, 10, 10},
		{"half full, half as many", 20, 10, 500 * time.Millisecond, 20, 5},
		{"full", 10, 20, time.Hour, 10, 20},
		{"same", 10, 10, 500 * time.Millisecond, 10, 5},
		{"to a slow one", 10, 0.1, 500 * time.Millisecond, 10, 0},
		{"off", 10, 0, time.Hour, 10, 0},
		{"on", 0, 10, 0, 0, 10},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				for _, list := range [][]sampler.OperationRate{nil, rates("op", 0)} {
					p := must(sampler.NewPerOperation(sampler.Strategies{LowerBound: test.first, Operations: list}, 10))
					count := func() (n int) {
						for range 100 {
							if p.Sample(unlikely, "op").Sample {
								n++
							}
						}
						return n
					}
					if got := count(); got != test.before {
						t.Errorf("got %d traces, want %d", got, test.before)
					}
					time.Sleep(test.wait)
					p = must(p.Next(sampler.Strategies{LowerBound: test.next, Operations: list}))
					if got := count(); got != test.want {
						t.Errorf("%d listed: got %d traces after the change, want %d", len(list), got, test.want)
					}
				}
			})
		})
	}
}

// TestNextForgetsOperationsAtRest: an operation whose bound is not touched any
// more makes room for others; one in use is kept.
func TestNextForgetsOperationsAtRest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sampler.Strategies{LowerBound: 0.1}
		p := must(sampler.NewPerOperation(s, 10))
		for i := range 20 {
			p.Sample(unlikely, fmt.Sprint("once ", i))
		}
		time.Sleep(9 * time.Second)
		p = must(p.Next(s))
		if got := p.Known(); got != 10 {
			t.Errorf("got %d operations, want 10", got)
		}
		time.Sleep(time.Second)
		if got, want := answer(p.Sample(unlikely, "once 3")), "yes lowerbound 0"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		p = must(p.Next(s))
		if got := p.Known(); got != 1 {
			t.Errorf("got %d operations, want the one in use", got)
		}
		if got := answer(p.Sample(unlikely, "once 3")); got != "no" {
			t.Errorf("got %s, want no", got)
		}
	})
}
