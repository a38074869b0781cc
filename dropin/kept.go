// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"reflect"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"

	"github.com/jaegerkit/jaeger/model"
)

// startKept starts a span that nobody on this side is asked or told about but
// the reporter, when it ends. It starts as on the other tracers, and costs more
// only if it is recorded.
func (t *Tracer) startKept(s *Span, l *model.Lineage, operationName string, opts []opentracing.StartSpanOption) {
	s.state = &spanState{tracer: t}
	t.house.StartSpanIn(&s.span, l, operationName, opts...)
	if !s.recording() {
		for _, o := range opts {
			if ref, ok := o.(opentracing.SpanReference); ok {
				s.state.refer(ref)
			}
		}
		return
	}
	sso := applied(opts)
	for _, ref := range sso.References {
		s.state.refer(ref)
	}
	for k, v := range sso.Tags {
		s.keepTags(Tag{k, v})
	}
}

// refer keeps a reference with ids, before the span is handed out.
func (st *spanState) refer(ref opentracing.SpanReference) {
	if c, ok := contextOf(ref.ReferencedContext); ok && c.IsValid() && ref.Type != selfRefType {
		st.refs = append(st.refs, opentracing.SpanReference{Type: ref.Type, ReferencedContext: SpanContext{c}})
	}
}

var serverOption = reflect.TypeOf(ext.RPCServerOption(nil))

// repeatable reports whether the options are OpenTracing's own, which may be
// applied twice.
func repeatable(opts []opentracing.StartSpanOption) bool {
	for _, o := range opts {
		switch o.(type) {
		case nil, opentracing.Tag, opentracing.Tags, opentracing.SpanReference, opentracing.StartTime:
		default:
			if reflect.TypeOf(o) != serverOption {
				return false
			}
		}
	}
	return true
}
