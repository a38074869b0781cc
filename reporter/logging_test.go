// SPDX-License-Identifier: Apache-2.0

package reporter_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"math"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
)

// full returns a span with all there is to log.
func full() *model.Span {
	start := time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC).UnixNano()
	s := model.NewSpan()
	s.Process, s.Operation, s.Start, s.Duration = process, "GET /cart", start, 1500*time.Microsecond
	s.TraceID, s.ID, s.ParentID = model.TraceID{High: 1, Low: 2}, 3, 4
	s.Tags = append(s.Tags, model.String("http.method", "GET"), model.Int64("http.status_code", 200),
		model.Float64("load", 0.5), model.Bool("error", false), model.Binary("raw", []byte{1, 2, 3}))
	s.AddLog(start+1_000_000, model.String("event", "test message"), model.Int64("life", 42))
	s.AddLog(start+1_000_000, model.String("event", "at once"))
	s.AddLog(start+1_200_000, model.String("event", "down below"))
	s.AddLog(start-5_000_000, model.String("event", "early"))
	return s
}

// withoutTime leaves out what differs from run to run.
func withoutTime(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}

func TestLoggingAsText(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		span *model.Span
		want string
	}{
		{"everything", full(), `level=INFO msg=span operation="GET /cart" trace_id=00000000000000010000000000000002 span_id=0000000000000003 parent_id=0000000000000004 duration=1.5ms` +
			` tags.http.method=GET tags.http.status_code=200 tags.load=0.5 tags.error=false tags.raw="3 bytes"` +
			` logs.+1ms.event="test message" logs.+1ms.life=42 logs.+1ms#2.event="at once" logs.+1.2ms.event="down below" logs.-5ms.event=early`},
		{"bare root", &model.Span{TraceID: model.TraceID{Low: 0xabc}, ID: 0xabc},
			`level=INFO msg=span operation="" trace_id=0000000000000abc span_id=0000000000000abc duration=0s`},
		{"hostile", &model.Span{Operation: "a\nlevel=ERROR", Tags: []model.Tag{model.Float64("n", math.NaN()), model.String("x=y \"", "\xff")}},
			`level=INFO msg=span operation="a\nlevel=ERROR" trace_id=0000000000000000 span_id=0000000000000000 duration=0s tags.n=NaN "tags.x=y \""="\xff"`},
	} {
		var out bytes.Buffer
		l := reporter.NewLogging(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{ReplaceAttr: withoutTime})))
		l.Report(test.span)
		if got := out.String(); got != test.want+"\n" {
			t.Errorf("%s:\ngot  %swant %s", test.name, got, test.want)
		}
	}
}

func TestLoggingAsJSON(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	l := reporter.NewLogging(slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{ReplaceAttr: withoutTime})))
	l.Report(full())
	var got any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("got %s: %v", out.Bytes(), err)
	}
	type object = map[string]any
	want := object{
		"level": "INFO", "msg": "span", "operation": "GET /cart", "duration": 1.5e6,
		"trace_id": "00000000000000010000000000000002", "span_id": "0000000000000003", "parent_id": "0000000000000004",
		"tags": object{"http.method": "GET", "http.status_code": 200.0, "load": 0.5, "error": false, "raw": "3 bytes"},
		"logs": object{
			"+1ms": object{"event": "test message", "life": 42.0}, "+1ms#2": object{"event": "at once"},
			"+1.2ms": object{"event": "down below"}, "-5ms": object{"event": "early"},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestLoggingReleasesAndCounts(t *testing.T) { // not parallel: it looks at a record that others may get
	told := &lines{}
	l := reporter.NewLogging(slog.New(told))
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for id := range model.SpanID(100) {
				l.Report(newSpan(id))
			}
		}()
	}
	wg.Wait()
	span := newSpan(1)
	l.Report(span)
	if span.Operation != "" {
		t.Errorf("got %+v, want the record given back", span)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	l.Report(newSpan(1))
	settled(t, l, 402)
	if got := len(told.take()); got != 402 {
		t.Errorf("got %d lines, want 402", got)
	}
}

func TestLoggingAboveInfoCostsNothing(t *testing.T) {
	var out bytes.Buffer
	l := reporter.NewLogging(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelWarn})))
	span := &model.Span{Operation: "op", Tags: []model.Tag{model.String("k", "v")}}
	if got := testing.AllocsPerRun(100, func() { l.Report(span) }); got != 0 {
		t.Errorf("got %v allocations, want 0", got)
	}
	if out.Len() != 0 {
		t.Errorf("got %s, want nothing", out.Bytes())
	}
	settled(t, l, 101)
}

// A handler that panics does so neither in Finish nor in the test.
func TestLoggingHandlerPanics(t *testing.T) {
	l := reporter.NewLogging(slog.New(new(panicking)))
	l.Report(model.NewSpan())
	if got := l.Stats().Reported; got != 1 {
		t.Errorf("got %d spans, want 1", got)
	}
}
