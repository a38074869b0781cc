// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"runtime"
	"unsafe"

	"github.com/jaegerkit/jaeger/internal/proc"
	"github.com/jaegerkit/jaeger/model"
)

// Handles starts roots of traces in values of T, the type of a wrapper that embeds a
// Span, as the tracer makes its own: if they are small, several in one allocation of at
// most 1 KiB, for half of what as many of their own cost.
//
// As long as one of them is in use the memory of all is, and whatever they refer to. So
// it is for wrappers and spans that refer to no other span of the process. A T whose span has
// a parent here goes into memory of its own, see Tracer.StartSpanIn, and where there are
// Observers, which may keep what they like, each T is allocated for itself.
//
// Safe from any goroutine.
type Handles[T any] struct {
	tracer *Tracer
	span   func(*T) *Span
	within uintptr    // where in a T its Span is
	locals []apart[T] // one for each processor
}

// apart is ready on cache lines of its own.
type apart[T any] struct {
	ready[T]
	_ [128 - 3*unsafe.Sizeof(uintptr(0))]byte
}

// NewHandles makes an empty one, for spans of t. span returns the address of the Span
// that is embedded in a T. For a Span that is elsewhere each T is allocated for itself.
func NewHandles[T any](t *Tracer, span func(*T) *Span) *Handles[T] {
	if span == nil {
		span = func(*T) *Span { return nil }
	}
	h := &Handles[T]{tracer: t, span: span}
	one := new(T)
	if s := span(one); s != nil {
		h.within = uintptr(unsafe.Pointer(s)) - uintptr(unsafe.Pointer(one))
		if size := unsafe.Sizeof(*one); size >= unsafe.Sizeof(*s) && h.within <= size-unsafe.Sizeof(*s) {
			h.locals = make([]apart[T], len(t.counts.locals))
		}
	}
	return h
}

// StartSpan starts the root of a new trace in a T that is zero but for that.
func (h *Handles[T]) StartSpan(operation string) *T {
	t := h.tracer
	share := t.askedShare()
	mine, locals := h.locals, t.counts.locals
	p := proc.Pin()
	if t.odd || p >= len(mine) || p >= len(locals) {
		proc.Unpin()
		w := new(T)
		t.StartSpanIn(h.span(w), nil, operation)
		return w
	}
	if len(mine[p].some) == 0 {
		proc.Unpin()
		if p = h.refill(); p < 0 {
			return h.StartSpan(operation)
		}
	}
	w, l := mine[p].pop(), &locals[p]
	id := l.id()
	s := (*Span)(unsafe.Add(unsafe.Pointer(w), h.within))
	if id&idBits < share {
		proc.Unpin()
		s.beginRoot(t, nil, operation, id, share)
		s.data.Wrap()
		return w
	}
	n := proc.Count(&l.n[asRoot+unsampled])
	proc.Unpin()
	s.beginUnsampled(t, operation, id, n, model.Wrapped)
	return w
}

// refill makes some Ts and reserves an id for each, for the processor it returns, with
// the goroutine pinned to it; -1, and nothing is pinned, where there is none.
func (h *Handles[T]) refill() (p int) {
	some := several[T]()
	if p = proc.Pin(); p >= len(h.locals) {
		proc.Unpin()
		return -1
	}
	h.locals[p].some = some
	h.tracer.counts.locals[p].reserve(len(some))
	return p
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

// Chunks are as many bytes as are allocated at once: the most that the allocator takes
// without a header of its own, or where less than six fit in that, the most of the
// next size that is common, with one.
const chunk, largeChunk = 512, 1024 - 8

// several makes as many Ts as fit in a chunk.
func several[T any]() []T {
	var t T
	n := chunk / max(1, unsafe.Sizeof(t))
	if n < 6 {
		n = largeChunk / max(1, unsafe.Sizeof(t))
	}
	return make([]T, max(1, n))
}

// processors is how many there may be, as far as can be known ahead.
func processors() int { return max(runtime.GOMAXPROCS(0), runtime.NumCPU()) }
