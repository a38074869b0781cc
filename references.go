// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"time"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger/model"
)

// request is what the options of StartSpan come to.
type request struct {
	parent     model.SpanContext
	parentType model.RefType     // selfRef where the span is to have the parent's own ids
	carried    model.SpanContext // baggage and debug id without ids
	refs       int               // valid references
	start      time.Time
	other      *opentracing.StartSpanOptions // all of it, where an option is of an unknown type
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

// extended reports whether the span will carry a wrapper's Extension.
func (r *request) extended() bool {
	return r.parent.Extension() != nil || r.carried.Extension() != nil
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
	sc, ok := ref.ReferencedContext.(model.SpanContext)
	if !ok {
		sc, ok = wrappedContext(ref.ReferencedContext)
	}
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
		if !r.carried.IsValid() && (sc.BaggageLen() > 0 || sc.DebugID() != "" || sc.IsSampled() || sc.Extension() != nil) {
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
		sc, ok := ref.ReferencedContext.(model.SpanContext)
		if !ok {
			sc, ok = wrappedContext(ref.ReferencedContext)
		}
		if !ok || !sc.IsValid() || !knownType(ref.Type) || ref.Type == selfRef {
			return
		}
		if record.Shared && sc.SpanID() == record.ID && sc.TraceID() == record.TraceID {
			return
		}
		record.References = append(record.References, model.Reference{
			Type: model.RefType(ref.Type), TraceID: sc.TraceID(), SpanID: sc.SpanID(),
		})
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
