// SPDX-License-Identifier: Apache-2.0

package propagation

import (
	"reflect"

	"github.com/jaegerkit/jaeger/model"
)

// HTTPHeaders is Jaeger's format for HTTP headers and everything that follows
// their rules, such as gRPC metadata. Baggage values are percent-encoded, and so
// are bytes of baggage keys that may not stand in a header name: net/http would
// refuse the whole request for them.
//
// Carriers: http.Header, opentracing.HTTPHeadersCarrier,
// opentracing.TextMapCarrier, and any opentracing.TextMapWriter (Inject) or
// TextMapReader (Extract). A nil map cannot be injected into
// (opentracing.ErrInvalidCarrier) and holds no context to extract.
//
// Inject into an http.Header costs two allocations, Extract one, and more where
// there is baggage. At most 180 baggage items of 4096 bytes each, key and value
// together, and of 64 KiB in all are carried; the rest is left out.
type HTTPHeaders struct{ t text }

// TextMap is Jaeger's format for carriers that keep any text as it is: the same
// names as HTTPHeaders, nothing encoded. Carriers and limits are those of
// HTTPHeaders.
type TextMap struct{ t text }

// NewHTTPHeaders returns the format for opentracing.HTTPHeaders.
func NewHTTPHeaders(opts ...Option) *HTTPHeaders {
	return &HTTPHeaders{newText(newNames(opts), true, jaegerFormat)}
}

// NewTextMap returns the format for opentracing.TextMap.
func NewTextMap(opts ...Option) *TextMap {
	return &TextMap{newText(newNames(opts), false, jaegerFormat)}
}

// Inject writes the parts that sc has: ids and flags where both ids are set,
// baggage, and the debug id of a context that was extracted. The zero context
// writes nothing. Headers that sc has no part for are left as they are. An open
// sampling decision (see model.SpanContext.IsDeferred) reads as "not sampled", and
// W3C's trace state is not part of the format.
func (p *HTTPHeaders) Inject(sc model.SpanContext, carrier any) error { return p.t.Inject(sc, carrier) }

// Extract reads a context, see Propagator. A trace id of zero counts as none; a
// context with a trace id and a span id of zero is returned and is not valid. Of
// several values of one header the last that is not empty counts. Errors of a
// TextMapReader are returned as they are.
func (p *HTTPHeaders) Extract(carrier any) (model.SpanContext, error) { return p.t.Extract(carrier) }

// Inject is as that of HTTPHeaders.
func (p *TextMap) Inject(sc model.SpanContext, carrier any) error { return p.t.Inject(sc, carrier) }

// Extract is as that of HTTPHeaders.
func (p *TextMap) Extract(carrier any) (model.SpanContext, error) { return p.t.Extract(carrier) }

// isNil reports whether carrier is a nil of one of the kinds, whose methods
// would panic.
func isNil(carrier any, kinds ...reflect.Kind) bool {
	v := reflect.ValueOf(carrier)
	for _, k := range kinds {
		if v.Kind() == k {
			return v.IsNil()
		}
	}
	return false
}

func (p *HTTPHeaders) headers() *text { return &p.t }
func (p *TextMap) headers() *text     { return &p.t }
