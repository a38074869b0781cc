// SPDX-License-Identifier: Apache-2.0

//lint:file-ignore SA1019 the deprecated methods are part of the API under test

package jaeger_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
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

// A name may be as long as a span keeps it.
func TestNamesOfAllLengths(t *testing.T) {
	for _, length := range []int{0, 1, 15, 255, 256, 1023, 1024, 1025, 70_000} {
		for _, start := range []string{"", "x"} {
			tracer, kept := newTracer(t)
			name := string(make([]byte, length))
			if start == "" {
				tracer.StartSpan(name).Finish()
			} else {
				tracer.StartSpan(start).SetOperationName(name).Finish()
			}
			if got := only(t, kept).Operation; got != name[:min(length, 1024)] {
				t.Errorf("%d bytes, renamed %v: got %d bytes", length, start != "", len(got))
			}
		}
	}
}

// Names, the end and a late decision share a word.
func TestNamesWhileASpanEnds(t *testing.T) {
	tracer, _ := newTracer(t, jaeger.WithSampler(sampler.NewConst(false)))
	names := []string{"a", strings.Repeat("b", 1024), ""}
	for range 300 {
		span := tracer.StartSpan("op").(*jaeger.Span)
		var wg sync.WaitGroup
		for _, do := range []func(){
			func() { span.SetOperationName(names[0]).SetOperationName(names[1]) },
			func() { span.SetOperationName(names[2]) },
			func() { span.SetTag("sampling.priority", 1).SetTag("k", 1) },
			span.Finish,
			func() {
				if name := span.OperationName(); name != "op" && !slices.Contains(names, name) {
					t.Errorf("got name %q", name)
				}
			},
		} {
			wg.Add(1)
			go func() { defer wg.Done(); do() }()
		}
		wg.Wait()
		span.Finish()
	}
	if got := tracer.Stats(); got.Started != 300 || got.Open != 0 || got.Unsampled+got.Finished != 300 {
		t.Errorf("got %+v, want 300 spans, none open", got)
	}
}
