// SPDX-License-Identifier: Apache-2.0

package sampler_test

import (
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/sampler"
)

// TestNextKeepsBuckets: neither the same strategies once more nor new ones let
// an operation through that has had its share.
func TestNextKeepsBuckets(t *testing.T) {
	t.Parallel()
	first := sampler.Strategies{DefaultRate: 0, LowerBound: never, Operations: rates("listed", 0, "leaves", 0)}
	for _, test := range []struct {
		name string
		next sampler.Strategies
	}{
		{"same", first},
		{"other rates", sampler.Strategies{DefaultRate: 0.1, LowerBound: never, Operations: rates("listed", 0.2, "leaves", 0.3)}},
		{"other bound", sampler.Strategies{DefaultRate: 0, LowerBound: 2 * never, Operations: rates("listed", 0, "leaves", 0)}},
		{"lower bound", sampler.Strategies{DefaultRate: 0, LowerBound: never / 9, Operations: rates("listed", 0, "leaves", 0)}},
		{"listed leaves", sampler.Strategies{DefaultRate: 0, LowerBound: never, Operations: rates("listed", 0)}},
		{"seen is listed", sampler.Strategies{DefaultRate: 0, LowerBound: never, Operations: rates("seen", 0)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := must(sampler.NewPerOperation(first, 3))
			names := []string{"listed", "leaves", "seen", "shares"}
			for _, name := range names {
				if got, want := answer(p.Sample(unlikely, name)), "yes lowerbound 0"; got != want {
					t.Fatalf("%s: got %s, want %s", name, got, want)
				}
			}
			for round := range 20 {
				p = must(p.Next(test.next))
				for _, name := range names {
					if got := answer(p.Sample(unlikely, name)); got != "no" {
						t.Errorf("%s, round %d: got %s, want no", name, round, got)
					}
				}
			}
		})
	}
}

// TestNextSharesBuckets: what the sampler before still lets through, on
// goroutines that began with it, counts for the next one too.
func TestNextSharesBuckets(t *testing.T) {
	t.Parallel()
	first := must(sampler.NewPerOperation(sampler.Strategies{DefaultRate: 0.1, LowerBound: 2, Operations: rates("listed", 0)}, 3))
	names := []string{"listed", "seen", strings.Repeat("shares", 1<<10)}
	for _, name := range names {
		first.Sample(unlikely, name) // one of two, so that it is worth keeping
	}
	next := must(first.Next(sampler.Strategies{DefaultRate: 0.2, LowerBound: 2, Operations: rates("listed", 0)}))
	for _, name := range names {
		if got := answer(first.Sample(unlikely, name)); got == "no" {
			t.Errorf("%.10s: got no, want the second of two", name)
		}
		if got := answer(next.Sample(unlikely, name)); got != "no" {
			t.Errorf("%.10s: got %s, want no", name, got)
		}
	}
}

// TestListedGoesBeforeSeen: the operation is there once, as it is listed.
func TestListedGoesBeforeSeen(t *testing.T) {
	t.Parallel()
	p := must(sampler.NewPerOperation(sampler.Strategies{LowerBound: never}, 3))
	p.Sample(unlikely, "op")
	p = must(p.Next(sampler.Strategies{LowerBound: never, Operations: rates("op", 1)}))
	if got, want := answer(p.Sample(unlikely, "op")), "yes probabilistic 1"; got != want || p.Known() != 1 {
		t.Errorf("got %s and %d operations, want %s and 1", got, p.Known(), want)
	}
}

// TestNothingToRemember: without a lower bound an unlisted operation takes no room.
func TestNothingToRemember(t *testing.T) {
	t.Parallel()
	for _, s := range []sampler.Strategies{
		{DefaultRate: 0.5, Operations: rates("op", 0)},
		{DefaultRate: 1, LowerBound: 1, Operations: rates("op", 0)},
	} {
		p := must(sampler.NewPerOperation(s, 3))
		for _, name := range []string{"op", "a", "b"} {
			p.Sample(unlikely, name)
		}
		if got := p.Known(); got != 1 {
			t.Errorf("%v: got %d operations, want the listed one", p, got)
		}
	}
}

// TestNextKeepsTheLimit: listed operations go before those that appeared.
func TestNextKeepsTheLimit(t *testing.T) {
	t.Parallel()
	p := must(sampler.NewPerOperation(sampler.Strategies{LowerBound: never}, 3))
	for _, name := range []string{"a", "b", "c"} {
		p.Sample(unlikely, name)
	}
	for _, list := range [][]sampler.OperationRate{rates("x", 0), rates("x", 0, "y", 0), rates("x", 0, "y", 0, "z", 0)} {
		p = must(p.Next(sampler.Strategies{LowerBound: never, Operations: list}))
		if got := p.Known(); got != 3 {
			t.Errorf("%d listed: got %d operations, want 3", len(list), got)
		}
		name := list[len(list)-1].Operation
		if got, want := answer(p.Sample(unlikely, name)), "yes lowerbound 0"; got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	list := rates("x", 0, "y", 0, "z", 0, "x", 1, "w", 1, "w", 1)
	p = must(p.Next(sampler.Strategies{LowerBound: never, Operations: list}))
	if got, want := answer(p.Sample(unlikely, "x")), "yes probabilistic 1"; got != want {
		t.Errorf("got %s, want %s: the later of two counts", got, want)
	}
	if got, want := p.String(), "peroperation(3 listed, others 0, lower bound 1e-07, 2 over the limit)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestNextRefusesBadNumbers(t *testing.T) {
	t.Parallel()
	p := must(sampler.NewPerOperation(sampler.Strategies{DefaultRate: 1}, 3))
	if _, err := p.Next(sampler.Strategies{DefaultRate: -1}); err == nil {
		t.Error("got no error")
	}
	if got, want := answer(p.Sample(unlikely, "op")), "yes probabilistic 1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
