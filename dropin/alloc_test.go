// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"runtime"
	"testing"
	"unsafe"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
	"github.com/opentracing/opentracing-go/log"

	"github.com/uber/jaeger-client-go"
)

// ninetyRoots is nine to an allocation and a refill of something now and then, on the
// processors that the library knows its way about.
var ninetyRoots = map[bool]float64{true: 11, false: 90}[runtime.GOARCH == "amd64" || runtime.GOARCH == "arm64"]

// What a span costs where every part is the library's own: itself.
func TestAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	if got := unsafe.Sizeof(jaeger.Span{}); got > 112 {
		t.Errorf("a span takes %d bytes, want at most 112", got)
	}
	carrier := opentracing.HTTPHeadersCarrier{}
	for _, test := range []struct {
		name    string
		sampled bool
		want    float64
		do      func(opentracing.Tracer, opentracing.Span)
	}{
		{"unsampled", false, 1, func(tr opentracing.Tracer, _ opentracing.Span) { work(tr) }},
		{"ninety unsampled roots", false, ninetyRoots, func(tr opentracing.Tracer, _ opentracing.Span) {
			for range 90 {
				tr.StartSpan("op").Finish()
			}
		}},
		{"sampled", true, 1, func(tr opentracing.Tracer, _ opentracing.Span) { work(tr) }},
		{"context", true, 0, func(_ opentracing.Tracer, s opentracing.Span) { _ = s.Context().(jaeger.SpanContext).IsSampled() }},
		{"inject", true, 2, func(tr opentracing.Tracer, s opentracing.Span) {
			_ = tr.Inject(s.Context(), opentracing.HTTPHeaders, carrier)
		}},
		{"extract", true, 1, func(tr opentracing.Tracer, _ opentracing.Span) {
			_, _ = tr.Extract(opentracing.HTTPHeaders, carrier)
		}},
	} {
		tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(test.sampled), jaeger.NewNullReporter())
		span := tracer.StartSpan("parent")
		if got := testing.AllocsPerRun(500, func() { test.do(tracer, span) }); got > test.want {
			t.Errorf("%s: got %v allocations, want at most %v", test.name, got, test.want)
		}
		closer.Close()
	}
}

// A root of 128 bits takes more memory than its Span, in the same allocation.
func TestWideRootsAreOneAllocation(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(false), jaeger.NewNullReporter(), jaeger.TracerOptions.Gen128Bit(true))
	defer closer.Close()
	if got := testing.AllocsPerRun(500, func() { tracer.StartSpan("op").Finish() }); got > 1 {
		t.Errorf("got %v allocations, want 1", got)
	}
}

var startTags = []opentracing.StartSpanOption{opentracing.Tag{Key: "component", Value: "bench"}, ext.SpanKindRPCClient}

// work is one span with five tags and, where sampled, a log.
func work(tracer opentracing.Tracer) {
	s := tracer.StartSpan("op", startTags...)
	s.SetTag("http.method", "GET")
	s.SetTag("http.status_code", 200)
	s.SetTag("retry", false)
	if sampled(s) {
		s.LogFields(fields...)
	}
	s.Finish()
}

var fields = []log.Field{log.String("event", "done"), log.Int("n", 1)}

func sampled(s opentracing.Span) bool {
	c, ok := s.Context().(interface{ IsSampled() bool })
	return ok && c.IsSampled()
}
