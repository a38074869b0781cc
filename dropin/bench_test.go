// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"testing"

	"github.com/opentracing/opentracing-go"

	house "github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/sampler"

	"github.com/uber/jaeger-client-go"
)

// The drop-in beside the library behind it, see bench/.
func BenchmarkSpan(b *testing.B) {
	for _, sampled := range []bool{false, true} {
		name := map[bool]string{false: "unsampled", true: "sampled"}[sampled]
		tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(sampled), jaeger.NewNullReporter())
		native, err := house.New("svc", reporter.NewDiscard(), house.WithSampler(sampler.NewConst(sampled)))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name+"/native", func(b *testing.B) { benchmark(b, native) })
		b.Run(name+"/dropin", func(b *testing.B) { benchmark(b, tracer) })
		closer.Close()
		native.Close()
	}
}

func benchmark(b *testing.B, tracer opentracing.Tracer) {
	b.ReportAllocs()
	for range b.N {
		work(tracer)
	}
}

func BenchmarkChild(b *testing.B) {
	tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(false), jaeger.NewNullReporter())
	defer closer.Close()
	native, err := house.New("svc", reporter.NewDiscard(), house.WithSampler(sampler.NewConst(false)))
	if err != nil {
		b.Fatal(err)
	}
	defer native.Close()
	for _, t := range []struct {
		name   string
		tracer opentracing.Tracer
	}{{"native", native}, {"dropin", tracer}} {
		b.Run(t.name, func(b *testing.B) {
			b.ReportAllocs()
			parent := t.tracer.StartSpan("parent")
			for range b.N {
				t.tracer.StartSpan("op", opentracing.ChildOf(parent.Context())).Finish()
			}
		})
	}
}
