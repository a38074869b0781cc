// SPDX-License-Identifier: Apache-2.0

//lint:file-ignore SA1019 the deprecated methods are part of the API under test

package jaeger_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger"
)

func TestLogFieldTypes(t *testing.T) {
	tracer, kept := newTracer(t)
	span := tracer.StartSpan("op")
	span.LogFields(log.String("s", "x"), log.Bool("b", true), log.Int("i", -1), log.Int32("i32", 2), log.Int64("i64", 3),
		log.Uint32("u32", 4), log.Uint64("u64", 1<<63), log.Float32("f32", 0.5), log.Float64("f64", 2.5),
		log.Object("o", struct{ A int }{1}), log.Error(nil), log.Noop(),
		log.Lazy(func(e log.Encoder) { e.EmitString("lazy", "y") }))
	span.Finish()
	want := "s=string(x) b=bool(true) i=int64(-1) i32=int64(2) i64=int64(3) u32=int64(4) " +
		"u64=string(9223372036854775808) f32=float64(0.5) f64=float64(2.5) o=string({A:1}) error.object=string(<nil>) lazy=string(y)"
	if got := text(only(t, kept).Logs[0].Fields); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestLogLimits(t *testing.T) {
	tests := []struct {
		name        string
		limit, logs int
		want        string // numbers of the logs kept, D for the one that counts the dropped
	}{
		{"below", 5, 4, "0 1 2 3"},
		{"at", 5, 5, "0 1 2 3 4"},
		{"one over", 5, 6, "0 1 D2 4 5"},
		{"far over", 5, 103, "0 1 D99 101 102"},
		{"even", 4, 9, "0 D6 7 8"},
		{"one", 1, 3, "D3"},
		{"two", 2, 3, "D2 2"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tracer, kept := newTracer(t, jaeger.WithMaxLogsPerSpan(test.limit))
			span := tracer.StartSpan("op")
			for i := range test.logs {
				if i%3 == 0 {
					span.LogKV("n", i, "also", "this")
				} else {
					span.LogFields(log.Int("n", i))
				}
			}
			span.FinishWithOptions(opentracing.FinishOptions{LogRecords: []opentracing.LogRecord{{Fields: []log.Field{log.String("n", "bulk")}}}})
			var got []string
			for _, l := range only(t, kept).Logs {
				if f := l.Fields; f[0].Key == "n" {
					got = append(got, f[0].Text())
					want := 1
					if n, err := strconv.Atoi(f[0].Text()); err == nil && n%3 == 0 {
						want = 2
					}
					if len(f) != want {
						t.Errorf("got log %v, want %d fields", f, want)
					}
				} else {
					got = append(got, "D"+f[1].Text())
				}
			}
			if got, want := strings.Join(got, " "), test.want+" bulk"; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestLogsHoldBoundedMemory(t *testing.T) {
	tracer, kept := newTracer(t)
	span := tracer.StartSpan("op")
	for i := range 900 {
		span.LogKV("n", i, "payload", strings.Repeat("x", 16<<10))
	}
	span.Finish()
	got := only(t, kept)
	if n := got.Bytes(); n > 5<<20 {
		t.Errorf("the record holds %d bytes", n)
	}
	last := got.Logs[len(got.Logs)-1]
	if want := fmt.Sprintf("event=string(dropped Span logs) dropped_log_count=int64(%d) component=string(jaeger-client)", 900-len(got.Logs)+1); text(last.Fields) != want {
		t.Errorf("got %s, want %s", text(last.Fields), want)
	}
}

func TestLogTimes(t *testing.T) {
	now := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	at := now.Add(-time.Minute)
	tracer, kept := newTracer(t, jaeger.WithClock(func() time.Time { return now }))
	span := tracer.StartSpan("op")
	span.LogFields(log.String("event", "now"))
	span.LogEvent("now")
	span.Log(opentracing.LogData{Event: "given", Timestamp: at})
	span.FinishWithOptions(opentracing.FinishOptions{
		LogRecords:  []opentracing.LogRecord{{Timestamp: at, Fields: []log.Field{log.Int("n", 1)}}, {}},
		BulkLogData: []opentracing.LogData{{Timestamp: at, Event: "e", Payload: 1}, {Event: "now"}},
	})
	want := []time.Time{now, now, at, at, now, at, now}
	for i, l := range only(t, kept).Logs {
		if l.Time != want[i].UnixNano() {
			t.Errorf("log %d at %d, want %d", i, l.Time, want[i].UnixNano())
		}
	}
}

func TestLongLogValueIsCut(t *testing.T) {
	tracer, kept := newTracer(t, jaeger.WithMaxLogValueLength(10))
	span := tracer.StartSpan("op")
	span.LogFields(log.String("s", strings.Repeat("é", 10)), log.Object("o", strings.Repeat("x", 11)))
	span.LogKV("k", strings.Repeat("y", 11))
	span.Finish()
	logs := only(t, kept).Logs
	if got, want := text(logs[0].Fields)+" "+text(logs[1].Fields), "s=string(ééééé) o=string(xxxxxxxxxx) k=string(yyyyyyyyyy)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A lazy logger that keeps its encoder must not reach the logs of other spans.
func TestLazyLoggerKeepsItsEncoder(t *testing.T) {
	tracer, kept := newTracer(t)
	var stolen log.Encoder
	first := tracer.StartSpan("first")
	first.LogFields(log.Lazy(func(e log.Encoder) { stolen = e }))
	for range 100 {
		span := tracer.StartSpan("op")
		span.LogFields(log.Lazy(func(log.Encoder) { stolen.EmitString("leak", "x") }), log.Int("n", 1))
		span.Finish()
	}
	for _, span := range kept.Spans() {
		if got := text(span.Logs[0].Fields); got != "n=int64(1)" {
			t.Fatalf("got %s", got)
		}
	}
}

// The sizes of a log's fields, each within the limit, add up to more than 32 bits.
func TestHugeLogIsNotTakenForASmallOne(t *testing.T) {
	tracer, kept := newTracer(t, jaeger.WithMaxLogValueLength(4<<20))
	value := strings.Repeat("x", 4<<20-48-1)
	fields := make([]log.Field, 1024)
	for i := range fields {
		fields[i] = log.String("k", value)
	}
	span := tracer.StartSpan("op")
	span.LogFields(fields...)
	span.Finish()
	if got := only(t, kept); len(got.Logs) != 1 || got.Logs[0].Fields[0].Key != "event" {
		t.Errorf("got %d logs of %d bytes, want the one that counts the dropped", len(got.Logs), got.Bytes())
	}
}

// One log alone may use up a span's memory for logs; then none was kept whose
// place the count of the dropped could follow.
func TestOnlyLogIsTooLarge(t *testing.T) {
	tracer, kept := newTracer(t)
	fields := make([]log.Field, 1000)
	for i := range fields {
		fields[i] = log.String("payload", strings.Repeat("x", 16<<10))
	}
	for name, finish := range map[string]func(opentracing.Span){
		"log": func(s opentracing.Span) { s.LogFields(fields...); s.Finish() },
		"bulk": func(s opentracing.Span) {
			s.FinishWithOptions(opentracing.FinishOptions{LogRecords: []opentracing.LogRecord{{Fields: fields}}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			kept.Reset()
			finish(tracer.StartSpan("op"))
			got := only(t, kept)
			if len(got.Logs) != 1 {
				t.Fatalf("got %d logs, want 1", len(got.Logs))
			}
			if name == "log" && text(got.Logs[0].Fields) != "event=string(dropped Span logs) dropped_log_count=int64(1) component=string(jaeger-client)" {
				t.Errorf("got %s", text(got.Logs[0].Fields))
			}
		})
	}
}
