// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"log/slog"
	"sync"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger/logging"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
)

// slogOf returns a logger of the library's kind that writes to l; nil takes
// nothing.
func slogOf(l Logger) *slog.Logger { return slog.New(logging.FromLogger(l)) }

type nullReporter struct{}

// NewNullReporter returns a reporter that forgets every span.
func NewNullReporter() Reporter { return &nullReporter{} }

func (r *nullReporter) Report(span *Span) {}
func (r *nullReporter) Close()            {}

type loggingReporter struct{ logger Logger }

// NewLoggingReporter returns a reporter that writes a line for each span, on the
// goroutine that finishes it: its context, name, duration and how much it has.
func NewLoggingReporter(logger Logger) Reporter {
	if absent(logger) {
		logger = NullLogger
	}
	return &loggingReporter{logger}
}

func (r *loggingReporter) Report(span *Span) {
	if record := span.exported(); record != nil {
		r.write(record)
	}
}

func (r *loggingReporter) write(s *model.Span) {
	r.logger.Infof("Reporting span %s:%s:%s:%x operation=%q duration=%v tags=%d logs=%d",
		s.TraceID, s.ID, s.ParentID, s.Flags, s.Operation, s.Duration, len(s.Tags), len(s.Logs))
}

func (r *loggingReporter) Close() {}

func (r *loggingReporter) behind() reporter.Reporter { return loggedRecords{r} }

// loggedRecords logs what the library reports.
type loggedRecords struct{ to *loggingReporter }

func (l loggedRecords) Report(s *model.Span) {
	if s != nil {
		l.to.write(s)
		s.Release()
	}
}

func (l loggedRecords) Close() error { return nil }

// InMemoryReporter keeps every span, for tests. It grows without bound. Its zero
// value is ready.
type InMemoryReporter struct {
	mu    sync.Mutex
	spans []opentracing.Span
}

// NewInMemoryReporter returns an empty one.
func NewInMemoryReporter() *InMemoryReporter { return &InMemoryReporter{} }

// Report keeps the span.
func (r *InMemoryReporter) Report(span *Span) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.spans = append(r.spans, span.Retain())
}

// GetSpans returns the spans since the last Reset, in the order they finished.
func (r *InMemoryReporter) GetSpans() []opentracing.Span {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append(make([]opentracing.Span, 0, len(r.spans)), r.spans...)
}

// SpansSubmitted returns how many there are.
func (r *InMemoryReporter) SpansSubmitted() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.spans)
}

// Reset forgets them.
func (r *InMemoryReporter) Reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.spans = nil
}

// Close forgets them, too.
func (r *InMemoryReporter) Close() { r.Reset() }

type compositeReporter struct{ reporters []Reporter }

// NewCompositeReporter returns a reporter that hands each span to all of these,
// which it owns; nil ones are left out.
func NewCompositeReporter(reporters ...Reporter) Reporter {
	c := &compositeReporter{}
	for _, r := range reporters {
		if !absent(r) {
			c.reporters = append(c.reporters, r)
		}
	}
	return c
}

func (r *compositeReporter) Report(span *Span) {
	for _, r := range r.reporters {
		r.Report(span)
	}
}

func (r *compositeReporter) Close() {
	for _, r := range r.reporters {
		r.Close()
	}
}

// behind puts those that count first: their numbers are the tracer's.
func (r *compositeReporter) behind() reporter.Reporter {
	var counting, others []reporter.Reporter
	for _, r := range r.reporters {
		b := nativeReporter(r)
		if b == nil {
			return nil
		}
		if _, ok := b.(reporter.Counter); ok {
			counting = append(counting, b)
		} else {
			others = append(others, b)
		}
	}
	return reporter.NewMulti(append(counting, others...)...)
}
