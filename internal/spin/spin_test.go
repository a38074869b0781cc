// SPDX-License-Identifier: Apache-2.0

package spin_test

import (
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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

// Nobody gets a lock that is held, however long that is.
func TestLockHeldLong(t *testing.T) {
	for _, procs := range []int{1, 2} {
		t.Run(strconv.Itoa(procs), func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			var l spin.Lock
			var got atomic.Int32
			var wg sync.WaitGroup
			l.Lock()
			for range 3 {
				wg.Add(1)
				go func() {
					defer wg.Done()
					l.Lock()
					got.Add(1)
					l.Unlock()
				}()
			}
			for range 1000 {
				runtime.Gosched()
			}
			if n := got.Load(); n != 0 {
				t.Errorf("%d took a lock that was held", n)
			}
			l.Unlock()
			wg.Wait()
		})
	}
}

// Who wants the lock now and then gets it beside those who take it again and
// again and hold it nearly all the time.
func TestNobodyIsPassedByForEver(t *testing.T) {
	const turns, patience = 10, time.Minute
	for _, test := range []struct{ procs, hogs, held int }{
		{1, 1, 100}, {1, 1, 20_000}, {1, 8, 100}, {2, 1, 20_000}, {2, 4, 1000}, {2, 300, 10}, {4, 8, 5000},
	} {
		t.Run(fmt.Sprintf("%+v", test), func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(test.procs))
			var l spin.Lock
			var stop atomic.Bool
			var taken atomic.Int64 // by the hogs
			var wg sync.WaitGroup
			defer wg.Wait()
			defer stop.Store(true)
			work := 0
			busy := make(chan struct{}, test.hogs)
			for range test.hogs {
				wg.Add(1)
				go func() {
					defer wg.Done()
					for n := 0; !stop.Load(); n++ {
						l.Lock()
						for range test.held {
							work++
						}
						l.Unlock()
						taken.Add(1)
						if n == 0 {
							busy <- struct{}{}
						}
					}
				}()
			}
			for range test.hogs {
				<-busy
			}
			served := make(chan struct{}, turns)
			wg.Add(1)
			go func() {
				defer wg.Done()
				runtime.LockOSThread()
				defer runtime.UnlockOSThread()
				for i := 0; i < turns && !stop.Load(); i++ {
					for n := taken.Load(); taken.Load() < n+100 && !stop.Load(); { // all are at it again
						runtime.Gosched()
					}
					l.Lock()
					work++
					l.Unlock()
					served <- struct{}{}
				}
			}()
			late := time.After(patience)
			for i := range turns {
				select {
				case <-served:
				case <-late:
					stop.Store(true)
					t.Fatalf("%d of %d turns after %v", i, turns, patience)
				}
			}
		})
	}
}

// Written out for each lock: called through an interface neither is inlined.
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
