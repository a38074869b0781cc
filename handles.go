// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"runtime"
	"unsafe"

	"github.com/jaegerkit/jaeger/internal/proc"
)

// Handles makes values of T, the type of a wrapper that embeds a Span for
// StartSpanIn, as the tracer makes its own spans: several in one allocation of at
// most 512 bytes, for a third less than as many of their own.
//
// As long as one of them is in use the memory of all is, and whatever they refer
// to. So it is for spans that refer to no other span of the process: those that are
// started without a parent here, and without an Observer. Others are made with new.
//
// Safe from any goroutine; the zero Handles makes each T with new.
type Handles[T any] struct{ locals []apart[T] }

// apart is ready on cache lines of its own.
type apart[T any] struct {
	ready[T]
	_ [128 - 3*unsafe.Sizeof(uintptr(0))]byte
}

// NewHandles makes an empty one.
func NewHandles[T any]() *Handles[T] {
	if !proc.Local {
		return &Handles[T]{}
	}
	return &Handles[T]{make([]apart[T], processors())}
}

// Take returns a zero T.
func (h *Handles[T]) Take() *T {
	locals := h.locals
	p := proc.Pin()
	if p >= len(locals) {
		proc.Unpin()
		return new(T)
	}
	r := &locals[p]
	if len(r.some) == 0 {
		proc.Unpin()
		return h.refill()
	}
	t := r.pop()
	proc.Unpin()
	return t
}

// refill makes some Ts, keeps all but one for whichever processor it is now, and
// returns that one.
func (h *Handles[T]) refill() *T {
	some := several[T]()
	if p := proc.Pin(); p < len(h.locals) {
		h.locals[p].some = some[1:]
	}
	proc.Unpin()
	return &some[0]
}

// ready are the Ts made ahead for one processor.
type ready[T any] struct{ some []T }

// pop takes one where there is one. The goroutine is pinned.
func (r *ready[T]) pop() *T {
	last := len(r.some) - 1
	t := &r.some[last]
	r.some = r.some[:last]
	return t
}

// chunk is how many bytes are allocated at once: the most that the allocator takes
// without a header of its own.
const chunk = 512

// several makes as many Ts as fit in a chunk.
func several[T any]() []T {
	var t T
	return make([]T, max(1, chunk/max(1, unsafe.Sizeof(t))))
}

// processors is how many there may be, as far as can be known ahead.
func processors() int { return max(runtime.GOMAXPROCS(0), runtime.NumCPU()) }
