// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger/internal/spin"
	"github.com/jaegerkit/jaeger/internal/wire"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

// Span implements opentracing.Span. Callers hold a Span for as long as they
// like; what it records lives apart, in a model.Span that leaves with Finish.
// The zero Span records nothing.
//
// A Span may share its allocation with a few others (see Handles), so it is none for
// runtime.SetFinalizer, which wants the beginning of one and ends the program else.
// runtime.AddCleanup and weak pointers do, and hear of it when all of them are gone.
//
// It takes 72 bytes, of which seven are an allocation. What few spans have is reached
// through data and more.
type Span struct {
	tracer *Tracer
	data   model.ContextData    // the context, until baggage is set; its Mark has the traits
	more   atomic.Pointer[more] // what few spans have, else nil
	start  int64

	// mu guards what is below. An unsampled span never takes it but to change
	// its name or baggage.
	mu     spin.Lock
	name   *byte       // the operation's, with its length in data.Mark
	record *model.Span // nil while unsampled, &gone after Finish
}

// branch is a Span that has more to its context than the root of a trace, in one
// allocation.
type branch struct {
	Span
	lineage model.Lineage
}

// more is never changed once it is reached through a span.
type more struct {
	context *model.ContextData // with baggage set here, else nil
	watch   *watch             // its observers, else nil
}

// trait is one bit of data.Mark. The first two tell Finish of an unsampled span what
// it needs to know without taking mu: at most one of them is ever set, and the mark
// is atomic for that reason once the span is handed out. The others are written
// before.
type trait = uint32

const (
	finishedBare trait = 1 << iota // finished without ever having had a record
	hadRecord                      // mu and record know the rest
	startWall                      // start was given by the caller as Unix time
	follows                        // the parent is a FollowsFrom reference
	sharedSpan                     // the ids are those of the caller's span

	states = finishedBare | hadRecord

	nameShift = 16 // the upper half of the mark is the length of the name
)

var _ opentracing.Span = (*Span)(nil)

// Context returns the span's context, a model.SpanContext. It does not allocate.
func (s *Span) Context() opentracing.SpanContext { return s.SpanContext() }

// SpanContext is Context with its own type.
func (s *Span) SpanContext() model.SpanContext {
	if m := s.more.Load(); m != nil && m.context != nil {
		return m.context.Context()
	}
	return s.data.Context()
}

// Tracer returns the tracer that started the span.
func (s *Span) Tracer() opentracing.Tracer {
	if s.tracer == nil {
		return opentracing.NoopTracer{}
	}
	return s.tracer
}

// SetOperationName renames the span; at most 1024 bytes are kept.
func (s *Span) SetOperationName(name string) opentracing.Span {
	name = named(name)
	s.mu.Lock()
	lost := s.ended()
	if !lost {
		s.rename(name)
	}
	s.mu.Unlock()
	if lost {
		s.countLate()
	} else if !s.data.State().Plain() {
		s.toldName(name)
	}
	return s
}

// toldName tells of a new name the sampler of a trace that is undecided, and the
// span's observers.
func (s *Span) toldName(name string) {
	if s.tracer != nil && !s.tracer.disabled && s.data.State().Undecided() {
		s.happens(sampler.Named, 0, nil)
	}
	if w := s.watching(); w != nil {
		w.named(name)
	}
}

// OperationName returns the name as it stands.
func (s *Span) OperationName() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.operation()
}

// operation is the name, and is called with mu held, or by whoever makes the span.
func (s *Span) operation() string {
	return unsafe.String(s.name, atomic.LoadUint32(&s.data.Mark)>>nameShift)
}

// rename is called with mu held. Only a Finish may change the mark meanwhile.
func (s *Span) rename(name string) {
	s.name = unsafe.StringData(name)
	for {
		mark := atomic.LoadUint32(&s.data.Mark)
		if atomic.CompareAndSwapUint32(&s.data.Mark, mark, mark&(1<<nameShift-1)|uint32(len(name))<<nameShift) {
			return
		}
	}
}

// call gives a span that is being made its tracer and its name.
func (s *Span) call(t *Tracer, name string) {
	s.tracer, s.name = t, unsafe.StringData(name)
	s.data.Mark = uint32(len(name)) << nameShift
}

// named is the name that an operation is recorded under.
func named(operation string) string {
	if len(operation) > maxNameLength {
		return model.Truncate(operation, maxNameLength)
	}
	return operation
}

// StartTime returns when the span started, the zero time for a zero Span. Where
// very many spans are started, that of an unsampled one is up to a millisecond
// or so early.
func (s *Span) StartTime() time.Time {
	switch {
	case s.tracer == nil:
		return time.Time{}
	case s.has(startWall):
		return time.Unix(0, s.start)
	}
	return time.Unix(0, s.tracer.clock.wallAt(s.start))
}

// String returns the span's context as trace:span:parent:flags.
func (s *Span) String() string { return s.SpanContext().String() }

// gone stands for the record of a finished span. Nothing is written to it.
var gone model.Span

// recording returns the record to write to, nil where there is none, with its tags and
// logs to be read. Called with mu held and only where the trace is sampled or undecided.
func (s *Span) recording() *model.Span {
	r := s.packing()
	if r != nil {
		wire.Unpack(r)
	}
	return r
}

// packing is recording for whoever can do with tags and logs that are packed.
func (s *Span) packing() *model.Span {
	if r := s.record; r != nil && r != &gone {
		return r
	}
	return s.lateRecord()
}

// lateRecord makes the record of a span whose trace was forced after it started.
// Of its references it knows the parent only.
func (s *Span) lateRecord() *model.Span {
	if s.record == &gone || s.tracer == nil || !s.data.Sampled() || s.tracer.disabled || !s.setState(hadRecord) && s.state() != hadRecord {
		return nil
	}
	s.record = s.newRecord()
	s.count(forced)
	sc := s.data.Context()
	if p := sc.ParentID(); p != 0 && !s.has(sharedSpan) {
		ref := model.Reference{TraceID: sc.TraceID(), SpanID: p}
		if s.has(follows) {
			ref.Type = model.FollowsFrom
		}
		s.record.References = append(s.record.References, ref)
	}
	return s.record
}

// has reports whether the span has a trait that is set before it is handed out.
func (s *Span) has(t trait) bool { return atomic.LoadUint32(&s.data.Mark)&t != 0 }

// state returns finishedBare, hadRecord or 0, if it is neither yet.
func (s *Span) state() trait { return atomic.LoadUint32(&s.data.Mark) & states }

// setState gives a span that has no state yet one, and reports whether it did.
func (s *Span) setState(to trait) bool {
	for {
		mark := atomic.LoadUint32(&s.data.Mark)
		if mark&states != 0 {
			return false
		}
		if atomic.CompareAndSwapUint32(&s.data.Mark, mark, mark|to) {
			return true
		}
	}
}

// ended reports whether Finish was called, recorded or not. Called with mu held,
// for calls that are rare.
func (s *Span) ended() bool { return s.record == &gone || s.state() == finishedBare }

// newRecord takes over what was known at the start.
func (s *Span) newRecord() *model.Span {
	r := model.NewSpan()
	sc := s.data.Context()
	r.Process, r.TraceID, r.ID, r.ParentID = s.tracer.process, sc.TraceID(), sc.SpanID(), sc.ParentID()
	r.Shared, r.LocalRoot = s.has(sharedSpan), s.data.LocalRoot()
	if state := s.data.State(); s.tracer.packs && state.Sampled() && state.Plain() {
		r.Pack()
	}
	r.Start = s.start
	if !s.has(startWall) {
		r.Start = s.tracer.clock.wallAt(s.start)
	}
	return r
}

// countLate counts a call that came too late to be recorded. Only calls on a
// recorded span lose data.
func (s *Span) countLate() {
	if s.tracer != nil && !s.tracer.disabled && s.data.Recording() {
		s.count(late)
	}
}

func (s *Span) count(e event) uint64 { return s.tracer.counts.add(s.data.Context().SpanID(), e) }
