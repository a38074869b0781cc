// SPDX-License-Identifier: Apache-2.0

package reporter_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
)

func TestErrorOfTheTransportsClose(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken pipe")
	s := &sender{close: func() error { return broken }}
	r := newRemote(t, s)
	for range 2 {
		err := r.Close()
		if !errors.Is(err, broken) || err.Error() != "closing the transport: broken pipe" {
			t.Errorf("got error %v, want closing the transport: broken pipe", err)
		}
	}
	s = &sender{close: func() error { panic("boom") }}
	if err := newRemote(t, s).Close(); err == nil || err.Error() != "panic in the transport: boom" {
		t.Errorf("got error %v, want panic in the transport: boom", err)
	}
}

// stuck returns a sender that waits in its first Send until it may go on, and a
// channel that says it is there. It minds its context where polite is set.
func stuck(polite bool) (s *sender, entered, release chan struct{}) {
	entered, release = make(chan struct{}), make(chan struct{})
	var once sync.Once
	return &sender{send: func(ctx context.Context, b *model.Batch) (int, error) {
		once.Do(func() {
			close(entered)
			if polite {
				select {
				case <-release:
				case <-ctx.Done():
				}
			} else {
				<-release
			}
		})
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		return len(b.Spans), nil
	}}, entered, release
}

func TestFlushGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	s, entered, release := stuck(true)
	r := newRemote(t, s, reporter.WithFlushInterval(time.Hour))
	r.Report(newSpan(1))
	first, cancel := context.WithCancel(context.Background())
	results := make(chan error, 2)
	go func() { results <- r.Flush(first) }()
	<-entered
	r.Report(newSpan(2))

	gone, cancelNow := context.WithCancel(context.Background())
	cancelNow()
	const want = "flush: 2 spans not delivered yet: context canceled"
	if err := r.Flush(gone); !errors.Is(err, context.Canceled) || err.Error() != want {
		t.Errorf("got error %v from a flush behind another, want %s", err, want)
	}
	cancel()
	if err := <-results; !errors.Is(err, context.Canceled) || err.Error() != want {
		t.Errorf("got error %v, want %s", err, want)
	}
	close(release)
	flush(t, r)
	if got := r.Stats(); got.Sent != 2 {
		t.Errorf("got %+v, want both spans sent after all", got)
	}
}

func TestShutdownDropsWhatIsLeft(t *testing.T) {
	t.Parallel()
	s, entered, _ := stuck(true)
	r := newRemote(t, s, reporter.WithQueueSize(100))
	r.Report(newSpan(0))
	go r.Flush(context.Background())
	<-entered
	for id := range model.SpanID(7) {
		r.Report(newSpan(id))
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	results := make(chan error, 4)
	go func() { results <- r.Shutdown(ctx) }()
	for range 3 { // with all the time of the world, but they share the first one's
		go func() { results <- r.Shutdown(context.Background()) }()
	}
	cancel()
	for range 4 {
		const want = "shutdown: 8 spans not delivered: context canceled"
		if err := <-results; !errors.Is(err, context.Canceled) || err.Error() != want {
			t.Errorf("got error %v, want %s", err, want)
		}
	}
	want := reporter.Stats{Reported: 8, Dropped: reporter.Dropped{Closed: 8}}
	if got := r.Stats(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestShutdownWithoutTime: a context that is over already still closes everything.
func TestShutdownWithoutTime(t *testing.T) {
	t.Parallel()
	s := &sender{}
	r := newRemote(t, s)
	for id := range model.SpanID(10) {
		r.Report(newSpan(id))
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := r.Shutdown(ctx)
	settled(t, r, 10)
	if lost := r.Stats().Dropped.Closed; (lost > 0) != (err != nil) {
		t.Errorf("got error %v, want one if and only if spans were lost, and %d were", err, lost)
	}
	if got := s.closes.Load(); got != 1 {
		t.Errorf("got %d closes of the transport, want 1", got)
	}
}
