// SPDX-License-Identifier: Apache-2.0

package proc_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jaegerkit/jaeger/internal/proc"
)

// Each processor's number is its own while it is pinned: plain additions are exact.
func TestPinnedAlone(t *testing.T) {
	if !proc.Local {
		if p := proc.Pin(); p != proc.None {
			t.Errorf("got processor %d, want none", p)
		}
		proc.Unpin()
		t.Skip("not on this machine, with this version of Go, or under the race detector")
	}
	const workers, each = 16, 100_000
	var counts [64]struct {
		n uint64
		_ [120]byte
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	var wg sync.WaitGroup
	for range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range each {
				p := proc.Pin()
				if p < 0 || p >= 8 {
					proc.Unpin()
					t.Errorf("got processor %d of 8", p)
					return
				}
				proc.Count(&counts[p].n)
				proc.Unpin()
				if i%1000 == 0 {
					runtime.Gosched()
				}
			}
		}()
	}
	wg.Wait()
	var sum uint64
	for i := range counts {
		sum += atomic.LoadUint64(&counts[i].n)
	}
	if sum != workers*each {
		t.Errorf("got %d, want %d", sum, workers*each)
	}
}

func BenchmarkPin(b *testing.B) {
	for range b.N {
		proc.Pin()
		proc.Unpin()
	}
}
