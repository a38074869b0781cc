// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"testing"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/propagation"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/sampler"
)

// A context without ids still says something to the trace that begins from it.
func TestCarriedWithoutIDs(t *testing.T) {
	t.Parallel()
	tracer, err := jaeger.New("s", reporter.NewDiscard(), jaeger.WithSampler(sampler.NewConst(false)),
		jaeger.WithPropagator(opentracing.HTTPHeaders, propagation.NewB3()))
	if err != nil {
		t.Fatal(err)
	}
	defer tracer.Close()
	sc, err := tracer.Extract(opentracing.HTTPHeaders, opentracing.HTTPHeadersCarrier{"B3": {"1"}})
	if err != nil {
		t.Fatal(err)
	}
	span := tracer.StartSpan("op", opentracing.ChildOf(sc)).(*jaeger.Span)
	if got := span.SpanContext(); !got.IsSampled() || got.IsDebug() || !got.IsValid() {
		t.Errorf("b3: 1 gave %v, want a sampled trace", got)
	}
	extended := model.NewSpanContext(model.SpanContextConfig{Extension: 7})
	span = tracer.StartSpan("op", opentracing.FollowsFrom(extended)).(*jaeger.Span)
	child := tracer.StartSpan("op", opentracing.ChildOf(span.Context())).SetBaggageItem("k", "v").(*jaeger.Span)
	if got := child.SpanContext(); got.Extension() != 7 || got.IsSampled() {
		t.Errorf("extension %v, sampled %v, want 7 and false", got.Extension(), got.IsSampled())
	}
}

// The formats of jaeger-client-go beside OpenTracing's are there without an option.
func TestFormatsOfTheOldClient(t *testing.T) {
	t.Parallel()
	tracer, err := jaeger.New("s", reporter.NewDiscard())
	if err != nil {
		t.Fatal(err)
	}
	defer tracer.Close()
	span := tracer.StartSpan("op").(*jaeger.Span)
	var carrier model.SpanContext
	if err := tracer.Inject(span.Context(), propagation.SpanContextFormat, &carrier); err != nil {
		t.Fatal(err)
	}
	got, err := tracer.Extract(propagation.SpanContextFormat, &carrier)
	if err != nil || got.(model.SpanContext).SpanID() != span.SpanContext().SpanID() {
		t.Errorf("got %v, %v, want %v", got, err, span)
	}
	if err := tracer.Inject(span.Context(), propagation.ZipkinSpanFormat, 1); err != opentracing.ErrInvalidCarrier {
		t.Errorf("got %v, want ErrInvalidCarrier", err)
	}
}
