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

func TestInject(t *testing.T) {
	t.Parallel()
	ids := model.SpanContextConfig{TraceID: model.TraceID{Low: 0x1122}, SpanID: 0x1122, Flags: 1}
	with := func(change func(c *model.SpanContextConfig)) model.SpanContextConfig {
		c := ids
		change(&c)
		return c
	}
	for _, test := range []struct {
		name   string
		in     model.SpanContextConfig
		header string // of an http.Header, in HTTP's format
		text   string // of a TextMapCarrier, in text format
	}{
		{"ids", ids, "map[Uber-Trace-Id:[" + padded + "]]", "map[uber-trace-id:" + padded + "]"},
		{
			"128 bits, parent, debug and firehose",
			model.SpanContextConfig{TraceID: model.TraceID{High: 0xa, Low: 0xb}, SpanID: 0xc, ParentID: 0xd, Flags: 0xb},
			"map[Uber-Trace-Id:[000000000000000a000000000000000b:000000000000000c:000000000000000d:b]]",
			"map[uber-trace-id:000000000000000a000000000000000b:000000000000000c:000000000000000d:b]",
		},
		{
			"baggage", with(func(c *model.SpanContextConfig) { c.Baggage = pairs("tenant", "blue team/1+1=2", "Key", "é") }),
			"map[Uber-Trace-Id:[" + padded + "] Uberctx-Key:[%C3%A9] Uberctx-Tenant:[blue%20team%2F1%2B1%3D2]]",
			"map[uber-trace-id:" + padded + " uberctx-Key:é uberctx-tenant:blue team/1+1=2]",
		},
		{
			"keys and values no header may hold", model.SpanContextConfig{Baggage: pairs("a b:\r\n", "x\r\nSet-Cookie: y", "100%", "\x00", "é", "-_.~")},
			"map[Uberctx-%c3%a9:[-_.~] Uberctx-100%25:[%00] Uberctx-A%20b%3a%0d%0a:[x%0D%0ASet-Cookie%3A%20y]]",
			"map[uberctx-100%:\x00 uberctx-a b:\r\n:x\r\nSet-Cookie: y uberctx-é:-_.~]",
		},
		{"baggage alone", model.SpanContextConfig{Baggage: pairs("k", "v"), Flags: 1}, "map[Uberctx-K:[v]]", "map[uberctx-k:v]"},
		{"item without value", model.SpanContextConfig{Baggage: pairs("k", "")}, "map[]", "map[]"},
		{"debug id", model.SpanContextConfig{DebugID: "50% a+b\n"}, "map[Jaeger-Debug-Id:[50%25%20a+b%0A]]", "map[jaeger-debug-id:50% a+b\n]"},
		{"nothing", model.SpanContextConfig{}, "map[]", "map[]"},
		{"trace id without span id", model.SpanContextConfig{TraceID: model.TraceID{Low: 1}}, "map[]", "map[]"},
		{"span id without trace id", model.SpanContextConfig{SpanID: 1}, "map[]", "map[]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			sc := model.NewSpanContext(test.in)
			header := http.Header{}
			if err := propagation.NewHTTPHeaders().Inject(sc, header); err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(map[string][]string(header)); got != test.header {
				t.Errorf("got  %s\nwant %s", got, test.header)
			}
			carrier := opentracing.HTTPHeadersCarrier{}
			if err := propagation.NewHTTPHeaders().Inject(sc, carrier); err != nil || fmt.Sprint(carrier) != fmt.Sprint(header) {
				t.Errorf("got  %v, error %v\nwant %v", carrier, err, header)
			}
			text := opentracing.TextMapCarrier{}
			if err := propagation.NewTextMap().Inject(sc, text); err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(map[string]string(text)); got != test.text {
				t.Errorf("got  %q\nwant %q", got, test.text)
			}
		})
	}
}

func TestInjectZeroContext(t *testing.T) {
	t.Parallel()
	for format, p := range both() {
		h := http.Header{"Uber-Trace-Id": {"kept"}}
		if err := p.Inject(model.SpanContext{}, h); err != nil || fmt.Sprint(h) != "map[Uber-Trace-Id:[kept]]" {
			t.Errorf("%s: got %v, error %v; want nothing written", format, h, err)
		}
	}
}

// TestInjectReplaces: slices of a header may be shared with a clone of it.
func TestInjectReplaces(t *testing.T) {
	t.Parallel()
	shared := []string{"old"}
	h := http.Header{"Uber-Trace-Id": shared}
	if err := propagation.NewHTTPHeaders().Inject(sampled, h); err != nil {
		t.Fatal(err)
	}
	if got := h.Get("uber-trace-id"); got != sampled.String() || shared[0] != "old" {
		t.Errorf("got %q and %q in the old slice", got, shared[0])
	}
}

// TestNetHTTPAcceptsWhatIsInjected: a request with one bad header is not sent.
func TestNetHTTPAcceptsWhatIsInjected(t *testing.T) {
	t.Parallel()
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	sc := sampled.WithBaggageItem(string(every), string(every))
	for _, b := range every {
		sc = sc.WithBaggageItem("k"+string(rune(b)), string([]byte{b, 'v'}))
	}
	config := model.SpanContextConfig{TraceID: sc.TraceID(), SpanID: sc.SpanID(), DebugID: string(every)}
	sc.ForeachBaggageItem(func(k, v string) bool {
		config.Baggage = append(config.Baggage, model.BaggageItem{Key: k, Value: v})
		return true
	})
	h := http.Header{}
	if err := propagation.NewHTTPHeaders().Inject(model.NewSpanContext(config), h); err != nil {
		t.Fatal(err)
	}
	if len(h) < 100 {
		t.Fatalf("got %d headers, want more", len(h))
	}
	for name, values := range h {
		for _, c := range []byte(name) {
			if c <= ' ' || c > '~' || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
				t.Errorf("got %q in header name %q", c, name)
			}
		}
		for _, c := range []byte(values[0]) {
			if c <= ' ' || c > '~' {
				t.Errorf("got %q in the value of %q", c, name)
			}
		}
	}
}
