// SPDX-License-Identifier: Apache-2.0

package propagation_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/propagation"
	"github.com/opentracing/opentracing-go"
)

// size returns the number of items and the bytes in them.
func size(sc model.SpanContext) (n, total int) {
	sc.ForeachBaggageItem(func(k, v string) bool {
		n, total = n+1, total+len(k)+len(v)
		return true
	})
	return n, total
}

func TestExtractLimits(t *testing.T) {
	t.Parallel()
	many, large, huge := map[string]string{}, map[string]string{}, map[string]string{}
	var list []string
	for i := range 10_000 {
		many[fmt.Sprintf("uberctx-key%05d", i)] = "value"
		list = append(list, fmt.Sprintf("key%05d=value", i))
	}
	long := strings.Repeat("x", 10<<20)
	for i := range 100 {
		large[fmt.Sprintf("uberctx-%03d", i)] = long[:4096-3]
		huge[fmt.Sprintf("uberctx-%03d", i)] = long
	}
	for _, test := range []struct {
		name     string
		in       map[string]string
		n, total int
	}{
		{"10,000 keys", many, 180, 180 * 13},
		{"10,000 pairs in a list", map[string]string{"jaeger-baggage": strings.Join(list, ",")}, 180, 180 * 13},
		{"list of commas", map[string]string{"jaeger-baggage": "a=1" + strings.Repeat(",", 1<<16) + "b=1"}, 1, 2},
		{"list of one key", map[string]string{"jaeger-baggage": strings.Repeat("a=1,", 359) + "b=1,c=1"}, 2, 4},
		{"list of 359 commas", map[string]string{"jaeger-baggage": strings.Repeat(",", 359) + "a=1"}, 1, 2},
		{"list beyond any limit", map[string]string{"jaeger-baggage": "a=1," + strings.Repeat(",", 1<<20)}, 0, 0},
		{"items of 4096 bytes", large, 16, 64 << 10},
		{"items of 4097 bytes", map[string]string{"uberctx-k": strings.Repeat("x", 4096), "uberctx-l": "1"}, 1, 2},
		{"long key", map[string]string{"uberctx-" + strings.Repeat("k", 4096): "v"}, 0, 0},
		{"longest key", map[string]string{"uberctx-" + strings.Repeat("k", 4095): "v"}, 1, 4096},
		{"pair of 4097 bytes in a list", map[string]string{"jaeger-baggage": "k=" + strings.Repeat("x", 4096) + ",l=1"}, 1, 2},
		{"items of 10 MB", huge, 0, 0},
	} {
		for format, p := range both() {
			t.Run(test.name+"/"+format, func(t *testing.T) {
				t.Parallel()
				carrier := opentracing.TextMapCarrier{"uber-trace-id": "1122:1122:0:1"}
				for k, v := range test.in {
					carrier[k] = v
				}
				sc, err := p.Extract(carrier)
				if err != nil || sc.String() != padded {
					t.Errorf("got %v, error %v; want the rest of the context kept", sc, err)
				}
				if n, total := size(sc); n != test.n || total != test.total {
					t.Errorf("got %d items of %d bytes, want %d of %d", n, total, test.n, test.total)
				}
			})
		}
	}
}

// TestEscapedItemsKeepTheirLimit: an escape triples a value on the wire only.
func TestEscapedItemsKeepTheirLimit(t *testing.T) {
	t.Parallel()
	sc := sampled.WithBaggageItem("k", strings.Repeat("é", 2047)+"!")
	h := http.Header{}
	p := propagation.NewHTTPHeaders()
	if err := p.Inject(sc, h); err != nil {
		t.Fatal(err)
	}
	back, err := p.Extract(h)
	if got := back.BaggageItem("k"); err != nil || got != sc.BaggageItem("k") {
		t.Errorf("got %d bytes, error %v; want %d", len(got), err, len(sc.BaggageItem("k")))
	}
}

func TestDebugIDLimit(t *testing.T) {
	t.Parallel()
	for format, p := range both() {
		for _, id := range []string{strings.Repeat("x", 1<<20), strings.Repeat("é", 1<<20)} {
			sc, err := p.Extract(opentracing.TextMapCarrier{"jaeger-debug-id": id})
			if got := sc.DebugID(); err != nil || got != id[:4096] {
				t.Errorf("%s: got %d bytes, error %v; want the first 4096", format, len(got), err)
			}
		}
	}
}

// TestInjectLimits: readers would refuse or ignore what is beyond the limits.
func TestInjectLimits(t *testing.T) {
	t.Parallel()
	config := model.SpanContextConfig{TraceID: model.TraceID{Low: 1}, SpanID: 1, Baggage: pairs("big", strings.Repeat("x", 4094))}
	for i := range 10_000 {
		config.Baggage = append(config.Baggage, pairs(fmt.Sprintf("key%05d", i), strings.Repeat("v", 400))...)
	}
	sc := model.NewSpanContext(config)
	for _, test := range []struct {
		p       propagation.Propagator
		carrier any
	}{
		{propagation.NewHTTPHeaders(), http.Header{}},
		{propagation.NewTextMap(), opentracing.TextMapCarrier{}},
		{propagation.NewBinary(), &bytes.Buffer{}},
	} {
		p, carrier := test.p, test.carrier
		if err := p.Inject(sc, carrier); err != nil {
			t.Fatal(err)
		}
		back, err := p.Extract(carrier)
		if n, total := size(back); err != nil || n != 160 || total != 160*408 {
			t.Errorf("%T: got %d items of %d bytes, error %v; want 160 of %d", carrier, n, total, err, 160*408)
		}
		if got := back.BaggageItem("big"); got != "" {
			t.Errorf("%T: got the item of 4097 bytes", carrier)
		}
	}
}

// TestCarrierMemoryIsNotKept: some servers reuse the bytes behind their header
// strings for the next request.
func TestCarrierMemoryIsNotKept(t *testing.T) {
	t.Parallel()
	for format, p := range both() {
		long := strings.Repeat("x", 1<<20)
		sc, err := p.Extract(opentracing.TextMapCarrier{"jaeger-debug-id": long[:10], "uberctx-" + long[:5]: long[:20], "jaeger-baggage": "k=" + long[:7]})
		if err != nil {
			t.Fatal(err)
		}
		inside := func(s string) bool { return within(s, long) }
		if inside(sc.DebugID()) {
			t.Errorf("%s: the debug id is part of the carrier", format)
		}
		sc.ForeachBaggageItem(func(k, v string) bool {
			if inside(k) || inside(v) {
				t.Errorf("%s: item %q is part of the carrier", format, k)
			}
			return true
		})
	}
}

// TestOtherFormatsLimits: what a format has no use for costs no memory, and its
// ids come through.
func TestOtherFormatsLimits(t *testing.T) {
	t.Parallel()
	header, text := http.Header{}, &reader{}
	long := strings.Repeat("x", 1<<20)
	for i := range 10_000 {
		header.Set(fmt.Sprintf("baggage-k%05d", i), "value")
		header.Set(fmt.Sprintf("x-b3-%05d", i), long)
		header.Add("tracestate", fmt.Sprintf("k%05d=value", i))
		header.Add("baggage", fmt.Sprintf("l%05d=value", i))
	}
	header["Baggage-Long"] = []string{long}
	header["Traceparent"] = []string{traceParent}
	header["B3"] = []string{b3Trace + "-" + b3Span + "-1", long}
	for k, values := range header {
		for _, v := range values {
			text.Set(k, v)
		}
	}
	for name, p := range all() {
		for _, carrier := range []any{header, text} {
			sc, err := p.Extract(carrier)
			if n, total := size(sc); n > 180 || total > 180*11 {
				t.Errorf("%s: got %d items of %d bytes", name, n, total)
			}
			if ours := name != "http" && name != "text"; ours && (err != nil || !sc.IsSampled() || sc.BaggageLen() < 60) {
				t.Errorf("%s: got %.300s", name, describeAll(sc, err))
			}
			if sc.TraceState() != "" {
				t.Errorf("%s: got a trace state of %d bytes", name, len(sc.TraceState()))
			}
		}
	}
}

// TestOtherFormatsKeepNoCarrierMemory is TestCarrierMemoryIsNotKept for them.
func TestOtherFormatsKeepNoCarrierMemory(t *testing.T) {
	t.Parallel()
	state := strings.Repeat("a=1,", 8)
	list := "k=vvvvvvvv,l=wwwwwwww"
	value := strings.Repeat("x", 100)
	sc, err := propagation.NewMulti(propagation.NewW3C(), propagation.NewB3()).Extract(opentracing.TextMapCarrier{
		"traceparent": traceParent, "tracestate": state, "baggage": list, "baggage-b": value,
	})
	if err != nil || sc.TraceState() != state || sc.BaggageLen() != 3 {
		t.Fatalf("got %s", describeAll(sc, err))
	}
	if within(sc.TraceState(), state) {
		t.Error("the trace state is part of the carrier")
	}
	sc.ForeachBaggageItem(func(k, v string) bool {
		if within(k, list) || within(v, list) || within(v, value) {
			t.Errorf("item %q is part of the carrier", k)
		}
		return true
	})
}
