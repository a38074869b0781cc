// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger/internal/proc"
	"github.com/jaegerkit/jaeger/model"
)

// localParent returns the context that an option makes the parent, if it is a span's
// of this process.
func localParent(opt opentracing.StartSpanOption) (model.SpanContext, bool) {
	ref, ok := opt.(opentracing.SpanReference)
	if !ok || ref.Type != opentracing.ChildOfRef {
		return model.SpanContext{}, false
	}
	sc, ok := ref.ReferencedContext.(model.SpanContext)
	return sc, ok && sc.IsValid() && !sc.IsRemote()
}

// startChild is startWith for a parent in this process and nothing else, which is how
// most spans start: it costs a tenth of the span less.
func (t *Tracer) startChild(operation string, parent model.SpanContext) *Span {
	if !parent.Data().State().PlainlySampled() || t.disabled {
		b := &branch{}
		s := &b.Span
		s.call(t, named(operation))
		s.data.InitChild(model.SpanID(t.idOr(randomID())), parent, &b.lineage)
		s.began(asChild, nil)
		s.refer(parent)
		return s
	}
	var b *branch
	var id uint64
	if parent.Extension() != nil {
		b, id = &branch{}, t.counts.draw(asChild+sampled)
	} else {
		b, id = t.counts.child(asChild + sampled)
	}
	s := &b.Span
	s.call(t, named(operation))
	s.data.InitChild(model.SpanID(t.idOr(id)), parent, &b.lineage)
	s.start = t.clock.mono()
	s.record = s.newRecord()
	s.data.Mark |= hadRecord
	s.refer(parent)
	return s
}

// refer adds the reference to the parent that s is a child of, if s is recorded.
func (s *Span) refer(parent model.SpanContext) {
	if r := s.record; r != nil {
		r.References = append(r.References, model.Reference{TraceID: parent.TraceID(), SpanID: parent.SpanID()})
	}
}

// child is draw that also returns a zero branch.
func (c *counts) child(e event) (b *branch, id uint64) {
	locals := c.locals
	if p := proc.Pin(); p < len(locals) && len(locals[p].children.some) > 0 {
		l := &locals[p]
		b = l.children.pop()
		l.reserve(1)
		id = l.id()
		proc.Count(&l.n[e])
		proc.Unpin()
		return b, id
	}
	proc.Unpin()
	some := make([]branch, siblings)
	if p := proc.Pin(); p < len(locals) {
		locals[p].children.some = some[1:]
	}
	proc.Unpin()
	return &some[0], c.draw(e)
}

// siblings is how many children of spans are allocated at once: a class of the allocator
// has 448 bytes. Together with packing a sampler's tags once
// (explain) it saved 2 % of a recorded span.
const siblings = 4
