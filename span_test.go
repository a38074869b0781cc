// SPDX-License-Identifier: Apache-2.0

//lint:file-ignore SA1019 the deprecated methods are part of the API under test

package jaeger_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
)

func TestTags(t *testing.T) {
	tests := []struct {
		name  string
		value any
		want  string
	}{
		{"string", "v", "string(v)"},
		{"int", -7, "int64(-7)"},
		{"uint64 beyond int64", uint64(math.MaxUint64), "string(18446744073709551615)"},
		{"float32", float32(0.5), "float64(0.5)"},
		{"NaN", math.NaN(), "float64(NaN)"},
		{"bool", true, "bool(true)"},
		{"bytes", []byte{1, 2, 3}, "binary(3 bytes)"},
		{"nil", nil, "string(<nil>)"},
		{"error", errors.New("boom"), "string(boom)"},
		{"enum of ext", ext.SpanKindRPCClientEnum, "string(client)"},
		{"duration", time.Second, "string(1s)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tracer, kept := newTracer(t)
			tracer.StartSpan("op").SetTag("k", test.value).Finish()
			if got, want := set(only(t, kept)), "k="+test.want; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestZeroSpan(t *testing.T) {
	var span jaeger.Span
	span.SetTag("a", 1).SetOperationName("x").SetBaggageItem("b", "c")
	span.SetTag("sampling.priority", 1)
	span.LogKV("d", 1)
	span.LogFields(log.Int("e", 1))
	span.LogEvent("f")
	if got := span.Tracer().StartSpan("g"); got == nil {
		t.Error("no tracer")
	}
	if got := span.String(); got != "0000000000000000:0000000000000000:0000000000000000:0" {
		t.Errorf("got %s", got)
	}
	span.Finish()
	span.FinishWithOptions(opentracing.FinishOptions{})
}

func TestBaggage(t *testing.T) {
	tracer, kept := newTracer(t)
	span := tracer.StartSpan("op")
	early := span.Context().(model.SpanContext)
	span.SetBaggageItem("k", "v1")
	child := tracer.StartSpan("child", opentracing.ChildOf(span.Context()))
	span.SetBaggageItem("k", "v2")
	child.SetBaggageItem("other", "1")
	if got := early.BaggageLen(); got != 0 {
		t.Errorf("a context taken before has %d items, want 0", got)
	}
	if child.BaggageItem("k") != "v1" || span.BaggageItem("k") != "v2" || span.BaggageItem("other") != "" {
		t.Errorf("got child k=%q, span k=%q other=%q", child.BaggageItem("k"), span.BaggageItem("k"), span.BaggageItem("other"))
	}
	span.SetBaggageItem("k", "")
	if got := span.Context().(model.SpanContext).BaggageLen(); got != 0 {
		t.Errorf("got %d items after removal, want 0", got)
	}
	span.Finish()
	logs := only(t, kept).Logs
	want := []string{
		"event=string(baggage) key=string(k) value=string(v1)",
		"event=string(baggage) key=string(k) value=string(v2) override=string(true)",
		"event=string(baggage) key=string(k) value=string() override=string(true)",
	}
	for i := range want {
		if got := text(logs[i].Fields); got != want[i] {
			t.Errorf("got %s, want %s", got, want[i])
		}
	}
}
