// SPDX-License-Identifier: Apache-2.0

package sampler_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

func named(operation string, root bool) sampler.Event {
	return sampler.Event{Kind: sampler.Named, LocalRoot: root, TraceID: unlikely, SpanID: 1, Operation: operation}
}

func TestLateBinding(t *testing.T) {
	t.Parallel()
	half := model.TraceID{Low: 1 << 61} // kept by 0.5, not by 0.1
	child, other := named("all", false), named("all", true)
	other.Kind = sampler.Tagged
	finished := other
	finished.Kind = sampler.Finished
	for _, test := range []struct {
		name   string
		id     model.TraceID
		bound  float64
		first  string
		events []sampler.Event
		want   string
	}{
		{"kept by its first name", half, 0, "all", nil, "yes probabilistic 1"},
		{"kept by its second name", half, 0, "some", []sampler.Event{named("all", true)}, "later yes probabilistic 1"},
		{"kept by no name", half, 0, "some", []sampler.Event{named("none", true)}, "later no"},
		{"the second name is final", half, 0, "some", []sampler.Event{named("none", true), named("all", true)}, "later no"},
		{"a name not listed", half, 0, "none", []sampler.Event{named("unknown", true)}, "later no"},
		{"names of children do not count", half, 0, "some", []sampler.Event{child, child, named("all", true)}, "later later later yes probabilistic 1"},
		{"nor do tags and ends", half, 0, "some", []sampler.Event{other, finished}, "later later later"},
		{"lower bound of the first name", half, never, "some", nil, "yes lowerbound 0.1"},
		{"lower bound of the second name", half, never, "full", []sampler.Event{named("some", true)}, "later yes lowerbound 0.1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := must(sampler.NewPerOperation(sampler.Strategies{
				DefaultRate: 0.1, LowerBound: test.bound, LateBinding: true,
				Operations: rates("all", 1, "some", 0.1, "none", 0, "full", 0),
			}, 10))
			if test.first == "full" {
				s.Sample(test.id, "full")
			}
			d := s.Sample(test.id, test.first)
			got := verdict(d)
			for _, e := range test.events {
				if d.Later == nil {
					break
				}
				e.TraceID = test.id
				d = d.Later.Ask(e)
				got += " " + verdict(d)
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// TestLateBindingGivesUpEarly: a trace that no name could keep is not recorded.
func TestLateBindingGivesUpEarly(t *testing.T) {
	t.Parallel()
	below, beyond := model.TraceID{Low: 1 << 61}, model.TraceID{Low: 1<<63 - 1}
	for _, test := range []struct {
		name         string
		strategies   sampler.Strategies
		limit        int
		near, remote string
	}{
		{"largest share listed", sampler.Strategies{Operations: rates("a", 0, "b", 0.5, "c", 0.1)}, 9, "later", "no"},
		{"largest share of the others", sampler.Strategies{DefaultRate: 0.5, Operations: rates("a", 0)}, 9, "later", "no"},
		{"all out", sampler.Strategies{Operations: rates("a", 0.1)}, 9, "no", "no"},
		{"all may be kept", sampler.Strategies{Operations: rates("a", 0, "b", 1)}, 9, "later", "later"},
		{"lower bound", sampler.Strategies{LowerBound: never, Operations: rates("a", 0)}, 9, "later", "later"},
		{"beyond the limit of operations", sampler.Strategies{Operations: rates("a", 0, "b", 0.5)}, 1, "no", "no"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.strategies.LateBinding = true
			s := must(sampler.NewPerOperation(test.strategies, test.limit))
			s.Sample(below, "a") // the lower bound's
			if got := verdict(s.Sample(below, "a")); got != test.near {
				t.Errorf("got %s of %v, want %s", got, below, test.near)
			}
			if got := verdict(s.Sample(beyond, "a")); got != test.remote {
				t.Errorf("got %s of %v, want %s", got, beyond, test.remote)
			}
		})
	}
}

func TestLateBindingIsOfTheStrategies(t *testing.T) {
	t.Parallel()
	s := sampler.Strategies{LateBinding: true, Operations: rates("all", 1)}
	p := must(sampler.NewPerOperation(s, 3))
	if got, want := p.String(), "peroperation(1 listed, others 0, lower bound 0, late binding)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	s.LateBinding = false
	next := must(p.Next(s))
	if got := verdict(next.Sample(unlikely, "x")); got != "no" {
		t.Errorf("got %s without late binding, want no", got)
	}
	// A trace stays with the strategies it began with.
	late := p.Sample(unlikely, "x").Later
	if got, want := verdict(late.Ask(named("all", true))), "yes probabilistic 1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestRemoteLateBinding(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	r := startRemote(t, sampler.WithFetcher(s.fetch), sampler.WithLateBinding())
	s.await()
	s.answer(opsAnswer)
	if got, want := r.String(), "remote(peroperation(1 listed, others 0, lower bound 1e-07, late binding))"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	r.Sample(unlikely, "seen")
	d := r.Sample(unlikely, "seen")
	if got := verdict(d); got != "later" {
		t.Fatalf("got %s, want later", got)
	}
	if got, want := verdict(d.Later.Ask(named("listed", true))), "yes probabilistic 1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	s.answer(noneAnswer)
	if got := verdict(r.Sample(unlikely, "seen")); got != "no" {
		t.Errorf("got %s of another strategy, want no", got)
	}
}

// TestLateBindingSharedByTraces: the lower bound of a second name is one for all
// traces, whichever goroutines they are on.
func TestLateBindingSharedByTraces(t *testing.T) {
	t.Parallel()
	p := must(sampler.NewPerOperation(sampler.Strategies{LowerBound: never, LateBinding: true, Operations: rates("first", 0)}, 100))
	p.Sample(unlikely, "first")
	var kept [4][10]int
	var wait sync.WaitGroup
	for worker := range kept {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := range 1000 {
				d := p.Sample(unlikely, "first")
				if d.Later == nil {
					continue
				}
				if d = d.Later.Ask(named(fmt.Sprint("second", i%10), true)); d.Sample {
					kept[worker][i%10]++
				}
			}
		}()
	}
	wait.Wait()
	for i := range kept[0] {
		if got := kept[0][i] + kept[1][i] + kept[2][i] + kept[3][i]; got != 1 {
			t.Errorf("second%d: got %d kept, want 1", i, got)
		}
	}
}

func TestLateBindingAllocatesNothing(t *testing.T) {
	var s sampler.Sampler = must(sampler.NewPerOperation(sampler.Strategies{
		LowerBound: never, LateBinding: true, Operations: rates("a", 0, "b", 1),
	}, 10))
	s.Sample(unlikely, "a")
	if got := testing.AllocsPerRun(100, func() {
		if d := s.Sample(unlikely, "a"); d.Later == nil || !d.Later.Ask(named("b", true)).Sample {
			t.Error("got no trace, want all")
		}
	}); got != 0 {
		t.Errorf("got %v allocations, want 0", got)
	}
}
