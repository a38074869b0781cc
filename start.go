// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger/internal/proc"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

const debugIDTag = "jaeger-debug-id"

// StartSpan starts a span. Its parent is the first valid ChildOf reference,
// else the first valid FollowsFrom; without one a new trace begins, which
// carries the baggage and the debug id of a reference that has no ids. Nil
// contexts are passed over, and those of other tracers, but for types that wrap
// one of this package's and have a method
//
//	JaegerContext() model.SpanContext
//
// A parent from another process that left the sampling decision open has the
// sampler asked, with the trace's id.
func (t *Tracer) StartSpan(operation string, opts ...opentracing.StartSpanOption) opentracing.Span {
	if len(opts) > 0 || t.observers != nil {
		return t.startWith(operation, opts)
	}
	var l *local
	locals := t.counts.locals
	if p := proc.Pin(); p < len(locals) && len(locals[p].handles.some) > 0 {
		l = &locals[p]
	} else {
		proc.Unpin()
		if l = t.counts.refill(); l == nil {
			s := &Span{}
			s.beginRoot(t, operation, randomID())
			return s
		}
	}
	s, id := l.handles.pop(), l.id()
	if id&idBits < t.share {
		proc.Unpin()
		s.beginRoot(t, operation, id)
		return s
	}
	n := proc.Count(&l.n[asRoot+unsampled])
	proc.Unpin()
	s.beginUnsampled(t, operation, id, n)
	return s
}

// beginRoot makes s the root of a trace that nothing is known of.
func (s *Span) beginRoot(t *Tracer, operation string, id uint64) {
	s.tracer, s.operation = t, named(operation)
	s.beginTrace(t.idOr(id), model.SpanContext{})
}

// beginUnsampled makes s the root of a trace that was counted as unsampled, the n-th
// in its place.
func (s *Span) beginUnsampled(t *Tracer, operation string, id, n uint64) {
	s.tracer, s.operation = t, named(operation)
	s.data.InitUnsampled(t.traceID(id), model.SpanID(id))
	s.start = t.clock.start(n)
}

func named(operation string) string {
	if len(operation) > maxNameLength {
		return model.Truncate(operation, maxNameLength)
	}
	return operation
}

// startWith is StartSpan where there is more to look at. A span that refers to
// others of this process, by its parent or by what an observer keeps, has memory of
// its own.
func (t *Tracer) startWith(operation string, opts []opentracing.StartSpanOption) *Span {
	var r request
	r.read(opts)
	if t.observers != nil || r.parent.IsValid() && !r.parent.IsRemote() {
		s := &Span{}
		s.begin(t, operation, opts, &r, randomID())
		return s
	}
	s, id := t.counts.take()
	s.begin(t, operation, opts, &r, id)
	return s
}

// begin makes s, which is zero, a span. It may have the id, unless the program has a
// source of its own.
func (s *Span) begin(t *Tracer, operation string, opts []opentracing.StartSpanOption, r *request, id uint64) {
	s.tracer, s.operation = t, named(operation)
	if !r.start.IsZero() {
		s.start, s.startWall = unixNano(r.start), true
	}
	told := opts
	if r.other != nil {
		told = []opentracing.StartSpanOption{opentracing.Tags(r.other.Tags)}
	}
	switch {
	case !r.parent.IsValid():
		s.beginTrace(t.idOr(id), r.carried)
	case r.parentType == selfRef:
		s.beginSelf(r.parent)
	case r.parent.IsRemote():
		s.joinTrace(r.parent, told, id)
	default:
		s.data.InitChild(model.SpanID(t.idOr(id)), r.parent)
		s.began(asChild, nil)
	}
	if r.parentType == model.FollowsFrom {
		s.traits |= follows
	}
	if len(told) > 0 {
		s.startPriority(told)
	}
	if s.record != nil {
		r.references(told, s.record)
		s.startTags(told)
	}
	if t.observers != nil {
		s.observe(operation, opts, r.other)
	}
}

// beginTrace makes s the root of a new trace. The root's span id is the low
// half of the trace id, as in every Jaeger client for Go.
func (s *Span) beginTrace(low uint64, carried model.SpanContext) {
	t := s.tracer
	id, spanID := t.traceID(low), model.SpanID(low)
	if debugID := carried.DebugID(); debugID != "" && s.mayDebug() {
		s.data.InitRoot(id, spanID, 0, model.FlagSampled|model.FlagDebug, carried)
		s.began(asRoot, nil)
		if s.record != nil {
			s.record.Tags = append(s.record.Tags, model.String(debugIDTag, model.Truncate(debugID, t.limits.tagValue)))
		}
		return
	}
	switch {
	case carried.IsSampled(): // B3 may send the decision without ids
		s.data.InitRoot(id, spanID, 0, model.FlagSampled, carried)
		s.began(asRoot, nil)
		return
	case t.disabled: // the services behind this one begin traces, with samplers of theirs
		s.data.InitRoot(model.TraceID{}, 0, 0, 0, carried)
		s.began(asRoot, nil)
		return
	}
	d := t.decider.Sample(id, s.operation)
	s.data.InitRoot(id, spanID, 0, flagsOf(&d), carried)
	if d.Later != nil {
		s.postpone(d.Later)
	}
	s.began(asRoot, d.Tags.List())
}

// joinTrace makes s the first span of this process in a trace of another.
func (s *Span) joinTrace(parent model.SpanContext, opts []opentracing.StartSpanOption, own uint64) {
	t := s.tracer
	id, parentID, flags := parent.TraceID(), parent.SpanID(), parent.Flags()
	var spanID model.SpanID
	if t.zipkinShared && isServer(opts) {
		spanID, parentID = parentID, parent.ParentID()
		s.traits |= sharedSpan
	} else {
		spanID = model.SpanID(t.idOr(own))
	}
	var d sampler.Decision
	if parent.IsDeferred() && !t.disabled {
		d = t.decider.Sample(id, s.operation)
		flags |= flagsOf(&d)
	}
	s.data.InitRoot(id, spanID, parentID, flags, parent)
	switch {
	case d.Later != nil:
		s.postpone(d.Later)
	case parent.IsDeferred() && t.disabled: // it stays open for the services behind this one
		s.data.Context().Sampling().Postpone()
	}
	s.began(asJoined, d.Tags.List())
}

// beginSelf gives s the very ids, flags and baggage of c.
func (s *Span) beginSelf(c model.SpanContext) {
	s.data.InitSelf(c)
	if c.IsRemote() {
		s.began(asJoined, nil)
	} else {
		s.began(asChild, nil)
	}
}

// flagsOf is what a decision adds to a trace's flags. Its tags are to be left
// alone where that is nothing.
func flagsOf(d *sampler.Decision) model.Flags {
	switch {
	case !d.Sample || d.Later != nil:
		return 0
	case d.Firehose:
		return model.FlagSampled | model.FlagFirehose
	}
	return model.FlagSampled
}

// began counts the span, reads the clock unless the caller gave the time, and
// gives the span a record if its trace is sampled or undecided. how is how it
// began.
func (s *Span) began(how event, tags []model.Tag) {
	state := s.data.State()
	if !state.Recording() || s.tracer.disabled {
		if n := s.count(how + unsampled); !s.startWall {
			if s.tracer.observers != nil {
				s.start = s.tracer.clock.mono()
			} else {
				s.start = s.tracer.clock.start(n)
			}
		}
		return
	}
	if !s.startWall {
		s.start = s.tracer.clock.mono()
	}
	s.record, s.state = s.newRecord(), hadRecord
	if state.Undecided() {
		s.count(how + undecided)
		if !s.data.LocalRoot() {
			s.happens(sampler.Started, 0, nil)
		}
		return
	}
	s.count(how + sampled)
	s.record.Tags = append(s.record.Tags, tags...)
}
