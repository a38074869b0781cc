// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"net/http"
	"testing"

	"github.com/opentracing/opentracing-go"

	"github.com/uber/jaeger-client-go"
)

func TestFormats(t *testing.T) {
	custom := &jaeger.HeadersConfig{TraceContextHeaderName: "X-Trace", TraceBaggageHeaderPrefix: "bag-"}
	for _, test := range []struct {
		name    string
		options []jaeger.TracerOption
		format  any
		carrier any
		want    string
	}{
		{"text map", nil, opentracing.TextMap, opentracing.TextMapCarrier{}, "map[uber-trace-id:0000000000000001:0000000000000002:0000000000000000:1 uberctx-k:a b]"},
		{"headers", nil, opentracing.HTTPHeaders, opentracing.HTTPHeadersCarrier(http.Header{}), "map[Uber-Trace-Id:[0000000000000001:0000000000000002:0000000000000000:1] Uberctx-K:[a%20b]]"},
		{"custom headers", []jaeger.TracerOption{jaeger.TracerOptions.CustomHeaderKeys(custom)}, opentracing.TextMap, opentracing.TextMapCarrier{}, "map[bag-k:a b x-trace:0000000000000001:0000000000000002:0000000000000000:1]"},
		{"as an option", []jaeger.TracerOption{
			jaeger.TracerOptions.Injector(opentracing.TextMap, jaeger.NewHTTPHeaderPropagator(nil, jaeger.Metrics{})),
			jaeger.TracerOptions.Extractor(opentracing.TextMap, jaeger.NewHTTPHeaderPropagator(nil, jaeger.Metrics{})),
		}, opentracing.TextMap, opentracing.TextMapCarrier{}, "map[uber-trace-id:0000000000000001:0000000000000002:0000000000000000:1 uberctx-k:a%20b]"},
		{"binary", nil, opentracing.Binary, &bytes.Buffer{}, "00000000000000000000000000000001000000000000000200000000000000000100000001000000016b00000003612062"},
		{"in the process", nil, jaeger.SpanContextFormat, &jaeger.SpanContext{}, "0000000000000001:0000000000000002:0000000000000000:1"},
		{"zipkin span", nil, jaeger.ZipkinSpanFormat, &zipkinFields{}, "1 2 0 1"},
	} {
		tracer, _ := traced(t, jaeger.NewConstSampler(false), test.options...)
		c := jaeger.NewSpanContext(jaeger.TraceID{Low: 1}, 2, 0, true, map[string]string{"k": "a b"})
		if err := tracer.Inject(c, test.format, test.carrier); err != nil {
			t.Errorf("%s: inject: %v", test.name, err)
			continue
		}
		if got := written(test.carrier); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
		back, err := tracer.Extract(test.format, test.carrier)
		if err != nil {
			t.Errorf("%s: extract: %v", test.name, err)
			continue
		}
		sc := back.(jaeger.SpanContext)
		baggage := ""
		sc.ForeachBaggageItem(func(k, v string) bool { baggage += k + "=" + v; return true })
		if _, none := test.carrier.(*zipkinFields); sc.String() != c.String() || !none && baggage != "k=a b" {
			t.Errorf("%s: got back %s and %q, want %s and its baggage", test.name, sc, baggage, c)
		}
		child := start(t, tracer, "child", opentracing.ChildOf(back))
		if child.SpanContext().ParentID() != 2 || !child.SpanContext().IsSampled() {
			t.Errorf("%s: got child %s", test.name, child)
		}
	}
}

func written(carrier any) string {
	switch c := carrier.(type) {
	case *bytes.Buffer:
		return hex.EncodeToString(c.Bytes())
	case opentracing.TextMapCarrier:
		return fmt.Sprint(map[string]string(c))
	case opentracing.HTTPHeadersCarrier:
		return fmt.Sprint(map[string][]string(c))
	}
	return fmt.Sprint(carrier)
}

// zipkinFields is the frame of an RPC framework.
type zipkinFields struct {
	trace, span, parent uint64
	flags               byte
}

func (z *zipkinFields) TraceID() uint64       { return z.trace }
func (z *zipkinFields) SpanID() uint64        { return z.span }
func (z *zipkinFields) ParentID() uint64      { return z.parent }
func (z *zipkinFields) Flags() byte           { return z.flags }
func (z *zipkinFields) SetTraceID(id uint64)  { z.trace = id }
func (z *zipkinFields) SetSpanID(id uint64)   { z.span = id }
func (z *zipkinFields) SetParentID(id uint64) { z.parent = id }
func (z *zipkinFields) SetFlags(flags byte)   { z.flags = flags }
func (z *zipkinFields) String() string        { return fmt.Sprint(z.trace, z.span, z.parent, z.flags) }

func TestPropagatorsCountDamage(t *testing.T) {
	f := newFactory()
	m := jaeger.NewMetrics(f, nil)
	for _, p := range []jaeger.Extractor{jaeger.NewTextMapPropagator(&jaeger.HeadersConfig{}, *m), jaeger.NewHTTPHeaderPropagator((&jaeger.HeadersConfig{}).ApplyDefaults(), *m)} {
		if _, err := p.Extract(opentracing.TextMapCarrier{"uber-trace-id": "1:2"}); err == nil {
			t.Error("got no error of a damaged context")
		}
		if _, err := p.Extract(opentracing.TextMapCarrier{}); err != opentracing.ErrSpanContextNotFound {
			t.Errorf("got %v, want %v", err, opentracing.ErrSpanContextNotFound)
		}
		if _, err := p.Extract(nil); err != opentracing.ErrInvalidCarrier {
			t.Errorf("got %v, want %v", err, opentracing.ErrInvalidCarrier)
		}
	}
	if got, want := f.String(), "span_context_decoding_errors|=2"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestPassedOn: a context that is read and written again is the same, but its
// debug id does not go into a child's.
func TestPassedOn(t *testing.T) {
	tracer, _ := traced(t, jaeger.NewConstSampler(true))
	in := opentracing.TextMapCarrier{"uber-trace-id": "0000000000000001:0000000000000002:0000000000000003:1", "jaeger-debug-id": "x", "uberctx-k": "v"}
	c, err := tracer.Extract(opentracing.TextMap, in)
	if err != nil {
		t.Fatal(err)
	}
	out, child := opentracing.TextMapCarrier{}, opentracing.TextMapCarrier{}
	if err := tracer.Inject(c, opentracing.TextMap, out); err != nil || fmt.Sprint(out) != fmt.Sprint(in) {
		t.Errorf("got  %v, %v\nwant %v", out, err, in)
	}
	if err := tracer.Inject(start(t, tracer, "op", opentracing.ChildOf(c)).Context(), opentracing.TextMap, child); err != nil || len(child) != 2 {
		t.Errorf("got %v, %v of a child, want its ids and baggage", child, err)
	}
}
