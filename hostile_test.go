// SPDX-License-Identifier: Apache-2.0

//lint:file-ignore SA1019 the deprecated methods are part of the API under test

package jaeger_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
)

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
