// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger/internal/wire"
	"github.com/jaegerkit/jaeger/model"
)

// LogFields records a timed event. Values are converted and limited as in
// SetTag, with the limit for logs.
func (s *Span) LogFields(fields ...log.Field) {
	if s.data.Recording() {
		s.addLog(time.Time{}, fields)
	}
}

// LogKV is LogFields with keys and values alternating. An odd number of them or
// a key that is not a string is recorded as an error in the log's place.
func (s *Span) LogKV(alternatingKeyValues ...any) {
	if s.data.Recording() && s.tracer != nil {
		f := s.tracer.keyValues(alternatingKeyValues)
		s.appendLog(time.Time{}, f)
	}
}

// LogEvent records an event by name.
//
// Deprecated: use LogFields or LogKV.
func (s *Span) LogEvent(event string) { s.Log(opentracing.LogData{Event: event}) }

// LogEventWithPayload records an event with a payload.
//
// Deprecated: use LogFields or LogKV.
func (s *Span) LogEventWithPayload(event string, payload any) {
	s.Log(opentracing.LogData{Event: event, Payload: payload})
}

// Log records an event with a payload and a time.
//
// Deprecated: use LogFields or LogKV.
func (s *Span) Log(data opentracing.LogData) {
	if s.data.Recording() {
		s.addLog(data.Timestamp, data.ToLogRecord().Fields)
	}
}

func (s *Span) addLog(at time.Time, fields []log.Field) {
	t := s.tracer
	if t == nil {
		return
	}
	if size, ok := plainSize(fields, t.limits.logValue); ok {
		s.addPlainLog(t.at(at), size, plain(fields))
		return
	}
	s.appendLog(at, t.fields(fields))
}

// addPlainLog adds one event whose fields are plain.
func (s *Span) addPlainLog(when int64, size uint64, fields []plainField) {
	limit := s.tracer.limits.logs
	s.mu.Lock()
	r := s.packing()
	if r != nil {
		if p := r.Packed(); !p.On || p.LogCount >= limit || !packPlainLog(p, when, size, fields) {
			wire.Unpack(r)
			if tags, ok := r.ReserveLog(limit, size, when, len(fields)); ok {
				for i := range fields {
					fields[i].put(&tags[i])
				}
			}
		}
	}
	s.mu.Unlock()
	if r == nil {
		s.countLate()
	}
}

// packPlainLog reports false where the record has to be unpacked.
func packPlainLog(p *model.Packed, when int64, size uint64, fields []plainField) bool {
	at := wire.BeginLog(p, when, len(fields), size)
	if at < 0 {
		return false
	}
	for i := range fields {
		if at = fields[i].pack(p.Logs, at); at < 0 {
			return false
		}
	}
	wire.EndLog(p, at)
	return true
}

// appendLog adds one event and gives f back.
func (s *Span) appendLog(at time.Time, f *fieldEncoder) {
	t := s.tracer
	when := t.at(at)
	size, tags := f.size(), f.tags // a lazy logger that kept f must not change them under the lock
	s.mu.Lock()
	r := s.packing()
	if r != nil {
		if p := r.Packed(); !p.On || p.LogCount >= t.limits.logs || !packLog(p, when, size, tags) {
			wire.Unpack(r)
			r.TakeLog(t.limits.logs, size, when, tags...)
		}
	}
	s.mu.Unlock()
	t.release(f)
	if r == nil {
		s.countLate()
	}
}

// packLog is packPlainLog for fields of any type.
func packLog(p *model.Packed, when int64, size uint64, fields []model.Tag) bool {
	at := wire.BeginLog(p, when, len(fields), size)
	if at < 0 {
		return false
	}
	for i := range fields {
		if at = wire.PutTag(p.Logs, at, &fields[i]); at < 0 {
			return false
		}
	}
	wire.EndLog(p, at)
	return true
}
