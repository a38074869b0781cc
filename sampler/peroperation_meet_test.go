// SPDX-License-Identifier: Apache-2.0

package sampler_test

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jaegerkit/jaeger/sampler"
)

// TestPerOperationMeetsOnce: two goroutines that see two operations first at the
// same time get one bucket for each, and none of the room is lost.
func TestPerOperationMeetsOnce(t *testing.T) {
	for range 3000 {
		p := must(sampler.NewPerOperation(sampler.Strategies{LowerBound: never}, 3))
		if got := together(p, [2][]string{{"a", "b"}, {"b", "a"}}); got != 2 {
			t.Fatalf("got %d traces, want 2", got)
		}
		p.Sample(unlikely, "c")
		if got := p.Known(); got != 3 {
			t.Fatalf("got %d operations, want 3", got)
		}
	}
}

// TestMeetInOneChain: operations added at the same place at the same time are
// all there afterwards, and the last room is given once.
func TestMeetInOneChain(t *testing.T) {
	const each = 1000
	p := must(sampler.NewPerOperation(sampler.Strategies{LowerBound: never}, 2*each))
	p.OneChain()
	var names [2][]string
	for i := range each {
		names[0] = append(names[0], fmt.Sprint("a", i))
		names[1] = append(names[1], fmt.Sprint("b", i))
	}
	if got := together(p, names); got != 2*each {
		t.Errorf("got %d traces, want one of each of %d operations", got, 2*each)
	}
	if got := p.Known(); got != 2*each {
		t.Errorf("got %d operations, want %d", got, 2*each)
	}
	if p.Meet("another") {
		t.Error("got room for another, want none")
	}
}

// together asks about operations on two goroutines that begin at the same
// moment, and counts the traces kept.
func together(p *sampler.PerOperation, names [2][]string) int {
	var kept, ready atomic.Int64
	var wg sync.WaitGroup
	for g := range names {
		wg.Add(1)
		go func() {
			defer wg.Done()
			ready.Add(1)
			for i := 0; ready.Load() < 2; i++ {
				if i > 1000 { // on one processor
					runtime.Gosched()
				}
			}
			for _, name := range names[g] {
				if p.Sample(unlikely, name).Sample {
					kept.Add(1)
				}
			}
		}()
	}
	wg.Wait()
	return int(kept.Load())
}
