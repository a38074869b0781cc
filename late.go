// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"sync"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

// A trace whose sampler said "not yet" costs memory until it is decided. Beyond
// these bounds the oldest undecided trace is answered with no, and a span that
// finishes is dropped and counted as overflowed.
const (
	maxUndecided    = 10_000   // traces of a tracer, those whose root is never finished included
	maxWaiting      = 1000     // finished spans of a trace
	maxWaitingBytes = 1 << 20  // their memory
	maxWaitingTotal = 32 << 20 // memory of all finished spans of undecided traces
	maxUnasked      = 1000     // events of a trace that wait for the one who asks
	maxAsked        = 100_000  // events asked about in one go, which a sampler that uses spans could make endless
)

// verdict is the decision of one trace.
//
// Nobody waits for a sampler: whoever comes while another goroutine is asking,
// or from inside of the question, leaves the event to the one who asks and goes
// on. So events are asked about one at a time, in order and without a lock held,
// and the answer to a call's own event is there when the call returns unless
// several goroutines use the trace at that moment.
type verdict struct {
	sampling     *model.Sampling
	shard        *shard
	older, newer *verdict // guarded by shard.mu, as is the next
	listed       bool

	mu      sync.Mutex // may be held while a span's or shard's mu is taken, not the other way round
	late    sampler.Late
	settled bool
	asking  bool
	events  []happening   // for the one who asks
	waiting []*model.Span // finished, in that order
	bytes   int           // their memory
}

// happening is an event and the span it is of.
type happening struct {
	event  sampler.Event
	span   *Span
	record *model.Span // of a span that finished
	held   int         // memory of record, counted in verdict.bytes while the event is left
}

// postpone makes the trace that s begins an undecided one.
func (s *Span) postpone(late sampler.Late) {
	t := s.tracer
	sc := s.data.Context()
	sampling := sc.Sampling()
	sampling.Postpone()
	sh := t.verdicts.shard(sc.TraceID())
	tooMany, ok := sh.add(&verdict{sampling: sampling, shard: sh, late: late}, maxUndecided/len(t.verdicts.shards))
	if !ok {
		sampling.Settle(0)
		t.counts.abandoned.Add(1)
	}
	if tooMany != nil {
		t.abandon(tooMany)
	}
}

// abandon answers no.
func (t *Tracer) abandon(v *verdict) {
	var ready []*model.Span // of a trace forced by another tracer's span
	v.mu.Lock()
	if !v.settled {
		ready = t.settle(v, 0)
		t.counts.abandoned.Add(1)
	}
	v.mu.Unlock()
	t.report(ready)
}

// abandonAll is for Close.
func (t *Tracer) abandonAll() {
	for i := range t.verdicts.shards {
		for _, v := range t.verdicts.shards[i].empty() {
			t.abandon(v)
		}
	}
}

// settle ends v, with v.mu held, and returns the spans that waited if they are
// to be reported, which the caller does without the lock. Where the flags say
// otherwise already, because a span of another tracer forced the trace, they win.
func (t *Tracer) settle(v *verdict, f model.Flags) (ready []*model.Span) {
	v.sampling.Settle(f)
	v.shard.remove(v)
	flags := v.sampling.Flags()
	ready, v.waiting, v.settled, v.late = v.waiting, nil, true, nil
	t.verdicts.bytes.Add(-int64(v.bytes))
	if flags&model.FlagSampled == 0 {
		for _, r := range ready {
			t.counts.add(r.ID, rejected)
			r.Release()
		}
		return nil
	}
	for _, r := range ready {
		t.counts.add(r.ID, admitted)
		r.Flags = flags
	}
	return ready
}

// happened makes an event of s; what the kind does not need stays zero.
func (s *Span) happened(kind sampler.EventKind, tag model.Tag, d time.Duration, r *model.Span) happening {
	sc := s.data.Context()
	return happening{
		sampler.Event{
			Kind: kind, LocalRoot: s.data.LocalRoot(), TraceID: sc.TraceID(), SpanID: sc.SpanID(),
			Operation: s.OperationName(), Tag: tag, Duration: d,
		}, s, r, 0,
	}
}

// happens is tell for what needs no tag. Apart, so that the callers' frames stay
// small where no trace is undecided.
func (s *Span) happens(kind sampler.EventKind, d time.Duration, r *model.Span) *model.Span {
	return s.tracer.tell(s.happened(kind, model.Tag{}, d, r))
}

// tell has the trace's sampler asked about what happened. It returns the record
// of a finished span if it is the caller's to report.
func (t *Tracer) tell(h happening) *model.Span {
	v := t.verdicts.find(h.span)
	if v == nil {
		return t.decided(h.record, h.span.data.Context().Flags())
	}
	v.mu.Lock()
	if v.asking {
		t.leave(v, h)
		v.mu.Unlock()
		return nil
	}
	v.asking = true
	own, ready := t.asked(v, h)
	for n := 1; len(v.events) > 0; n++ {
		if n == maxAsked && !v.settled {
			ready = append(ready, t.settle(v, 0)...)
		}
		next := v.events[0]
		v.events = v.events[1:]
		if !v.settled {
			v.bytes -= next.held
			t.verdicts.bytes.Add(-int64(next.held))
		}
		r, more := t.asked(v, next)
		ready = append(ready, more...)
		if r != nil {
			ready = append(ready, r)
		}
	}
	v.asking, v.events = false, nil
	v.mu.Unlock()
	t.report(ready)
	return own
}

// leave hands an event to the goroutine that is asking, with v.mu held. Where
// too many are left, only the end of the local root still counts, and the others
// are not asked about. Those of a settled trace only pass through.
func (t *Tracer) leave(v *verdict, h happening) {
	if h.record != nil && !v.settled {
		if h.held = t.hold(v, h.record); h.held == 0 {
			t.overflow(h.record)
			if h.record = nil; !h.event.LocalRoot {
				return // its end is all that would be asked about
			}
			v.events = append(v.events, h)
			return
		}
	}
	switch {
	case v.settled || len(v.events) < maxUnasked || h.record != nil && h.event.LocalRoot:
		v.events = append(v.events, h)
	case h.record != nil:
		v.bytes -= h.held
		t.verdicts.bytes.Add(-int64(h.held))
		t.keep(v, h.record)
	}
}

// asked asks about one event and does what the answer says. It is called with
// v.mu held, and lets it go while it asks. own is the record of h, if that is to
// be reported, behind those that are ready.
func (t *Tracer) asked(v *verdict, h happening) (own *model.Span, ready []*model.Span) {
	if !v.settled && v.sampling.Flags()&model.FlagSampled != 0 {
		ready = t.settle(v, 0)
	}
	if !v.settled {
		late := v.late
		v.mu.Unlock()
		d := t.ask(v, late, h)
		v.mu.Lock()
		if !v.settled { // by someone else, meanwhile
			ready = t.answer(v, d, h)
		}
	}
	if h.record == nil {
		return nil, ready
	}
	if !v.settled {
		t.keep(v, h.record)
		return nil, ready
	}
	return t.decided(h.record, v.sampling.Flags()), ready
}

// answer does what d says, with v.mu held.
func (t *Tracer) answer(v *verdict, d sampler.Decision, h happening) (ready []*model.Span) {
	switch {
	case d.Later != nil:
		v.late = d.Later
		if h.event.Kind == sampler.Finished && h.event.LocalRoot {
			ready = t.settle(v, 0)
		}
	case d.Sample:
		// Tags go first: a record may be finished as soon as the trace is decided.
		v.tag(h, d.Tags.List())
		ready = t.settle(v, flagsOf(&d))
	default:
		ready = t.settle(v, 0)
	}
	return ready
}

// tag puts the tags of a decision on the span of h, wherever its record is, with
// v.mu held.
func (v *verdict) tag(h happening, tags []model.Tag) {
	if h.record != nil {
		addTags(h.record, tags...)
		return
	}
	h.span.mu.Lock()
	r := h.span.recording()
	if r != nil {
		r.Tags = append(r.Tags, tags...)
	}
	h.span.mu.Unlock()
	if r != nil {
		return
	}
	// Finished since, on another goroutine.
	for i := range v.events {
		if next := &v.events[i]; next.span == h.span && next.record != nil {
			addTags(next.record, tags...)
			return
		}
	}
	for _, r := range v.waiting {
		if r.ID == h.event.SpanID {
			addTags(r, tags...)
			return
		}
	}
}

func (t *Tracer) report(ready []*model.Span) {
	for _, r := range ready {
		t.reporter.Report(r)
	}
}
