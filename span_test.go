// SPDX-License-Identifier: Apache-2.0

//lint:file-ignore SA1019 the deprecated methods are part of the API under test

package jaeger_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

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

type stringer struct{ f func() string }

func (s stringer) String() string { return s.f() }

type nilError struct{ text string }

func (e *nilError) Error() string { return e.text }

// Every hostile value leaves the span, the lock and the other tags whole.
func TestHostileValues(t *testing.T) {
	cyclic := map[string]any{}
	cyclic["self"] = cyclic
	list := []any{nil}
	list[0] = list
	type node struct{ Next *node }
	ring := &node{}
	ring.Next = ring
	tracer, kept := newTracer(t)
	span := tracer.StartSpan("op")
	values := []any{
		cyclic, list, ring, stringer{func() string { panic("boom") }}, (*nilError)(nil), &nilError{"ok"},
		strings.Repeat("x", 10<<20), "\xff\xfe", strings.Repeat("é", 300), make(chan int), func() {}, struct{}{},
		stringer{func() string { span.SetTag("inner", 1); span.LogKV("inner", 2); return "re-entrant" }},
		[1 << 20]byte{}, math.Inf(1), complex(1, 2), uintptr(3), errors.Join(nil, errors.New("a")),
	}
	for i, v := range values {
		span.SetTag(fmt.Sprint("k", i), v)
		span.LogKV("v", v)
		span.LogFields(log.Object("v", v))
		span.LogEventWithPayload("event", v)
	}
	span.LogFields(log.Error((*nilError)(nil)), log.Lazy(func(log.Encoder) { panic("lazy") }), log.Lazy(nil), log.String("after", "kept"))
	span.LogKV("odd")
	span.LogKV(1, 2)
	span.SetTag("last", "kept")
	span.Finish()
	got := only(t, kept)
	if tag, ok := got.Tag("last"); !ok || tag.Str() != "kept" {
		t.Errorf("the last tag is gone")
	}
	if _, ok := got.Tag("inner"); !ok {
		t.Errorf("the tag set by a value's own method is gone")
	}
	for _, tag := range got.Tags {
		if len(tag.Str()) > jaeger.DefaultMaxTagValueLength {
			t.Errorf("tag %s holds %d bytes", tag.Key, len(tag.Str()))
		}
		if tag.Key == "k8" && !utf8.ValidString(tag.Str()) {
			t.Errorf("tag %s was cut inside a rune", tag.Key)
		}
	}
	n := len(got.Logs)
	if fields := got.Logs[n-3].Fields; text(fields[len(fields)-1:]) != "after=string(kept)" {
		t.Errorf("got %s", text(fields))
	}
	if got, want := text(got.Logs[n-2].Fields), "error=string(1 keys and values: want an even number) function=string(LogKV)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := text(got.Logs[n-1].Fields), "error=string(key 0 is a int: want a string) function=string(LogKV)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSpanHoldsBoundedMemory(t *testing.T) {
	tracer, kept := newTracer(t, jaeger.WithMaxLogsPerSpan(5))
	span := tracer.StartSpan(strings.Repeat("n", 10<<20))
	for i := range 5000 {
		span.SetTag(fmt.Sprint("k", i), i)
		span.SetBaggageItem(fmt.Sprint("b", i), strings.Repeat("v", 10_000))
	}
	span.SetTag("k0", "replaced")
	span.SetTag(strings.Repeat("k", 10<<20), 1)
	span.SetOperationName(strings.Repeat("m", 10<<20))
	span.Finish()
	got := only(t, kept)
	if len(got.Tags) != 1024 || len(got.Operation) != 1024 || len(got.Logs) != 5 {
		t.Errorf("got %d tags, %d bytes of name, %d logs", len(got.Tags), len(got.Operation), len(got.Logs))
	}
	if tag, _ := got.Tag("k0"); tag.Str() != "replaced" {
		t.Errorf("got %s, want a full span to take new values of its keys", tag.Text())
	}
	if n := got.Bytes(); n > 1<<20 {
		t.Errorf("the record holds %d bytes", n)
	}
	if n := span.Context().(model.SpanContext).BaggageLen(); n != 180 {
		t.Errorf("got %d baggage items, want 180", n)
	}
}

func TestSamplingPriority(t *testing.T) {
	type level int8
	tests := []struct {
		name    string
		sampled bool // before
		value   any
		want    model.Flags
	}{
		{"uint16", false, uint16(1), 3}, {"int", false, 1, 3}, {"int64", false, int64(5), 3},
		{"own type", false, level(1), 3}, {"bool", false, true, 3}, {"text", false, "1", 3}, {"float", false, 0.5, 3},
		{"zero", true, 0, 0}, {"false", true, false, 0}, {"text zero", true, "0", 0}, {"negative", true, -1, 0},
		{"no number", true, "high", 1}, {"nil", true, nil, 1}, {"NaN", true, math.NaN(), 1}, {"no number, unsampled", false, "high", 0},
	}
	for _, test := range tests {
		for _, when := range []string{"at start", "later"} {
			t.Run(test.name+" "+when, func(t *testing.T) {
				tracer, kept := newTracer(t, jaeger.WithSampler(sampler.NewConst(test.sampled)))
				var span opentracing.Span
				if when == "later" {
					span = tracer.StartSpan("op")
					span.SetTag("sampling.priority", test.value)
				} else {
					span = tracer.StartSpan("op", opentracing.Tag{Key: "sampling.priority", Value: test.value})
				}
				span.SetTag("after", 1)
				if got := span.Context().(model.SpanContext).Flags(); got != test.want {
					t.Errorf("got flags %d, want %d", got, test.want)
				}
				span.Finish()
				if want := int(test.want & model.FlagSampled); len(kept.Spans()) != want {
					t.Fatalf("got %d spans, want %d", len(kept.Spans()), want)
				}
				if test.want != 0 {
					got := only(t, kept)
					if _, ok := got.Tag("after"); !ok || got.Flags != test.want || got.Operation != "op" {
						t.Errorf("got %s flags %d tags %s", got.Operation, got.Flags, text(got.Tags))
					}
				}
				if s := tracer.Stats(); s.Started != 1 || s.Unsampled+s.Finished != 1 || s.Open != 0 {
					t.Errorf("got %+v", s)
				}
			})
		}
	}
}

func TestForcedLateKeepsStartAndParent(t *testing.T) {
	now := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	tracer, kept := newTracer(t, jaeger.WithSampler(sampler.NewConst(false)), jaeger.WithoutDebugFlag(),
		jaeger.WithClock(func() time.Time { return now }))
	root := tracer.StartSpan("root")
	child := tracer.StartSpan("child", opentracing.ChildOf(root.Context()))
	start := now
	now = now.Add(time.Second)
	child.SetTag("error", true)
	ext.SamplingPriority.Set(child, 1)
	child.Finish()
	root.Finish()
	spans := kept.Spans()
	if len(spans) != 2 {
		t.Fatalf("got %d spans, want the whole local trace", len(spans))
	}
	got := spans[0]
	if !got.StartTime().Equal(start) || got.Duration != time.Second || got.ParentID != spans[1].ID || got.Flags != 1 {
		t.Errorf("got %+v", got)
	}
	want := []model.Reference{{TraceID: got.TraceID, SpanID: spans[1].ID}}
	if len(got.References) != 1 || got.References[0] != want[0] {
		t.Errorf("got references %v, want %v", got.References, want)
	}
}

func TestUseAfterFinish(t *testing.T) {
	tracer, kept := newTracer(t)
	span := tracer.StartSpan("op")
	span.SetTag("a", 1)
	span.Finish()
	span.SetTag("b", 2).SetOperationName("other")
	span.LogKV("c", 3)
	span.LogFields(log.Int("d", 4))
	span.SetBaggageItem("e", "5")
	span.SetTag("sampling.priority", 0)
	span.Finish()
	span.FinishWithOptions(opentracing.FinishOptions{FinishTime: time.Now().Add(time.Hour)})
	got := only(t, kept)
	if got.Operation != "op" || set(got) != "a=int64(1)" || len(got.Logs) != 0 {
		t.Errorf("got %s %s %d logs, want the span as it was finished", got.Operation, set(got), len(got.Logs))
	}
	// A child of a finished span belongs to its trace.
	child := tracer.StartSpan("child", opentracing.ChildOf(span.Context()))
	if got, want := child.Context().(model.SpanContext).TraceID(), got.TraceID; got != want {
		t.Errorf("got trace %v, want %v", got, want)
	}
	if s := tracer.Stats(); s.LateCalls != 5 || s.Finished != 1 {
		t.Errorf("got %+v, want 5 late calls and 1 span", s)
	}
}

// However the decision moves around Finish, a span is counted once.
func TestFinishedOnceWhateverThePriority(t *testing.T) {
	for _, sampled := range []bool{true, false} {
		for _, priorities := range [][]int{{0}, {1}, {0, 1}, {1, 0}, {0, 1, 0}, {1, 0, 1}} {
			for when := range len(priorities) + 1 {
				t.Run(fmt.Sprint(sampled, priorities, when), func(t *testing.T) {
					tracer, kept := newTracer(t, jaeger.WithSampler(sampler.NewConst(sampled)))
					root := tracer.StartSpan("root")
					span := tracer.StartSpan("op", opentracing.ChildOf(root.Context()))
					for i, p := range priorities {
						if i == when {
							span.Finish()
						}
						root.SetTag("sampling.priority", p)
						span.SetTag("k", i)
					}
					span.Finish()
					root.Finish()
					span.Finish()
					root.Finish()
					s := tracer.Stats()
					if s.Started != 2 || s.Unsampled+s.Finished != 2 || s.Open != 0 || len(kept.Spans()) != int(s.Finished) {
						t.Errorf("got %+v and %d spans", s, len(kept.Spans()))
					}
				})
			}
		}
	}
}

func TestUseAfterClose(t *testing.T) {
	tracer, _ := newTracer(t)
	before := tracer.StartSpan("before")
	for range 3 {
		if err := tracer.Close(); err != nil {
			t.Error(err)
		}
	}
	before.SetTag("a", 1).Finish()
	tracer.StartSpan("after").Finish()
	if err := tracer.Flush(context.Background()); err != nil {
		t.Error(err)
	}
}

// stuck is a reporter whose Close waits.
type stuck struct{ entered, release chan struct{} }

func (stuck) Report(*model.Span) {}

func (s stuck) Close() error {
	close(s.entered)
	<-s.release
	return errors.New("stuck")
}

func TestLaterCloseWaitsForTheFirst(t *testing.T) {
	rep := stuck{make(chan struct{}), make(chan struct{})}
	tracer, err := jaeger.New("svc", rep)
	if err != nil {
		t.Fatal(err)
	}
	first := make(chan error)
	go func() { first <- tracer.Close() }()
	<-rep.entered
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if err := tracer.Shutdown(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the caller's own deadline to hold", err)
	}
	close(rep.release)
	for _, err := range []error{<-first, tracer.Close()} {
		if err == nil || err.Error() != "stuck" {
			t.Errorf("got %v, want stuck", err)
		}
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
