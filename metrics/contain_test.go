// SPDX-License-Identifier: Apache-2.0

package metrics_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"

	lib "github.com/uber/jaeger-lib/metrics"

	"github.com/jaegerkit/jaeger/metrics"
)

func TestPanicsAreContained(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		broken func(made *bool) func(string)
		want   string
		log    string
	}{
		{"in making one", func(*bool) func(string) {
			return func(s string) {
				if strings.Contains(s, "reporter_spans") {
					panic("duplicate registration")
				}
			}
		}, "jaeger.tracer.late_calls{} 2", "series=reporter_spans panic=\"duplicate registration\""},
		{"in counting", func(made *bool) func(string) {
			return func(s string) {
				if *made && strings.Contains(s, "reporter_spans") {
					panic(errors.New("no backend"))
				}
			}
		}, "jaeger.tracer.late_calls{} 2", "series=reporter_spans panic=\"no backend\""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			var made bool
			b, c := newBackend(), &counts{}
			b.broken = test.broken(&made)
			c.set(metrics.Snapshot{ReporterSent: 1, LateCalls: 2})
			e := start(t, b, c, metrics.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
			made = true
			push(t, e)
			push(t, e)
			if got := b.state(); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			e.Close()
			if got := log.String(); !strings.Contains(got, test.log) || strings.Count(got, "\n") != 1 {
				t.Errorf("got %s, want one line with %s", got, test.log)
			}
		})
	}
}

// What a counter refused by panicking is offered again.
func TestNothingIsLostToAPanic(t *testing.T) {
	t.Parallel()
	b, c := newBackend(), &counts{}
	down := false
	b.broken = func(string) {
		if down {
			panic("down")
		}
	}
	e := start(t, b, c, metrics.WithLogger(slog.New(brokenHandler{})))
	down = true
	c.set(metrics.Snapshot{LateCalls: 2})
	push(t, e)
	down = false
	c.set(metrics.Snapshot{LateCalls: 3})
	push(t, e)
	if got, want := b.state(), "jaeger.tracer.late_calls{} 3"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

type brokenHandler struct{ slog.Handler }

func (brokenHandler) Enabled(context.Context, slog.Level) bool { panic("handler") }

// A factory or a source that is broken altogether costs the metrics and nothing else.
func TestAllBroken(t *testing.T) {
	t.Parallel()
	quiet := metrics.WithLogger(slog.New(brokenHandler{}))
	e, err := metrics.New(brokenFactory{}, func() metrics.Snapshot { return metrics.Snapshot{} }, quiet)
	if err != nil {
		t.Fatal(err)
	}
	push(t, e)
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	b := newBackend()
	e, err = metrics.New(b.factory(), func() metrics.Snapshot { panic("source") }, quiet)
	if err != nil {
		t.Fatal(err)
	}
	push(t, e)
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	if got := b.state(); got != "" {
		t.Errorf("got %s, want nothing", got)
	}
}

type brokenFactory struct{ lib.Factory }

// A factory that hangs holds up Push and Shutdown only as long as their context.
func TestHangingFactory(t *testing.T) {
	t.Parallel()
	b, c := newBackend(), &counts{}
	entered, release := make(chan struct{}), make(chan struct{})
	var hang sync.Once
	e := start(t, b, c)
	b.broken = func(string) { hang.Do(func() { close(entered); <-release }) }
	c.set(metrics.Snapshot{LateCalls: 1})

	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-entered; cancel() }()
	if err := e.Push(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	if err := e.Push(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v while another push hangs", err, context.Canceled)
	}
	if err := e.Shutdown(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	for range 20 { // whether ctx or the exporter's end is noticed first
		if err := e.Push(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want %v while the last push hangs", err, context.Canceled)
		}
	}
	close(release)
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	if got, want := b.state(), "jaeger.tracer.late_calls{} 1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if err := e.Shutdown(ctx); err != nil {
		t.Errorf("got %v, want no error for what has ended already", err)
	}
}
