// SPDX-License-Identifier: Apache-2.0

package propagation

import (
	"net/http"
	"reflect"

	"github.com/jaegerkit/jaeger/model"
	"github.com/opentracing/opentracing-go"
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
	return &HTTPHeaders{text{names: newNames(opts), escaped: true}}
}

// NewTextMap returns the format for opentracing.TextMap.
func NewTextMap(opts ...Option) *TextMap {
	return &TextMap{text{names: newNames(opts)}}
}

// Inject writes the parts that sc has: ids and flags where both ids are set,
// baggage, and the debug id of a context that was extracted. The zero context
// writes nothing. Headers that sc has no part for are left as they are.
func (p *HTTPHeaders) Inject(sc model.SpanContext, carrier any) error { return p.t.inject(sc, carrier) }

// Extract reads a context, see Propagator. A trace id of zero counts as none; a
// context with a trace id and a span id of zero is returned and is not valid. Of
// several values of one header the last that is not empty counts. Errors of a
// TextMapReader are returned as they are.
func (p *HTTPHeaders) Extract(carrier any) (model.SpanContext, error) { return p.t.extract(carrier) }

// Inject is as that of HTTPHeaders.
func (p *TextMap) Inject(sc model.SpanContext, carrier any) error { return p.t.inject(sc, carrier) }

// Extract is as that of HTTPHeaders.
func (p *TextMap) Extract(carrier any) (model.SpanContext, error) { return p.t.extract(carrier) }

// text is both formats; it is never written to after construction.
type text struct {
	names
	escaped bool
}

func (t *text) inject(sc model.SpanContext, carrier any) error {
	switch c := carrier.(type) {
	case opentracing.HTTPHeadersCarrier:
		return t.injectHeader(sc, http.Header(c))
	case http.Header:
		return t.injectHeader(sc, c)
	case opentracing.TextMapWriter:
		if isNil(carrier, reflect.Pointer, reflect.Map, reflect.Func) {
			return opentracing.ErrInvalidCarrier
		}
		if sc.IsValid() {
			var buf [70]byte
			c.Set(t.trace, string(sc.AppendTo(buf[:0])))
		}
		t.injectRest(sc, c)
		return nil
	}
	return opentracing.ErrInvalidCarrier
}

// injectHeader does what Set of http.Header does for the trace header, without
// looking for the canonical name.
func (t *text) injectHeader(sc model.SpanContext, h http.Header) error {
	if h == nil {
		return opentracing.ErrInvalidCarrier
	}
	if sc.IsValid() {
		var buf [70]byte
		h[t.traceCanonical] = []string{string(sc.AppendTo(buf[:0]))}
	}
	t.injectRest(sc, h)
	return nil
}

func (t *text) injectRest(sc model.SpanContext, w opentracing.TextMapWriter) {
	if id := sc.DebugID(); id != "" {
		if t.escaped {
			id = escape(id, keepDebug)
		}
		w.Set(t.debugID, id)
	}
	if sc.BaggageLen() == 0 {
		return
	}
	eachCarried(sc, func(key, value string) {
		if t.escaped {
			key, value = escape(key, keepName), escape(value, keepValue)
		}
		w.Set(t.prefix+key, value)
	})
}

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
