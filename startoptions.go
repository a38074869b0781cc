// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"reflect"
	"sync"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"

	"github.com/jaegerkit/jaeger/model"
)

// selfRef is the type of a reference made by SelfRef, the number that
// jaeger-client-go uses.
const selfRef = 99

// SelfRef has StartSpan start a span with the ids, flags and baggage of sc
// itself, rather than as a child of it: for spans whose identity was decided
// elsewhere, such as those of a proxy. The sampler is not asked. Other
// references are listed and decide nothing. A context without ids is passed
// over.
func SelfRef(sc model.SpanContext) opentracing.StartSpanOption {
	return opentracing.SpanReference{Type: selfRef, ReferencedContext: sc}
}

// contextOf finds the library's context in one of OpenTracing's: it is one, or
// its type wraps one and has a method JaegerContext.
func contextOf(c opentracing.SpanContext) (model.SpanContext, bool) {
	if sc, ok := c.(model.SpanContext); ok {
		return sc, true
	}
	return wrappedContext(c)
}

// wrappedContext survives nil pointers and methods that panic.
func wrappedContext(c opentracing.SpanContext) (sc model.SpanContext, ok bool) {
	defer func() {
		if recover() != nil {
			sc, ok = model.SpanContext{}, false
		}
	}()
	w, ok := c.(interface{ JaegerContext() model.SpanContext })
	if !ok {
		return model.SpanContext{}, false
	}
	return w.JaegerContext(), true
}

// isServer reports whether the tags among opts say span.kind=server, the last of
// them that speaks of it.
func isServer(opts []opentracing.StartSpanOption) (server bool) {
	for _, opt := range opts {
		switch o := opt.(type) {
		case nil, opentracing.SpanReference, opentracing.StartTime:
		case opentracing.Tag:
			if o.Key == ext.SpanKindRPCServer.Key {
				server = isServerKind(o.Value)
			}
		case opentracing.Tags:
			if v, ok := o[ext.SpanKindRPCServer.Key]; ok {
				server = isServerKind(v)
			}
		default:
			server = server || isServerOption(opt)
		}
	}
	return server
}

func isServerKind(v any) bool {
	switch v := v.(type) {
	case string:
		return v == string(ext.SpanKindRPCServerEnum)
	case ext.SpanKindEnum:
		return v == ext.SpanKindRPCServerEnum
	}
	return false
}

// startPriority forces the decision before the other tags are set, wherever
// among them sampling.priority stands.
func (s *Span) startPriority(opts []opentracing.StartSpanOption) {
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
	if s.record == nil && s.data.Sampled() && !s.tracer.disabled {
		if !s.has(startWall) {
			s.start = s.tracer.clock.mono()
		}
		s.record = s.newRecord()
		s.data.Mark |= hadRecord
		s.count(forced)
	}
}

// startTags sets the tags given with StartSpan on a recorded span.
func (s *Span) startTags(opts []opentracing.StartSpanOption) {
	for _, opt := range opts {
		switch o := opt.(type) {
		case nil, opentracing.SpanReference, opentracing.StartTime:
		case opentracing.Tag:
			s.setTag(o.Key, o.Value, s.data.State())
		case opentracing.Tags:
			for k, v := range o {
				s.setTag(k, v, s.data.State())
			}
		default:
			if isServerOption(opt) {
				s.setTag(ext.SpanKindRPCServer.Key, ext.SpanKindRPCServer.Value, s.data.State())
			}
		}
	}
}

// ext.RPCServerOption is how most server spans are started, and its type is not
// exported. It is a ChildOf reference and the tag span.kind=server.
var serverOption = reflect.TypeOf(ext.RPCServerOption(nil))

func isServerOption(opt opentracing.StartSpanOption) bool { return reflect.TypeOf(opt) == serverOption }

// callers lends StartSpanOptions to ext.RPCServerOption, which is known not to
// keep them.
var callers = sync.Pool{New: func() any {
	return &opentracing.StartSpanOptions{
		References: make([]opentracing.SpanReference, 0, 1), Tags: make(map[string]any, 1),
	}
}}

// callerOf returns the reference that an ext.RPCServerOption holds, the zero
// reference where it holds none.
func callerOf(opt opentracing.StartSpanOption) (ref opentracing.SpanReference) {
	o := callers.Get().(*opentracing.StartSpanOptions)
	opt.Apply(o)
	if len(o.References) > 0 {
		ref = o.References[0]
	}
	clear(o.References)
	o.References = o.References[:0]
	callers.Put(o)
	return ref
}
