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

// undecided never decides.
type undecided struct{}

func (u undecided) Sample(model.TraceID, string) sampler.Decision { return sampler.Decision{Later: u} }
func (u undecided) Ask(sampler.Event) sampler.Decision            { return sampler.Decision{Later: u} }

// observer hears everything and does nothing.
type observer struct{}

func (o observer) OnStartSpan(*jaeger.Span, string, opentracing.StartSpanOptions) (jaeger.SpanObserver, bool) {
	return o, true
}
func (observer) OnSetOperationName(string)          {}
func (observer) OnSetTag(string, any)               {}
func (observer) OnFinish(opentracing.FinishOptions) {}

// disabled begins no traces of its own, and passes on those of others.
const disabled = "disabled"

func TestAPI(t *testing.T) {
	tests := []struct {
		name string
		opts []jaeger.Option
	}{
		{"sampled", nil},
		{"unsampled", []jaeger.Option{jaeger.WithSampler(sampler.NewConst(false))}},
		{"128 bit", []jaeger.Option{jaeger.With128BitTraceIDs()}},
		{disabled, []jaeger.Option{jaeger.WithoutRecording()}},
		{"undecided", []jaeger.Option{jaeger.WithSampler(undecided{})}},
		{"observed", []jaeger.Option{jaeger.WithObserver(observer{})}},
		{"observed, unsampled", []jaeger.Option{jaeger.WithObserver(observer{}), jaeger.WithSampler(sampler.NewConst(false))}},
		{"Zipkin's shared spans", []jaeger.Option{jaeger.WithZipkinSharedSpans()}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			checks := []harness.APICheckOption{harness.CheckEverything(), harness.UseProbe(probe{})}
			if test.name == disabled { // its traces have no ids to be found by
				checks = []harness.APICheckOption{harness.CheckBaggageValues(true), harness.CheckInject(true)}
			}
			harness.RunAPIChecks(t, func() (opentracing.Tracer, func()) {
				tracer, err := jaeger.New("harness", reporter.NewMemory(), test.opts...)
				if err != nil {
					t.Fatal(err)
				}
				return tracer, func() { tracer.Close() }
			}, checks...)
		})
	}
}
