// SPDX-License-Identifier: Apache-2.0

package zipkin_test

import (
	"errors"
	"fmt"
	"maps"
	"testing"

	"github.com/opentracing/opentracing-go"

	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/zipkin"
)

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	root := jaeger.NewSpanContext(jaeger.TraceID{Low: 1}, 2, 0, true, map[string]string{"foo": "bar"})
	child := jaeger.NewSpanContext(jaeger.TraceID{High: 0x463ac35c9f6413ad, Low: 0x48485a3953bb6124}, 2, 1, true, nil)
	for _, test := range []struct {
		name string
		p    zipkin.Propagator
		sc   jaeger.SpanContext
		want opentracing.TextMapCarrier
		back string
	}{
		{"root", zipkin.NewZipkinB3HTTPHeaderPropagator(), root, opentracing.TextMapCarrier{
			"x-b3-traceid": "0000000000000001", "x-b3-spanid": "0000000000000002", "x-b3-sampled": "1", "baggage-foo": "bar"},
			"0000000000000001:0000000000000002:0000000000000000:1 foo=bar"},
		{"child, 128 bits", zipkin.NewZipkinB3HTTPHeaderPropagator(nil), child, opentracing.TextMapCarrier{
			"x-b3-traceid": "463ac35c9f6413ad48485a3953bb6124", "x-b3-spanid": "0000000000000002", "x-b3-parentspanid": "0000000000000001", "x-b3-sampled": "1"},
			"463ac35c9f6413ad48485a3953bb6124:0000000000000002:0000000000000001:1"},
		{"own prefix", zipkin.NewZipkinB3HTTPHeaderPropagator(zipkin.BaggagePrefix("own-")), root, opentracing.TextMapCarrier{
			"x-b3-traceid": "0000000000000001", "x-b3-spanid": "0000000000000002", "x-b3-sampled": "1", "own-foo": "bar"},
			"0000000000000001:0000000000000002:0000000000000000:1 foo=bar"},
		{"prefix that is no header", zipkin.NewZipkinB3HTTPHeaderPropagator(zipkin.BaggagePrefix("emoji:)")), root, opentracing.TextMapCarrier{
			"x-b3-traceid": "0000000000000001", "x-b3-spanid": "0000000000000002", "x-b3-sampled": "1", "emoji:)foo": "bar"},
			"0000000000000001:0000000000000002:0000000000000000:1 foo=bar"},
		{"zero value", zipkin.Propagator{}, root, opentracing.TextMapCarrier{
			"x-b3-traceid": "0000000000000001", "x-b3-spanid": "0000000000000002", "x-b3-sampled": "1"},
			"0000000000000001:0000000000000002:0000000000000000:1"},
	} {
		got := opentracing.TextMapCarrier{}
		if err := test.p.Inject(test.sc, got); err != nil || !maps.Equal(got, test.want) {
			t.Errorf("%s: got %v, %v, want %v", test.name, got, err, test.want)
		}
		sc, err := test.p.Extract(test.want)
		if got := describe(sc); err != nil || got != test.back {
			t.Errorf("%s: got %s, %v, want %s", test.name, got, err, test.back)
		}
	}
	if one, other := zipkin.NewZipkinB3HTTPHeaderPropagator(), zipkin.NewZipkinB3HTTPHeaderPropagator(); one != other {
		t.Error("got propagators that differ")
	}
}

func describe(sc jaeger.SpanContext) string {
	s := sc.String()
	sc.ForeachBaggageItem(func(k, v string) bool {
		s += fmt.Sprint(" ", k, "=", v)
		return true
	})
	return s
}

func TestExtract(t *testing.T) {
	t.Parallel()
	p := zipkin.NewZipkinB3HTTPHeaderPropagator()
	for _, test := range []struct {
		name    string
		carrier any
		want    string
	}{
		{"true", opentracing.TextMapCarrier{"X-B3-TraceID": "1", "x-b3-spanid": "2", "x-b3-sampled": "true"}, "0000000000000001:0000000000000002:0000000000000000:1 final"},
		{"no", opentracing.TextMapCarrier{"x-b3-traceid": "1", "x-b3-spanid": "2", "x-b3-sampled": "0"}, "0000000000000001:0000000000000002:0000000000000000:0 final"},
		{"debug", opentracing.TextMapCarrier{"x-b3-traceid": "1", "x-b3-spanid": "2", "x-b3-flags": "1"}, "0000000000000001:0000000000000002:0000000000000000:3 final"},
		{"undecided", opentracing.TextMapCarrier{"x-b3-traceid": "1", "x-b3-spanid": "2"}, "0000000000000001:0000000000000002:0000000000000000:0 open"},
		{"single", opentracing.TextMapCarrier{"b3": "0000000000000001-0000000000000002-1"}, "0000000000000001:0000000000000002:0000000000000000:1 final"},
		{"nothing", opentracing.TextMapCarrier{}, "not found"},
		{"zero", opentracing.TextMapCarrier{"x-b3-traceid": "00000000000000000000000000000000", "x-b3-spanid": "2"}, "not found"},
		{"accepted without ids", opentracing.TextMapCarrier{"x-b3-sampled": "1"}, "0000000000000000:0000000000000000:0000000000000000:1 final"},
		{"no hex", opentracing.TextMapCarrier{"x-b3-traceid": "jdkafhsd", "x-b3-spanid": "2"}, "error"},
		{"too long", opentracing.TextMapCarrier{"b3": "000000000000000000000000000000001-0000000000000002"}, "error"},
		{"carrier", 7, "invalid carrier"},
		{"nil", nil, "invalid carrier"},
	} {
		sc, err := p.Extract(test.carrier)
		got := "error"
		switch {
		case errors.Is(err, opentracing.ErrSpanContextNotFound):
			got = "not found"
		case errors.Is(err, opentracing.ErrInvalidCarrier):
			got = "invalid carrier"
		case err == nil && sc.IsSamplingFinalized():
			got = sc.String() + " final"
		case err == nil:
			got = sc.String() + " open"
		}
		if got != test.want {
			t.Errorf("%s: got %s (%v), want %s", test.name, got, err, test.want)
		}
	}
	if err := p.Inject(jaeger.SpanContext{}, nil); err == nil {
		t.Error("got no error of a carrier that is none")
	}
	if err := p.Inject(jaeger.SpanContext{}, opentracing.TextMapCarrier{}); err != nil {
		t.Errorf("got %v of the zero context", err)
	}
}

// TestInTracer: the format that a tracer is given, both ways, with shared spans.
func TestInTracer(t *testing.T) {
	t.Parallel()
	b3 := zipkin.NewZipkinB3HTTPHeaderPropagator()
	tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(true), jaeger.NewNullReporter(),
		jaeger.TracerOptions.Injector(opentracing.HTTPHeaders, b3), jaeger.TracerOptions.Extractor(opentracing.HTTPHeaders, b3))
	defer closer.Close()
	carrier := opentracing.HTTPHeadersCarrier{}
	span := tracer.StartSpan("x").SetBaggageItem("user", "7")
	defer span.Finish()
	if err := tracer.Inject(span.Context(), opentracing.HTTPHeaders, carrier); err != nil || carrier["X-B3-Sampled"][0] != "1" {
		t.Fatalf("got %v, %v", carrier, err)
	}
	sc, err := tracer.Extract(opentracing.HTTPHeaders, carrier)
	if got, want := fmt.Sprint(sc), fmt.Sprint(span.Context()); err != nil || got != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}
