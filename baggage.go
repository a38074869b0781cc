// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"time"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger/model"
)

// SetBaggageItem sets a value that travels with the trace, in this process and
// the ones behind it; an empty value removes it. Contexts taken from the span
// before keep what they had. Values are cut to 2048 bytes, or to what the
// tracer's restrictor says, and a span carries at most 180 items; the change,
// its truncation or refusal is counted, and logged on a recorded span. After
// Finish nothing changes.
func (s *Span) SetBaggageItem(key, value string) opentracing.Span {
	allowed, limit := s.restriction(key)
	cut := len(value) > limit
	if cut {
		value = model.Truncate(value, limit)
	}
	s.mu.Lock()
	if s.ended() {
		s.mu.Unlock()
		s.countLate()
		return s
	}
	sc := s.SpanContext()
	old := sc.BaggageItem(key)
	refused := !allowed || len(key) > maxNameLength || old == "" && value != "" && sc.BaggageLen() >= maxBaggageItems
	if !refused {
		m := &more{context: sc.WithBaggageItem(key, value).Data()}
		if before := s.more.Load(); before != nil {
			m.watch = before.watch
		}
		s.more.Store(m)
	}
	s.mu.Unlock()
	if s.tracer == nil {
		return s
	}

	s.tracer.counts.baggage(refused, cut)
	if s.data.Recording() {
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

// restriction asks the tracer's restrictor, without a lock held. One that panics
// has refused, and a length that is none means the usual one.
func (s *Span) restriction(key string) (allowed bool, limit int) {
	if s.tracer == nil || s.tracer.restrictor == nil {
		return true, maxBaggageValue
	}
	defer func() {
		if recover() != nil {
			allowed, limit = false, maxBaggageValue
		}
	}()
	allowed, limit = s.tracer.restrictor.Restriction(key)
	if limit < 1 {
		limit = maxBaggageValue
	}
	return allowed, min(limit, max(maxBaggagePair-len(key), 1))
}

// BaggageItem returns the value carried under key, "" without one.
func (s *Span) BaggageItem(key string) string { return s.SpanContext().BaggageItem(key) }
