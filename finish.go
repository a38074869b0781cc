// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"math"
	"time"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger/internal/wire"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

// Finish ends the span and hands its record to the reporter. A second Finish
// does nothing.
func (s *Span) Finish() {
	if s.data.State().Idle() {
		s.finishUnsampled()
		return
	}
	if r := s.end(time.Time{}, nil); r != nil {
		s.tracer.reporter.Report(r)
	}
}

// FinishWithOptions is Finish with the end time and further logs given by the
// caller. An end before the start counts as a duration of 0.
func (s *Span) FinishWithOptions(o opentracing.FinishOptions) {
	if r := s.end(o.FinishTime, &o); r != nil {
		s.tracer.reporter.Report(r)
	}
}

// end returns the record of a span that nobody finished before, if it is to be
// reported.
func (s *Span) end(end time.Time, o *opentracing.FinishOptions) *model.Span {
	state := s.data.State()
	if state.Watched() {
		end = s.observeFinish(end, o)
		state = s.data.State()
	}
	if !state.Recording() || s.tracer.disabled {
		s.finishUnsampled()
		return nil
	}
	s.mu.Lock()
	r := s.packing()
	if r != nil {
		s.record = &gone
	}
	name := s.operation()
	s.mu.Unlock()
	if r == nil { // finished already
		if o != nil && len(o.LogRecords)+len(o.BulkLogData) > 0 {
			s.countLate()
		}
		return nil
	}

	// Nobody else reaches the record from here on.
	r.Operation = name
	r.Flags = s.data.Context().Flags()
	r.Duration = s.duration(r.Start, end)
	r.ArrangeLogs(s.tracer.limits.logs)
	if o != nil && len(o.LogRecords)+len(o.BulkLogData) > 0 {
		wire.Unpack(r)
		s.bulkLogs(r, o)
	}
	if state.Undecided() {
		wire.Unpack(r) // it may have been decided just before its record was made
		return s.happens(sampler.Finished, r.Duration, r)
	}
	s.count(finished)
	return r
}

// finishUnsampled takes no lock unless the span was recorded until someone set
// sampling.priority to 0, or a late decision was no.
func (s *Span) finishUnsampled() {
	if s.setState(finishedBare) {
		if s.tracer != nil && s.tracer.countBare {
			s.count(finishedUnsampled)
		}
		return
	}
	if s.state() != hadRecord {
		return
	}
	s.mu.Lock()
	r := s.record
	s.record = &gone
	s.mu.Unlock()
	if r != &gone {
		r.Release()
		s.count(stopped)
	}
}

// duration compares monotonic times where both ends are the library's own.
func (s *Span) duration(from int64, end time.Time) time.Duration {
	var d int64
	switch {
	case !end.IsZero():
		e := unixNano(end)
		if d = e - from; e > from && d < 0 {
			d = math.MaxInt64 // more than 292 years
		}
	case s.has(startWall):
		d = s.tracer.clock.wall() - from
	default:
		d = s.tracer.clock.mono() - s.start
	}
	return time.Duration(max(d, 0))
}

// bulkLogs adds the logs of FinishOptions, which are not limited in number.
func (s *Span) bulkLogs(r *model.Span, o *opentracing.FinishOptions) {
	for i := range o.LogRecords {
		rec := &o.LogRecords[i]
		f := s.tracer.fields(rec.Fields)
		r.AddLog(s.tracer.at(rec.Timestamp), f.tags...)
		s.tracer.release(f)
	}
	for i := range o.BulkLogData {
		data := &o.BulkLogData[i]
		f := s.tracer.fields(data.ToLogRecord().Fields)
		r.AddLog(s.tracer.at(data.Timestamp), f.tags...)
		s.tracer.release(f)
	}
}
