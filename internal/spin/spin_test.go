// SPDX-License-Identifier: Apache-2.0

package spin_test

import (
	"runtime"
	"sync"
	"testing"

	"github.com/jaegerkit/jaeger/internal/spin"
)

// guarded has parts that only agree where the lock keeps others out and shows all
// that was written under it.
type guarded struct {
	mu    spin.Lock
	a     int
	_     [64]byte // another cache line
	b     int
	chain []int
}

func (g *guarded) add(t *testing.T) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.a != g.b || len(g.chain) != g.a%64 {
		t.Errorf("got %d, %d and a list of %d", g.a, g.b, len(g.chain))
	}
	g.a++
	if g.chain = append(g.chain, g.a); len(g.chain) == 64 {
		g.chain = nil
	}
	g.b++
}

func TestLock(t *testing.T) {
	tests := []struct {
		name                 string
		procs, workers, each int
	}{
		{"one goroutine", 1, 1, 10_000},
		{"one processor", 1, 8, 2_000},
		{"two processors", 2, 2, 100_000},
		{"crowd", 4, 64, 2_000},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(test.procs))
			var g guarded
			var wg sync.WaitGroup
			for range test.workers {
				wg.Add(1)
				go func() {
					defer wg.Done()
					for range test.each {
						g.add(t)
					}
				}()
			}
			wg.Wait()
			if want := test.workers * test.each; g.a != want {
				t.Errorf("got %d turns, want %d", g.a, want)
			}
		})
	}
}

func BenchmarkLock(b *testing.B) {
	n := 0
	b.Run("spin", func(b *testing.B) {
		var l spin.Lock
		for i := 0; i < b.N; i++ {
			l.Lock()
			n++
			l.Unlock()
		}
	})
	b.Run("sync.Mutex", func(b *testing.B) {
		var l sync.Mutex
		for i := 0; i < b.N; i++ {
			l.Lock()
			n++
			l.Unlock()
		}
	})
}
