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

// traceParent and w3cIDs are the example of the Trace Context recommendation.
const (
	traceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	w3cIDs      = "0af7651916cd43dd8448eb211c80319c:b7ad6b7169203331:0000000000000000:"
	noIDs       = "0000000000000000:0000000000000000:0000000000000000:0"
)

func TestExtractTraceParent(t *testing.T) {
	t.Parallel()
	const form = "want 00-trace-span-flags of 2, 32, 16 and 2 lower-case hex digits"
	const prefix = "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-"
	for _, test := range []struct{ name, in, want string }{
		{"sampled", traceParent, w3cIDs + "1"},
		{"not sampled", "00-" + prefix + "00", w3cIDs + "0"},
		{"all flags", "00-" + prefix + "ff", w3cIDs + "1"},
		{"all flags but sampled", "00-" + prefix + "fe", w3cIDs + "0"},
		{"spaces around", " \t" + traceParent + " ", w3cIDs + "1"},
		{"64 bits", "00-0000000000000000b7ad6b7169203331-b7ad6b7169203331-01", "b7ad6b7169203331:b7ad6b7169203331:0000000000000000:1"},
		{"later version", "cc-" + prefix + "01", w3cIDs + "1"},
		{"later version with more", "cc-" + prefix + "01-what-the-future-will-be-like", w3cIDs + "1"},
		{"later version with a dash", "01-" + prefix + "01-", w3cIDs + "1"},
		{"later version with more of something", "cc-" + prefix + "01.what", form},
		{"later version, huge", "cc-" + prefix + "01-" + strings.Repeat("x", 1<<20), w3cIDs + "1"},
		{"version ff", "ff-" + prefix + "01", "version ff is forbidden"},
		{"version in capitals", "CC-" + prefix + "01", form},
		{"version of one digit", "0-" + prefix + "010", form},
		{"longer than its version", "00-" + prefix + "01-extra", "longer than version 00 has it"},
		{"longer by one", "00-" + prefix + "011", "longer than version 00 has it"},
		{"shorter", "00-" + prefix + "0", form},
		{"capitals in the trace id", "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", form},
		{"capitals in the span id", "00-0af7651916cd43dd8448eb211c80319c-B7ad6b7169203331-01", form},
		{"capital in the flags", "00-" + prefix + "0A", form},
		{"trace id of zero", "00-00000000000000000000000000000000-b7ad6b7169203331-01", "trace id is zero"},
		{"span id of zero", "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", "span id is zero"},
		{"sign", "00-+af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", form},
		{"other separators", strings.ReplaceAll(traceParent, "-", "_"), form},
		{"bad digit at each end", "00-gaf7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01", form},
		{"unicode", strings.Repeat("é", 28)[:55], form},
		{"twice", traceParent + "," + traceParent, "longer than version 00 has it"},
		{"huge", strings.Repeat("0", 1<<20), form},
		{"only spaces", "  ", form},
		{"empty", "", "not found"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, carrier := range []any{
				opentracing.TextMapCarrier{"TraceParent": test.in}, http.Header{"Traceparent": {test.in, ""}}, &reader{pairs: []string{"traceparent", test.in}},
			} {
				sc, err := propagation.NewW3C().Extract(carrier)
				got := describeAll(sc, err)
				if ok := checkExtracted(t, sc, err); ok && got != test.want+` [] debug=""` || !ok && !strings.Contains(got, test.want) {
					t.Errorf("got  %s\nwant %s", got, test.want)
				}
			}
		})
	}
}

// TestTwoTraceParents: nobody can tell which of them is meant.
func TestTwoTraceParents(t *testing.T) {
	t.Parallel()
	for _, carrier := range []any{http.Header{"Traceparent": {traceParent, traceParent}}, &reader{pairs: []string{"traceparent", traceParent, "traceparent", traceParent}}} {
		if sc, err := propagation.NewW3C().Extract(carrier); checkExtracted(t, sc, err) {
			t.Errorf("got %v from %v, want an error", sc, carrier)
		}
	}
}

func members(n int, value string) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("k%d=%s", i, value))
	}
	return strings.Join(list, ",")
}

func TestTraceState(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("z", 256)
	for _, test := range []struct {
		name string
		in   []string
		want string
	}{
		{"one", []string{"congo=t61rcWkgMzE"}, "congo=t61rcWkgMzE"},
		{"two", []string{"rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"}, "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"},
		{"two headers", []string{"rojo=1", "congo=2,a=3"}, "rojo=1,congo=2,a=3"},
		{"empty header among them", []string{"rojo=1", "", "congo=2"}, "rojo=1,congo=2"},
		{"white space is kept inside", []string{" rojo=1 \t,\tcongo= 2, "}, "rojo=1 \t,\tcongo= 2,"},
		{"empty members", []string{"rojo=1,,,congo=2"}, "rojo=1,,,congo=2"},
		{"nothing but commas", []string{",, ,"}, ""},
		{"32 members", []string{members(32, "v")}, members(32, "v")},
		{"33 members", []string{members(33, "v")}, ""},
		{"33 members in two headers", []string{members(32, "v"), "a=1"}, ""},
		{"one key twice", []string{"a=1,a=2"}, "a=1,a=2"},
		{"key with all it may have", []string{"0a_-*/@t=" + "!\"#$%&'()*+-./:;<>?@[\\]^_`{|}~"}, "0a_-*/@t=" + "!\"#$%&'()*+-./:;<>?@[\\]^_`{|}~"},
		{"longest key and value", []string{long + "=" + long}, long + "=" + long},
		{"key too long", []string{long + "z=1"}, ""},
		{"value too long", []string{"a=" + long + "z"}, ""},
		{"no value", []string{"a="}, ""},
		{"no key", []string{"=1"}, ""},
		{"no equals sign", []string{"a=1,b"}, ""},
		{"two equals signs", []string{"a=1=2"}, ""},
		{"key in capitals", []string{"A=1"}, ""},
		{"key that begins with a sign", []string{"@a=1"}, ""},
		{"space in a key", []string{"a b=1"}, ""},
		{"tab in a value", []string{"a=1\t2"}, ""},
		{"line break", []string{"a=1\r\nb: c"}, ""},
		{"not ascii", []string{"a=é"}, ""},
		{"8192 bytes", []string{members(20, strings.Repeat("v", 200)) + strings.Repeat(",", 8192-20*203-29)}, members(20, strings.Repeat("v", 200)) + strings.Repeat(",", 8192-20*203-29)},
		{"more", []string{"a=1" + strings.Repeat(",", 8190)}, ""},
		{"huge", []string{strings.Repeat("a=1,", 1<<18)}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			in := http.Header{"Traceparent": {traceParent}, "Tracestate": test.in}
			text := &reader{pairs: []string{"traceparent", traceParent}}
			for _, v := range test.in {
				text.Set("tracestate", v)
			}
			p := propagation.NewW3C()
			for _, carrier := range []any{in, text} {
				sc, err := p.Extract(carrier)
				if err != nil || sc.String() != w3cIDs+"1" || sc.TraceState() != test.want {
					t.Errorf("got  %.400s\nwant %.400q", describeAll(sc, err), test.want)
				}
				out := http.Header{}
				if err := p.Inject(sc, out); err != nil || out.Get("tracestate") != test.want || out.Get("traceparent") != traceParent {
					t.Errorf("injected %.400v, error %v\nwant %.400q", out, err, test.want)
				}
			}
			if _, err := p.Extract(http.Header{"Tracestate": test.in}); err != opentracing.ErrSpanContextNotFound {
				t.Errorf("without traceparent: got %v", err)
			}
		})
	}
	bad := model.NewSpanContext(model.SpanContextConfig{TraceID: model.TraceID{Low: 1}, SpanID: 1, TraceState: "a=1\r\nx: y"})
	out := http.Header{}
	if err := propagation.NewW3C().Inject(bad, out); err != nil || len(out) != 1 {
		t.Errorf("got %v, error %v; want a state that breaks the request left out", out, err)
	}
}

func TestExtractW3CBaggage(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		in   []string
		want string
	}{
		{"example", []string{"key1=value1;property1;property2, key2 = value2, key3=value3; propertyKey=propertyValue"}, `["key1"="value1" "key2"="value2" "key3"="value3"]`},
		{"encoded", []string{"userId=alice,serverNode=DF%2028,isProduction=false"}, `["isProduction"="false" "serverNode"="DF 28" "userId"="alice"]`},
		{"two headers", []string{"userId=alice", "serverNode=DF%2028, isProduction = false"}, `["isProduction"="false" "serverNode"="DF 28" "userId"="alice"]`},
		{"plus is a plus, equals sign in a value", []string{"a=1+1=2"}, `["a"="1+1=2"]`},
		{"unicode", []string{"a=%C3%A9,b=é"}, `["a"="é" "b"="é"]`},
		{"invalid utf-8", []string{"a=x%FFy"}, `["a"="x` + "\uFFFD" + `y"]`},
		{"damaged escape", []string{"a=100%"}, `["a"="100%"]`},
		{"the later counts", []string{"a=1,a=2"}, `["a"="2"]`},
		{"case is kept", []string{"Key=1,key=2"}, `["Key"="1" "key"="2"]`},
		{"not members", []string{"a,=1,b c=2,d=, ,;e=1,f(=1,g=1"}, `["g"="1"]`},
		{"180 members", []string{members(400, "v")}, "180"},
		{"behind 360 commas", []string{strings.Repeat(",", 360) + "a=1"}, ""},
		{"behind 359 commas", []string{strings.Repeat(",", 359) + "a=1"}, `["a"="1"]`},
		{"behind 64 more headers", append(strings.Split("a=1"+strings.Repeat(" ;,", 65), ","), "b=1"), `["a"="1"]`},
		{"beside a huge header", []string{"a=1", strings.Repeat("b=1,", 1<<16), "c=1"}, `["a"="1" "c"="1"]`},
		{"64 KiB", []string{strings.Repeat("a=1,", 1<<20)}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text := &reader{}
			for _, v := range test.in {
				text.Set("baggage", v)
			}
			for _, carrier := range []any{http.Header{"Baggage": test.in}, text} {
				sc, err := propagation.NewW3C().Extract(carrier)
				got := describeAll(sc, err)
				switch test.want {
				case "180":
					if sc.BaggageLen() != 180 {
						t.Errorf("got %d items", sc.BaggageLen())
					}
				case "":
					if err != opentracing.ErrSpanContextNotFound {
						t.Errorf("got %s, want nothing", got)
					}
				default:
					if want := noIDs + " " + test.want + ` debug=""`; got != want {
						t.Errorf("got  %s\nwant %s", got, want)
					}
				}
			}
		})
	}
}

func TestInjectW3C(t *testing.T) {
	t.Parallel()
	var many, large []string
	for i := range 100 {
		many = append(many, fmt.Sprintf("k%02d", i), "v")
		large = append(large, fmt.Sprintf("k%02d", i), strings.Repeat("v", 995))
	}
	for _, test := range []struct {
		name string
		in   model.SpanContextConfig
		want string
	}{
		{"64 bits", model.SpanContextConfig{TraceID: model.TraceID{Low: 0x1122}, SpanID: 0x33, ParentID: 4, Flags: 1}, "map[traceparent:00-00000000000000000000000000001122-0000000000000033-01]"},
		{"128 bits, debug and firehose", model.SpanContextConfig{TraceID: model.TraceID{High: 1, Low: 2}, SpanID: 3, Flags: 11}, "map[traceparent:00-00000000000000010000000000000002-0000000000000003-01]"},
		{"debug but not sampled", model.SpanContextConfig{TraceID: model.TraceID{Low: 2}, SpanID: 3, Flags: 2}, "map[traceparent:00-00000000000000000000000000000002-0000000000000003-00]"},
		{"deferred", model.SpanContextConfig{TraceID: model.TraceID{Low: 2}, SpanID: 3, Deferred: true}, "map[traceparent:00-00000000000000000000000000000002-0000000000000003-00]"},
		{"state without ids", model.SpanContextConfig{TraceState: "a=1", DebugID: "d d"}, "map[jaeger-debug-id:d%20d]"},
		{
			"baggage", model.SpanContextConfig{Baggage: pairs("Key", "DF 28", "not a token", "v", "b", `é,;="\+%`, "c", "https://x/?y", "", "v")},
			"map[baggage:Key=DF%2028,b=%C3%A9%2C%3B%3D%22%5C%2B%25,c=https://x/?y]",
		},
		{"64 members", model.SpanContextConfig{Baggage: pairs(many...)}, "map[baggage:" + strings.Join(func() (list []string) {
			for i := range 64 {
				list = append(list, fmt.Sprintf("k%02d=v", i))
			}
			return list
		}(), ",") + "]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := opentracing.TextMapCarrier{}
			if err := propagation.NewW3C().Inject(model.NewSpanContext(test.in), got); err != nil || fmt.Sprint(map[string]string(got)) != test.want {
				t.Errorf("got  %v, error %v\nwant %s", got, err, test.want)
			}
		})
	}
	got := opentracing.TextMapCarrier{}
	if err := propagation.NewW3C().Inject(model.NewSpanContext(model.SpanContextConfig{Baggage: pairs(large...)}), got); err != nil || len(got["baggage"]) != 8*1000-1 {
		t.Errorf("got %d bytes of baggage, want 7999", len(got["baggage"]))
	}
}
