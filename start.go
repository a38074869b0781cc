// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"sync"
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
	other      *opentracing.StartSpanOptions // of options of unknown types
}

func (t *Tracer) startSpan(operation string, opts []opentracing.StartSpanOption) *Span {
	if len(operation) > maxNameLength {
		operation = model.Truncate(operation, maxNameLength)
	}
	s := &Span{tracer: t, operation: operation}
	if len(opts) == 0 {
		s.start = t.clock.mono()
		s.beginTrace(model.SpanContext{})
		return s
	}

	var r request
	r.read(opts)
	if r.start.IsZero() {
		s.start = t.clock.mono()
	} else {
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
	s.startPriority(opts, r.other)
	if s.record != nil {
		r.references(opts, s.record)
	}
	s.startTags(opts, r.other)
	if r.other != nil {
		releaseOptions(r.other)
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

// began counts the span and gives it a record if its trace is sampled.
func (s *Span) began(tags []model.Tag) {
	s.tracer.counts.of(s.data.Context().SpanID()).started.Add(1)
	if s.data.Sampled() && !s.tracer.disabled {
		s.record, s.state = s.newRecord(), hadRecord
		s.record.Tags = append(s.record.Tags, tags...)
	}
}

// read finds the parent among opts. The option types of OpenTracing are read
// in place; only foreign ones, ext.RPCServerOption among them, are applied to a
// StartSpanOptions as the interface has it, which costs an allocation.
func (r *request) read(opts []opentracing.StartSpanOption) {
	for _, opt := range opts {
		switch o := opt.(type) {
		case nil, opentracing.Tag, opentracing.Tags:
		case opentracing.SpanReference:
			r.reference(o)
		case opentracing.StartTime:
			r.start = time.Time(o)
		default:
			if r.other == nil {
				r.other = acquireOptions()
			}
			apply(o, r.other)
		}
	}
	if r.other != nil {
		for _, ref := range r.other.References {
			r.reference(ref)
		}
		if !r.other.StartTime.IsZero() {
			r.start = r.other.StartTime
		}
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
	for _, opt := range opts {
		if ref, ok := opt.(opentracing.SpanReference); ok {
			add(ref)
		}
	}
	if r.other != nil {
		for _, ref := range r.other.References {
			add(ref)
		}
	}
}

// startPriority forces the decision before the other tags are set, wherever
// among them sampling.priority stands.
func (s *Span) startPriority(opts []opentracing.StartSpanOption, other *opentracing.StartSpanOptions) {
	for _, opt := range opts {
		switch o := opt.(type) {
		case opentracing.Tag:
			if o.Key == priorityTag {
				s.setPriority(o.Value)
			}
		case opentracing.Tags:
			if v, ok := o[priorityTag]; ok {
				s.setPriority(v)
			}
		}
	}
	if other != nil {
		if v, ok := other.Tags[priorityTag]; ok {
			s.setPriority(v)
		}
	}
	if s.record == nil && s.data.Sampled() && !s.tracer.disabled {
		s.record, s.state = s.newRecord(), hadRecord
	}
}

// startTags sets the tags given with StartSpan.
func (s *Span) startTags(opts []opentracing.StartSpanOption, other *opentracing.StartSpanOptions) {
	for _, opt := range opts {
		switch o := opt.(type) {
		case opentracing.Tag:
			s.setTag(o.Key, o.Value)
		case opentracing.Tags:
			for k, v := range o {
				s.setTag(k, v)
			}
		}
	}
	if other != nil {
		for k, v := range other.Tags {
			s.setTag(k, v)
		}
	}
}

var startOptions = sync.Pool{New: func() any {
	return &opentracing.StartSpanOptions{Tags: make(map[string]any, 4)}
}}

func acquireOptions() *opentracing.StartSpanOptions {
	return startOptions.Get().(*opentracing.StartSpanOptions)
}

func releaseOptions(o *opentracing.StartSpanOptions) {
	clear(o.References)
	clear(o.Tags)
	if len(o.References) > 16 || o.Tags == nil {
		return
	}
	*o = opentracing.StartSpanOptions{References: o.References[:0], Tags: o.Tags}
	startOptions.Put(o)
}
