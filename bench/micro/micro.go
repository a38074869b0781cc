// SPDX-License-Identifier: Apache-2.0

// Package micro measures single operations of all peers in one process, where
// nothing is sent: what a span costs the goroutine that makes it.
//
//	results, err := micro.Run(ctx, micro.Cases(), micro.Options{Rounds: 5, Target: 50 * time.Millisecond})
//	for _, r := range results {
//		fmt.Println(r.Case, r.Peer, measure.Median(r.Wall()))
//	}
//
// What it promises: all peers of a case are set up first and then run in turns,
// A B C A B C, so that a slow second of the machine falls on all of them; each
// run starts after a garbage collection; how often an operation is repeated is
// found for each peer before the first round and kept.
package micro

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/jaegerkit/jaeger/bench/measure"
	"github.com/jaegerkit/jaeger/bench/peer"
	"github.com/jaegerkit/jaeger/bench/workload"
)

// Case is one operation.
type Case struct {
	Section string // the table it is in
	Name    string
	What    string // a few words for the table
	Spans   int    // operations that one call of Op.Run(1) stands for, at least 1
	Procs   int    // GOMAXPROCS while it is set up and run; 0 leaves it alone
	Peers   []string
	New     func(p peer.Info) (*Op, error)
}

// Op is an operation of one peer, ready to run.
type Op struct {
	// Run does n operations. It returns 0, or the part of its time that counts.
	Run   func(n int) time.Duration
	Close func() error
}

// Result has the costs of one operation, one for each round.
type Result struct {
	Case   Case
	Peer   string
	Rounds []measure.Cost
}

// Wall lists the rounds' nanoseconds per operation.
func (r *Result) Wall() []float64 {
	return r.list(func(c measure.Cost) float64 { return c.Wall })
}

// CPU lists the rounds' processor time per operation in nanoseconds.
func (r *Result) CPU() []float64 {
	return r.list(func(c measure.Cost) float64 { return c.CPU })
}

// Allocs lists the rounds' allocations per operation.
func (r *Result) Allocs() []float64 {
	return r.list(func(c measure.Cost) float64 { return c.Allocs })
}

// Bytes lists the rounds' allocated bytes per operation.
func (r *Result) Bytes() []float64 {
	return r.list(func(c measure.Cost) float64 { return c.Bytes })
}

func (r *Result) list(of func(measure.Cost) float64) []float64 {
	var list []float64
	for _, c := range r.Rounds {
		list = append(list, of(c))
	}
	return list
}

// Options say how long to measure.
type Options struct {
	Rounds   int
	Target   time.Duration // of one run; 0 runs each operation a few times, untimed
	Progress func(format string, args ...any)
}

// serviceHeap is held while the cases run. With the few megabytes of this program
// the collector would run a hundred times a second, which no service's does, and
// its own coordination, which grows with the number of processors, would be most
// of what is seen of the cheaper operations.
const serviceHeap = 64 << 20

// Run measures cases one after the other, until ctx ends.
func Run(ctx context.Context, cases []Case, o Options) (results []Result, err error) {
	for _, c := range cases {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if o.Progress != nil {
			o.Progress("%s: %s", c.Section, c.Name)
		}
		rs, err := runCase(c, o)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", c.Section, c.Name, err)
		}
		results = append(results, rs...)
	}
	return results, nil
}

func runCase(c Case, o Options) (results []Result, err error) {
	if c.Procs > 0 {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(c.Procs))
	}
	heap := make([]byte, serviceHeap)
	defer runtime.KeepAlive(heap)
	var ops []*Op
	defer func() {
		for _, op := range ops {
			if e := op.Close(); err == nil {
				err = e
			}
		}
	}()
	for _, name := range c.Peers {
		info, err := peer.ByName(name)
		if err != nil {
			return nil, err
		}
		op, err := c.New(info)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		ops = append(ops, op)
		results = append(results, Result{Case: c, Peer: name})
	}
	repeats := make([]int, len(ops))
	for i, op := range ops {
		repeats[i] = calibrate(op, o.Target)
	}
	for range o.Rounds {
		for i, op := range ops {
			cost := measureOnce(op, repeats[i], max(c.Spans, 1))
			results[i].Rounds = append(results[i].Rounds, cost)
		}
	}
	return results, nil
}

// calibrate returns how many operations take about target. It warms up caches
// and pools on the way.
func calibrate(op *Op, target time.Duration) int {
	if target <= 0 {
		return 3
	}
	for n := 1; ; n *= 2 {
		start := time.Now()
		op.Run(n)
		if took := time.Since(start); took > target/4 || n > 1<<28 {
			return max(1, int(float64(n)*float64(target)/float64(max(took, 1))))
		}
	}
}

func measureOnce(op *Op, n, spans int) measure.Cost {
	runtime.GC()
	before := measure.Now()
	part := op.Run(n)
	cost := measure.Now().Sub(before)
	if part > 0 {
		cost.Wall, cost.CPU = float64(part), 0
	}
	return cost.Per(n * spans)
}

// call makes an operation of a call of a client; the calls go on counting from
// run to run, so that the values change.
func call(sampled bool, shape workload.Shape, f func(c peer.Client, i int)) func(peer.Info) (*Op, error) {
	return func(p peer.Info) (*Op, error) {
		client, err := p.New(peer.Config{Data: shape.Data(), Sampled: sampled})
		if err != nil {
			return nil, err
		}
		i := 0
		return &Op{
			Run: func(n int) time.Duration {
				for range n {
					f(client, i)
					i++
				}
				return 0
			},
			Close: client.Close,
		}, nil
	}
}

// spread is call on as many goroutines as there are processors.
func spread(client peer.Client) *Op {
	return &Op{
		Run: func(n int) time.Duration {
			var wg sync.WaitGroup
			procs := runtime.GOMAXPROCS(0)
			for p := range procs {
				from, to := n*p/procs, n*(p+1)/procs
				wg.Go(func() {
					for i := from; i < to; i++ {
						client.Span(i)
					}
				})
			}
			wg.Wait()
			return 0
		},
		Close: client.Close,
	}
}

// without lists the peers that f does not exclude.
func without(f func(peer.Info) bool) (names []string) {
	for _, p := range peer.All {
		if p.Name != peer.Idle && !p.CallsOnly && !f(p) {
			names = append(names, p.Name)
		}
	}
	return slices.Clip(names)
}
