// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"reflect"
	"sync"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
)

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
		if !s.startWall {
			s.start = s.tracer.clock.mono()
		}
		s.record, s.state = s.newRecord(), hadRecord
		s.count(forced)
	}
}

// startTags sets the tags given with StartSpan on a recorded span.
func (s *Span) startTags(opts []opentracing.StartSpanOption) {
	for _, opt := range opts {
		switch o := opt.(type) {
		case nil, opentracing.SpanReference, opentracing.StartTime:
		case opentracing.Tag:
			s.setTag(o.Key, o.Value)
		case opentracing.Tags:
			for k, v := range o {
				s.setTag(k, v)
			}
		default:
			if isServerOption(opt) {
				s.setTag(ext.SpanKindRPCServer.Key, ext.SpanKindRPCServer.Value)
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
