// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"sync"
	"sync/atomic"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger/model"
)

// Span implements opentracing.Span. Callers hold a Span for as long as they
// like; what it records lives apart, in a model.Span that leaves with Finish.
// The zero Span records nothing.
type Span struct {
	tracer *Tracer
	data   model.ContextData                 // the context, until baggage is set
	moved  atomic.Pointer[model.ContextData] // the context with baggage set here, else nil

	finished  atomic.Bool
	startWall bool // start was given by the caller as Unix time
	start     int64

	// mu guards what is below. An unsampled span never takes it but to change
	// its name or baggage.
	mu        sync.Mutex
	operation string
	record    *model.Span // nil while unsampled and after Finish
	logs      int         // logs asked for, the dropped ones included
}

var _ opentracing.Span = (*Span)(nil)

// Context returns the span's context, a model.SpanContext. It does not allocate.
func (s *Span) Context() opentracing.SpanContext { return s.SpanContext() }

// SpanContext is Context with its own type.
func (s *Span) SpanContext() model.SpanContext {
	if d := s.moved.Load(); d != nil {
		return d.Context()
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
	s.operation = name
	lost := s.finished.Load()
	s.mu.Unlock()
	if lost {
		s.countLate()
	}
	return s
}

// OperationName returns the name as it stands.
func (s *Span) OperationName() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.operation
}

// String returns the span's context as trace:span:parent:flags.
func (s *Span) String() string { return s.SpanContext().String() }

// recording returns the record to write to, nil where there is none. A span
// whose trace was forced after it started gets its record here. Called with mu
// held and only where the trace is sampled.
func (s *Span) recording() *model.Span {
	if s.record == nil && s.tracer != nil && !s.tracer.disabled && !s.finished.Load() {
		s.record = s.newRecord()
		if p := s.data.Context().ParentID(); p != 0 {
			s.record.References = append(s.record.References, model.Reference{
				TraceID: s.data.Context().TraceID(), SpanID: p,
			})
		}
	}
	return s.record
}

// newRecord takes over what was known at the start.
func (s *Span) newRecord() *model.Span {
	r := model.NewSpan()
	sc := s.data.Context()
	r.Process, r.TraceID, r.ID, r.ParentID = s.tracer.process, sc.TraceID(), sc.SpanID(), sc.ParentID()
	r.Start = s.start
	if !s.startWall {
		r.Start = s.tracer.clock.wallAt(s.start)
	}
	return r
}

// countLate counts a call that came too late to be recorded. Only calls on a
// sampled span lose data.
func (s *Span) countLate() {
	if s.tracer != nil && !s.tracer.disabled && s.data.Sampled() {
		s.tracer.counts.of(s.data.Context().SpanID()).late.Add(1)
	}
}
