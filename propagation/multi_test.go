// SPDX-License-Identifier: Apache-2.0

package propagation_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/propagation"
	"github.com/opentracing/opentracing-go"
)

// foreign hides what a propagator is, so that NewMulti has to ask each in turn.
type foreign struct{ p propagation.Propagator }

func (f foreign) Inject(sc model.SpanContext, carrier any) error { return f.p.Inject(sc, carrier) }
func (f foreign) Extract(carrier any) (model.SpanContext, error) { return f.p.Extract(carrier) }

// together and apart are the same formats, read in one walk and one after another.
func together(names ...string) (together, apart *propagation.Multi) {
	var one, other []propagation.Propagator
	for _, name := range names {
		p := map[string]propagation.Propagator{
			"jaeger": propagation.NewHTTPHeaders(), "text": propagation.NewTextMap(), "w3c": propagation.NewW3C(),
			"b3": propagation.NewB3(), "b3single": propagation.NewB3Single(),
		}[name]
		one, other = append(one, p), append(other, foreign{p})
	}
	return propagation.NewMulti(one...), propagation.NewMulti(other...)
}

func TestMultiExtract(t *testing.T) {
	t.Parallel()
	type h = opentracing.TextMapCarrier
	const b3 = b3Trace + "-" + b3Span + "-1"
	const b3IDs = b3Trace + ":" + b3Span + ":0000000000000000:1"
	const noBaggage = ` [] debug=""`
	for _, test := range []struct {
		name  string
		order []string
		in    h
		want  string
	}{
		{"the first in order", []string{"jaeger", "w3c", "b3"}, h{"uber-trace-id": padded, "traceparent": traceParent, "b3": b3}, padded + noBaggage},
		{"another order", []string{"b3", "w3c", "jaeger"}, h{"uber-trace-id": padded, "traceparent": traceParent, "b3": b3}, b3IDs + noBaggage},
		{"the first present", []string{"jaeger", "w3c", "b3"}, h{"traceparent": traceParent, "b3": b3}, w3cIDs + "1" + noBaggage},
		{"the last present", []string{"jaeger", "w3c", "b3"}, h{"b3": b3}, b3IDs + noBaggage},
		{"first is damaged", []string{"jaeger", "w3c"}, h{"uber-trace-id": "x", "traceparent": traceParent}, w3cIDs + "1" + noBaggage},
		{"first has no span id", []string{"jaeger", "w3c"}, h{"uber-trace-id": "1:0:0:1", "traceparent": traceParent}, w3cIDs + "1" + noBaggage},
		{"all are damaged", []string{"w3c", "jaeger"}, h{"uber-trace-id": "x", "traceparent": "y"}, `traceparent "y": want 00-trace-span-flags of 2, 32, 16 and 2 lower-case hex digits: opentracing: SpanContext data corrupted in Extract carrier`},
		{"one is damaged, none is good", []string{"jaeger", "w3c"}, h{"traceparent": "y", "uberctx-k": "v"}, `traceparent "y": want 00-trace-span-flags of 2, 32, 16 and 2 lower-case hex digits: opentracing: SpanContext data corrupted in Extract carrier`},
		{"nothing", []string{"jaeger", "w3c", "b3"}, h{"accept": "text/html", "tracestate": "a=1"}, "not found"},
		{"baggage of all", []string{"jaeger", "w3c", "b3"}, h{"b3": b3, "uberctx-j": "1", "baggage": "w=2", "baggage-b": "3"}, b3IDs + ` ["b"="3" "j"="1" "w"="2"] debug=""`},
		{"one key in all", []string{"w3c", "jaeger", "b3"}, h{"uberctx-userid": "1", "baggage": "userId=2", "baggage-userid": "3"}, noIDs + ` ["userId"="2"] debug=""`},
		{"one key in all, b3 first", []string{"b3", "w3c", "jaeger"}, h{"uberctx-k": "1", "baggage": "k=2", "baggage-k": "3"}, noIDs + ` ["k"="3"] debug=""`},
		{"by hand", []string{"w3c", "jaeger"}, h{"jaeger-baggage": "k=1,l=1", "baggage": "k=2"}, noIDs + ` ["k"="1" "l"="1"] debug=""`},
		{"debug id", []string{"w3c", "b3"}, h{"jaeger-debug-id": "find me"}, noIDs + ` [] debug="find me"`},
		{"trace state", []string{"jaeger", "w3c"}, h{"traceparent": traceParent, "tracestate": "a=1"}, w3cIDs + `1 [] debug="" state="a=1"`},
		{"trace state beside the same trace", []string{"jaeger", "w3c"}, h{"uber-trace-id": w3cIDs + "3", "traceparent": traceParent, "tracestate": "a=1"}, w3cIDs + `3 [] debug="" state="a=1"`},
		{"trace state of another trace", []string{"jaeger", "w3c"}, h{"uber-trace-id": padded, "traceparent": traceParent, "tracestate": "a=1"}, padded + noBaggage},
		{"deferred", []string{"jaeger", "b3single"}, h{"b3": b3Trace + "-" + b3Span}, b3Trace + ":" + b3Span + ":0000000000000000:0" + noBaggage + " deferred"},
		{"none", nil, h{"uber-trace-id": padded}, "not found"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			one, other := together(test.order...)
			for _, p := range []propagation.Propagator{one, other} {
				header := http.Header{}
				for k, v := range test.in {
					header.Set(k, v)
				}
				for _, carrier := range []any{test.in, header, &reader{pairs: flat(test.in)}} {
					sc, err := p.Extract(carrier)
					got := describeAll(sc, err)
					if by, ok := test.in["jaeger-baggage"]; ok && p == other && by != "" {
						// Apart, the first format has said already what the list says.
						got = describe(sc)
					}
					if got != test.want {
						t.Errorf("%T\ngot  %s\nwant %s", carrier, got, test.want)
					}
				}
			}
		})
	}
}

func TestMultiInject(t *testing.T) {
	t.Parallel()
	sc := model.NewSpanContext(model.SpanContextConfig{
		TraceID: model.TraceID{Low: 0x1122}, SpanID: 0x1122, Flags: 1, Baggage: pairs("k", "a b"), DebugID: "d d", TraceState: "a=1",
	})
	const w3c = "traceparent:00-00000000000000000000000000001122-0000000000001122-01 tracestate:a=1 uber-trace-id:" + padded
	const b3 = " x-b3-sampled:1 x-b3-spanid:0000000000001122 x-b3-traceid:0000000000001122]"
	for _, test := range []struct {
		name  string
		order []string
		want  string
	}{
		{"all", []string{"jaeger", "w3c", "b3", "b3single"}, "map[b3:0000000000001122-0000000000001122-1 baggage:k=a%20b baggage-k:a b jaeger-debug-id:d%20d " + w3c + " uberctx-k:a%20b" + b3},
		{"text first", []string{"text", "w3c", "b3"}, "map[baggage:k=a%20b baggage-k:a b jaeger-debug-id:d d " + w3c + " uberctx-k:a b" + b3},
		{"text later", []string{"w3c", "text"}, ""},
		{"none", nil, "map[]"},
	} {
		one, other := together(test.order...)
		if slices.Contains(test.order, "b3single") {
			other = one // B3's two forms have to know of each other
		}
		for _, p := range []propagation.Propagator{one, other} {
			got := opentracing.TextMapCarrier{}
			if err := p.Inject(sc, got); err != nil || test.want != "" && fmt.Sprint(map[string]string(got)) != test.want {
				t.Errorf("%s\ngot  %v, error %v\nwant %s", test.name, got, err, test.want)
			}
			if len(test.order) == 0 {
				continue
			}
			if back, err := p.Extract(got); err != nil || describeAll(back, err) != describeAll(sc, nil) && test.want != "" {
				t.Errorf("%s\ngot back %s\nwant     %s", test.name, describeAll(back, err), describeAll(sc, nil))
			}
		}
	}
}

// refusing is a codec of one's own that cannot.
type refusing struct{ err error }

func (r refusing) Inject(model.SpanContext, any) error    { return r.err }
func (r refusing) Extract(any) (model.SpanContext, error) { return model.SpanContext{}, r.err }

func TestMultiErrors(t *testing.T) {
	t.Parallel()
	one, two := errors.New("one"), errors.New("two")
	p := propagation.NewMulti(nil, (*propagation.W3C)(nil), propagation.NewHTTPHeaders(), refusing{one}, propagation.NewMulti(propagation.NewB3(), refusing{two}))
	got := opentracing.TextMapCarrier{}
	if err := p.Inject(sampled, got); err != one || got["uber-trace-id"] == "" || got["x-b3-traceid"] == "" {
		t.Errorf("got %v, error %v; want the first error and all formats", got, err)
	}
	if sc, err := p.Extract(got); err != nil || describe(sc) != describe(sampled) {
		t.Errorf("got %s, error %v", describe(sc), err)
	}
	if _, err := p.Extract(opentracing.TextMapCarrier{}); err != one {
		t.Errorf("got %v, want %v", err, one)
	}
	if _, err := p.Extract(opentracing.TextMapCarrier{"uber-trace-id": "x"}); !errors.Is(err, opentracing.ErrSpanContextCorrupted) {
		t.Errorf("got %v, want what Jaeger's format said", err)
	}
	mixed := propagation.NewMulti(propagation.NewBinary(), propagation.NewHTTPHeaders(), propagation.NewInProcess())
	for _, test := range []struct {
		name    string
		carrier any
		want    error
	}{
		{"usable by one", http.Header{}, opentracing.ErrSpanContextNotFound},
		{"usable by another", &bytes.Buffer{}, opentracing.ErrSpanContextNotFound},
		{"usable by none", 1, opentracing.ErrInvalidCarrier},
		{"good", http.Header{"Uber-Trace-Id": {padded}}, nil},
	} {
		if _, err := mixed.Extract(test.carrier); err != test.want {
			t.Errorf("%s: got %v, want %v", test.name, err, test.want)
		}
	}
}

// TestMultiOfLikeFormats: formats whose headers clash are asked one by one, and
// the first of them counts.
func TestMultiOfLikeFormats(t *testing.T) {
	t.Parallel()
	option := func(h propagation.Headers) propagation.Option {
		opt, err := propagation.WithHeaders(h)
		if err != nil {
			t.Fatal(err)
		}
		return opt
	}
	for _, test := range []struct {
		name   string
		first  propagation.Propagator
		second propagation.Propagator
	}{
		{"two of Jaeger's", propagation.NewHTTPHeaders(), propagation.NewHTTPHeaders(option(propagation.Headers{Trace: "x-trace"}))},
		{"one prefix", propagation.NewHTTPHeaders(option(propagation.Headers{BaggagePrefix: "baggage-"})), propagation.NewB3()},
		{"one header", propagation.NewTextMap(option(propagation.Headers{Trace: "b3"})), propagation.NewB3Single()},
		{"other debug ids", propagation.NewHTTPHeaders(option(propagation.Headers{DebugID: "x-debug"})), propagation.NewW3C()},
	} {
		sc := model.NewSpanContext(model.SpanContextConfig{TraceID: model.TraceID{Low: 0x1122}, SpanID: 0x1122, Flags: 1, Baggage: pairs("k", "a b"), DebugID: "d"})
		p := propagation.NewMulti(test.first, test.second)
		got := opentracing.TextMapCarrier{}
		if err := p.Inject(sc, got); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		for what, p := range map[string]propagation.Propagator{"both": p, "first": test.first} {
			if back, err := p.Extract(got); err != nil || describe(back) != describe(sc) {
				t.Errorf("%s: %s got back %s", test.name, what, describeAll(back, err))
			}
		}
	}
}

// TestBothFormsOfB3: even with another codec between them neither removes what
// the other wrote.
func TestBothFormsOfB3(t *testing.T) {
	t.Parallel()
	for _, p := range []propagation.Propagator{
		propagation.NewMulti(propagation.NewB3(), propagation.NewB3Single()),
		propagation.NewMulti(propagation.NewB3Single(), foreign{propagation.NewTextMap()}, propagation.NewB3()),
		propagation.NewMulti(propagation.NewW3C(), propagation.NewB3(), foreign{propagation.NewTextMap()}, propagation.NewHTTPHeaders(), propagation.NewB3Single()),
	} {
		got := http.Header{"X-B3-Flags": {"1"}}
		if err := p.Inject(sampled, got); err != nil || got.Get("b3") == "" || got.Get("x-b3-traceid") == "" || got.Get("x-b3-flags") != "" {
			t.Errorf("got %v, error %v; want both forms and nothing stale", got, err)
		}
	}
}

// TestMultiKeepsLocalContexts: a context handed on in the process shares the
// sampling state of its trace, which a copy would not.
func TestMultiKeepsLocalContexts(t *testing.T) {
	t.Parallel()
	var data model.ContextData
	data.InitRoot(model.TraceID{Low: 1}, 1, 0, 1, model.SpanContext{}, nil)
	local := data.Context()
	baggage := model.NewSpanContext(model.SpanContextConfig{Baggage: pairs("k", "v")})
	for _, order := range [][]model.SpanContext{{local, baggage}, {baggage, local}} {
		p := propagation.NewMulti(fixedContext{order[0]}, fixedContext{order[1]})
		if got, err := p.Extract(nil); err != nil || got != local {
			t.Errorf("got %s, want the local context", describeAll(got, err))
		}
	}
}

type fixedContext struct{ sc model.SpanContext }

func (f fixedContext) Inject(model.SpanContext, any) error    { return nil }
func (f fixedContext) Extract(any) (model.SpanContext, error) { return f.sc, nil }
