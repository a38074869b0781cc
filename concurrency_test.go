// SPDX-License-Identifier: Apache-2.0

//lint:file-ignore SA1019 the deprecated methods are part of the API under test

package jaeger_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/sampler"
)

// together runs f on n goroutines.
func together(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			f(i)
		}()
	}
	wg.Wait()
}

// Every method of one span from many goroutines, Finish included, while records
// are reused by others: nothing may leak from one span into another.
func TestSpanFromManyGoroutines(t *testing.T) {
	tracer, err := jaeger.New("svc", discardChecker{t}, jaeger.WithMaxLogsPerSpan(4))
	if err != nil {
		t.Fatal(err)
	}
	defer tracer.Close()
	for round := range 50 {
		span := tracer.StartSpan(fmt.Sprint("op", round))
		own := fmt.Sprint(round)
		together(8, func(i int) {
			for range 20 {
				span.SetTag("round", own)
				span.LogKV("round", own)
				span.LogFields(log.String("round", own))
				span.SetOperationName("op" + own)
				span.SetBaggageItem("k", own)
				span.BaggageItem("k")
				_ = span.Context().(model.SpanContext).String()
				child := tracer.StartSpan("op"+own, opentracing.ChildOf(span.Context()))
				child.SetTag("round", own).Finish()
				carrier := opentracing.TextMapCarrier{}
				_ = tracer.Inject(span.Context(), opentracing.TextMap, carrier)
				if i == 7 {
					span.Finish()
				}
			}
		})
	}
	if s := tracer.Stats(); s.Open != 0 || s.Finished != 50+50*8*20 {
		t.Errorf("got %+v", s)
	}
}

// discardChecker looks for tags of other spans and gives every record back.
type discardChecker struct{ t *testing.T }

func (d discardChecker) Report(span *model.Span) {
	want := span.Operation[2:]
	for i := range span.Tags {
		if tag := &span.Tags[i]; tag.Key == "round" && tag.Str() != want {
			d.t.Errorf("span %s has a tag of round %s", span.Operation, tag.Str())
		}
	}
	for i := range span.Logs {
		for j := range span.Logs[i].Fields {
			if f := &span.Logs[i].Fields[j]; f.Key == "round" && f.Str() != want {
				d.t.Errorf("span %s has a log of round %s", span.Operation, f.Str())
			}
		}
	}
	span.Release()
}

func (discardChecker) Close() error { return nil }

// The old client wrote to the extracted context that all of them share.
func TestFanOutFromOneRemoteContext(t *testing.T) {
	tracer, kept := newTracer(t)
	sc, err := tracer.Extract(opentracing.TextMap, opentracing.TextMapCarrier{"uber-trace-id": "1:2:0:0", "uberctx-a": "b"})
	if err != nil {
		t.Fatal(err)
	}
	together(16, func(i int) {
		span := tracer.StartSpan("op", opentracing.ChildOf(sc))
		if i%2 == 0 {
			span.SetTag("sampling.priority", 1)
		}
		span.SetBaggageItem("i", fmt.Sprint(i)).Finish()
	})
	if got := len(kept.Spans()); got != 8 {
		t.Errorf("got %d spans, want the 8 that were forced", got)
	}
	if sc.(model.SpanContext).IsSampled() {
		t.Error("a span's forced decision reached the extracted context")
	}
}

func TestCloseWhileTracing(t *testing.T) {
	kept := reporter.NewMemory()
	tracer, err := jaeger.New("svc", kept)
	if err != nil {
		t.Fatal(err)
	}
	together(8, func(i int) {
		for range 100 {
			tracer.StartSpan("op").SetTag("a", 1).Finish()
			if i == 3 {
				tracer.Close()
			}
			_ = tracer.Flush(context.Background())
			tracer.Stats()
		}
	})
}

// A kept handle never reaches a record that another span uses by now.
func TestHandleAfterItsRecordIsReused(t *testing.T) {
	tracer, err := jaeger.New("svc", discardChecker{t})
	if err != nil {
		t.Fatal(err)
	}
	var old []opentracing.Span
	for i := range 1000 {
		span := tracer.StartSpan(fmt.Sprint("op", i))
		span.SetTag("round", fmt.Sprint(i))
		for _, s := range old {
			s.SetTag("round", "old").SetOperationName("old")
			s.LogKV("round", "old")
			s.Finish()
		}
		span.Finish()
		old = append(old[max(len(old)-10, 0):], span)
	}
}

func TestUnsampledIsCounted(t *testing.T) {
	tracer, kept := newTracer(t, jaeger.WithSampler(sampler.NewConst(false)))
	together(4, func(int) {
		for range 100 {
			span := tracer.StartSpan("op")
			span.SetTag("a", 1)
			span.LogKV("b", 2)
			span.LogEvent("c")
			span.Finish()
			span.Finish()
		}
	})
	if s := tracer.Stats(); len(kept.Spans()) != 0 || s.Started != 400 || s.Unsampled != 400 || s.LateCalls != 0 {
		t.Errorf("got %+v", s)
	}
}
