// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"time"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger/model"
)

const debugIDTag = "jaeger-debug-id"

// StartSpan starts a span. Its parent is the first valid ChildOf reference,
// else the first valid FollowsFrom; without one a new trace begins, which
// carries the baggage and the debug id of a reference that has no ids. Contexts
// of other tracers and nil ones are passed over.
func (t *Tracer) StartSpan(operation string, opts ...opentracing.StartSpanOption) opentracing.Span {
	return t.startSpan(operation, opts)
}

// request is what the options of StartSpan come to.
type request struct {
	parent     model.SpanContext
	parentType model.RefType
	carried    model.SpanContext // baggage and debug id without ids
	refs       int               // valid references
	start      time.Time
	other      *opentracing.StartSpanOptions // all of it, where an option is of an unknown type
}

func (t *Tracer) startSpan(operation string, opts []opentracing.StartSpanOption) *Span {
	if len(operation) > maxNameLength {
		operation = model.Truncate(operation, maxNameLength)
	}
	s := &Span{tracer: t, operation: operation}
	if len(opts) == 0 {
		s.beginTrace(model.SpanContext{})
		return s
	}

	var r request
	r.read(opts)
	if !r.start.IsZero() {
		s.start, s.startWall = unixNano(r.start), true
	}
	switch {
	case !r.parent.IsValid():
		s.beginTrace(r.carried)
	case r.parent.IsRemote():
		s.data.InitRoot(r.parent.TraceID(), model.SpanID(newID()), r.parent.SpanID(), r.parent.Flags(), r.parent)
		s.began(nil)
	default:
		s.data.InitChild(model.SpanID(newID()), r.parent)
		s.began(nil)
	}
	s.follows = r.parentType == model.FollowsFrom
	if r.other != nil {
		opts = []opentracing.StartSpanOption{opentracing.Tags(r.other.Tags)}
	}
	s.startPriority(opts)
	if s.record != nil {
		r.references(opts, s.record)
		s.startTags(opts)
	}
	return s
}

// beginTrace makes s the root of a new trace. The root's span id is the low
// half of the trace id, as in every Jaeger client for Go.
func (s *Span) beginTrace(carried model.SpanContext) {
	t := s.tracer
	id := model.TraceID{Low: newID()}
	if t.wide {
		id.High = newID()
	}
	if debugID := carried.DebugID(); debugID != "" {
		s.data.InitRoot(id, model.SpanID(id.Low), 0, model.FlagSampled|model.FlagDebug, carried)
		s.began(nil)
		if s.record != nil {
			s.record.Tags = append(s.record.Tags, model.String(debugIDTag, model.Truncate(debugID, t.limits.tagValue)))
		}
		return
	}
	var flags model.Flags
	var tags []model.Tag
	if !t.disabled {
		if d := t.sampler.Sample(id, s.operation); d.Sample {
			flags, tags = model.FlagSampled, d.Tags
		}
	}
	s.data.InitRoot(id, model.SpanID(id.Low), 0, flags, carried)
	s.began(tags)
}

// began counts the span, reads the clock unless the caller gave the time, and
// gives the span a record if its trace is sampled.
func (s *Span) began(tags []model.Tag) {
	if !s.data.Sampled() || s.tracer.disabled {
		if n := s.count(unsampled); !s.startWall {
			s.start = s.tracer.clock.start(n)
		}
		return
	}
	s.count(sampled)
	if !s.startWall {
		s.start = s.tracer.clock.mono()
	}
	s.record, s.state = s.newRecord(), hadRecord
	s.record.Tags = append(s.record.Tags, tags...)
}

// read finds the parent among opts. The option types of OpenTracing are read
// where they stand. As soon as there is a foreign one, all are applied to a
// StartSpanOptions in their order, as the interface has it, which costs
// allocations; its map and slice may be the option's own, so it is used once.
func (r *request) read(opts []opentracing.StartSpanOption) {
	for _, opt := range opts {
		switch o := opt.(type) {
		case nil, opentracing.Tag, opentracing.Tags:
		case opentracing.SpanReference:
			r.reference(o)
		case opentracing.StartTime:
			r.start = time.Time(o)
		default:
			if isServerOption(opt) {
				r.reference(callerOf(opt))
				continue
			}
			r.apply(opts)
			return
		}
	}
}

func (r *request) apply(opts []opentracing.StartSpanOption) {
	all := &opentracing.StartSpanOptions{}
	for _, opt := range opts {
		if opt != nil {
			apply(opt, all)
		}
	}
	*r = request{other: all, start: all.StartTime}
	for _, ref := range all.References {
		r.reference(ref)
	}
}

// apply keeps an option that panics, such as a nil pointer to one, from taking
// the program with it.
func apply(o opentracing.StartSpanOption, to *opentracing.StartSpanOptions) {
	defer func() { _ = recover() }()
	o.Apply(to)
}

func (r *request) reference(ref opentracing.SpanReference) {
	sc, ok := ref.ReferencedContext.(model.SpanContext)
	if !ok || !knownType(ref.Type) {
		return
	}
	if !sc.IsValid() {
		if !r.carried.IsValid() && (sc.BaggageLen() > 0 || sc.DebugID() != "") {
			r.carried = sc
		}
		return
	}
	r.refs++
	refType := model.RefType(ref.Type)
	if !r.parent.IsValid() || r.parentType == model.FollowsFrom && refType == model.ChildOf {
		r.parent, r.parentType = sc, refType
	}
}

func knownType(t opentracing.SpanReferenceType) bool {
	return t == opentracing.ChildOfRef || t == opentracing.FollowsFromRef
}

// references lists every valid reference in the record, the parent's included.
func (r *request) references(opts []opentracing.StartSpanOption, record *model.Span) {
	if r.refs == 0 {
		return
	}
	add := func(ref opentracing.SpanReference) {
		if sc, ok := ref.ReferencedContext.(model.SpanContext); ok && sc.IsValid() && knownType(ref.Type) {
			record.References = append(record.References, model.Reference{
				Type: model.RefType(ref.Type), TraceID: sc.TraceID(), SpanID: sc.SpanID(),
			})
		}
	}
	if r.other != nil {
		for _, ref := range r.other.References {
			add(ref)
		}
		return
	}
	for _, opt := range opts {
		switch ref := opt.(type) {
		case nil:
		case opentracing.SpanReference:
			add(ref)
		default:
			if isServerOption(opt) {
				add(callerOf(opt))
			}
		}
	}
}
