// SPDX-License-Identifier: Apache-2.0

// Package propagation carries a SpanContext from one process to the next:
// Jaeger's own headers (uber-trace-id, uberctx-, jaeger-baggage,
// jaeger-debug-id) and its binary form, Zipkin's B3, W3C's Trace Context and
// Baggage, or several of them at once.
//
//	p := propagation.NewMulti(propagation.NewHTTPHeaders(), propagation.NewW3C(), propagation.NewB3())
//	err := p.Inject(sc, opentracing.HTTPHeadersCarrier(req.Header))
//	...
//	sc, err := p.Extract(opentracing.HTTPHeadersCarrier(req.Header))
//	if errors.Is(err, opentracing.ErrSpanContextNotFound) {
//		// nobody traced this request before us
//	}
//
// What it promises: hostile input costs bounded memory and time and ends in an
// error, never in a panic; what one propagator injects it extracts unchanged, as
// far as the format has a place for it, which each of them says (the case of
// baggage keys in headers of their own is lost in all).
package propagation

import "github.com/jaegerkit/jaeger/model"

// Propagator writes a context to a carrier and reads it back. Both are called
// on the goroutine of Tracer.Inject and Tracer.Extract, from any number of them
// at once, and must not block or keep the carrier.
//
// Inject and Extract answer a carrier of a type they cannot use with
// opentracing.ErrInvalidCarrier. Extract answers
// opentracing.ErrSpanContextNotFound where the carrier holds no context,
// baggage or debug id at all, and an error that wraps
// opentracing.ErrSpanContextCorrupted and quotes the input where it holds a
// damaged one.
type Propagator interface {
	Inject(sc model.SpanContext, carrier any) error
	Extract(carrier any) (model.SpanContext, error)
}
