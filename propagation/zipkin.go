// SPDX-License-Identifier: Apache-2.0

package propagation

import (
	"reflect"

	"github.com/jaegerkit/jaeger/model"
	"github.com/opentracing/opentracing-go"
)

// Format keys of carriers that are no text, for Tracer.Inject and
// Tracer.Extract once a propagator is set for them.
const (
	// ZipkinSpanFormat is the key jaeger-client-go and TChannel use for ZipkinSpan.
	ZipkinSpanFormat = "zipkin-span-format"
	// SpanContextFormat is the key of InProcess.
	SpanContextFormat = "span-context-format"
)

// ZipkinSpanWriter is a carrier of ZipkinSpan to inject into.
type ZipkinSpanWriter interface {
	SetTraceID(traceID uint64)
	SetSpanID(spanID uint64)
	SetParentID(parentID uint64)
	SetFlags(flags byte)
}

// ZipkinSpanReader is a carrier of ZipkinSpan to extract from.
type ZipkinSpanReader interface {
	TraceID() uint64
	SpanID() uint64
	ParentID() uint64
	Flags() byte
}

// ZipkinSpan is the format for RPC frameworks with fields for Zipkin's ids, such
// as TChannel. It has 64 bits for a trace id, so of longer ones the low half is
// carried, and no place for baggage, the debug id and the trace state. An open
// sampling decision reads as "not sampled".
type ZipkinSpan struct{}

// NewZipkinSpan returns the format; it holds no state.
func NewZipkinSpan() *ZipkinSpan { return &ZipkinSpan{} }

// Inject writes to a ZipkinSpanWriter, nothing where sc has no ids.
func (*ZipkinSpan) Inject(sc model.SpanContext, carrier any) error {
	w, ok := carrier.(ZipkinSpanWriter)
	if !ok || isNil(carrier, reflect.Pointer, reflect.Map) {
		return opentracing.ErrInvalidCarrier
	}
	if !sc.IsValid() {
		return nil
	}
	w.SetTraceID(sc.TraceID().Low)
	w.SetSpanID(uint64(sc.SpanID()))
	w.SetParentID(uint64(sc.ParentID()))
	w.SetFlags(sc.Flags())
	return nil
}

// Extract reads from a ZipkinSpanReader; a trace id of zero is no context.
func (*ZipkinSpan) Extract(carrier any) (model.SpanContext, error) {
	r, ok := carrier.(ZipkinSpanReader)
	if !ok || isNil(carrier, reflect.Pointer, reflect.Map) {
		return model.SpanContext{}, opentracing.ErrInvalidCarrier
	}
	low := r.TraceID()
	if low == 0 {
		return model.SpanContext{}, opentracing.ErrSpanContextNotFound
	}
	return model.NewRemoteContext(model.TraceID{Low: low}, model.SpanID(r.SpanID()), model.SpanID(r.ParentID()), r.Flags()), nil
}

// InProcess carries a context within the process, whole and as it is: the carrier
// is a *model.SpanContext. It is for frameworks that hand a context on in a field
// of their own.
type InProcess struct{}

// NewInProcess returns the format; it holds no state.
func NewInProcess() *InProcess { return &InProcess{} }

// Inject stores sc in the *model.SpanContext.
func (*InProcess) Inject(sc model.SpanContext, carrier any) error {
	to, ok := carrier.(*model.SpanContext)
	if !ok || to == nil {
		return opentracing.ErrInvalidCarrier
	}
	*to = sc
	return nil
}

// Extract returns what the *model.SpanContext holds; the zero context is none.
func (*InProcess) Extract(carrier any) (model.SpanContext, error) {
	from, ok := carrier.(*model.SpanContext)
	if !ok || from == nil {
		return model.SpanContext{}, opentracing.ErrInvalidCarrier
	}
	if *from == (model.SpanContext{}) {
		return model.SpanContext{}, opentracing.ErrSpanContextNotFound
	}
	return *from, nil
}
