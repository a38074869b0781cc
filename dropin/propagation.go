// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"errors"

	"github.com/opentracing/opentracing-go"
	"github.com/uber/jaeger-lib/metrics"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/propagation"

	"github.com/uber/jaeger-client-go/internal/native"
)

type formatKey int

const (
	// SpanContextFormat passes a context on inside of a process; its carrier is a
	// *SpanContext.
	SpanContextFormat formatKey = iota
)

// ZipkinSpanFormat is for RPC frameworks with fields for Zipkin's ids; its
// carriers are InjectableZipkinSpan and ExtractableZipkinSpan.
const ZipkinSpanFormat = propagation.ZipkinSpanFormat

// ExtractableZipkinSpan is read from. It has no place for baggage.
type ExtractableZipkinSpan interface {
	TraceID() uint64
	SpanID() uint64
	ParentID() uint64
	Flags() byte
}

// InjectableZipkinSpan is written to. Of trace ids of 128 bits it takes the low
// half.
type InjectableZipkinSpan interface {
	SetTraceID(traceID uint64)
	SetSpanID(spanID uint64)
	SetParentID(parentID uint64)
	SetFlags(flags byte)
}

func init() {
	native.FromModel = func(c model.SpanContext) any { return SpanContext{c} }
}

// wrapped is a format of the library behind as an Injector and Extractor.
type wrapped struct {
	p       propagation.Propagator
	damaged metrics.Counter
}

func (w *wrapped) inject(sc SpanContext, carrier interface{}) error {
	if w.p == nil {
		return opentracing.ErrUnsupportedFormat
	}
	return w.p.Inject(sc.c, carrier)
}

func (w *wrapped) extract(carrier interface{}) (SpanContext, error) {
	if w.p == nil {
		return SpanContext{}, opentracing.ErrUnsupportedFormat
	}
	c, err := w.p.Extract(carrier)
	if errors.Is(err, opentracing.ErrSpanContextCorrupted) {
		inc(w.damaged, 1)
	}
	return SpanContext{c}, err
}

// TextMapPropagator is an Injector and Extractor of Jaeger's own format.
type TextMapPropagator struct{ wrapped }

// NewTextMapPropagator returns one for opentracing.TextMap: values as they are.
// Names that are no header are replaced by the default.
func NewTextMapPropagator(headerKeys *HeadersConfig, metrics Metrics) *TextMapPropagator {
	return &TextMapPropagator{wrapped{propagation.NewTextMap(headerKeys.orDefault()), metrics.DecodingErrors}}
}

// NewHTTPHeaderPropagator returns one for opentracing.HTTPHeaders: values are
// escaped.
func NewHTTPHeaderPropagator(headerKeys *HeadersConfig, metrics Metrics) *TextMapPropagator {
	return &TextMapPropagator{wrapped{propagation.NewHTTPHeaders(headerKeys.orDefault()), metrics.DecodingErrors}}
}

func (c *HeadersConfig) orDefault() propagation.Option {
	if c != nil {
		if with, err := c.native(); err == nil {
			return with
		}
	}
	with, _ := (&HeadersConfig{}).native() // empty names are no error
	return with
}

// Inject implements Injector.
func (p *TextMapPropagator) Inject(
	sc SpanContext,
	abstractCarrier interface{},
) error {
	return p.inject(sc, abstractCarrier)
}

// Extract implements Extractor.
func (p *TextMapPropagator) Extract(abstractCarrier interface{}) (SpanContext, error) {
	return p.extract(abstractCarrier)
}

// BinaryPropagator is an Injector and Extractor for opentracing.Binary; carriers
// are an io.Writer and an io.Reader.
type BinaryPropagator struct{ wrapped }

// NewBinaryPropagator returns one. It does not use the tracer.
func NewBinaryPropagator(tracer *Tracer) *BinaryPropagator {
	return &BinaryPropagator{wrapped{p: propagation.NewBinary()}}
}

// Inject implements Injector.
func (p *BinaryPropagator) Inject(
	sc SpanContext,
	abstractCarrier interface{},
) error {
	return p.inject(sc, abstractCarrier)
}

// Extract implements Extractor.
func (p *BinaryPropagator) Extract(abstractCarrier interface{}) (SpanContext, error) {
	return p.extract(abstractCarrier)
}

// interop is SpanContextFormat.
type interop struct{}

func (interop) Inject(sc SpanContext, carrier interface{}) error {
	to, ok := carrier.(*SpanContext)
	if !ok || to == nil {
		return opentracing.ErrInvalidCarrier
	}
	*to = sc
	return nil
}

func (interop) Extract(carrier interface{}) (SpanContext, error) {
	from, ok := carrier.(*SpanContext)
	if !ok || from == nil {
		return SpanContext{}, opentracing.ErrInvalidCarrier
	}
	return *from, nil
}
