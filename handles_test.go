// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"testing"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/sampler"
)

// inside has its span behind something else.
type inside struct {
	_    [5]int64
	span jaeger.Span
	_    string
}

type alone struct{ jaeger.Span }

type large struct {
	jaeger.Span
	_ [4096]byte
}

type elsewhere struct{ span *jaeger.Span }

func TestHandles(t *testing.T) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, tracer *jaeger.Tracer)
	}{
		{"behind a field", func(t *testing.T, tracer *jaeger.Tracer) {
			handle(t, tracer, func(w *inside) *jaeger.Span { return &w.span })
		}},
		{"nothing else", func(t *testing.T, tracer *jaeger.Tracer) {
			handle(t, tracer, func(w *alone) *jaeger.Span { return &w.Span })
		}},
		{"the span itself", func(t *testing.T, tracer *jaeger.Tracer) {
			handle(t, tracer, func(w *jaeger.Span) *jaeger.Span { return w })
		}},
		{"larger than an allocation of several", func(t *testing.T, tracer *jaeger.Tracer) {
			handle(t, tracer, func(w *large) *jaeger.Span { return &w.Span })
		}},
		{"somewhere else", func(t *testing.T, tracer *jaeger.Tracer) {
			handle(t, tracer, func(w *elsewhere) *jaeger.Span {
				if w.span == nil {
					w.span = new(jaeger.Span)
				}
				return w.span
			})
		}},
	} {
		for _, traced := range []struct {
			name string
			opts []jaeger.Option
		}{
			{"sampled", nil},
			{"unsampled", []jaeger.Option{jaeger.WithSampler(sampler.NewConst(false))}},
			{"observed", []jaeger.Option{jaeger.WithObserver(hears{})}},
			{"128 bits", []jaeger.Option{jaeger.With128BitTraceIDs()}},
			{"own ids", []jaeger.Option{jaeger.WithIDs(func() uint64 { return 7 })}},
			{"not recorded", []jaeger.Option{jaeger.WithoutRecording()}},
		} {
			t.Run(test.name+"/"+traced.name, func(t *testing.T) {
				tracer, _ := newTracer(t, traced.opts...)
				test.run(t, tracer)
			})
		}
	}
}

// handle starts more spans than go into one allocation; each is a root of its own
// and is counted once.
func handle[T any](t *testing.T, tracer *jaeger.Tracer, span func(*T) *jaeger.Span) {
	handles := jaeger.NewHandles(tracer, span)
	const n = 50
	all := make(map[*T]bool)
	for range n {
		w := handles.StartSpan("op")
		s := span(w)
		if all[w] {
			t.Fatal("one handle twice")
		}
		all[w] = true
		if s.OperationName() != "op" || s.Tracer() != opentracing.Tracer(tracer) || s.SpanContext().ParentID() != 0 {
			t.Errorf("got %q of %v with context %v", s.OperationName(), s.Tracer(), s)
		}
		s.SetTag("k", 1).Finish()
	}
	if got := tracer.Stats(); got.Started != n || got.TracesStarted.Total() != n || got.Open != 0 {
		t.Errorf("got %+v, want %d roots, none open", got, n)
	}
}

func TestHandlesWithoutSpans(t *testing.T) {
	tracer, _ := newTracer(t)
	for _, span := range []func(*alone) *jaeger.Span{nil, func(*alone) *jaeger.Span { return nil }} {
		if w := jaeger.NewHandles(tracer, span).StartSpan("op"); w == nil || w.OperationName() != "" {
			t.Errorf("got %v, want a zero wrapper", w)
		}
	}
}
