// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/opentracing/opentracing-go"

	"github.com/uber/jaeger-client-go"
)

func TestIDs(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ in, trace, span string }{
		{"1", "0000000000000001", "0000000000000001"},
		{"AbC", "0000000000000abc", "0000000000000abc"},
		{"0123456789abcdef", "0123456789abcdef", "0123456789abcdef"},
		{"10123456789abcdef", "00000000000000010123456789abcdef", "error"},
		{strings.Repeat("f", 32), strings.Repeat("f", 32), "error"},
		{strings.Repeat("f", 33), "error", "error"},
		{"", "error", "error"}, {"0x1", "error", "error"}, {"-1", "error", "error"}, {"1_0", "error", "error"}, {"1 ", "error", "error"},
	} {
		trace, span := "error", "error"
		if id, err := jaeger.TraceIDFromString(test.in); err == nil {
			trace = id.String()
		}
		if id, err := jaeger.SpanIDFromString(test.in); err == nil {
			span = id.String()
		}
		if trace != test.trace || span != test.span {
			t.Errorf("%q: got %s and %s, want %s and %s", test.in, trace, span, test.trace, test.span)
		}
	}
	if (jaeger.TraceID{}).IsValid() || !(jaeger.TraceID{High: 1}).IsValid() {
		t.Error("a trace id is valid if any bit is set")
	}
}

func TestContextFromString(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		in, want string
		flags    byte
	}{
		{"1:2:3:1", "0000000000000001:0000000000000002:0000000000000003:1", 1},
		{"1:2:0:b", "0000000000000001:0000000000000002:0000000000000000:b", 11}, // the old client misread its own
		{"1:2:0:0", "0000000000000001:0000000000000002:0000000000000000:0", 0},
		{"", "error", 0}, {"1:2:3", "error", 0}, {"1:2:3:1:1", "error", 0}, {":2:3:1", "error", 0}, {"1:2:3:100", "error", 0},
		{"x:2:3:1", "error", 0}, {"1:x:3:1", "error", 0}, {"1:2:x:1", "error", 0}, {"1:2:3:-1", "error", 0},
	} {
		c, err := jaeger.ContextFromString(test.in)
		got := c.String()
		if err != nil {
			got = "error"
		}
		if got != test.want || c.Flags() != test.flags {
			t.Errorf("%q: got %s, flags %d, want %s, %d", test.in, got, c.Flags(), test.want, test.flags)
		}
	}
}

func TestSpanContext(t *testing.T) {
	t.Parallel()
	c := jaeger.NewSpanContext(jaeger.TraceID{High: 1, Low: 2}, 3, 4, true, map[string]string{"k": "v"})
	got := fmt.Sprint(c.TraceID(), c.SpanID(), c.ParentID(), c.Flags(), c.IsSampled(), c.IsDebug(), c.IsFirehose(), c.IsValid())
	want := "00000000000000010000000000000002 0000000000000003 0000000000000004 1 true false false true"
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	other := c.WithBaggageItem("l", "w").WithBaggageItem("k", "")
	items := func(c jaeger.SpanContext) string {
		list := []string{}
		c.ForeachBaggageItem(func(k, v string) bool {
			list = append(list, k+"="+v)
			return true
		})
		return strings.Join(list, ",")
	}
	if items(c) != "k=v" || items(other) != "l=w" {
		t.Errorf("baggage: got %s and %s, want k=v and l=w", items(c), items(other))
	}
	var copied jaeger.SpanContext
	copied.CopyFrom(&c)
	copied.SetFirehose()
	if copied.String() != c.String() || !c.IsFirehose() {
		t.Errorf("copy: got %s, want %s with the same flags", copied, c)
	}
	n := 0
	count := func() interface{} { n++; return n }
	if a, b := c.ExtendedSamplingState("k", count), c.ExtendedSamplingState("k", count); a != 1 || b != 1 {
		t.Errorf("extended state: got %v and %v, want 1 twice", a, b)
	}
}

// The sampler decides about a context that was made of parts and not sampled,
// and nobody about one that is sampled or came through a carrier.
func TestMadeContextAsParent(t *testing.T) {
	for _, test := range []struct {
		name    string
		sampler bool
		context func(*jaeger.Tracer) opentracing.SpanContext
		want    bool
	}{
		{"made, unsampled, sampler says yes", true, made(false), true},
		{"made, unsampled, sampler says no", false, made(false), false},
		{"made, sampled", false, made(true), true},
		{"through a carrier, unsampled", true, func(tr *jaeger.Tracer) opentracing.SpanContext {
			carrier := opentracing.TextMapCarrier{}
			if err := tr.Inject(made(false)(tr), opentracing.TextMap, carrier); err != nil {
				t.Error(err)
			}
			c, err := tr.Extract(opentracing.TextMap, carrier)
			if err != nil {
				t.Error(err)
			}
			return c
		}, false},
		{"through SpanContextFormat, unsampled", true, func(tr *jaeger.Tracer) opentracing.SpanContext {
			var carrier jaeger.SpanContext
			if err := tr.Inject(made(false)(tr), jaeger.SpanContextFormat, &carrier); err != nil {
				t.Error(err)
			}
			c, err := tr.Extract(jaeger.SpanContextFormat, &carrier)
			if err != nil {
				t.Error(err)
			}
			return c
		}, false},
		{"sampled, but no ids", false, func(*jaeger.Tracer) opentracing.SpanContext {
			return jaeger.NewSpanContext(jaeger.TraceID{}, 0, 0, true, nil)
		}, false},
		{"nothing", true, func(*jaeger.Tracer) opentracing.SpanContext { return jaeger.SpanContext{} }, true},
	} {
		for _, reporter := range []jaeger.Reporter{jaeger.NewNullReporter(), jaeger.NewInMemoryReporter()} {
			tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(test.sampler), reporter)
			parent := test.context(tracer.(*jaeger.Tracer))
			child := start(t, tracer, "op", opentracing.ChildOf(parent))
			if got := contextOf(t, child).IsSampled(); got != test.want {
				t.Errorf("%s: got sampled %t, want %t", test.name, got, test.want)
			}
			if p := parent.(jaeger.SpanContext); p.IsValid() && child.SpanContext().TraceID() != p.TraceID() {
				t.Errorf("%s: got trace %s, want %s", test.name, child.SpanContext().TraceID(), p.TraceID())
			}
			closer.Close()
		}
	}
}

// What another process decided is final before a child starts, and after it.
func TestExtractedIsFinal(t *testing.T) {
	for _, header := range []string{"1:2:0:0", "1:2:0:1", "1:2:0:3"} {
		for _, reporter := range []jaeger.Reporter{jaeger.NewNullReporter(), jaeger.NewInMemoryReporter()} {
			tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(true), reporter)
			sc, err := tracer.Extract(opentracing.TextMap, opentracing.TextMapCarrier{"uber-trace-id": header})
			if err != nil {
				t.Fatal(err)
			}
			c := sc.(jaeger.SpanContext)
			before := c.IsSamplingFinalized()
			child := contextOf(t, start(t, tracer.(*jaeger.Tracer), "op", opentracing.ChildOf(c)))
			if !before || !c.IsSamplingFinalized() || !child.IsSamplingFinalized() {
				t.Errorf("%s: got final %t before a child, %t after it, child %t", header, before, c.IsSamplingFinalized(), child.IsSamplingFinalized())
			}
			if child.Flags() != c.Flags() {
				t.Errorf("%s: got flags %d of the child", header, child.Flags())
			}
			closer.Close()
		}
	}
}

func made(sampled bool) func(*jaeger.Tracer) opentracing.SpanContext {
	return func(*jaeger.Tracer) opentracing.SpanContext {
		return jaeger.NewSpanContext(jaeger.TraceID{Low: 7}, 8, 0, sampled, nil)
	}
}

func TestSelfRef(t *testing.T) {
	for _, reporter := range []jaeger.Reporter{jaeger.NewNullReporter(), jaeger.NewInMemoryReporter()} {
		tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(false), reporter)
		c := jaeger.NewSpanContext(jaeger.TraceID{Low: 1}, 2, 3, true, map[string]string{"k": "v"})
		s := start(t, tracer, "op", jaeger.SelfRef(c))
		if s.SpanContext().String() != c.String() || s.BaggageItem("k") != "v" {
			t.Errorf("got %s %q, want %s with its baggage", s.SpanContext(), s.BaggageItem("k"), c)
		}
		if refs := s.References(); len(refs) != 0 {
			t.Errorf("got references %v, want none", refs)
		}
		s.Finish()
		closer.Close()

		tracer, closer = jaeger.NewTracer("svc", jaeger.NewConstSampler(true), reporter)
		if s := start(t, tracer, "op", jaeger.SelfRef(jaeger.NewSpanContext(jaeger.TraceID{Low: 1}, 2, 3, false, nil))); s.SpanContext().Flags() != 0 {
			t.Errorf("got flags %d, want those that were given, none", s.SpanContext().Flags())
		}
		closer.Close()
	}
}
