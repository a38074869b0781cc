// SPDX-License-Identifier: Apache-2.0

package sampler_test

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/sampler"
)

// rates lists operations: rates("GET /", 0.5, "probe", 0).
func rates(pairs ...any) []sampler.OperationRate {
	var list []sampler.OperationRate
	for i := 0; i < len(pairs); i += 2 {
		rate, ok := pairs[i+1].(float64)
		if !ok {
			rate = float64(pairs[i+1].(int))
		}
		list = append(list, sampler.OperationRate{Operation: pairs[i].(string), Rate: rate})
	}
	return list
}

func TestPerOperation(t *testing.T) {
	t.Parallel()
	p := must(sampler.NewPerOperation(sampler.Strategies{
		DefaultRate: 0.5, LowerBound: never, Operations: rates("all", 1, "none", 0, "twice", 1, "twice", 0.25),
	}, 10))
	for _, test := range []struct {
		operation string
		likely    bool
		want      string
	}{
		{"all", false, "yes probabilistic 1"}, {"all", false, "yes probabilistic 1"},
		{"none", true, "yes lowerbound 0"}, {"none", true, "no"},
		{"twice", false, "yes lowerbound 0.25"}, {"twice", false, "no"},
		{"first other", false, "yes lowerbound 0.5"}, {"first other", false, "no"}, {"first other", true, "yes probabilistic 0.5"},
		{"second other", false, "yes lowerbound 0.5"}, {"second other", false, "no"},
		{"", false, "yes lowerbound 0.5"}, {"", false, "no"},
	} {
		id := unlikely
		if test.likely {
			id = likely
		}
		if got := answer(p.Sample(id, test.operation)); got != test.want {
			t.Errorf("%q: got %s, want %s", test.operation, got, test.want)
		}
	}
	if got, want := fmt.Sprint(p), "peroperation(3 listed, others 0.5, lower bound 1e-07)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestPerOperationBadNumbers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		s     sampler.Strategies
		limit int
		want  string
	}{
		{"default", sampler.Strategies{DefaultRate: 2}, 1, "other operations: sampling rate 2: want a probability from 0 to 1"},
		{"bound", sampler.Strategies{LowerBound: -1}, 1, "other operations: lower bound -1: want traces per second, 0 or more"},
		{"operation", sampler.Strategies{Operations: rates("good", 1, "bad", math.NaN())}, 1,
			`operation "bad": sampling rate NaN: want a probability from 0 to 1`},
		{"limit", sampler.Strategies{}, 0, "0 operations: want a limit of 1 or more"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := sampler.NewPerOperation(test.s, test.limit); err == nil || err.Error() != test.want {
				t.Errorf("got error %v, want %s", err, test.want)
			}
		})
	}
	zero := &sampler.PerOperation{}
	if d := zero.Sample(likely, "op"); d.Sample || len(d.Tags.List()) != 0 {
		t.Errorf("zero value: got %+v, want no", d)
	}
	if _, err := zero.Next(sampler.Strategies{}); err == nil {
		t.Error("zero value: got a next sampler, want an error")
	}
}

// TestPerOperationMemoryIsBounded: names from a server and names seen, ten
// million bytes of them and more, stay within the limit.
func TestPerOperationMemoryIsBounded(t *testing.T) {
	t.Parallel()
	const limit, listed = 100, 1000
	var many []sampler.OperationRate
	for i := range listed {
		many = append(many, sampler.OperationRate{Operation: fmt.Sprint("listed ", i), Rate: 0.5})
	}
	for _, test := range []struct {
		name          string
		list          []sampler.OperationRate
		known, listed int
	}{
		{"seen", nil, limit, 0}, {"some of both", many[:40], limit, 40}, {"listed", many, limit, limit},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := sampler.Strategies{DefaultRate: 0, LowerBound: never, Operations: test.list}
			p := must(sampler.NewPerOperation(s, limit))
			for i := range 200_000 {
				p.Sample(unlikely, fmt.Sprint("seen ", i))
			}
			p.Sample(unlikely, strings.Repeat("x", 1<<20))
			for range 2 {
				if got := p.Known(); got != test.known {
					t.Errorf("got %d operations, want %d", got, test.known)
				}
				p = must(p.Next(s))
			}
			if got := answer(p.Sample(unlikely, "another")); got != "no" {
				t.Errorf("got %s beyond the limit, want no: they share one bound", got)
			}
			want := fmt.Sprintf("peroperation(%d listed, others 0, lower bound 1e-07", test.listed)
			if over := len(test.list) - test.listed; over > 0 {
				want += fmt.Sprintf(", %d over the limit", over)
			}
			if got := p.String(); got != want+")" {
				t.Errorf("got %s, want %s", got, want+")")
			}
		})
	}
}

// TestPerOperationNamesAreCopied: a name may be a part of something large.
func TestPerOperationNamesAreCopied(t *testing.T) {
	p := must(sampler.NewPerOperation(sampler.Strategies{LowerBound: never}, 64))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range 64 {
		p.Sample(unlikely, string(append(make([]byte, 1<<20), byte(i)))[1<<20-8:])
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 16<<20 {
		t.Errorf("64 names of 9 bytes keep %d bytes", grown)
	}
	if got := p.Known(); got != 64 {
		t.Errorf("got %d operations, want 64", got)
	}
}

func TestPerOperationLongNamesShare(t *testing.T) {
	t.Parallel()
	fits, long := strings.Repeat("x", sampler.LongestName), strings.Repeat("x", sampler.LongestName+1)
	p := must(sampler.NewPerOperation(sampler.Strategies{LowerBound: never}, 10))
	p.Sample(unlikely, fits)
	for i, want := range []string{"yes lowerbound 0", "no"} {
		if got := answer(p.Sample(unlikely, long+fmt.Sprint(i))); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if got := p.Known(); got != 1 {
		t.Errorf("got %d operations, want 1", got)
	}
	p = must(p.Next(sampler.Strategies{LowerBound: never, Operations: rates(long, 1)}))
	if got, want := answer(p.Sample(unlikely, long)), "yes probabilistic 1"; got != want {
		t.Errorf("listed: got %s, want %s", got, want)
	}
}

// operations are for the guards and benchmarks: some of a full sampler of the
// default size.
func operations(tb testing.TB) (p *sampler.PerOperation, listed, seen, beyond string) {
	tb.Helper()
	var list []sampler.OperationRate
	for i := range sampler.DefaultMaxOperations / 2 {
		list = append(list, sampler.OperationRate{Operation: fmt.Sprint("GET /listed/", i), Rate: 0.5})
	}
	p = must(sampler.NewPerOperation(sampler.Strategies{DefaultRate: 0.5, LowerBound: 1, Operations: list}, sampler.DefaultMaxOperations))
	for i := range sampler.DefaultMaxOperations {
		p.Sample(unlikely, fmt.Sprint("GET /seen/", i))
	}
	return p, "GET /listed/7", "GET /seen/7", "GET /seen/1999"
}

func TestPerOperationDoesNotAllocate(t *testing.T) {
	p, listed, seen, beyond := operations(t)
	for _, name := range []string{listed, seen, beyond} {
		id := likely
		if got := testing.AllocsPerRun(100, func() {
			sink = p.Sample(id, name)
			id.Low += golden
		}); got != 0 {
			t.Errorf("%s: got %v allocations, want 0", name, got)
		}
	}
}

func BenchmarkPerOperation(b *testing.B) {
	p, listed, seen, beyond := operations(b)
	for _, name := range []string{listed, seen, beyond} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			id := likely
			for range b.N {
				id.Low += golden
				sink = p.Sample(id, name)
			}
		})
	}
}

func BenchmarkPerOperationNext(b *testing.B) {
	var list []sampler.OperationRate
	for i := range sampler.DefaultMaxOperations {
		list = append(list, sampler.OperationRate{Operation: fmt.Sprint("GET /listed/", i), Rate: 0.5})
	}
	s := sampler.Strategies{DefaultRate: 0.5, LowerBound: 1, Operations: list}
	p := must(sampler.NewPerOperation(s, sampler.DefaultMaxOperations))
	b.ReportAllocs()
	for range b.N {
		p = must(p.Next(s))
	}
}
