// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"time"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger/model"
)

// SetBaggageItem sets a value that travels with the trace, in this process and
// the ones behind it; an empty value removes it. Contexts taken from the span
// before keep what they had. Values are cut to 2048 bytes and a span carries at
// most 180 items; the change, its truncation or refusal is logged on a sampled
// span. After Finish nothing changes.
func (s *Span) SetBaggageItem(key, value string) opentracing.Span {
	cut := len(value) > maxBaggageValue
	if cut {
		value = model.Truncate(value, maxBaggageValue)
	}
	s.mu.Lock()
	if s.ended() {
		s.mu.Unlock()
		s.countLate()
		return s
	}
	sc := s.SpanContext()
	old := sc.BaggageItem(key)
	refused := len(key) > maxNameLength || old == "" && value != "" && sc.BaggageLen() >= maxBaggageItems
	if !refused {
		s.moved.Store(sc.WithBaggageItem(key, value).Data())
	}
	s.mu.Unlock()

	if s.data.Sampled() && s.tracer != nil {
		f := s.tracer.fields(nil)
		f.EmitString("event", "baggage")
		f.EmitString("key", key)
		f.EmitString("value", value)
		for _, note := range [...]struct {
			key string
			is  bool
		}{{"override", old != "" && !refused}, {"truncated", cut}, {"invalid", refused}} {
			if note.is {
				f.EmitString(note.key, "true")
			}
		}
		s.appendLog(time.Time{}, f)
	}
	return s
}

// BaggageItem returns the value carried under key, "" without one.
func (s *Span) BaggageItem(key string) string { return s.SpanContext().BaggageItem(key) }
