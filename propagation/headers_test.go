// SPDX-License-Identifier: Apache-2.0

package propagation_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/propagation"
	"github.com/opentracing/opentracing-go"
)

func TestWithHeaders(t *testing.T) {
	t.Parallel()
	sc := model.NewSpanContext(model.SpanContextConfig{
		TraceID: model.TraceID{Low: 0x1122}, SpanID: 0x1122, Flags: 1, Baggage: pairs("k", "v"), DebugID: "d",
	})
	for _, test := range []struct {
		name   string
		in     propagation.Headers
		header string
		text   string
	}{
		{
			"defaults", propagation.Headers{},
			"map[Jaeger-Debug-Id:[d] Uber-Trace-Id:[" + padded + "] Uberctx-K:[v]]",
			"map[jaeger-debug-id:d uber-trace-id:" + padded + " uberctx-k:v]",
		},
		{
			"all, in capitals", propagation.Headers{Trace: "X-Trace", BaggagePrefix: "X-B-", Baggage: "X-List", DebugID: "X-Debug"},
			"map[X-B-K:[v] X-Debug:[d] X-Trace:[" + padded + "]]",
			"map[x-b-k:v x-debug:d x-trace:" + padded + "]",
		},
		{
			"some", propagation.Headers{Trace: "!#$&'*+-.^_`|~09azAZ"},
			"map[!#$&'*+-.^_`|~09azaz:[" + padded + "] Jaeger-Debug-Id:[d] Uberctx-K:[v]]",
			"map[!#$&'*+-.^_`|~09azaz:" + padded + " jaeger-debug-id:d uberctx-k:v]",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			opt, err := propagation.WithHeaders(test.in)
			if err != nil {
				t.Fatal(err)
			}
			header, text := http.Header{}, opentracing.TextMapCarrier{}
			for _, use := range []struct {
				p       propagation.Propagator
				carrier any
			}{{propagation.NewHTTPHeaders(opt), header}, {propagation.NewTextMap(nil, opt), text}} {
				p, carrier := use.p, use.carrier
				if err := p.Inject(sc, carrier); err != nil {
					t.Fatal(err)
				}
				if back, err := p.Extract(carrier); err != nil || describe(back) != describe(sc) {
					t.Errorf("got  %s, error %v\nwant %s", describe(back), err, describe(sc))
				}
			}
			if got := fmt.Sprint(map[string][]string(header)); got != test.header {
				t.Errorf("got  %s\nwant %s", got, test.header)
			}
			if got := fmt.Sprint(map[string]string(text)); got != test.text {
				t.Errorf("got  %s\nwant %s", got, test.text)
			}
		})
	}
}

func TestCustomListHeader(t *testing.T) {
	t.Parallel()
	opt, err := propagation.WithHeaders(propagation.Headers{Baggage: "X-List"})
	if err != nil {
		t.Fatal(err)
	}
	sc, err := propagation.NewTextMap(opt).Extract(opentracing.TextMapCarrier{"x-list": "a=1", "jaeger-baggage": "a=2"})
	if got := sc.BaggageItem("a"); err != nil || got != "1" {
		t.Errorf("got %q, error %v; want %q", got, err, "1")
	}
}

func TestWithBadHeaders(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		in   propagation.Headers
		want []string
	}{
		{"space", propagation.Headers{Trace: "my trace"}, []string{`trace header "my trace": ' ' may not stand in a header name`}},
		{"colon and more", propagation.Headers{Trace: "a:b", DebugID: "ü", Baggage: "x\n", BaggagePrefix: "b\x00"}, []string{
			`trace header "a:b": ':' may`, `baggage header "x\n": '\n' may`, `debug id header "ü": 'Ã' may`, `baggage prefix "b\x00": '\x00' may`,
		}},
		{"equal but for case", propagation.Headers{Trace: "X-A", DebugID: "x-a"}, []string{`debug id header "x-a" is also the trace header`}},
		{"equal to a default", propagation.Headers{Trace: "Jaeger-Baggage"}, []string{`baggage header "jaeger-baggage" is also the trace header`}},
		{"under the prefix", propagation.Headers{BaggagePrefix: "Jaeger-"}, []string{
			`baggage header "jaeger-baggage" begins with the baggage prefix "Jaeger-"`, `debug id header "jaeger-debug-id" begins with the baggage prefix "Jaeger-"`,
		}},
		{"equal to the prefix", propagation.Headers{Trace: "uberctx-"}, []string{`baggage prefix "uberctx-" is also the trace header`}},
		{"huge", propagation.Headers{Trace: strings.Repeat("é", 1<<20)}, []string{"... (2097152 bytes): "}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			opt, err := propagation.WithHeaders(test.in)
			if err == nil {
				t.Fatal("got no error")
			}
			lines := strings.Split(err.Error(), "\n")
			if len(lines) != len(test.want) || len(err.Error()) > 1000 {
				t.Errorf("got %d errors, want %d: %.1000s", len(lines), len(test.want), err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got  %.500s\nwant %s", err, want)
				}
			}
			h := http.Header{}
			if err := propagation.NewHTTPHeaders(opt).Inject(sampled, h); err != nil || h.Get("uber-trace-id") == "" {
				t.Errorf("got %v, error %v; want the defaults", h, err)
			}
		})
	}
}
