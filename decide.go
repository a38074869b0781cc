// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

// Decide takes the decision of a trace that is still undecided, for programs
// that know better than its sampler; d.Tags go on this span if it is recorded
// and not finished. A d with Later changes who is asked from now on. It reports
// whether the trace was undecided; else nothing changes.
func (s *Span) Decide(d sampler.Decision) bool {
	return s.settle(func(v *verdict) []*model.Span {
		return s.tracer.answer(v, d, happening{span: s, event: sampler.Event{SpanID: s.data.Context().SpanID()}})
	})
}

// force is a decision by sampling.priority.
func (s *Span) force(f model.Flags) bool {
	return s.settle(func(v *verdict) []*model.Span { return s.tracer.settle(v, f) })
}

func (s *Span) settle(decide func(*verdict) []*model.Span) bool {
	if s.tracer == nil || !s.data.State().Undecided() {
		return false
	}
	v := s.tracer.verdicts.find(s)
	if v == nil {
		return false
	}
	v.mu.Lock()
	if v.settled {
		v.mu.Unlock()
		return false
	}
	ready := decide(v)
	v.mu.Unlock()
	s.tracer.report(ready)
	return true
}

// contained is a sampler whose panic is a no.
type contained struct{ sampler.Sampler }

func (c contained) Sample(id model.TraceID, operation string) (d sampler.Decision) {
	defer func() {
		if recover() != nil {
			d = sampler.Decision{}
		}
	}()
	return c.Sampler.Sample(id, operation)
}

// containing spares samplers that ask none of the user's what the containment
// costs. Remote is among them, whose initial sampler is the user's at most until
// the first answer.
func containing(s sampler.Sampler) sampler.Sampler {
	switch s.(type) {
	case *sampler.Const, *sampler.Probabilistic, *sampler.RateLimiting, *sampler.Guaranteed, *sampler.PerOperation, *sampler.Remote,
		sampler.Steady:
		return s
	}
	return contained{s}
}

// idBits are those of an id that a share in 1<<63 is compared with.
const idBits = 1<<63 - 1

// asksAbout finds out which new traces the sampler is asked about.
func (t *Tracer) asksAbout(s sampler.Sampler) {
	t.share = 1 << 63
	switch s := s.(type) {
	case *sampler.Const:
		t.share = s.Share()
	case *sampler.Probabilistic:
		t.share = s.Share()
	case *sampler.Remote:
		t.asks = remoteShare{s}
	case sampler.Switched:
		t.asks, t.on = s, s.Switch()
	case sampler.Sharer:
		t.asks = s
	}
}

// asker is the part of a sampler.Sharer that says which new traces it is asked about. A
// func would be one more call for each span.
type asker interface{ AskAbout() uint64 }

type remoteShare struct{ s *sampler.Remote }

func (r remoteShare) AskAbout() uint64 { return r.s.Share() }

// askedShare returns the share of new traces, in 1<<63, that the sampler is asked about:
// those whose ids it is not known to refuse.
func (t *Tracer) askedShare() uint64 {
	switch {
	case t.asks == nil:
		return t.share
	case t.on == nil:
		return t.asks.AskAbout()
	case *t.on:
		return 1 << 63
	}
	return 0
}
