// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"net/http"
	"testing"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/sampler"
)

var sink any

// bench is the workload of the benchmarks and allocation guards. Values are
// boxed once, so that the caller's own cost does not count.
type bench struct {
	on, off *jaeger.Tracer
	values  [5]any
	fields  []log.Field
}

var keys = [5]string{"http.method", "http.url", "http.status_code", "cached", "ratio"}

func newBench(tb testing.TB) *bench {
	b := &bench{
		values: [5]any{"GET", "/api/v1/customers/42", 200, true, 0.25},
		fields: []log.Field{log.String("event", "cache miss"), log.Int("size", 42)},
	}
	for _, t := range []struct {
		to     **jaeger.Tracer
		sample bool
	}{{&b.on, true}, {&b.off, false}} {
		tracer, err := jaeger.New("bench", reporter.NewDiscard(), jaeger.WithSampler(sampler.NewConst(t.sample)))
		if err != nil {
			tb.Fatal(err)
		}
		*t.to = tracer
		tb.Cleanup(func() { tracer.Close() })
	}
	return b
}

// with returns a tracer like the others, with options of its own.
func (b *bench) with(opts ...jaeger.Option) *jaeger.Tracer {
	tracer, err := jaeger.New("bench", reporter.NewDiscard(), opts...)
	check(err)
	return tracer
}

func (b *bench) span(t *jaeger.Tracer, opts ...opentracing.StartSpanOption) {
	s := t.StartSpan("GET /customers", opts...)
	for i := range b.values {
		s.SetTag(keys[i], b.values[i])
	}
	s.LogFields(b.fields...)
	s.Finish()
}

// headers are those of an ordinary request that was traced before.
func (b *bench) headers() map[string][]string {
	h := http.Header{}
	for k, v := range map[string]string{
		"Accept": "*/*", "User-Agent": "curl/8", "Content-Type": "application/json", "X-Request-Id": "7",
	} {
		h.Set(k, v)
	}
	check(b.on.Inject(b.on.StartSpan("op").Context(), opentracing.HTTPHeaders, opentracing.HTTPHeadersCarrier(h)))
	return h
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func benchmark(b *testing.B, run func(b *bench) func()) {
	f := run(newBench(b))
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		f()
	}
}

func BenchmarkUnsampled(b *testing.B) {
	benchmark(b, func(b *bench) func() { return func() { b.span(b.off) } })
}

func BenchmarkSampled(b *testing.B) {
	benchmark(b, func(b *bench) func() { return func() { b.span(b.on) } })
}

func BenchmarkBareUnsampled(b *testing.B) {
	benchmark(b, func(b *bench) func() { return func() { b.off.StartSpan("op").Finish() } })
}

func BenchmarkBareSampled(b *testing.B) {
	benchmark(b, func(b *bench) func() { return func() { b.on.StartSpan("op").Finish() } })
}

func BenchmarkUndecided(b *testing.B) {
	benchmark(b, func(b *bench) func() {
		tracer := b.with(jaeger.WithSampler(undecided{}))
		return func() { b.span(tracer) }
	})
}

func BenchmarkUndecidedParallel(b *testing.B) {
	w := newBench(b)
	tracer := w.with(jaeger.WithSampler(undecided{}))
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			w.span(tracer)
		}
	})
}

func BenchmarkObservedUnsampled(b *testing.B) {
	benchmark(b, func(b *bench) func() {
		tracer := b.with(jaeger.WithSampler(sampler.NewConst(false)), jaeger.WithObserver(hears{}))
		return func() { b.span(tracer) }
	})
}

// undecided postpones until the root is finished.
type undecided struct{}

func (u undecided) Sample(model.TraceID, string) sampler.Decision { return sampler.Decision{Later: u} }
func (u undecided) Ask(sampler.Event) sampler.Decision            { return sampler.Decision{Later: u} }

// hears is an observer that does nothing.
type hears struct{}

func (h hears) OnStartSpan(*jaeger.Span, string, opentracing.StartSpanOptions) (jaeger.SpanObserver, bool) {
	return h, true
}
func (hears) OnSetOperationName(string)          {}
func (hears) OnSetTag(string, any)               {}
func (hears) OnFinish(opentracing.FinishOptions) {}

func BenchmarkChild(b *testing.B) {
	benchmark(b, func(b *bench) func() {
		parent := opentracing.ChildOf(b.on.StartSpan("parent").Context())
		return func() { b.span(b.on, parent) }
	})
}

func BenchmarkSampledParallel(b *testing.B) {
	w := newBench(b)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			w.span(w.on)
		}
	})
}

func BenchmarkInjectHTTP(b *testing.B) {
	benchmark(b, func(b *bench) func() {
		sc, h := b.on.StartSpan("op").Context(), opentracing.HTTPHeadersCarrier{}
		return func() { check(b.on.Inject(sc, opentracing.HTTPHeaders, h)) }
	})
}

func BenchmarkExtractHTTP(b *testing.B) {
	benchmark(b, func(b *bench) func() {
		h := opentracing.HTTPHeadersCarrier(b.headers())
		return func() {
			_, err := b.on.Extract(opentracing.HTTPHeaders, h)
			check(err)
		}
	})
}
