// SPDX-License-Identifier: Apache-2.0

package propagation_test

import (
	"net/http"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/propagation"
	"github.com/opentracing/opentracing-go"
)

var (
	sampled = model.NewSpanContext(model.SpanContextConfig{
		TraceID: model.TraceID{Low: 0x1122334455667788}, SpanID: 0x99aabbccddeeff00, ParentID: 0x1122334455667788, Flags: model.FlagSampled,
	})
	kept model.SpanContext
)

// request is what a small HTTP request brings.
func request() http.Header {
	return http.Header{
		"User-Agent":      {"Go-http-client/1.1"},
		"Accept-Encoding": {"gzip"},
		"Uber-Trace-Id":   {sampled.String()},
	}
}

func BenchmarkInjectHTTPHeaders(b *testing.B) {
	p, h := propagation.NewHTTPHeaders(), http.Header{}
	var carrier any = opentracing.HTTPHeadersCarrier(h)
	b.ReportAllocs()
	for range b.N {
		if err := p.Inject(sampled, carrier); err != nil {
			b.Fatal(err)
		}
	}
	if got, want := h.Get("uber-trace-id"), sampled.String(); got != want {
		b.Fatalf("got %q, want %q", got, want)
	}
}

func BenchmarkExtractHTTPHeaders(b *testing.B) {
	p := propagation.NewHTTPHeaders()
	var carrier any = opentracing.HTTPHeadersCarrier(request())
	b.ReportAllocs()
	for range b.N {
		sc, err := p.Extract(carrier)
		if err != nil {
			b.Fatal(err)
		}
		kept = sc
	}
	if got, want := kept.String(), sampled.String(); got != want {
		b.Fatalf("got %s, want %s", got, want)
	}
}

func BenchmarkExtractNothing(b *testing.B) {
	p, h := propagation.NewHTTPHeaders(), request()
	h.Del("uber-trace-id")
	var carrier any = opentracing.HTTPHeadersCarrier(h)
	b.ReportAllocs()
	for range b.N {
		if _, err := p.Extract(carrier); err != opentracing.ErrSpanContextNotFound {
			b.Fatal(err)
		}
	}
}

func BenchmarkInjectTextMap(b *testing.B) {
	p, carrier := propagation.NewTextMap(), opentracing.TextMapCarrier{}
	b.ReportAllocs()
	for range b.N {
		if err := p.Inject(sampled, carrier); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkExtractBaggage(b *testing.B) {
	p, h := propagation.NewHTTPHeaders(), request()
	h.Set("uberctx-tenant", "blue%20team")
	h.Set("uberctx-user", "42")
	b.ReportAllocs()
	for range b.N {
		sc, err := p.Extract(h)
		if err != nil || sc.BaggageLen() != 2 {
			b.Fatal(sc.BaggageLen(), err)
		}
	}
}

// benchmarked are the ways into HTTP headers, by name.
func benchmarked() map[string]propagation.Propagator {
	multi, _ := together("jaeger", "w3c", "b3")
	return map[string]propagation.Propagator{
		"jaeger": propagation.NewHTTPHeaders(), "b3": propagation.NewB3(), "b3single": propagation.NewB3Single(), "w3c": propagation.NewW3C(), "multi": multi,
	}
}

func BenchmarkInjectFormats(b *testing.B) {
	for name, p := range benchmarked() {
		b.Run(name, func(b *testing.B) {
			h := http.Header{}
			b.ReportAllocs()
			for range b.N {
				if err := p.Inject(sampled, h); err != nil {
					b.Fatal(err)
				}
			}
			if back, err := p.Extract(h); err != nil || back.TraceID() != sampled.TraceID() || !back.IsSampled() {
				b.Fatal(back, err)
			}
		})
	}
}

func BenchmarkExtractFormats(b *testing.B) {
	for name, p := range benchmarked() {
		b.Run(name, func(b *testing.B) {
			h := request()
			h.Del("uber-trace-id")
			if err := p.Inject(sampled, h); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for range b.N {
				sc, err := p.Extract(h)
				if err != nil {
					b.Fatal(err)
				}
				kept = sc
			}
			if kept.TraceID() != sampled.TraceID() || !kept.IsSampled() {
				b.Fatal(kept)
			}
		})
	}
}

func TestFormatsAllocations(t *testing.T) {
	state := model.NewSpanContext(model.SpanContextConfig{TraceID: sampled.TraceID(), SpanID: 1, Flags: 1, TraceState: "rojo=1,congo=2"})
	for name, p := range benchmarked() {
		h := request()
		h.Del("uber-trace-id")
		texts := opentracing.TextMapCarrier{}
		for _, carrier := range []any{h, texts} {
			if err := p.Inject(sampled, carrier); err != nil {
				t.Fatal(err)
			}
		}
		stated := h.Clone()
		if err := p.Inject(state, stated); err != nil {
			t.Fatal(err)
		}
		var textCarrier any = texts
		for _, test := range []struct {
			name string
			want float64
			f    func() error
		}{
			{"inject http.Header", 2, func() error { return p.Inject(sampled, h) }},
			{"inject TextMapCarrier", 1, func() error { return p.Inject(sampled, textCarrier) }},
			{"inject with a trace state", 2, func() error { return p.Inject(state, stated) }},
			{"extract http.Header", 1, func() error { _, err := p.Extract(h); return err }},
			{"extract TextMapCarrier", 1, func() error { _, err := p.Extract(textCarrier); return err }},
			{"extract with a trace state", 3, func() error { _, err := p.Extract(stated); return err }},
		} {
			if got := testing.AllocsPerRun(100, func() {
				if err := test.f(); err != nil {
					t.Fatal(err)
				}
			}); got > test.want {
				t.Errorf("%s: %s: got %v allocations, want at most %v", name, test.name, got, test.want)
			}
		}
	}
}

func TestAllocations(t *testing.T) {
	headers, text := propagation.NewHTTPHeaders(), propagation.NewTextMap()
	header := request()
	escaped := http.Header{"Uber-Trace-Id": {"1122334455667788%3A99aabbccddeeff00%3A0%3A1"}}
	texts := opentracing.TextMapCarrier{"uber-trace-id": sampled.String(), "other": "x"}
	inject := func(p propagation.Propagator, carrier any) func() {
		return func() {
			if err := p.Inject(sampled, carrier); err != nil {
				t.Fatal(err)
			}
		}
	}
	extract := func(p propagation.Propagator, carrier any) func() {
		return func() {
			var err error
			if kept, err = p.Extract(carrier); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, test := range []struct {
		name string
		want float64
		f    func()
	}{
		{"inject http.Header", 2, inject(headers, header.Clone())},
		{"inject HTTPHeadersCarrier", 2, inject(headers, opentracing.HTTPHeadersCarrier(header.Clone()))},
		{"inject TextMapCarrier", 1, inject(text, opentracing.TextMapCarrier{})},
		{"extract http.Header", 1, extract(headers, header)},
		{"extract HTTPHeadersCarrier", 1, extract(headers, opentracing.HTTPHeadersCarrier(header))},
		{"extract TextMapCarrier", 1, extract(text, texts)},
		{"extract escaped", 1, extract(headers, escaped)},
		{"extract nothing", 0, func() {
			if _, err := headers.Extract(http.Header(nil)); err != opentracing.ErrSpanContextNotFound {
				t.Fatal(err)
			}
		}},
	} {
		if got := testing.AllocsPerRun(200, test.f); got > test.want {
			t.Errorf("%s: got %v allocations, want at most %v", test.name, got, test.want)
		}
	}
}
