// SPDX-License-Identifier: Apache-2.0

//go:build go1.25

package reporter_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
)

func TestOneLineAMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		told := &lines{}
		lose := true
		s := &sender{t: t, send: func(_ context.Context, b *model.Batch) (int, error) {
			if lose {
				return 0, errRefused
			}
			return len(b.Spans), nil
		}}
		r := reporter.NewRemote(s, reporter.WithLogger(slog.New(told)))
		count := uint64(0)
		report := func() {
			r.Report(newSpan(model.SpanID(count)))
			count++
		}
		quiet := func(why string) {
			t.Helper()
			if got := told.take(); len(got) != 0 {
				t.Fatalf("got %v, want no line %s", got, why)
			}
		}

		report()
		time.Sleep(time.Second + time.Millisecond)
		line(t, told, map[string]any{"dropped": uint64(1), "dropped_total": uint64(1), "error": errRefused})
		// Ten minutes of losses, one a second.
		for minute := range uint64(10) {
			for range 59 {
				report()
				time.Sleep(time.Second)
			}
			quiet("within the minute")
			report()
			time.Sleep(time.Second)
			line(t, told, map[string]any{"dropped": uint64(60), "dropped_total": 60*(minute+1) + 1, "transport": 60*(minute+1) + 1})
		}
		// A loss within the minute is told when it is over, without another.
		report()
		time.Sleep(59 * time.Second)
		quiet("within the minute")
		time.Sleep(time.Second)
		line(t, told, map[string]any{"dropped": uint64(1)})
		time.Sleep(time.Hour)
		quiet("when no more is lost")
		lose = false
		report()
		time.Sleep(time.Hour)
		quiet("when spans arrive")
		lose = true
		report()
		time.Sleep(2 * time.Second)
		line(t, told, map[string]any{"dropped": uint64(1), "sent_total": uint64(1)})
		report()
		r.Close()
		line(t, told, map[string]any{"dropped": uint64(1), "dropped_total": count - 1})
		settled(t, r, count)
	})
}

func TestFlushInterval(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		opts []reporter.RemoteOption
		want time.Duration
	}{
		{"default", nil, time.Second},
		{"given", []reporter.RemoteOption{reporter.WithFlushInterval(20 * time.Millisecond)}, 20 * time.Millisecond},
		{"long", []reporter.RemoteOption{reporter.WithFlushInterval(time.Hour)}, time.Hour},
		{"too short", []reporter.RemoteOption{reporter.WithFlushInterval(time.Microsecond)}, time.Second},
		{"negative", []reporter.RemoteOption{reporter.WithFlushInterval(-time.Hour)}, time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &sender{t: t}
				r := reporter.NewRemote(s, test.opts...)
				defer r.Close()
				for range 3 {
					r.Report(newSpan(1))
					before := len(s.ids())
					time.Sleep(test.want - time.Nanosecond)
					synctest.Wait()
					if got := len(s.ids()); got != before {
						t.Fatal("got the span before its time")
					}
					time.Sleep(time.Nanosecond)
					synctest.Wait()
					if got := len(s.ids()); got != before+1 {
						t.Fatal("got no span in time")
					}
				}
			})
		})
	}
}

// hanging waits in Send, or in Close, until it is released, whatever happens.
func hanging(t *testing.T, inClose bool) (s *sender, release chan struct{}) {
	release = make(chan struct{})
	s = &sender{t: t}
	if inClose {
		s.close = func() error { <-release; return nil }
	} else {
		s.send = func(_ context.Context, b *model.Batch) (int, error) { <-release; return len(b.Spans), nil }
	}
	return s, release
}

func TestCloseLeavesAStuckSenderBehind(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name         string
		inClose      bool
		want         string
		queued, sent uint64
		sentInTheEnd uint64
		lostInTheEnd uint64
	}{
		{"in Send", false, "shutdown: the transport does not return: 5 spans not delivered yet: context deadline exceeded", 5, 0, 1, 4},
		{"in Close", true, "shutdown: the transport does not return: 0 spans not delivered yet: context deadline exceeded", 0, 5, 5, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, release := hanging(t, test.inClose)
				r := reporter.NewRemote(s, reporter.WithLogger(slog.New(&lines{})))
				r.Report(newSpan(0))
				time.Sleep(2 * time.Second) // the sender has it
				for id := range model.SpanID(4) {
					r.Report(newSpan(id))
				}
				results := make(chan error, 3)
				start := time.Now()
				for range 3 {
					go func() { results <- r.Close() }()
				}
				for range 3 {
					if err := <-results; !errors.Is(err, context.DeadlineExceeded) || err.Error() != test.want {
						t.Errorf("got error %v, want %s", err, test.want)
					}
				}
				if got, want := time.Since(start), reporter.DefaultCloseTimeout+time.Second; got != want {
					t.Errorf("got %v of waiting, want %v", got, want)
				}
				if got := r.Stats(); got.Queued != test.queued || got.Sent != test.sent || got.Reported != 5 {
					t.Errorf("got %+v, want %d queued and %d sent", got, test.queued, test.sent)
				}
				ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
				defer cancel()
				if err := r.Flush(ctx); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got error %v from a flush, want the deadline's", err)
				}
				r.Report(newSpan(9))

				close(release)
				synctest.Wait()
				settled(t, r, 6)
				want := reporter.Dropped{Closed: test.lostInTheEnd + 1}
				if got := r.Stats(); got.Sent != test.sentInTheEnd || got.Dropped != want {
					t.Errorf("got %+v in the end, want %d sent and %+v", got, test.sentInTheEnd, want)
				}
			})
		})
	}
}

// TestShortestDeadlineCounts: no caller waits longer than it asked to.
func TestShortestDeadlineCounts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, entered, _ := stuck(true)
		s.t = t
		r := reporter.NewRemote(s, reporter.WithLogger(slog.New(&lines{})))
		r.Report(newSpan(1))
		<-entered
		results := make(chan error, 2)
		start := time.Now()
		for _, patience := range []time.Duration{time.Hour, 10 * time.Second} {
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			go func() { results <- r.Shutdown(ctx) }()
			synctest.Wait()
		}
		for range 2 {
			const want = "shutdown: 1 spans not delivered: context deadline exceeded"
			if err := <-results; err == nil || err.Error() != want {
				t.Errorf("got error %v, want %s", err, want)
			}
		}
		if got := time.Since(start); got != 10*time.Second {
			t.Errorf("got %v of waiting, want 10s", got)
		}
		settled(t, r, 1)
	})
}

// TestMultiSharesTheDeadline: three stuck reporters take the time of one.
func TestMultiSharesTheDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var all []reporter.Reporter
		for range 3 {
			s, _, _ := stuck(true)
			s.t = t
			all = append(all, reporter.NewRemote(s, reporter.WithLogger(slog.New(&lines{}))))
		}
		m := reporter.NewMulti(all...)
		m.Report(newSpan(1))
		start := time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := m.Flush(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got error %v, want the deadline's", err)
		}
		if got := time.Since(start); got != 5*time.Second {
			t.Errorf("got %v of waiting in Flush, want 5s", got)
		}
		if err := m.Close(); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got error %v, want the deadline's", err)
		}
		if got, want := time.Since(start), 5*time.Second+reporter.DefaultCloseTimeout; got != want {
			t.Errorf("got %v of waiting, want %v", got, want)
		}
		for _, r := range all {
			settled(t, r.(*reporter.Remote), 1)
		}
	})
}
