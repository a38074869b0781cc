// SPDX-License-Identifier: Apache-2.0

// Package metrics carries the tracer's own counts into a metrics.Factory of
// jaeger-lib, under the names and tags that jaeger-client-go's dashboards and
// alerts look for.
//
//	factory := prometheus.New() // github.com/uber/jaeger-lib/metrics/prometheus
//	exporter, err := metrics.New(factory, func() metrics.Snapshot {
//		return metrics.Snapshot{SpansFinishedSampled: tracer.Stats().Finished}
//	})
//	if err != nil {
//		return err
//	}
//	defer exporter.Close() // behind the tracer's Close: pushes the last counts
//
// What it promises: spans are counted by the tracer alone, so a slow factory
// costs them nothing; what a counter got adds up to what the source last said;
// a factory that panics costs the series it panicked in; Close waits for a
// factory that hangs, but not for ever.
//
// With Prometheus a counter's name ends in _total, as in
// jaeger_tracer_reporter_spans_total{result="ok"}.
package metrics

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"time"

	lib "github.com/uber/jaeger-lib/metrics"
)

const (
	// DefaultInterval is how often counts are pushed.
	DefaultInterval = time.Second
	// DefaultCloseTimeout is how long Close waits for the last push.
	DefaultCloseTimeout = time.Second
)

// Exporter pushes what a source counts into a factory's counters and gauges. It
// has one goroutine, the only one to call source, counters and gauges.
type Exporter struct {
	source   func() Snapshot
	interval time.Duration
	tags     map[string]string
	logger   *slog.Logger // nil means slog.Default() at the time of the line
	series   []series     // belongs to the goroutine
	told     bool         // that something of the user's panicked; so does this

	asked   chan chan struct{} // a push, and whom to tell of its end
	closing chan struct{}
	once    sync.Once
	done    chan struct{} // the goroutine has ended
}

// Option changes a default of New.
type Option func(*Exporter)

// WithInterval sets how often counts are pushed; default DefaultInterval.
func WithInterval(d time.Duration) Option {
	return func(e *Exporter) { e.interval = d }
}

// WithTags adds tags to every series, to tell several tracers of one process
// apart; default none. A tag that a series has itself keeps the series' value.
func WithTags(tags map[string]string) Option {
	tags = maps.Clone(tags)
	return func(e *Exporter) { e.tags = tags }
}

// WithLogger sets where the exporter says, once, that source or the factory
// panicked; default slog.Default().
func WithLogger(l *slog.Logger) Option {
	return func(e *Exporter) { e.logger = l }
}

// New makes every series of the factory, so that counters stand at zero from the
// start, and begins to push. The factory is called on the caller's goroutine and
// may be shared with others; its own namespace and tags come before the names
// here. source is called on the exporter's goroutine.
//
// The first push carries all that source has counted so far. Close the exporter
// after what the source reads from.
func New(factory lib.Factory, source func() Snapshot, opts ...Option) (*Exporter, error) {
	e := &Exporter{
		source: source, interval: DefaultInterval,
		asked: make(chan chan struct{}), closing: make(chan struct{}), done: make(chan struct{}),
	}
	for _, opt := range opts {
		if opt != nil {
			opt(e)
		}
	}
	var problems []error
	if factory == nil {
		problems = append(problems, errors.New("metrics: no factory"))
	}
	if source == nil {
		problems = append(problems, errors.New("metrics: no source of counts"))
	}
	if e.interval <= 0 {
		problems = append(problems, fmt.Errorf("metrics: interval %q is not above zero", e.interval))
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	e.makeSeries(factory)
	go e.run()
	return e, nil
}

// Push carries what is counted by now into the factory. It returns when that is
// done or when ctx ends; of a closed exporter it waits for the last push. On the
// exporter's own goroutine, that is in the factory's counters or in the source,
// it would wait until ctx ends.
func (e *Exporter) Push(ctx context.Context) error {
	pushed := make(chan struct{})
	select {
	case e.asked <- pushed:
	case <-e.closing:
		pushed = e.done
	case <-ctx.Done():
		return late(ctx)
	}
	return wait(ctx, pushed)
}

// Close is Shutdown within DefaultCloseTimeout.
func (e *Exporter) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), DefaultCloseTimeout)
	defer cancel()
	return e.Shutdown(ctx)
}

// Shutdown pushes a last time and ends the exporter. It fails when ctx ends
// first, which leaves a goroutine behind until the factory returns. Closing
// twice is safe and waits for the same end.
func (e *Exporter) Shutdown(ctx context.Context) error {
	e.once.Do(func() { close(e.closing) })
	return wait(ctx, e.done)
}

// wait prefers the end of a push to that of ctx.
func wait(ctx context.Context, pushed <-chan struct{}) error {
	select {
	case <-pushed:
		return nil
	case <-ctx.Done():
	}
	select {
	case <-pushed:
		return nil
	default:
		return late(ctx)
	}
}

func late(ctx context.Context) error {
	return fmt.Errorf("metrics: the factory did not take the counts in time: %w", ctx.Err())
}

func (e *Exporter) run() {
	defer close(e.done)
	ticker := time.NewTicker(e.interval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			e.push()
		case pushed := <-e.asked:
			e.push()
			close(pushed)
		case <-e.closing:
			e.push()
			return
		}
	}
}

// push gives each series what it does not have yet.
func (e *Exporter) push() {
	var s Snapshot
	if !e.guard("the source of counts", func() { s = e.source() }) {
		return
	}
	for i := range e.series {
		e.guard(e.series[i].name, func() { e.series[i].push(&s) })
	}
}

// guard runs what is the user's and reports whether it returned.
func (e *Exporter) guard(what string, run func()) (ok bool) {
	defer func() {
		if ok {
			return
		}
		if p := recover(); p != nil && !e.told {
			e.told = true
			e.tell(what, p)
		}
	}()
	run()
	return true
}

func (e *Exporter) tell(what string, panicked any) {
	defer func() { _ = recover() }() // the user's handler must not end the process either
	logger := e.logger
	if logger == nil {
		logger = slog.Default()
	}
	logger.Warn("jaeger: metrics panicked, some are missing; further ones are not told", "series", what, "panic", fmt.Sprint(panicked))
}
