// SPDX-License-Identifier: Apache-2.0

package propagation_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/propagation"
	"github.com/opentracing/opentracing-go"
)

// The ids of the B3 specification's examples.
const (
	b3Trace  = "80f198ee56343ba864fe8b2a57d3eff7"
	b3Span   = "e457b5a2e4d86bd1"
	b3Parent = "05e3ac9a4f6e3b90"
)

// describeAll is describe and what only some formats carry.
func describeAll(sc model.SpanContext, err error) string {
	switch {
	case errors.Is(err, opentracing.ErrSpanContextNotFound):
		return "not found"
	case err != nil:
		return err.Error()
	}
	s := describe(sc)
	if sc.IsDeferred() {
		s += " deferred"
	}
	if state := sc.TraceState(); state != "" {
		s += fmt.Sprintf(" state=%q", state)
	}
	return s
}

func TestExtractB3(t *testing.T) {
	t.Parallel()
	const rest = ` [] debug=""`
	const ids = b3Trace + ":" + b3Span + ":"
	const root, child = ids + "0000000000000000:", ids + b3Parent + ":"
	type h = map[string]string
	for _, test := range []struct {
		name string
		in   h
		want string // a part of it, for an error
	}{
		{"accepted", h{"x-b3-traceid": b3Trace, "x-b3-spanid": b3Span, "x-b3-parentspanid": b3Parent, "x-b3-sampled": "1"}, child + "1" + rest},
		{"denied", h{"x-b3-traceid": b3Trace, "x-b3-spanid": b3Span, "x-b3-sampled": "0"}, root + "0" + rest},
		{"deferred", h{"x-b3-traceid": b3Trace, "x-b3-spanid": b3Span}, root + "0" + rest + " deferred"},
		{"debug", h{"x-b3-traceid": b3Trace, "x-b3-spanid": b3Span, "x-b3-flags": "1"}, root + "3" + rest},
		{"debug beats denied", h{"x-b3-traceid": b3Trace, "x-b3-spanid": b3Span, "x-b3-flags": "1", "x-b3-sampled": "0"}, root + "3" + rest},
		{"flags of no meaning", h{"x-b3-traceid": b3Trace, "x-b3-spanid": b3Span, "x-b3-flags": "0", "x-b3-sampled": "1"}, root + "1" + rest},
		{"true", h{"x-b3-traceid": b3Trace, "x-b3-spanid": b3Span, "x-b3-sampled": "True"}, root + "1" + rest},
		{"false", h{"x-b3-traceid": b3Trace, "x-b3-spanid": b3Span, "x-b3-sampled": "FALSE"}, root + "0" + rest},
		{"64 bits", h{"X-B3-TraceId": b3Span, "X-B3-SpanId": b3Span, "X-B3-Sampled": "1"}, b3Span + ":" + b3Span + ":0000000000000000:1" + rest},
		{"64 bits in 32 digits", h{"x-b3-traceid": "0000000000000000" + b3Span, "x-b3-spanid": b3Span, "x-b3-sampled": "1"}, b3Span + ":" + b3Span + ":0000000000000000:1" + rest},
		{"short ids", h{"x-b3-traceid": "ABC", "x-b3-spanid": "1", "x-b3-sampled": "1"}, "0000000000000abc:0000000000000001:0000000000000000:1" + rest},
		{"33 digits", h{"x-b3-traceid": strings.Repeat("1", 33), "x-b3-spanid": b3Span}, `x-b3-traceid "111111111111111111111111111111111": not 1 to 32 hex digits`},
		{"sign", h{"x-b3-traceid": "+1", "x-b3-spanid": "1"}, `x-b3-traceid "+1": not 1 to 32`},
		{"sign in the high half", h{"x-b3-traceid": "-0000000000000001", "x-b3-spanid": "1"}, `x-b3-traceid "-0000000000000001": not 1 to 32`},
		{"unicode", h{"x-b3-traceid": "١", "x-b3-spanid": "1"}, `x-b3-traceid "١": not 1 to 32`},
		{"no span id", h{"x-b3-traceid": b3Trace}, `x-b3-spanid "": not 1 to 16 hex digits, or zero`},
		{"span id of zero", h{"x-b3-traceid": b3Trace, "x-b3-spanid": "0000000000000000"}, `x-b3-spanid "0000000000000000": not 1 to 16 hex digits, or zero`},
		{"span id of 17 digits", h{"x-b3-traceid": b3Trace, "x-b3-spanid": b3Span + "1"}, `x-b3-spanid "`},
		{"bad parent id", h{"x-b3-traceid": b3Trace, "x-b3-spanid": b3Span, "x-b3-parentspanid": "0x1"}, `x-b3-parentspanid "0x1": not 1 to 16 hex digits`},
		{"bad state", h{"x-b3-traceid": b3Trace, "x-b3-spanid": b3Span, "x-b3-sampled": "yes"}, `x-b3-sampled "yes": not 0, 1, true or false`},
		{"span id alone", h{"x-b3-spanid": b3Span}, "not found"},
		{"trace id of zero", h{"x-b3-traceid": "0", "x-b3-spanid": b3Span, "x-b3-parentspanid": b3Parent}, "not found"},
		{"huge", h{"x-b3-traceid": strings.Repeat("1", 1<<20), "x-b3-spanid": b3Span}, "... (1048576 bytes): not 1 to 32"},

		{"single", h{"b3": b3Trace + "-" + b3Span + "-1-" + b3Parent}, child + "1" + rest},
		{"single root", h{"B3": b3Trace + "-" + b3Span + "-1"}, root + "1" + rest},
		{"single denied", h{"b3": b3Trace + "-" + b3Span + "-0"}, root + "0" + rest},
		{"single debug", h{"b3": b3Trace + "-" + b3Span + "-d-" + b3Parent}, child + "3" + rest},
		{"single deferred", h{"b3": b3Trace + "-" + b3Span}, root + "0" + rest + " deferred"},
		{"single deferred with a parent", h{"b3": b3Trace + "-" + b3Span + "-" + b3Parent}, child + "0" + rest + " deferred"},
		{"single of 64 bits", h{"b3": b3Span + "-" + b3Span + "-1"}, b3Span + ":" + b3Span + ":0000000000000000:1" + rest},
		{"single counts first", h{"b3": b3Trace + "-" + b3Span + "-1", "x-b3-traceid": "1", "x-b3-spanid": "1"}, root + "1" + rest},
		{"damaged single beside headers", h{"b3": "x-y", "x-b3-traceid": b3Trace, "x-b3-spanid": b3Span, "x-b3-sampled": "1"}, root + "1" + rest},
		{"both damaged", h{"b3": "x-y", "x-b3-traceid": "z"}, `b3 "x-y": trace id "x"`},
		{"single of 33 digits", h{"b3": strings.Repeat("1", 33)}, `b3 "111111111111111111111111111111111": want trace-span-state-parent`},
		{"single of 33 digits and more", h{"b3": strings.Repeat("1", 33) + "-" + b3Span}, `: not 1 to 32 hex digits`},
		{"single without span", h{"b3": b3Trace + "-"}, `span id "": not 1 to 16 hex digits, or zero`},
		{"single with trailing dash", h{"b3": b3Trace + "-" + b3Span + "-"}, `state "": not 0, 1 or d`},
		{"single with trailing dash behind the state", h{"b3": b3Trace + "-" + b3Span + "-1-"}, `parent id "": not 1 to 16`},
		{"single of five parts", h{"b3": "1-1-1-1-1"}, `parent id "1-1": not 1 to 16`},
		{"single with capital state", h{"b3": b3Trace + "-" + b3Span + "-D"}, `state "D"`},
		{"single with sign", h{"b3": "+1-1-1"}, `trace id "+1"`},
		{"single of rubbish", h{"b3": "\xff\x00é"}, `b3 "\xff\x00é": want`},
		{"single, huge", h{"b3": strings.Repeat("1-", 1<<19)}, "... (1048576 bytes): longer than any b3 header"},
		{"single of zeros", h{"b3": strings.Repeat("0", 32) + "-" + b3Span + "-1"}, "not found"},

		{"accept alone", h{"b3": "1"}, "0000000000000000:0000000000000000:0000000000000000:1" + rest},
		{"debug alone", h{"b3": "d"}, `0000000000000000:0000000000000000:0000000000000000:0 [] debug="b3"`},
		{"debug alone in headers", h{"x-b3-flags": "1"}, `0000000000000000:0000000000000000:0000000000000000:0 [] debug="b3"`},
		{"accept alone in headers", h{"x-b3-sampled": "true"}, "0000000000000000:0000000000000000:0000000000000000:1" + rest},
		{"deny beside a debug id", h{"b3": "0", "jaeger-debug-id": "x"}, `0000000000000000:0000000000000000:0000000000000000:0 [] debug="x"`},
		{"state alone beside headers", h{"b3": "0", "x-b3-traceid": b3Trace, "x-b3-spanid": b3Span, "x-b3-sampled": "1"}, root + "1" + rest},

		{"debug id", h{"jaeger-debug-id": "a%20b"}, `0000000000000000:0000000000000000:0000000000000000:0 [] debug="a b"`},
		{"baggage is not decoded", h{"Baggage-Key": "a%20b+c é"}, `0000000000000000:0000000000000000:0000000000000000:0 ["key"="a%20b+c é"] debug=""`},
		{"baggage by hand", h{"baggage-k": "1", "jaeger-baggage": "k=2,l=3"}, `0000000000000000:0000000000000000:0000000000000000:0 ["k"="2" "l"="3"] debug=""`},
		{"headers of others", h{"uber-trace-id": padded, "uberctx-k": "v", "baggage": "k=v", "traceparent": traceParent}, "not found"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{}
			for k, v := range test.in {
				header[k] = []string{"", v, "x"}
				if strings.HasPrefix(strings.ToLower(k), "baggage-") || strings.HasPrefix(k, "jaeger-") {
					header[k] = []string{"x", v, ""}
				}
			}
			for _, p := range []*propagation.B3{propagation.NewB3(), propagation.NewB3Single()} {
				for _, carrier := range []any{opentracing.TextMapCarrier(test.in), &reader{pairs: flat(test.in)}, header} {
					sc, err := p.Extract(carrier)
					got := describeAll(sc, err)
					if got != test.want && (err == nil || !strings.Contains(got, test.want) || test.want == "not found") {
						t.Errorf("%T\ngot  %s\nwant %s", carrier, got, test.want)
					}
					checkExtracted(t, sc, err)
				}
			}
		})
	}
}

// TestDenyWithoutIDs: the denial must reach the spans, which have it of a valid
// context only.
func TestDenyWithoutIDs(t *testing.T) {
	t.Parallel()
	for _, in := range []opentracing.TextMapCarrier{{"b3": "0", "baggage-k": "v"}, {"x-b3-sampled": "false", "baggage-k": "v"}} {
		sc, err := propagation.NewB3().Extract(in)
		if err != nil || !sc.IsValid() || sc.IsSampled() || sc.IsDeferred() || sc.BaggageItem("k") != "v" {
			t.Errorf("%v: got %s, want a valid, denied context", in, describeAll(sc, err))
		}
		if other, _ := propagation.NewB3().Extract(in); other.TraceID() == sc.TraceID() {
			t.Errorf("%v: got %v twice", in, sc)
		}
	}
}

func TestInjectB3(t *testing.T) {
	t.Parallel()
	config := func(flags model.Flags, parent model.SpanID, deferred bool) model.SpanContextConfig {
		return model.SpanContextConfig{TraceID: model.TraceID{High: 1, Low: 2}, SpanID: 3, ParentID: parent, Flags: flags, Deferred: deferred}
	}
	const ids = "x-b3-spanid:0000000000000003 x-b3-traceid:00000000000000010000000000000002]"
	const single = "map[b3:00000000000000010000000000000002-0000000000000003"
	for _, test := range []struct {
		name          string
		in            model.SpanContextConfig
		multi, single string
	}{
		{"accepted", config(1, 4, false), "map[x-b3-parentspanid:0000000000000004 x-b3-sampled:1 " + ids, single + "-1-0000000000000004]"},
		{"denied root", config(0, 0, false), "map[x-b3-sampled:0 " + ids, single + "-0]"},
		{"debug", config(3, 0, false), "map[x-b3-flags:1 " + ids, single + "-d]"},
		{"debug that was denied", config(2, 0, false), "map[x-b3-sampled:0 " + ids, single + "-0]"},
		{"firehose", config(9, 0, false), "map[x-b3-sampled:1 " + ids, single + "-1]"},
		{"deferred", config(0, 4, true), "map[x-b3-parentspanid:0000000000000004 " + ids, single + "]"},
		{"64 bits", model.SpanContextConfig{TraceID: model.TraceID{Low: 2}, SpanID: 3}, "map[x-b3-sampled:0 x-b3-spanid:0000000000000003 x-b3-traceid:0000000000000002]", "map[b3:0000000000000002-0000000000000003-0]"},
		{"no ids", model.SpanContextConfig{TraceID: model.TraceID{Low: 2}, Flags: 1}, "map[]", "map[]"},
		{
			"baggage", model.SpanContextConfig{Baggage: pairs("k", "a b%é", "bad key", "v", "x", "a\r\nb", "tab", "a\tb"), DebugID: "d d"},
			"map[baggage-k:a b%é baggage-tab:a\tb jaeger-debug-id:d%20d]", "map[baggage-k:a b%é baggage-tab:a\tb jaeger-debug-id:d%20d]",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			sc := model.NewSpanContext(test.in)
			for _, form := range []struct {
				p    propagation.Propagator
				want string
			}{{propagation.NewB3(), test.multi}, {propagation.NewB3Single(), test.single}} {
				carrier := opentracing.TextMapCarrier{}
				if err := form.p.Inject(sc, carrier); err != nil || fmt.Sprint(map[string]string(carrier)) != form.want {
					t.Errorf("got  %v, error %v\nwant %s", carrier, err, form.want)
				}
			}
			carrier := opentracing.TextMapCarrier{}
			both := propagation.NewMulti(propagation.NewB3Single(), propagation.NewB3())
			if err := both.Inject(sc, carrier); err != nil || sc.IsValid() && (carrier["b3"] == "" || carrier["x-b3-traceid"] == "") {
				t.Errorf("got %v, error %v; want both forms", carrier, err)
			}
		})
	}
}

// TestUndecidedB3: a local trace whose sampler has not answered yet says nothing.
func TestUndecidedB3(t *testing.T) {
	t.Parallel()
	var data model.ContextData
	data.InitRoot(model.TraceID{Low: 1}, 1, 0, 0, model.SpanContext{}, nil)
	data.Context().Sampling().Postpone()
	got := opentracing.TextMapCarrier{}
	if err := propagation.NewB3().Inject(data.Context(), got); err != nil || len(got) != 2 {
		t.Errorf("got %v, error %v; want ids only", got, err)
	}
}

// TestInjectRemovesStaleHeaders: a proxy passes on the headers it received, and a
// left-over would change what the next one reads.
func TestInjectRemovesStaleHeaders(t *testing.T) {
	t.Parallel()
	stale := map[string]string{
		"b3": "0", "x-b3-traceid": "9", "x-b3-spanid": "9", "x-b3-parentspanid": "9", "x-b3-sampled": "0", "x-b3-flags": "0",
		"traceparent": traceParent, "tracestate": "a=1", "baggage": "x=y", "accept": "text/html",
	}
	debug := model.NewSpanContext(model.SpanContextConfig{TraceID: model.TraceID{Low: 1}, SpanID: 2, Flags: 3})
	const state = "tracestate:a=1"
	const parent = "traceparent:00-00000000000000000000000000000001-0000000000000002-01"
	for _, test := range []struct {
		name string
		p    propagation.Propagator
		want string
	}{
		{"b3", propagation.NewB3(), "map[accept:text/html baggage:x=y traceparent:" + traceParent + " " + state + " x-b3-flags:1 x-b3-spanid:0000000000000002 x-b3-traceid:0000000000000001]"},
		{"single", propagation.NewB3Single(), "map[accept:text/html b3:0000000000000001-0000000000000002-d baggage:x=y traceparent:" + traceParent + " " + state + "]"},
		{"w3c", propagation.NewW3C(), "map[accept:text/html b3:0 baggage:x=y " + parent + " x-b3-flags:0 x-b3-parentspanid:9 x-b3-sampled:0 x-b3-spanid:9 x-b3-traceid:9]"},
	} {
		text, header := opentracing.TextMapCarrier{}, http.Header{}
		for k, v := range stale {
			text[k] = v
			header.Set(k, v)
		}
		for _, carrier := range []any{text, header} {
			if err := test.p.Inject(debug, carrier); err != nil {
				t.Fatal(err)
			}
		}
		if got := fmt.Sprint(map[string]string(text)); got != test.want {
			t.Errorf("%s\ngot  %s\nwant %s", test.name, got, test.want)
		}
		lower := map[string]string{}
		for k := range header {
			lower[strings.ToLower(k)] = header.Get(k)
		}
		if got := fmt.Sprint(lower); got != test.want {
			t.Errorf("%s in an http.Header\ngot  %s\nwant %s", test.name, got, test.want)
		}
		if back, err := test.p.Extract(header); err != nil || !back.IsSampled() || back.TraceID().Low != 1 {
			t.Errorf("%s: got back %s", test.name, describeAll(back, err))
		}
	}
}

func TestB3BaggagePrefix(t *testing.T) {
	t.Parallel()
	opt, err := propagation.WithB3BaggagePrefix("X-Ctx-")
	if err != nil {
		t.Fatal(err)
	}
	headers, err := propagation.WithHeaders(propagation.Headers{DebugID: "b3"})
	if err != nil {
		t.Fatal(err)
	}
	p := propagation.NewB3(opt, headers) // the name that means two things keeps its default
	got := opentracing.TextMapCarrier{}
	sc := model.NewSpanContext(model.SpanContextConfig{Baggage: pairs("k", "v"), DebugID: "d"})
	if err := p.Inject(sc, got); err != nil || fmt.Sprint(got) != "map[jaeger-debug-id:d x-ctx-k:v]" {
		t.Errorf("got %v, error %v", got, err)
	}
	if back, err := p.Extract(got); err != nil || describe(back) != describe(sc) {
		t.Errorf("got back %s", describeAll(back, err))
	}
	for _, test := range []struct{ in, want string }{
		{"", "b3 baggage prefix is empty"},
		{"a b", `b3 baggage prefix "a b": ' ' may not stand in a header name`},
		{"X-B3-", `b3 baggage prefix "X-B3-": another header begins with it`},
		{"b", `b3 baggage prefix "b": another header begins with it`},
		{"jaeger-", `b3 baggage prefix "jaeger-": another header begins with it`},
		{"uber-", `b3 baggage prefix "uber-": another header begins with it`},
	} {
		opt, err := propagation.WithB3BaggagePrefix(test.in)
		if err == nil || err.Error() != test.want || opt != nil {
			t.Errorf("%q: got %v, want %s", test.in, err, test.want)
		}
	}
}
