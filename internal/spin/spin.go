// SPDX-License-Identifier: Apache-2.0

// Package spin has a lock for memory that hardly ever two goroutines want at
// once: a span, which costs seven turns of its lock when it gets five tags and a
// log.
//
//	var l spin.Lock
//	l.Lock()
//	tags = append(tags, tag)
//	l.Unlock()
//
// What it promises: the exclusion and the ordering of memory of a sync.Mutex, at
// half of its price where nobody waits (BenchmarkLock), and its
// fairness where somebody does: who waits is not passed by for ever. The first in
// the line yields its processor until the lock is free, those behind it sleep; so
// whoever holds the lock may allocate, but must not wait for anything else, least
// of all for another Lock, and must call no code that is not known.
package spin

import (
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Lock is free in its zero value and must not be copied.
//
// Taking it is one compare-and-swap. Freeing it is a plain store where the
// processor keeps stores in order: a sync.Mutex needs a second locked
// instruction there, to learn whether someone waits. Here who waits finds out.
type Lock struct {
	taken   uint32
	waiting uint32 // someone has first claim to the lock
}

// Lock returns when the caller has the lock.
func (l *Lock) Lock() {
	if atomic.LoadUint32(&l.waiting) != 0 || !atomic.CompareAndSwapUint32(&l.taken, 0, 1) {
		l.wait()
	}
}

// Unlock frees a lock that the caller has.
func (l *Lock) Unlock() { release(&l.taken) }

// looks is how often a goroutine looks for the lock before it stands in line:
// another processor may be about to free it.
const looks = 32

// lines are where goroutines stand, each line for a share of all locks. A
// sync.Mutex has them in order, and hands itself over to who waits for long.
var lines [64]struct {
	sync.Mutex
	_ [64 - unsafe.Sizeof(sync.Mutex{})]byte // a cache line each
}

// wait is Lock where it is not free. Newcomers stand in line too as long as the
// first there is waiting.
func (l *Lock) wait() {
	for range looks {
		if atomic.LoadUint32(&l.waiting)|atomic.LoadUint32(&l.taken) == 0 && atomic.CompareAndSwapUint32(&l.taken, 0, 1) {
			return
		}
	}
	line := &lines[uintptr(unsafe.Pointer(l))/unsafe.Sizeof(*l)*0x9e3779b1>>8%uintptr(len(lines))]
	line.Lock()
	defer line.Unlock()
	atomic.StoreUint32(&l.waiting, 1)
	for !atomic.CompareAndSwapUint32(&l.taken, 0, 1) {
		runtime.Gosched()
	}
	atomic.StoreUint32(&l.waiting, 0)
}
