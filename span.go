// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"sync/atomic"
	"time"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger/internal/spin"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

// Span implements opentracing.Span. Callers hold a Span for as long as they
// like; what it records lives apart, in a model.Span that leaves with Finish.
// The zero Span records nothing.
//
// The fields are laid out to take 128 bytes, a size class of the allocator.
type Span struct {
	tracer *Tracer
	data   model.ContextData    // the context, until baggage is set
	more   atomic.Pointer[more] // what few spans have, else nil

	state     uint32 // see below; atomic once the span is handed out
	startWall bool   // start was given by the caller as Unix time
	traits    trait  // written before the span is handed out
	overflow  uint16 // logs refused because their memory was used up; guarded by mu
	start     int64

	// mu guards what is below. An unsampled span never takes it but to change
	// its name or baggage.
	mu        spin.Lock
	operation string
	record    *model.Span // nil while unsampled, &gone after Finish
	logs      uint32      // logs taken, those overwritten since included
	logBytes  uint32      // memory of these
}

// more is never changed once it is reached through a span.
type more struct {
	context *model.ContextData // with baggage set here, else nil
	watch   *watch             // its observers, else nil
}

type trait uint8

const (
	follows    trait = 1 << iota // the parent is a FollowsFrom reference
	sharedSpan                   // the ids are those of the caller's span
)

// What Finish of an unsampled span needs to know without taking mu.
const (
	finishedBare = 1 // finished without ever having had a record
	hadRecord    = 2 // mu and record know the rest
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
	name = model.Truncate(name, maxNameLength)
	s.mu.Lock()
	lost := s.ended()
	if !lost {
		s.operation = name
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
	return s.operation
}

// StartTime returns when the span started, the zero time for a zero Span. Where
// very many spans are started, that of an unsampled one is up to a millisecond
// or so early.
func (s *Span) StartTime() time.Time {
	switch {
	case s.tracer == nil:
		return time.Time{}
	case s.startWall:
		return time.Unix(0, s.start)
	}
	return time.Unix(0, s.tracer.clock.wallAt(s.start))
}

// String returns the span's context as trace:span:parent:flags.
func (s *Span) String() string { return s.SpanContext().String() }

// gone stands for the record of a finished span. Nothing is written to it.
var gone model.Span

// recording returns the record to write to, nil where there is none. Called with
// mu held and only where the trace is sampled or undecided.
func (s *Span) recording() *model.Span {
	if r := s.record; r != nil && r != &gone {
		return r
	}
	return s.lateRecord()
}

// lateRecord makes the record of a span whose trace was forced after it started.
// Of its references it knows the parent only.
func (s *Span) lateRecord() *model.Span {
	if s.record == &gone || s.tracer == nil || !s.data.Sampled() || s.tracer.disabled || !s.setState(hadRecord) {
		return nil
	}
	s.record = s.newRecord()
	s.count(forced)
	sc := s.data.Context()
	if p := sc.ParentID(); p != 0 && s.traits&sharedSpan == 0 {
		ref := model.Reference{TraceID: sc.TraceID(), SpanID: p}
		if s.traits&follows != 0 {
			ref.Type = model.FollowsFrom
		}
		s.record.References = append(s.record.References, ref)
	}
	return s.record
}

// setState leaves the first state for another, and reports whether that is the
// state now.
func (s *Span) setState(to uint32) bool {
	return atomic.CompareAndSwapUint32(&s.state, 0, to) || atomic.LoadUint32(&s.state) == to
}

// ended reports whether Finish was called, recorded or not. Called with mu held,
// for calls that are rare.
func (s *Span) ended() bool {
	return s.record == &gone || atomic.LoadUint32(&s.state) == finishedBare
}

// newRecord takes over what was known at the start.
func (s *Span) newRecord() *model.Span {
	r := model.NewSpan()
	sc := s.data.Context()
	r.Process, r.TraceID, r.ID, r.ParentID = s.tracer.process, sc.TraceID(), sc.SpanID(), sc.ParentID()
	r.Shared, r.LocalRoot = s.traits&sharedSpan != 0, s.data.LocalRoot()
	r.Start = s.start
	if !s.startWall {
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
