// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"sync/atomic"
	"time"

	"github.com/opentracing/opentracing-go"
)

// Observer is told of every span that starts, sampled or not. It is called on
// the goroutine that starts the span, when it is ready but not handed out yet,
// and without a lock held, so it may use the span. o is what the options of
// StartSpan come to, with the start time filled in; its map and slice are to be
// read only. With true it asks to be told of the span's further life; a nil
// SpanObserver counts as false.
//
// A panic of an Observer or SpanObserver is swallowed.
type Observer interface {
	OnStartSpan(s *Span, operation string, o opentracing.StartSpanOptions) (SpanObserver, bool)
}

// SpanObserver is told what its span is called with, on the goroutine that calls
// and without a lock held, until OnFinish, which comes once and last. Names and
// values are as the caller gave them. Tags given to StartSpan are not told
// again.
//
// OnFinish is called before the span ends, with the finish time filled in, and
// may still set tags; what it sets is not told to anyone.
type SpanObserver interface {
	OnSetOperationName(name string)
	OnSetTag(key string, value any)
	OnFinish(o opentracing.FinishOptions)
}

// watch are the observers of one span.
type watch struct {
	observers []SpanObserver
	start     time.Time
	finished  atomic.Bool // OnFinish was called, or is being called
}

// observe asks the tracer's observers about a span that is ready.
func (s *Span) observe(operation string, opts []opentracing.StartSpanOption, all *opentracing.StartSpanOptions) {
	if all == nil {
		all = applied(opts)
	}
	w := &watch{start: s.startTime()}
	if all.StartTime.IsZero() {
		all.StartTime = w.start
	}
	for _, o := range s.tracer.observers {
		if so := onStart(o, s, operation, *all); so != nil {
			w.observers = append(w.observers, so)
		}
	}
	if len(w.observers) == 0 {
		return
	}
	m := &more{watch: w}
	s.mu.Lock()
	if before := s.more.Load(); before != nil { // an observer set baggage
		m.context = before.context
	}
	s.more.Store(m)
	s.mu.Unlock()
	s.data.Context().Sampling().Watch()
}

func onStart(o Observer, s *Span, operation string, all opentracing.StartSpanOptions) (so SpanObserver) {
	defer func() {
		if recover() != nil {
			so = nil
		}
	}()
	so, ok := o.OnStartSpan(s, operation, all)
	if !ok || isNil(so) {
		return nil
	}
	return so
}

// startTime is the start as everyone is told it.
func (s *Span) startTime() time.Time {
	if r := s.record; r != nil {
		return r.StartTime()
	}
	return s.StartTime()
}

// watching returns the observers of s as long as it is not finished.
func (s *Span) watching() *watch {
	if m := s.more.Load(); m != nil && m.watch != nil && !m.watch.finished.Load() {
		return m.watch
	}
	return nil
}

func (w *watch) named(name string) {
	for _, o := range w.observers {
		contain(func() { o.OnSetOperationName(name) })
	}
}

func (w *watch) tagged(key string, value any) {
	for _, o := range w.observers {
		contain(func() { o.OnSetTag(key, value) })
	}
}

// observeFinish tells the observers once, and returns the end that they were
// told.
func (s *Span) observeFinish(end time.Time, o *opentracing.FinishOptions) time.Time {
	w := s.watching()
	if w == nil || w.finished.Swap(true) {
		return end
	}
	var told opentracing.FinishOptions
	if o != nil {
		told = *o
	}
	if end.IsZero() {
		end = w.start.Add(s.duration(w.start.UnixNano(), end))
	}
	told.FinishTime = end
	for _, o := range w.observers {
		contain(func() { o.OnFinish(told) })
	}
	return end
}

func contain(f func()) {
	defer func() { _ = recover() }()
	f()
}
