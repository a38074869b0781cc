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
	if len(opts) > 0 || t.odd {
		if len(opts) == 1 && t.observers == nil {
			if parent, ok := localParent(opts[0]); ok {
				return t.startChild(operation, parent)
			}
		}
		return t.startWith(operation, opts)
	}
	share := t.askedShare()
	var l *local
	locals := t.counts.locals
	if p := proc.Pin(); p < len(locals) && len(locals[p].roots.some) > 0 {
		l = &locals[p]
	} else {
		proc.Unpin()
		if l = t.counts.refill(); l == nil {
			s := &Span{}
			s.beginRoot(t, nil, operation, randomID(), share)
			return s
		}
	}
	s, id := l.roots.pop(), l.id()
	if id&idBits < share {
		proc.Unpin()
		s.beginRoot(t, nil, operation, id, share)
		return s
	}
	n := proc.Count(&l.n[asRoot+unsampled])
	proc.Unpin()
	s.beginUnsampled(t, operation, id, n, 0)
	return s
}

// beginUnsampled makes s the root of a trace that was counted as unsampled, the n-th
// in its place.
func (s *Span) beginUnsampled(t *Tracer, operation string, id, n uint64, wrap model.State) {
	s.call(t, named(operation))
	s.data.InitUnsampled(id, wrap)
	s.start = t.clock.start(n)
}

// beginRoot makes s, which is zero, the root of a trace of a tracer that is not odd.
// The sampler is asked if the id is in the share.
func (s *Span) beginRoot(t *Tracer, l *model.Lineage, operation string, id, share uint64) {
	operation = named(operation)
	if id&idBits < share {
		trace := model.TraceID{Low: id}
		if d := t.decider.Sample(trace, operation); d.Sample || d.Later != nil {
			s.call(t, operation)
			s.data.InitRoot(trace, model.SpanID(id), 0, flagsOf(&d), model.SpanContext{}, l)
			s.decided(&d)
			return
		}
	}
	s.beginUnsampled(t, operation, id, t.counts.add(model.SpanID(id), asRoot+unsampled), 0)
}

// decided begins a root about which d was answered.
func (s *Span) decided(d *sampler.Decision) {
	if d.Later != nil {
		s.postpone(d.Later)
	}
	s.began(asRoot, d.Tags.List())
}

// startWith is StartSpan where there is more to look at. A span that refers to
// others of this process, or may, by its parent, by what an observer keeps or by a
// wrapper's Extension, has memory of its own.
func (t *Tracer) startWith(operation string, opts []opentracing.StartSpanOption) *Span {
	var r request
	r.read(opts)
	if !r.parent.IsValid() && !t.wide && t.observers == nil && r.carried == (model.SpanContext{}) {
		s, id := t.counts.root()
		s.begin(t, nil, operation, opts, &r, id)
		return s
	}
	var b *branch
	if t.observers != nil || r.parent.IsValid() && !r.parent.IsRemote() || r.extended() {
		b = &branch{}
	} else {
		b = t.counts.branch()
	}
	b.begin(t, &b.lineage, operation, opts, &r, randomID())
	return &b.Span
}

// begin makes s, which is zero, a span. It may have the id, unless the program has a
// source of its own.
func (s *Span) begin(t *Tracer, l *model.Lineage, operation string, opts []opentracing.StartSpanOption, r *request, id uint64) {
	s.call(t, named(operation))
	if !r.start.IsZero() {
		s.start = unixNano(r.start)
		s.data.Mark |= startWall
	}
	told := opts
	if r.other != nil {
		told = []opentracing.StartSpanOption{opentracing.Tags(r.other.Tags)}
	}
	switch {
	case !r.parent.IsValid():
		s.beginTrace(l, t.idOr(id), r.carried)
	case r.parentType == selfRef:
		s.beginSelf(l, r.parent)
	case r.parent.IsRemote():
		s.joinTrace(l, r.parent, told, id)
	default:
		s.data.InitChild(model.SpanID(t.idOr(id)), r.parent, l)
		s.began(asChild, nil)
	}
	if r.parentType == model.FollowsFrom {
		s.data.Mark |= follows
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
func (s *Span) beginTrace(l *model.Lineage, low uint64, carried model.SpanContext) {
	t := s.tracer
	id, spanID := t.traceID(low), model.SpanID(low)
	if debugID := carried.DebugID(); debugID != "" && s.mayDebug() {
		s.data.InitRoot(id, spanID, 0, model.FlagSampled|model.FlagDebug, carried, l)
		s.began(asRoot, nil)
		if s.record != nil {
			addTags(s.record, model.String(debugIDTag, model.Truncate(debugID, t.limits.tagValue)))
		}
		return
	}
	switch {
	case carried.IsSampled(): // B3 may send the decision without ids
		s.data.InitRoot(id, spanID, 0, model.FlagSampled, carried, l)
		s.began(asRoot, nil)
		return
	case t.disabled: // the services behind this one begin traces, with samplers of theirs
		s.data.InitRoot(model.TraceID{}, 0, 0, 0, carried, l)
		s.began(asRoot, nil)
		return
	}
	var d sampler.Decision
	if low&idBits < t.askedShare() {
		d = t.decider.Sample(id, s.operation())
	}
	s.data.InitRoot(id, spanID, 0, flagsOf(&d), carried, l)
	s.decided(&d)
}

// joinTrace makes s the first span of this process in a trace of another.
func (s *Span) joinTrace(l *model.Lineage, parent model.SpanContext, opts []opentracing.StartSpanOption, own uint64) {
	t := s.tracer
	id, parentID, flags := parent.TraceID(), parent.SpanID(), parent.Flags()
	var spanID model.SpanID
	if t.zipkinShared && isServer(opts) {
		spanID, parentID = parentID, parent.ParentID()
		s.data.Mark |= sharedSpan
	} else {
		spanID = model.SpanID(t.idOr(own))
	}
	var d sampler.Decision
	if parent.IsDeferred() && !t.disabled && id.Low&idBits < t.askedShare() {
		d = t.decider.Sample(id, s.operation())
		flags |= flagsOf(&d)
	}
	s.data.InitRoot(id, spanID, parentID, flags, parent, l)
	switch {
	case d.Later != nil:
		s.postpone(d.Later)
	case parent.IsDeferred() && t.disabled: // it stays open for the services behind this one
		s.data.Context().Sampling().Postpone()
	}
	s.began(asJoined, d.Tags.List())
}

// beginSelf gives s the very ids, flags and baggage of c.
func (s *Span) beginSelf(l *model.Lineage, c model.SpanContext) {
	s.data.InitSelf(c, l)
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
		if n := s.count(how + unsampled); !s.has(startWall) {
			if s.tracer.observers != nil {
				s.start = s.tracer.clock.mono()
			} else {
				s.start = s.tracer.clock.start(n)
			}
		}
		return
	}
	if !s.has(startWall) {
		s.start = s.tracer.clock.mono()
	}
	s.record = s.newRecord()
	s.data.Mark |= hadRecord
	if state.Undecided() {
		s.count(how + undecided)
		if !s.data.LocalRoot() {
			s.happens(sampler.Started, 0, nil)
		}
		return
	}
	s.count(how + sampled)
	s.explain(tags)
}
