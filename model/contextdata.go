// SPDX-License-Identifier: Apache-2.0

package model

import "sync/atomic"

// ContextData is the memory behind a SpanContext. A tracer embeds one in each
// of its spans and hands out contexts that point into it, which is why
// Context() costs nothing. Nobody else needs it. The zero ContextData is that of no
// trace.
//
// Once Context has been called the data must not be initialised again.
//
// It holds what the root of a trace has, which is 24 bytes, so that a handle with
// nothing else in it is small; the rest is its Lineage.
type ContextData struct {
	low     uint64   // half of the trace's id, and the id of its root
	lineage *Lineage // nil for the root of a new trace with an id of 64 bits and no baggage
	own     Sampling // of remote contexts and local roots

	// Mark is no part of the context but free for whoever embeds it.
	Mark uint32
}

// Lineage is what a context has from elsewhere. Whoever allocates a ContextData may
// allocate one beside it for Init, which else does it where there is a need.
type Lineage struct {
	high     uint64
	spanID   SpanID
	parentID SpanID
	extra    *contextExtra // nil for most contexts; immutable and shared by descendants
	sampling *Sampling     // of the local root, which may be the context's own
}

// apart is the memory of a context that is no span's.
type apart struct {
	ContextData
	lineage Lineage
}

type contextExtra struct {
	baggage    []BaggageItem
	debugID    string
	traceState string
	extension  any
}

// newExtra allocates only what is not empty.
func newExtra(e contextExtra) *contextExtra {
	if len(e.baggage) == 0 && e.debugID == "" && e.traceState == "" && e.extension == nil {
		return nil
	}
	kept := e // so that an empty one does not escape
	return &kept
}

// InitRoot makes d the first local span of a trace, with a sampling state of
// its own. Baggage is inherited from parent, which may be the zero context. l is for
// what goes there, or nil.
func (d *ContextData) InitRoot(t TraceID, s, parentID SpanID, f Flags, parent SpanContext, l *Lineage) {
	d.low, d.own.bits = t.Low, uint32(f)|madeBit
	extra := inherited(parent)
	if t.High == 0 && uint64(s) == t.Low && parentID == 0 && extra == nil {
		return
	}
	if l == nil {
		l = new(Lineage)
	}
	l.high, l.spanID, l.parentID, l.extra, l.sampling = t.High, s, parentID, extra, &d.own
	d.lineage = l
}

// InitUnsampled makes d, which must be zero, the root of a new trace that is not
// sampled. It is InitRoot small enough to become part of its caller. wrap is 0 or Wrapped,
// which spares a Wrap and its locked instruction.
func (d *ContextData) InitUnsampled(low uint64, wrap State) {
	d.low, d.own.bits = low, madeBit|uint32(wrap)
}

// InitChild makes d a child of parent, which must be valid and local: ids come
// from it and the sampling state is shared with it. l is as in InitRoot.
func (d *ContextData) InitChild(s SpanID, parent SpanContext, l *Lineage) {
	if l == nil {
		l = new(Lineage)
	}
	p := parent.d
	d.low, d.lineage = p.low, l
	l.high, l.spanID, l.parentID, l.extra, l.sampling = p.high(), s, parent.SpanID(), inherited(parent), p.sampling()
}

// InitSelf gives d the identity, flags and baggage of c itself, which must be
// valid. The sampling state of a local context is shared, that of a remote one
// copied.
func (d *ContextData) InitSelf(c SpanContext, l *Lineage) {
	if c.IsRemote() {
		d.InitRoot(c.TraceID(), c.SpanID(), c.ParentID(), c.Flags(), c, l)
		return
	}
	d.InitChild(c.SpanID(), c, l)
	d.lineage.parentID = c.ParentID()
}

// inherited is what the children of c share with it; a debug id has done its work
// by then.
func inherited(c SpanContext) *contextExtra {
	e := c.extra()
	if e == nil || e.debugID == "" {
		return e
	}
	return newExtra(contextExtra{baggage: e.baggage, traceState: e.traceState, extension: e.extension})
}

func (d *ContextData) high() uint64 {
	if l := d.lineage; l != nil {
		return l.high
	}
	return 0
}

// LocalRoot reports whether d is the first span of this process in its trace.
func (d *ContextData) LocalRoot() bool { return d.sampling() == &d.own }

// sampling is the state of the local root, nil before Init.
func (d *ContextData) sampling() *Sampling {
	switch {
	case d.lineage != nil:
		return d.lineage.sampling
	case d.State() == 0:
		return nil
	}
	return &d.own
}

// Wrap says that d is in memory of a wrapper's, which its trace's other local spans keep
// alive if d is the first of them. It is for whoever just made d.
func (d *ContextData) Wrap() {
	if d.LocalRoot() {
		atomic.OrUint32(&d.own.bits, wrappedBit)
	}
}

// Context returns the context stored in d.
func (d *ContextData) Context() SpanContext { return SpanContext{d} }

// Data returns the memory behind c, nil for the zero context; the tracer keeps
// it in an atomic pointer.
func (c SpanContext) Data() *ContextData { return c.d }

// Sampled reports whether the trace is recorded as of now; false before Init.
func (d *ContextData) Sampled() bool { return d.State().Sampled() }

// Recording reports whether spans of the trace need a record as of now: it is
// sampled, or may yet be.
func (d *ContextData) Recording() bool { return d.State().Recording() }

// State returns all of the sampling state in one reading; zero before Init.
func (d *ContextData) State() State {
	if l := d.lineage; l != nil {
		return State(atomic.LoadUint32(&l.sampling.bits))
	}
	return State(atomic.LoadUint32(&d.own.bits))
}

// State is one reading of a Sampling, for callers who ask it several things.
type State uint32

// Idle reports that spans of the trace need nothing done: not sampled, not
// undecided, not watched.
func (s State) Idle() bool { return s&(State(FlagSampled)|undecidedBit|watchedBit) == 0 }

// Sampled reports whether the trace is recorded.
func (s State) Sampled() bool { return s&State(FlagSampled) != 0 }

// PlainlySampled reports that the trace is recorded, and neither undecided nor watched nor
// wrapped.
func (s State) PlainlySampled() bool {
	return s&(State(FlagSampled)|undecidedBit|watchedBit|wrappedBit) == State(FlagSampled)
}

// Undecided reports whether the decision is still to be taken.
func (s State) Undecided() bool { return s&undecidedBit != 0 }

// Watched reports whether someone wants to know of the trace's spans even where
// they are not recorded.
func (s State) Watched() bool { return s&watchedBit != 0 }

// Recording is Sampled or Undecided.
func (s State) Recording() bool { return s&(State(FlagSampled)|undecidedBit) != 0 }

// Plain reports that the trace is neither undecided nor watched.
func (s State) Plain() bool { return s&(undecidedBit|watchedBit) == 0 }

// Sampling is the sampling state of a trace as this process sees it, shared by
// its local spans, so that a decision taken late reaches all of them. Safe from
// any goroutine.
type Sampling struct {
	// bits is atomic once the context is handed out. It is not an atomic.Uint32
	// because the first value can then be written without a locked instruction,
	// which would be a tenth of an unsampled span.
	bits uint32
}

// remoteBit marks the state of a context that came from elsewhere. A local span
// never shares such a state: spans started from one extracted context would
// otherwise write to each other's.
const remoteBit = 1 << 16

// undecidedBit marks a trace whose sampling decision is still to be taken: by
// the sampler of a local trace, or by the receiver of a remote context.
const undecidedBit = 1 << 17

// watchedBit marks a trace with spans that have observers. It stands here because
// this is the one word that every call on a span reads anyway.
const watchedBit = 1 << 18

// madeBit marks a state that was made: that of a zero ContextData is none.
const madeBit = 1 << 19

// wrappedBit marks a trace whose local root, and with it this state, is in memory of a
// wrapper's.
const wrappedBit = 1 << 20

// Wrapped is for InitUnsampled, see Wrap.
const Wrapped State = wrappedBit

// Flags returns the flags as they stand now.
func (s *Sampling) Flags() Flags {
	if s == nil {
		return 0
	}
	return Flags(atomic.LoadUint32(&s.bits))
}

// Undecided reports whether the decision is still to be taken.
func (s *Sampling) Undecided() bool {
	return s != nil && atomic.LoadUint32(&s.bits)&undecidedBit != 0
}

// Postpone makes the trace undecided. It is for whoever just made it and has not
// handed it out.
func (s *Sampling) Postpone() { s.bits |= undecidedBit }

// Settle takes the decision of an undecided trace and adds flags. It reports
// false, and changes nothing, where the decision was taken already.
func (s *Sampling) Settle(f Flags) bool {
	for {
		bits := atomic.LoadUint32(&s.bits)
		if bits&undecidedBit == 0 {
			return false
		}
		if atomic.CompareAndSwapUint32(&s.bits, bits, bits&^undecidedBit|uint32(f)) {
			return true
		}
	}
}

// Watch marks the trace as watched, for good.
func (s *Sampling) Watch() {
	if atomic.LoadUint32(&s.bits)&watchedBit == 0 {
		atomic.OrUint32(&s.bits, watchedBit)
	}
}

// Set adds flags.
func (s *Sampling) Set(f Flags) { atomic.OrUint32(&s.bits, uint32(f)) }

// Clear removes flags.
func (s *Sampling) Clear(f Flags) { atomic.AndUint32(&s.bits, ^uint32(f)) }
