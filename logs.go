// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"math"
	"slices"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/log"

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
	if s.tracer != nil {
		s.appendLog(at, s.tracer.fields(fields))
	}
}

// appendLog adds one event and gives f back.
func (s *Span) appendLog(at time.Time, f *fieldEncoder) {
	when := s.tracer.at(at)
	limit := s.tracer.limits.logs
	size, tags := f.size(), f.tags // a lazy logger that kept f must not change them under the lock
	s.mu.Lock()
	r := s.recording()
	switch {
	case r == nil:
	case uint64(s.logBytes)+size > maxLogBytes:
		if s.overflow < math.MaxUint16 {
			s.overflow++
		}
	default:
		s.logBytes += uint32(size)
		s.logs++
		if len(r.Logs) < limit {
			r.AddLog(when, tags...)
		} else {
			r.ReplaceLog(ringSlot(int(s.logs)-1, limit), when, tags...)
		}
	}
	s.mu.Unlock()
	s.tracer.release(f)
	if r == nil {
		s.countLate()
	}
}

// A span keeps its first logs and its newest: slots below firstLogs are written
// once, those behind are a ring.
func firstLogs(limit int) int { return (limit - 1) / 2 }

// ringSlot is where the n-th log (from 0) goes, for n at or above limit.
func ringSlot(n, limit int) int {
	first := firstLogs(limit)
	return first + (n-first)%(limit-first)
}

// arrangeLogs puts the ring in order of time. If logs were overwritten, the
// oldest of the ring gives its place to a log that says how many are missing,
// in the words of Jaeger's other clients. overflow is how many found the span's
// memory for logs used up; where only those are missing, the log stands last.
func arrangeLogs(r *model.Span, logs, overflow, limit int) {
	if logs <= limit {
		if overflow > 0 {
			at := r.Start
			if n := len(r.Logs); n > 0 {
				at = r.Logs[n-1].Time
			}
			r.AddLog(at, droppedLogs(overflow)...)
		}
		return
	}
	first := firstLogs(limit)
	ring := r.Logs[first:limit]
	rotateLeft(ring, (logs-first)%len(ring))
	r.ReplaceLog(first, ring[0].Time, droppedLogs(logs-limit+1+overflow)...)
}

func droppedLogs(n int) []model.Tag {
	return []model.Tag{
		model.String("event", "dropped Span logs"),
		model.Int64("dropped_log_count", int64(n)),
		model.String("component", "jaeger-client"),
	}
}

func rotateLeft(logs []model.Log, n int) {
	slices.Reverse(logs[:n])
	slices.Reverse(logs[n:])
	slices.Reverse(logs)
}
