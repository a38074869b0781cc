// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"sync"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/log"

	house "github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
)

// Span implements opentracing.Span. The zero Span and a nil one record nothing.
//
// Its lock is the program's own to use: no method takes it. It takes 104 bytes, of
// which nine are an allocation, so it is none for runtime.SetFinalizer, which wants
// the beginning of one and ends the program else; runtime.AddCleanup does.
type Span struct {
	span house.Span
	sync.RWMutex
	state *spanState // nil where nobody but the library behind is told of the span
}

// branch is a Span that may have a parent, with memory for what it has from there.
type branch struct {
	Span
	lineage model.Lineage
}

var _ opentracing.Span = (*Span)(nil)

// slow reports whether the span is kept and told about on this side.
func (s *Span) slow() bool { return s.state != nil }

// SetOperationName renames the span.
func (s *Span) SetOperationName(operationName string) opentracing.Span {
	switch {
	case s == nil:
	case s.slow():
		s.rename(operationName)
	default:
		s.span.SetOperationName(operationName)
	}
	return s
}

// SetTag sets a tag, see the package github.com/jaegerkit/jaeger for what
// becomes of its value. sampling.priority forces the decision for the trace.
func (s *Span) SetTag(key string, value interface{}) opentracing.Span {
	// The usual span goes through without a call; the others by one that is the last
	// thing done, so that nothing is kept across it.
	if s != nil && len(key) != len(priorityTag) && s.state == nil && s.span.Idle() {
		return s
	}
	return s.setTag(key, value)
}

// setTag is SetTag for a span that is recorded, or a key that may be sampling.priority.
func (s *Span) setTag(key string, value interface{}) *Span {
	switch {
	case s == nil:
	case s.slow():
		s.tag(key, value, true)
	default:
		s.span.SetTag(key, value)
	}
	return s
}

// LogFields records a timed event.
func (s *Span) LogFields(fields ...log.Field) {
	if s != nil {
		s.span.LogFields(fields...)
		if s.slow() {
			s.keepLog(opentracing.LogRecord{Fields: fields})
		}
	}
}

// LogKV is LogFields with keys and values alternating.
func (s *Span) LogKV(alternatingKeyValues ...interface{}) {
	if s != nil {
		s.span.LogKV(alternatingKeyValues...)
		if s.slow() && s.recording() {
			fields, err := log.InterleavedKVToFields(alternatingKeyValues...)
			if err != nil {
				fields = []log.Field{log.Error(err), log.String("function", "LogKV")}
			}
			s.keepLog(opentracing.LogRecord{Fields: fields})
		}
	}
}

// LogEvent records an event by name.
//
// Deprecated: use LogFields or LogKV.
func (s *Span) LogEvent(event string) { s.Log(opentracing.LogData{Event: event}) }

// LogEventWithPayload records an event with a payload.
//
// Deprecated: use LogFields or LogKV.
func (s *Span) LogEventWithPayload(event string, payload interface{}) {
	s.Log(opentracing.LogData{Event: event, Payload: payload})
}

// Log records an event with a payload and a time.
//
// Deprecated: use LogFields or LogKV.
func (s *Span) Log(ld opentracing.LogData) {
	if s != nil {
		s.span.Log(ld)
		if s.slow() && s.recording() {
			s.keepLog(ld.ToLogRecord())
		}
	}
}

// SetBaggageItem sets a value that travels with the trace; an empty value
// removes it.
func (s *Span) SetBaggageItem(key, value string) opentracing.Span {
	if s != nil {
		s.span.SetBaggageItem(key, value)
		if s.slow() {
			s.keepBaggageLog()
		}
	}
	return s
}

// BaggageItem returns the value carried under key.
func (s *Span) BaggageItem(key string) string {
	if s == nil {
		return ""
	}
	return s.span.BaggageItem(key)
}

// Finish ends the span and has it reported. A second Finish does nothing.
func (s *Span) Finish() {
	switch {
	case s == nil:
	case s.slow():
		s.end(opentracing.FinishOptions{})
	default:
		s.span.Finish()
	}
}

// FinishWithOptions is Finish with the end time and further logs given.
func (s *Span) FinishWithOptions(options opentracing.FinishOptions) {
	switch {
	case s == nil:
	case s.slow():
		s.end(options)
	default:
		s.span.FinishWithOptions(options)
	}
}

// Context returns the span's context, a SpanContext.
func (s *Span) Context() opentracing.SpanContext { return s.SpanContext() }

// SpanContext is Context with its own type.
func (s *Span) SpanContext() SpanContext {
	switch {
	case s == nil:
		return SpanContext{}
	case s.slow() && s.state.revived:
		return s.state.context
	}
	return SpanContext{s.span.SpanContext()}
}

// Tracer returns the tracer that started the span.
func (s *Span) Tracer() opentracing.Tracer {
	if s != nil {
		if t := s.tracer(); t != nil {
			return t
		}
	}
	return opentracing.NoopTracer{}
}

// tracer is Tracer with its own type, nil for the zero Span.
func (s *Span) tracer() *Tracer {
	if s.state != nil {
		return s.state.tracer
	}
	if behind, ok := s.span.Tracer().(*house.Tracer); ok {
		t, _ := behind.Owner().(*Tracer)
		return t
	}
	return nil
}

// StartTime returns when the span started.
func (s *Span) StartTime() time.Time {
	switch {
	case s == nil:
		return time.Time{}
	case s.slow() && s.state.revived:
		return s.state.record.StartTime()
	}
	return s.span.StartTime()
}

// OperationName returns the name as it stands.
func (s *Span) OperationName() string {
	switch {
	case s == nil:
		return ""
	case s.slow() && s.state.revived:
		return s.state.record.Operation
	}
	return s.span.OperationName()
}

// String returns the span's context as trace:span:parent:flags.
func (s *Span) String() string { return s.SpanContext().String() }

// Retain returns the span. Spans are not pooled, so there is nothing to hold.
func (s *Span) Retain() *Span { return s }

// Release does nothing, see Retain.
func (s *Span) Release() {}

// EnableFirehose asks Jaeger to store the span's trace without an index.
func EnableFirehose(s *Span) {
	if s != nil {
		s.span.SetFirehose()
	}
}
