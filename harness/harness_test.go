// SPDX-License-Identifier: Apache-2.0

// Package harness runs opentracing-go's API checks against the tracer, with
// every capability on and a probe that compares traces.
package harness_test

import (
	"testing"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/harness"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/sampler"
)

type probe struct{}

func (probe) SameTrace(first, second opentracing.Span) bool {
	return first.Context().(model.SpanContext).TraceID() == second.Context().(model.SpanContext).TraceID()
}

func (probe) SameSpanContext(span opentracing.Span, sc opentracing.SpanContext) bool {
	return span.Context().(model.SpanContext).String() == sc.(model.SpanContext).String()
}

func TestAPI(t *testing.T) {
	tests := []struct {
		name string
		opts []jaeger.Option
	}{
		{"sampled", nil},
		{"unsampled", []jaeger.Option{jaeger.WithSampler(sampler.NewConst(false))}},
		{"128 bit", []jaeger.Option{jaeger.With128BitTraceIDs()}},
		{"disabled", []jaeger.Option{jaeger.WithoutRecording()}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			harness.RunAPIChecks(t, func() (opentracing.Tracer, func()) {
				tracer, err := jaeger.New("harness", reporter.NewMemory(), test.opts...)
				if err != nil {
					t.Fatal(err)
				}
				return tracer, func() { tracer.Close() }
			}, harness.CheckEverything(), harness.UseProbe(probe{}))
		})
	}
}
