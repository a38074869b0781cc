// SPDX-License-Identifier: Apache-2.0

package propagation_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/propagation"
	"github.com/opentracing/opentracing-go"
)

const tokenBytes = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

func isToken(s string) bool { return strings.Trim(s, tokenBytes) == "" }

// survives is what of sc a W3C or B3 format carries, written down apart from it.
func survives(format string, sc model.SpanContext) model.SpanContext {
	c := model.SpanContextConfig{DebugID: sc.DebugID()}
	if sc.IsValid() {
		c.TraceID, c.SpanID, c.Flags = sc.TraceID(), sc.SpanID(), sc.Flags()&1
		if format == "w3c" {
			c.TraceState = sc.TraceState()
		} else if c.Deferred = sc.IsDeferred(); format == "b3" || !c.Deferred {
			c.ParentID = sc.ParentID()
		}
		if format != "w3c" && c.Flags == 1 {
			c.Flags = sc.Flags() & 3
		}
	}
	bytes := 0
	sc.ForeachBaggageItem(func(k, v string) bool {
		switch {
		case !isToken(k):
		case format != "w3c":
			if !strings.ContainsFunc(v, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
				c.Baggage = append(c.Baggage, model.BaggageItem{Key: k, Value: v})
			}
		case k != "" && len(c.Baggage) < 64:
			n := len(k) + 2 + 3*len(v)
			if bytes += n; bytes <= 8192 { // at most; such inputs are not built
				c.Baggage = append(c.Baggage, model.BaggageItem{Key: k, Value: strings.ToValidUTF8(v, "\uFFFD")})
			}
		}
		return true
	})
	return model.NewSpanContext(c)
}

func checkSurvives(t *testing.T, format string, p propagation.Propagator, sc model.SpanContext) {
	t.Helper()
	if _, total := size(sc); total > 2000 || format != "w3c" && !lower(sc) {
		return
	}
	want := describeAll(survives(format, sc), nil)
	for _, carrier := range []any{http.Header{}, opentracing.TextMapCarrier{}, &reader{}} {
		if err := p.Inject(sc, carrier); err != nil {
			t.Fatal(err)
		}
		if header, ok := carrier.(http.Header); ok {
			for k, v := range header {
				if !isToken(k) || strings.ContainsAny(v[0], "\r\n\x00") {
					t.Fatalf("injected %q: %q", k, v)
				}
			}
		}
		back, err := p.Extract(carrier)
		if got := describeAll(back, err); got != want && (got != "not found" || want != describeAll(model.NewSpanContext(model.SpanContextConfig{}), nil)) {
			t.Fatalf("%s through %T\ngot  %s\nwant %s", format, carrier, got, want)
		}
	}
}

func FuzzB3(f *testing.F) {
	f.Add("", b3Trace, b3Span, b3Parent, "1", "", "key", "value")
	f.Add(b3Trace+"-"+b3Span+"-d-"+b3Parent, "", "", "", "", "1", "k", "a\x00")
	f.Add(b3Trace+"-"+b3Span, "1", "+1", "-", "true", "x", "K k", "\xff")
	f.Add(strings.Repeat("1", 33), "0", "1", "", "0", "0", "", "v")
	f.Add("0", "", "", "", "", "", "", "")
	f.Fuzz(func(t *testing.T, single, trace, span, parent, sampled, flags, key, value string) {
		for format, p := range map[string]propagation.Propagator{"b3": propagation.NewB3(), "b3single": propagation.NewB3Single()} {
			text := opentracing.TextMapCarrier{
				"b3": single, "X-B3-TraceId": trace, "x-b3-spanid": span, "x-b3-parentspanid": parent,
				"x-b3-sampled": sampled, "X-B3-FLAGS": flags, "Baggage-" + key: value,
			}
			header := http.Header{}
			for k, v := range text {
				header[k] = []string{"", v}
			}
			for _, carrier := range []any{text, header} {
				if sc, err := p.Extract(carrier); checkExtracted(t, sc, err) && sc.IsValid() {
					checkSurvives(t, format, p, sc)
				}
			}
		}
	})
}

func FuzzW3C(f *testing.F) {
	f.Add(traceParent, "rojo=1,congo=2", "", "key1=value1;p, key2 = v%20", "k", "v")
	f.Add("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff-x", " a=1 ", "b=2,,", "%41=%ff,b==", "a b", "\xffé")
	f.Add("00-00000000000000000000000000000000-b7ad6b7169203331-01", "a", "=", ",;=", "", "")
	f.Fuzz(func(t *testing.T, parent, state, state2, baggage, key, value string) {
		p := propagation.NewW3C()
		text := opentracing.TextMapCarrier{"traceparent": parent, "tracestate": state, "baggage": baggage}
		header := http.Header{"Traceparent": {parent}, "Tracestate": {state, state2}, "Baggage": {baggage, key + "=" + value}}
		for _, carrier := range []any{text, header} {
			sc, err := p.Extract(carrier)
			if !checkExtracted(t, sc, err) {
				continue
			}
			if s := sc.TraceState(); !utf8.ValidString(s) || len(s) > 8192 || strings.Count(s, "=") > 32 {
				t.Fatalf("got trace state %q", s)
			}
			checkSurvives(t, "w3c", p, sc)
		}
		if value != "" && len(key)+len(value) < 2000 {
			checkSurvives(t, "w3c", p, model.NewSpanContext(model.SpanContextConfig{Baggage: pairs(key, value)}))
		}
	})
}

// FuzzMulti: several formats in one walk say what they say one after another.
func FuzzMulti(f *testing.F) {
	f.Add(padded, traceParent, "a=1", "k=1", b3Trace+"-"+b3Span+"-1", "k", "v", "d")
	f.Add("x", "y", "", "K=1", "z", "k", "v", "")
	f.Add("1", traceParent, "0", "", "", "", "0", "0")
	f.Add("0:0:0:0", traceParent, "a=1", "", "", "", "", "")
	f.Fuzz(func(t *testing.T, trace, parent, state, baggage, b3, key, value, debugID string) {
		carrier := opentracing.TextMapCarrier{
			"uber-trace-id": trace, "traceparent": parent, "tracestate": state, "baggage": baggage,
			"b3": b3, "uberctx-" + key: value, "baggage-" + key: value + "3", "jaeger-debug-id": debugID,
		}
		if len(b3) == 1 || len(trace) > 0 && strings.HasPrefix(trace, "0") {
			return // ids that B3 makes up; an id of a trace without one of a span
		}
		for _, order := range [][]string{{"jaeger", "w3c", "b3"}, {"b3", "jaeger", "w3c"}, {"w3c", "b3single"}} {
			one, other := together(order...)
			sc, err := one.Extract(carrier)
			checkExtracted(t, sc, err)
			sc2, err2 := other.Extract(carrier)
			if damaged(carrier) {
				// Apart, the baggage of a damaged format is lost.
				if sc.String() != sc2.String() || (err == nil) != (err2 == nil) {
					t.Fatalf("%v\ntogether %s\napart    %s", order, describeAll(sc, err), describeAll(sc2, err2))
				}
				continue
			}
			if got, want := describeAll(sc, err), describeAll(sc2, err2); got != want && sc2.TraceID().IsValid() == sc2.IsValid() {
				t.Fatalf("%v\ntogether %s\napart    %s", order, got, want)
			}
			if err != nil {
				continue
			}
			a, b := opentracing.TextMapCarrier{}, opentracing.TextMapCarrier{}
			if err, err2 := one.Inject(sc, a), other.Inject(sc, b); err != nil || err2 != nil || len(a) != len(b) {
				t.Fatalf("%v\ntogether %v, error %v\napart    %v, error %v", order, a, err, b, err2)
			}
			for k, v := range a {
				if b[k] != v {
					t.Fatalf("%s: together %q, apart %q", k, v, b[k])
				}
			}
		}
	})
}

// damaged reports whether one of the header formats finds a damaged context.
func damaged(carrier any) bool {
	for _, p := range []propagation.Propagator{propagation.NewHTTPHeaders(), propagation.NewW3C(), propagation.NewB3()} {
		if _, err := p.Extract(carrier); errors.Is(err, opentracing.ErrSpanContextCorrupted) {
			return true
		}
	}
	return false
}

func FuzzZipkinSpan(f *testing.F) {
	f.Add(uint64(1), uint64(2), uint64(3), byte(11))
	f.Add(uint64(0), uint64(2), uint64(3), byte(1))
	f.Fuzz(func(t *testing.T, trace, span, parent uint64, flags byte) {
		in, out := zipkinSpan{trace, span, parent, flags}, zipkinSpan{}
		sc, err := propagation.NewZipkinSpan().Extract(&in)
		if !checkExtracted(t, sc, err) || !sc.IsValid() {
			return
		}
		if err := propagation.NewZipkinSpan().Inject(sc, &out); err != nil || in != out {
			t.Fatalf("got %v, error %v; want %v", out, err, in)
		}
	})
}
