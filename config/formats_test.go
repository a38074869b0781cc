// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger/config"
	"github.com/jaegerkit/jaeger/model"
)

// A request with every format, each with a trace of its own.
var allFormats = opentracing.HTTPHeadersCarrier{
	"Uber-Trace-Id": {"a1:1:0:1"},
	"Traceparent":   {"00-000000000000000000000000000000b2-0000000000000002-01"},
	"X-B3-Traceid":  {"00000000000000c3"}, "X-B3-Spanid": {"0000000000000003"}, "X-B3-Sampled": {"1"},
}

func TestPropagation(t *testing.T) {
	t.Parallel()
	const jaegerHeader, w3cHeader, b3Headers, b3Header = "Uber-Trace-Id", "Traceparent", "X-B3-Parentspanid X-B3-Sampled X-B3-Spanid X-B3-Traceid", "B3"
	tests := []struct {
		name, document string
		vars           map[string]string
		trace          uint64 // taken from allFormats
		written        string // headers of a span that continues it, in order
	}{
		{"default", "", nil, 0xa1, jaegerHeader},
		{"one", "propagation: w3c", nil, 0xb2, w3cHeader},
		{"of the Python client", "propagation: b3", nil, 0xc3, b3Headers},
		{"list", "propagation: [jaeger, w3c, b3]", nil, 0xa1, w3cHeader + " " + jaegerHeader + " " + b3Headers},
		{"order", "propagation: [B3, jaeger]", nil, 0xc3, jaegerHeader + " " + b3Headers},
		{"variable", "propagation: jaeger", map[string]string{"JAEGER_PROPAGATION": "w3c,b3"}, 0xb2, w3cHeader + " " + b3Headers},
		{"variable with spaces", "", map[string]string{"JAEGER_PROPAGATION": "b3-single, jaeger"}, 0xc3, b3Header + " " + jaegerHeader},
		{"names of OpenTelemetry", "propagation: [tracecontext, b3multi]", nil, 0xb2, w3cHeader + " " + b3Headers},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			tracer, _ := build(t, sampled+test.document, test.vars)
			sc, err := tracer.Extract(opentracing.HTTPHeaders, allFormats)
			if err != nil {
				t.Fatal(err)
			}
			if got := sc.(model.SpanContext).TraceID().Low; got != test.trace {
				t.Errorf("got trace %x, want %x", got, test.trace)
			}
			out := opentracing.HTTPHeadersCarrier{}
			if err := tracer.Inject(tracer.StartSpan("op", opentracing.ChildOf(sc)).Context(), opentracing.HTTPHeaders, out); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(slices.Sorted(maps.Keys(out)), " "); got != test.written {
				t.Errorf("got headers %s, want %s", got, test.written)
			}
			text := opentracing.TextMapCarrier{}
			if err := tracer.Inject(tracer.StartSpan("op").Context(), opentracing.TextMap, text); err != nil || len(text) == 0 {
				t.Errorf("got %v and %v of a text map", text, err)
			}
			if back, err := tracer.Extract(opentracing.TextMap, text); err != nil || !back.(model.SpanContext).IsSampled() {
				t.Errorf("got %v, %v from the text map", back, err)
			}
		})
	}
}

// The first format that is there counts, not the first of the list.
func TestFirstPresentFormat(t *testing.T) {
	t.Parallel()
	tracer, _ := build(t, sampled+"propagation: [jaeger, w3c, b3]", nil)
	sc, err := tracer.Extract(opentracing.HTTPHeaders, opentracing.HTTPHeadersCarrier{
		"X-B3-Traceid": {"c3"}, "X-B3-Spanid": {"3"}, "X-B3-Sampled": {"1"}, "Jaeger-Debug-Id": {"find me"},
	})
	if err != nil || sc.(model.SpanContext).TraceID().Low != 0xc3 || sc.(model.SpanContext).DebugID() != "find me" {
		t.Errorf("got %v, %v, want the trace of B3 with the debug id", sc, err)
	}
}

func TestHeaderNamesAgainstFormats(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, document, want string
	}{
		{"own names", "propagation: [jaeger, w3c]\nheaders: {trace: x-trace, debug_id: x-debug, baggage: x-baggage, baggage_prefix: x-bag-}", ""},
		{"taken by w3c", "propagation: [jaeger, w3c]\nheaders: {trace: TraceParent}",
			`line 4: headers.trace_context_header_name: "traceparent" is not accepted, the format w3c of propagation has it`},
		{"free without w3c", "headers: {trace: TraceParent}", ""},
		{"taken by b3", "propagation: b3\nheaders: {debug_id: X-B3-Flags}", `headers.jaeger_debug_header: "x-b3-flags" is not accepted, the format b3`},
		{"baggage of b3", "propagation: b3single\nheaders: {baggage: baggage-list}", `"baggage-list" is not accepted, the format b3single`},
		{"baggage of b3 as prefix", "propagation: [jaeger, b3]\nheaders: {baggage_prefix: baggage-}", `headers.trace_baggage_header_prefix: "baggage-" is not accepted`},
		{"prefix that takes it in", "propagation: [jaeger, b3]\nheaders: {baggage_prefix: x-b}",
			`line 4: headers.trace_baggage_header_prefix: "x-b" is not accepted, "x-b3-traceid" of the format b3 would be read as baggage`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := parse(t, sampled+test.document).Validate()
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

// Custom names work beside the other formats.
func TestCustomHeadersInSeveralFormats(t *testing.T) {
	t.Parallel()
	tracer, _ := build(t, sampled+"propagation: [b3, jaeger]\nheaders: {trace: X-Trace, baggage_prefix: X-Bag-, debug_id: X-Debug, baggage: X-Baggage}", nil)
	span := tracer.StartSpan("op").SetBaggageItem("user", "u1")
	out := opentracing.HTTPHeadersCarrier{}
	if err := tracer.Inject(span.Context(), opentracing.HTTPHeaders, out); err != nil {
		t.Fatal(err)
	}
	if out["X-Trace"] == nil || out["X-Bag-User"] == nil || out["X-B3-Traceid"] == nil {
		t.Errorf("got %v", out)
	}
	sc, err := tracer.Extract(opentracing.HTTPHeaders, opentracing.HTTPHeadersCarrier{"X-Debug": {"d1"}, "X-Baggage": {"k=v"}})
	if err != nil || sc.(model.SpanContext).DebugID() != "d1" || sc.(model.SpanContext).BaggageItem("k") != "v" {
		t.Errorf("got %v, %v", sc, err)
	}
}

func TestPropagationInCode(t *testing.T) {
	t.Parallel()
	c := config.Config{ServiceName: "s", Propagation: []string{"W3C", "B3_Single"}}
	full, err := c.Complete()
	if err != nil || strings.Join(full.Propagation, ",") != "w3c,b3single" || c.Propagation[0] != "W3C" {
		t.Errorf("got %v, %v from %v", full.Propagation, err, c.Propagation)
	}
}
