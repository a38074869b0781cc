// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"testing"

	"github.com/opentracing/opentracing-go"
	"go.uber.org/goleak"

	"github.com/uber/jaeger-client-go"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// traced is a tracer whose spans end in memory.
func traced(t *testing.T, s jaeger.Sampler, opts ...jaeger.TracerOption) (*jaeger.Tracer, *jaeger.InMemoryReporter) {
	t.Helper()
	r := jaeger.NewInMemoryReporter()
	tracer, closer := jaeger.NewTracer("svc", s, r, opts...)
	t.Cleanup(func() {
		if err := closer.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return tracer.(*jaeger.Tracer), r
}

// start starts a span of the drop-in's own type.
func start(t *testing.T, tracer opentracing.Tracer, name string, opts ...opentracing.StartSpanOption) *jaeger.Span {
	t.Helper()
	s, ok := tracer.StartSpan(name, opts...).(*jaeger.Span)
	if !ok {
		t.Fatalf("got another type of span")
	}
	return s
}

// contextOf is how programs read ids.
func contextOf(t *testing.T, s opentracing.Span) jaeger.SpanContext {
	t.Helper()
	c, ok := s.Context().(jaeger.SpanContext)
	if !ok {
		t.Fatalf("got context %T, want jaeger.SpanContext", s.Context())
	}
	return c
}
