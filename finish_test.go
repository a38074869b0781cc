// SPDX-License-Identifier: Apache-2.0

//lint:file-ignore SA1019 the deprecated methods are part of the API under test

package jaeger_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

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
	span.FinishWithOptions(opentracing.FinishOptions{FinishTime: time.Now().Add(time.Hour), BulkLogData: make([]opentracing.LogData, 1)})
	got := only(t, kept)
	if got.Operation != "op" || set(got) != "a=int64(1)" || len(got.Logs) != 0 {
		t.Errorf("got %s %s %d logs, want the span as it was finished", got.Operation, set(got), len(got.Logs))
	}
	// A child of a finished span belongs to its trace.
	child := tracer.StartSpan("child", opentracing.ChildOf(span.Context()))
	if got, want := child.Context().(model.SpanContext).TraceID(), got.TraceID; got != want {
		t.Errorf("got trace %v, want %v", got, want)
	}
	if s := tracer.Stats(); s.LateCalls != 7 || s.Finished != 1 {
		t.Errorf("got %+v, want 7 late calls and 1 span", s)
	}
	if name, item := span.(*jaeger.Span).OperationName(), span.BaggageItem("e"); name != "op" || item != "" {
		t.Errorf("got name %q and baggage %q, want both as at Finish", name, item)
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

func TestUnsampledAfterFinish(t *testing.T) {
	tracer, kept := newTracer(t, jaeger.WithSampler(sampler.NewConst(false)))
	root := tracer.StartSpan("root")
	span := tracer.StartSpan("op", opentracing.ChildOf(root.Context()))
	span.Finish()
	root.SetTag("sampling.priority", 1) // forces the trace, not what is finished
	span.SetTag("a", 1).SetOperationName("other").SetBaggageItem("k", "v")
	span.LogKV("b", 2)
	span.Finish()
	root.Finish()
	if got := only(t, kept); got.Operation != "root" {
		t.Errorf("got span %q, want the root alone", got.Operation)
	}
	if name, item := span.(*jaeger.Span).OperationName(), span.BaggageItem("k"); name != "op" || item != "" {
		t.Errorf("got name %q and baggage %q, want both as at Finish", name, item)
	}
}
