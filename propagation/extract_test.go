// SPDX-License-Identifier: Apache-2.0

package propagation_test

import (
	"errors"
	"fmt"
	"net/http"
	"sort"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/propagation"
	"github.com/opentracing/opentracing-go"
)

const padded = "0000000000001122:0000000000001122:0000000000000000:1"

// both are the two text formats.
func both() map[string]propagation.Propagator {
	return map[string]propagation.Propagator{"http": propagation.NewHTTPHeaders(), "text": propagation.NewTextMap()}
}

// describe writes all of a context, baggage sorted.
func describe(sc model.SpanContext) string {
	var items []string
	sc.ForeachBaggageItem(func(k, v string) bool {
		items = append(items, fmt.Sprintf("%q=%q", k, v))
		return true
	})
	sort.Strings(items)
	return fmt.Sprintf("%v %v debug=%q", sc, items, sc.DebugID())
}

func TestExtractTrace(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		in   string
		http string // as String writes it; "not found"; or the reason of corruption
		text string // where it differs
	}{
		{"padded", padded, padded, ""},
		{"unpadded", "1122:1122:0:1", padded, ""},
		{"128 bits", "463ac35c9f6413ad48485a3953bb6124:a2fb4a1d1a96d312:1:1", "463ac35c9f6413ad48485a3953bb6124:a2fb4a1d1a96d312:0000000000000001:1", ""},
		{"128 bits padded", "463ac35c9f6413ad48485a3953bb6124:a2fb4a1d1a96d312:0000000000000001:1", "463ac35c9f6413ad48485a3953bb6124:a2fb4a1d1a96d312:0000000000000001:1", ""},
		{"128 bits with empty high half", "00000000000000000000000000001122:1122:0:1", padded, ""},
		{"17 digits", "10000000000000002:1:0:0", "00000000000000010000000000000002:0000000000000001:0000000000000000:0", ""},
		{"upper case", "ABCD:EF:A:B", "000000000000abcd:00000000000000ef:000000000000000a:b", ""},
		{"debug and firehose in hex", "1:1:0:b", "0000000000000001:0000000000000001:0000000000000000:b", ""},
		{"two digits of flags", "1:1:0:1f", "0000000000000001:0000000000000001:0000000000000000:1f", ""},
		{"padded flags", "1:1:0:01", "0000000000000001:0000000000000001:0000000000000000:1", ""},
		{"escaped colons", "1122%3A1122%3a0%3A1", padded, "want 4 parts"},
		{"escaped digits", "112%32:1122:0:1", padded, `trace id "112%32": not 1 to 32 hex digits`},
		{"span id of zero", "1122:0:0:1", "0000000000001122:0000000000000000:0000000000000000:1", ""},
		{"trace id of zero", "0:1122:0:1", "not found", ""},
		{"padded trace id of zero", "0000000000000000:0000000000001122:0000000000000000:1", "not found", ""},
		{"all zero", "0:0:0:0", "not found", ""},
		{"empty", "", "not found", ""},
		{"three parts", "1:1:1", "want 4 parts separated by colons", ""},
		{"five parts", "1:1:0:1:1", "want 4 parts separated by colons", ""},
		{"colons where padded ones stand, and more", "0000000000001122:00000000:0001122:0000000000000000:1", "want 4 parts", ""},
		{"no colons", "1122", "want 4 parts", ""},
		{"empty trace id", ":1:0:1", `trace id "": not 1 to 32 hex digits`, ""},
		{"empty span id", "1::0:1", `span id "": not 1 to 16 hex digits`, ""},
		{"empty parent id", "1:1::1", `parent id "": not 1 to 16 hex digits`, ""},
		{"empty flags", "1:1:0:", `flags "": not 1 or 2 hex digits`, ""},
		{"sign", "+1:1:0:1", `trace id "+1": not 1 to 32 hex digits`, ""},
		{"minus", "1:-1:0:1", `span id "-1": not 1 to 16 hex digits`, ""},
		{"prefix", "1:1:0x1:1", `parent id "0x1": not 1 to 16 hex digits`, ""},
		{"underscore", "1_1:1:0:1", `trace id "1_1"`, ""},
		{"trailing space", "1:1:0:1 ", `flags "1 ": not 1 or 2 hex digits`, ""},
		{"leading space", " 1:1:0:1", `trace id " 1"`, ""},
		{"padded with a bad digit", "000000000000112g:0000000000001122:0000000000000000:1", `trace id "000000000000112g"`, ""},
		{"padded with a bad span id", "0000000000001122:000000000000112g:0000000000000000:1", `span id "000000000000112g"`, ""},
		{"padded with a bad parent id", "0000000000001122:0000000000001122:g000000000000000:1", `parent id "g000000000000000"`, ""},
		{"padded with bad flags", "0000000000001122:0000000000001122:0000000000000000:g", `flags "g"`, ""},
		{"bad high half", "g000000000000000000000000000112:1122:0:1", `trace id "g000`, ""},
		{"33 digits", strings.Repeat("1", 33) + ":1:0:1", "longer than 32 hex digits", ""},
		{"span id of 17 digits", "1:11111111111111111:0:1", `span id "11111111111111111"`, ""},
		{"parent id of 17 digits", "1:1:11111111111111111:1", `parent id "11111111111111111"`, ""},
		{"three digits of flags", "1:1:0:001", `flags "001"`, ""},
		{"damaged escape", "1:1:0:1%", `flags "1%"`, ""},
		{"damaged escape in the middle", "1%3:1:0:1", `trace id "1%3"`, ""},
		{"invalid utf-8", "\xff\xfe:1:0:1", `trace id "\xff\xfe"`, ""},
		{"long part of rubbish", "1:1:" + strings.Repeat("\xff", 200) + ":1", "... (200 bytes): not 1 to 16 hex digits", ""},
		{"huge", strings.Repeat("1:", 1<<20), "... (2097152 bytes): longer than any trace context", ""},
		{"huge escaped", strings.Repeat("%31", 1<<20), "longer than any trace context", ""},
	} {
		for format, p := range both() {
			t.Run(test.name+"/"+format, func(t *testing.T) {
				t.Parallel()
				want := test.http
				if format == "text" && test.text != "" {
					want = test.text
				}
				sc, err := p.Extract(opentracing.TextMapCarrier{"uber-trace-id": test.in})
				got := sc.String()
				switch {
				case err == opentracing.ErrSpanContextNotFound:
					got = "not found"
				case err != nil:
					got = err.Error()
					if !errors.Is(err, opentracing.ErrSpanContextCorrupted) || len(got) > 1000 || !strings.HasPrefix(got, `uber-trace-id "`) {
						t.Errorf("got %.1000q, want a short error that names the header and wraps ErrSpanContextCorrupted", got)
					}
				case !sc.IsRemote():
					t.Error("got a local context")
				}
				if got != want && (err == nil || !strings.Contains(got, want)) {
					t.Errorf("got  %s\nwant %s", got, want)
				}
				if err != nil && sc != (model.SpanContext{}) {
					t.Errorf("got context %v with an error", sc)
				}
			})
		}
	}
}

func TestExtractRest(t *testing.T) {
	t.Parallel()
	const none = "0000000000000000:0000000000000000:0000000000000000:0"
	type h = opentracing.TextMapCarrier
	for _, test := range []struct {
		name string
		in   h
		http string
		text string // where it differs
	}{
		{"baggage", h{"uber-trace-id": "1122:1122:0:1", "uberctx-k": "v"}, padded + ` ["k"="v"] debug=""`, ""},
		{"baggage alone", h{"uberctx-k": "v"}, none + ` ["k"="v"] debug=""`, ""},
		{"baggage and a trace id of zero", h{"uber-trace-id": "0:1:0:3", "uberctx-k": "v"}, none + ` ["k"="v"] debug=""`, ""},
		{"keys are lower-cased", h{"Uber-Trace-ID": "1122:1122:0:1", "UBERCTX-My-Key": "V"}, padded + ` ["my-key"="V"] debug=""`, ""},
		{"space as plus", h{"uberctx-k": "a+b"}, none + ` ["k"="a b"] debug=""`, none + ` ["k"="a+b"] debug=""`},
		{"space as %20", h{"uberctx-k": "a%20b%2f"}, none + ` ["k"="a b/"] debug=""`, none + ` ["k"="a%20b%2f"] debug=""`},
		{"damaged escape", h{"uberctx-k": "100%+x"}, none + ` ["k"="100%+x"] debug=""`, ""},
		{"escaped key", h{"uberctx-a%20B%2541": "v"}, none + ` ["a b%41"="v"] debug=""`, none + ` ["a%20b%2541"="v"] debug=""`},
		{"escaped key with a capital", h{"uberctx-%41": "v"}, none + ` ["a"="v"] debug=""`, none + ` ["%41"="v"] debug=""`},
		{"empty value", h{"uberctx-k": "", "uberctx-l": "1"}, none + ` ["l"="1"] debug=""`, ""},
		{"empty key", h{"uberctx-": "v"}, none + ` [""="v"] debug=""`, ""},
		{"list", h{"jaeger-baggage": "k1=v1, k2 = v2"}, none + ` ["k1"="v1" "k2"=" v2"] debug=""`, ""},
		{"list with rubbish", h{"jaeger-baggage": "a, =, b=, c=d=e,,K = v ,x=1"}, none + ` ["K"=" v" "x"="1"] debug=""`, ""},
		{"list with duplicates", h{"jaeger-baggage": "a=1,a=2"}, none + ` ["a"="2"] debug=""`, ""},
		{"escaped list", h{"jaeger-baggage": "a%3D1%2Cb%3D2+3"}, none + ` ["a"="1" "b"="2 3"] debug=""`, ""},
		{"list wins", h{"jaeger-baggage": "k=hand", "uberctx-k": "program"}, none + ` ["k"="hand"] debug=""`, ""},
		{"debug id", h{"jaeger-debug-id": "find me"}, none + ` [] debug="find me"`, ""},
		{"escaped debug id", h{"jaeger-debug-id": "a+b%20c"}, none + ` [] debug="a+b c"`, none + ` [] debug="a+b%20c"`},
		{"debug id beside a trace", h{"uber-trace-id": "1122:1122:0:1", "jaeger-debug-id": "x"}, padded + ` [] debug="x"`, ""},
		{"nothing of ours", h{"accept": "x", "u": "1", "j": "2", "uberctx": "3", "": "4", "uber-trace-idx": "1:1:0:1"}, "not found", ""},
		{"only empty values", h{"uber-trace-id": "", "jaeger-debug-id": "", "jaeger-baggage": ""}, "not found", ""},
		{"list of nothing", h{"jaeger-baggage": ",,="}, "not found", ""},
		{"no headers", h{}, "not found", ""},
	} {
		for format, p := range both() {
			t.Run(test.name+"/"+format, func(t *testing.T) {
				t.Parallel()
				want := test.http
				if format == "text" && test.text != "" {
					want = test.text
				}
				canonical := http.Header{}
				for k, v := range test.in {
					canonical[k] = []string{v, ""}
				}
				for _, carrier := range []any{test.in, canonical, opentracing.HTTPHeadersCarrier(canonical), &reader{pairs: flat(test.in)}} {
					sc, err := p.Extract(carrier)
					got := describe(sc)
					if err == opentracing.ErrSpanContextNotFound {
						got = "not found"
					} else if err != nil {
						got = err.Error()
					}
					if got != want {
						t.Errorf("%T\ngot  %s\nwant %s", carrier, got, want)
					}
				}
			})
		}
	}
}

func TestExtractSeveralValues(t *testing.T) {
	t.Parallel()
	p := propagation.NewHTTPHeaders()
	for _, test := range []struct {
		name string
		in   http.Header
		want string
	}{
		{"the last counts", http.Header{"Uber-Trace-Id": {"1:1:0:1", "1122:1122:0:1"}}, padded + ` [] debug=""`},
		{"the last that is not empty", http.Header{"Uber-Trace-Id": {"1:1:0:1", "1122:1122:0:1", ""}}, padded + ` [] debug=""`},
		{"no values", http.Header{"Uber-Trace-Id": nil, "Uberctx-K": {"a", "b"}}, `0000000000000000:0000000000000000:0000000000000000:0 ["k"="b"] debug=""`},
		{"canonical spelling counts", http.Header{"uBer-trace-id": {"9:9:0:1"}, "Uber-Trace-Id": {"1122:1122:0:1"}, "UBER-trace-id": {"8:8:0:1"}}, padded + ` [] debug=""`},
	} {
		for range 20 { // the walk over a map starts anywhere
			sc, err := p.Extract(test.in)
			if got := describe(sc); err != nil || got != test.want {
				t.Fatalf("%s\ngot  %s, error %v\nwant %s", test.name, got, err, test.want)
			}
		}
	}
}

// TestSpellings: which spelling of one name counts does not depend on the order
// in which a map is walked.
func TestSpellings(t *testing.T) {
	t.Parallel()
	const one, two = "1:1:0:1", "1122:1122:0:1"
	for _, test := range []struct {
		name string
		in   any
		want string
	}{
		{"trace, text", opentracing.TextMapCarrier{"Uber-Trace-Id": one, "uber-trace-id": two, "UBER-TRACE-ID": one}, padded + ` [] debug=""`},
		{"trace, text, none as written", opentracing.TextMapCarrier{"Uber-Trace-Id": one, "uber-Trace-Id": two, "UBER-TRACE-ID": one}, padded + ` [] debug=""`},
		{"trace, header", http.Header{"Uber-Trace-Id": {two}, "uber-trace-id": {one}, "UBER-TRACE-ID": {one}}, padded + ` [] debug=""`},
		{"trace, header, none as written", http.Header{"uBER-trace-id": {one}, "uber-trace-id": {two}, "UBER-TRACE-ID": {one}}, padded + ` [] debug=""`},
		{"trace, header, as written is empty", http.Header{"Uber-Trace-Id": {""}, "uber-trace-id": {two}, "UBER-TRACE-ID": {one}}, padded + ` [] debug=""`},
		{"rest, text", opentracing.TextMapCarrier{
			"uber-trace-id": two, "jaeger-debug-id": "x", "Jaeger-Debug-Id": "y", "jaeger-baggage": "l=x", "Jaeger-Baggage": "l=y",
			"uberctx-a": "x", "uberctx-A": "y", "UBERCTX-A": "z",
		}, padded + ` ["a"="x" "l"="x"] debug="x"`},
		{"rest, header", http.Header{
			"Uber-Trace-Id": {two}, "jaeger-debug-id": {"y"}, "Jaeger-Debug-Id": {"x"}, "jaeger-baggage": {"l=y"}, "Jaeger-Baggage": {"l=x"},
			"uberctx-a": {"y"}, "Uberctx-A": {"x"}, "UBERCTX-A": {"z"},
		}, padded + ` ["a"="x" "l"="x"] debug="x"`},
		{"list wins over any", http.Header{"Uber-Trace-Id": {two}, "Jaeger-Baggage": {"a=x"}, "Uberctx-A": {"y"}, "uberctx-a": {"z"}}, padded + ` ["a"="x"] debug=""`},
		{"the later of equal ones", &reader{pairs: []string{"uber-trace-id", one, "uber-trace-id", two, "uberctx-a", "y", "uberctx-a", "x"}}, padded + ` ["a"="x"] debug=""`},
	} {
		for format, p := range both() {
			for range 50 {
				sc, err := p.Extract(test.in)
				if got := describe(sc); err != nil || got != test.want {
					t.Fatalf("%s/%s\ngot  %s, error %v\nwant %s", test.name, format, got, err, test.want)
				}
			}
		}
	}
}
