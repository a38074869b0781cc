// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger/internal/wire"
	"github.com/jaegerkit/jaeger/model"
)

// StartSpanIn is StartSpan in memory of the caller's, who may embed a Span in a
// type of its own and spend one allocation on both. s must be a zero Span; nil
// and a span that was started before are left alone. l is memory for what a span has
// from its parent, to be allocated beside s for a span that has one; where it is nil
// it is allocated if there is a need. Handles is cheaper for spans without a parent.
func (t *Tracer) StartSpanIn(s *Span, l *model.Lineage, operation string, opts ...opentracing.StartSpanOption) {
	if s == nil || s.tracer != nil {
		return
	}
	if len(opts) == 0 && !t.odd {
		s.beginRoot(t, l, operation, randomID(), t.askedShare())
	} else {
		var r request
		r.read(opts)
		s.begin(t, l, operation, opts, &r, randomID())
	}
	s.data.Wrap()
}

// Detach is FinishWithOptions that returns the span's record, which is the
// caller's from then on, rather than giving it to the reporter. It returns nil
// where nothing would be reported now: the trace is not sampled, or the span was
// finished before. That of a span whose trace is still undecided waits in the
// tracer and goes to the reporter if the answer is yes.
func (s *Span) Detach(o opentracing.FinishOptions) *model.Span {
	r := s.end(o.FinishTime, &o)
	if r != nil {
		wire.Unpack(r)
		s.count(detached)
	}
	return r
}

// Snapshot returns a copy of what the span has recorded so far, nil where it
// records nothing or is finished. Its duration is 0. The caller owns it.
func (s *Span) Snapshot() *model.Span {
	if !s.data.Recording() || s.tracer == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.recording()
	if r == nil {
		return nil
	}
	c := r.Clone()
	c.Operation, c.Flags = s.operation(), s.data.Context().Flags()
	c.ArrangeLogs(s.tracer.limits.logs)
	return c
}

// SetFirehose asks Jaeger to store the trace, as seen from this process on,
// without indexing it. After Finish it does nothing.
func (s *Span) SetFirehose() {
	s.mu.Lock()
	ended := s.ended()
	s.mu.Unlock()
	if !ended && s.tracer != nil {
		s.data.Context().Sampling().Set(model.FlagFirehose)
	}
}

// Idle reports whether nothing that is set on the span now is recorded or told
// to an observer, so that whoever has to work for a value can save the work. The
// tag sampling.priority counts all the same.
func (s *Span) Idle() bool { return s.data.State().Idle() }
