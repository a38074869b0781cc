// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"time"

	"github.com/opentracing/opentracing-go"

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
	s := &Span{tracer: t}
	s.begin(operation, opts)
	return s
}

// request is what the options of StartSpan come to.
type request struct {
	parent     model.SpanContext
	parentType model.RefType     // selfRef where the span is to have the parent's own ids
	carried    model.SpanContext // baggage and debug id without ids
	refs       int               // valid references
	start      time.Time
	other      *opentracing.StartSpanOptions // all of it, where an option is of an unknown type
}

// begin makes s, of which only the tracer is set, a span.
func (s *Span) begin(operation string, opts []opentracing.StartSpanOption) {
	if len(operation) > maxNameLength {
		operation = model.Truncate(operation, maxNameLength)
	}
	s.operation = operation
	var all *opentracing.StartSpanOptions
	if len(opts) == 0 {
		s.beginTrace(model.SpanContext{})
	} else {
		all = s.beginWith(opts)
	}
	if s.tracer.observers != nil {
		s.observe(operation, opts, all)
	}
}

// beginWith returns all of the options in one, if it had to make that.
func (s *Span) beginWith(opts []opentracing.StartSpanOption) *opentracing.StartSpanOptions {
	var r request
	r.read(opts)
	if !r.start.IsZero() {
		s.start, s.startWall = unixNano(r.start), true
	}
	switch {
	case !r.parent.IsValid():
		s.beginTrace(r.carried)
	case r.parentType == selfRef:
		s.beginSelf(r.parent)
	case r.parent.IsRemote():
		if r.other != nil {
			opts = []opentracing.StartSpanOption{opentracing.Tags(r.other.Tags)}
		}
		s.joinTrace(r.parent, opts)
	default:
		s.data.InitChild(model.SpanID(s.tracer.newID()), r.parent)
		s.began(asChild, nil)
	}
	if r.parentType == model.FollowsFrom {
		s.traits |= follows
	}
	if r.other != nil {
		opts = []opentracing.StartSpanOption{opentracing.Tags(r.other.Tags)}
	}
	s.startPriority(opts)
	if s.record != nil {
		r.references(opts, s.record)
		s.startTags(opts)
	}
	return r.other
}

// beginTrace makes s the root of a new trace. The root's span id is the low
// half of the trace id, as in every Jaeger client for Go.
func (s *Span) beginTrace(carried model.SpanContext) {
	t := s.tracer
	id := model.TraceID{Low: t.newID()}
	if t.wide {
		id.High = t.newHighID()
	}
	if debugID := carried.DebugID(); debugID != "" && s.mayDebug() {
		s.data.InitRoot(id, model.SpanID(id.Low), 0, model.FlagSampled|model.FlagDebug, carried)
		s.began(asRoot, nil)
		if s.record != nil {
			s.record.Tags = append(s.record.Tags, model.String(debugIDTag, model.Truncate(debugID, t.limits.tagValue)))
		}
		return
	}
	d := s.ask(id)
	s.data.InitRoot(id, model.SpanID(id.Low), 0, flagsOf(d), carried)
	if d.Later != nil {
		s.postpone(d.Later)
	}
	s.began(asRoot, d.Tags)
}

// joinTrace makes s the first span of this process in a trace of another.
func (s *Span) joinTrace(parent model.SpanContext, opts []opentracing.StartSpanOption) {
	t := s.tracer
	id, parentID, flags := parent.TraceID(), parent.SpanID(), parent.Flags()
	var spanID model.SpanID
	if t.zipkinShared && isServer(opts) {
		spanID, parentID = parentID, parent.ParentID()
		s.traits |= sharedSpan
	} else {
		spanID = model.SpanID(t.newID())
	}
	var d sampler.Decision
	if parent.IsDeferred() {
		d = s.ask(id)
		flags |= flagsOf(d)
	}
	s.data.InitRoot(id, spanID, parentID, flags, parent)
	if d.Later != nil {
		s.postpone(d.Later)
	}
	s.began(asJoined, d.Tags)
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

// ask puts the sampling question of a trace.
func (s *Span) ask(id model.TraceID) sampler.Decision {
	if s.tracer.disabled {
		return sampler.Decision{}
	}
	return s.tracer.sampler.Sample(id, s.operation)
}

// flagsOf is what a decision adds to a trace's flags. Its tags are to be left
// alone where that is nothing.
func flagsOf(d sampler.Decision) model.Flags {
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
			s.tracer.tell(s.happened(sampler.Started, model.Tag{}, 0, nil))
		}
		return
	}
	s.count(how + sampled)
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
	all := applied(opts)
	*r = request{other: all, start: all.StartTime}
	for _, ref := range all.References {
		r.reference(ref)
	}
}

func applied(opts []opentracing.StartSpanOption) *opentracing.StartSpanOptions {
	all := &opentracing.StartSpanOptions{}
	for _, opt := range opts {
		if opt != nil {
			apply(opt, all)
		}
	}
	return all
}

// apply keeps an option that panics, such as a nil pointer to one, from taking
// the program with it.
func apply(o opentracing.StartSpanOption, to *opentracing.StartSpanOptions) {
	defer func() { _ = recover() }()
	o.Apply(to)
}

func (r *request) reference(ref opentracing.SpanReference) {
	sc, ok := contextOf(ref.ReferencedContext)
	if !ok || !knownType(ref.Type) {
		return
	}
	refType := model.RefType(ref.Type)
	if refType == selfRef || r.parentType == selfRef {
		if refType == selfRef && sc.IsValid() {
			r.parent, r.parentType = sc, selfRef
		} else if refType != selfRef && sc.IsValid() {
			r.refs++
		}
		return
	}
	if !sc.IsValid() {
		if !r.carried.IsValid() && (sc.BaggageLen() > 0 || sc.DebugID() != "") {
			r.carried = sc
		}
		return
	}
	r.refs++
	if !r.parent.IsValid() || r.parentType == model.FollowsFrom && refType == model.ChildOf {
		r.parent, r.parentType = sc, refType
	}
}

func knownType(t opentracing.SpanReferenceType) bool {
	return t == opentracing.ChildOfRef || t == opentracing.FollowsFromRef || t == selfRef
}

// references lists every valid reference in the record, the parent's included
// but for a parent whose id the span shares.
func (r *request) references(opts []opentracing.StartSpanOption, record *model.Span) {
	if r.refs == 0 {
		return
	}
	add := func(ref opentracing.SpanReference) {
		sc, ok := contextOf(ref.ReferencedContext)
		self := ref.Type == selfRef || sc.SpanID() == record.ID && sc.TraceID() == record.TraceID
		if ok && sc.IsValid() && knownType(ref.Type) && !self {
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
