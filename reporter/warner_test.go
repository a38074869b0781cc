// SPDX-License-Identifier: Apache-2.0

package reporter_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
)

// refusing returns a sender that loses everything.
func refusing() *sender {
	return &sender{send: func(context.Context, *model.Batch) (int, error) { return 0, errRefused }}
}

// line checks that exactly one line came, and what it says.
func line(t *testing.T, told *lines, want map[string]any) {
	t.Helper()
	got := told.take()
	if len(got) != 1 {
		t.Fatalf("got %d lines %v, want 1", len(got), got)
	}
	if got[0]["msg"] != "jaeger: spans lost" || got[0]["level"] != slog.LevelWarn {
		t.Errorf("got %v %q, want WARN and that spans were lost", got[0]["level"], got[0]["msg"])
	}
	for key, value := range want {
		if got[0][key] != value {
			t.Errorf("got %s=%v, want %v, in %v", key, got[0][key], value, got[0])
		}
	}
}

func TestFirstAndFinalLine(t *testing.T) {
	t.Parallel()
	told := &lines{}
	r := newRemote(t, refusing(), reporter.WithFlushInterval(time.Hour), reporter.WithLogger(slog.New(told)))
	flush(t, r)
	if got := told.take(); len(got) != 0 {
		t.Errorf("got %v, want nothing while nothing is lost", got)
	}
	r.Report(newSpan(1))
	flush(t, r)
	line(t, told, map[string]any{"dropped": uint64(1), "dropped_total": uint64(1), "sent_total": uint64(0), "queue_full": uint64(0),
		"too_large": uint64(0), "encode": uint64(0), "transport": uint64(1), "closed": uint64(0), "error": errRefused})
	for id := range model.SpanID(50) {
		r.Report(newSpan(id))
		flush(t, r)
	}
	if got := told.take(); len(got) != 0 {
		t.Errorf("got %v, want nothing more within the minute", got)
	}
	r.Close()
	line(t, told, map[string]any{"dropped": uint64(50), "dropped_total": uint64(51), "transport": uint64(51)})
	r.Report(newSpan(1))
	r.Close()
	if got := told.take(); len(got) != 0 {
		t.Errorf("got %v, want nothing after the end", got)
	}
}

func TestQuietWithoutLosses(t *testing.T) {
	t.Parallel()
	told := &lines{}
	s := &sender{close: func() error { return errors.New("broken") }}
	r := newRemote(t, s, reporter.WithLogger(slog.New(told)), reporter.WithLogger(nil))
	r.Report(newSpan(1))
	r.Close()
	if got := told.take(); len(got) != 0 {
		t.Errorf("got %v, want no line: nothing was lost", got)
	}
}

// TestDefaultLogger: whichever is the default when there is something to tell.
func TestDefaultLogger(t *testing.T) {
	s := refusing()
	s.t = t
	r := reporter.NewRemote(s, reporter.WithFlushInterval(time.Hour))
	defer r.Close()
	told := &lines{}
	before := slog.Default()
	slog.SetDefault(slog.New(told))
	defer slog.SetDefault(before)
	r.Report(newSpan(1))
	flush(t, r)
	line(t, told, map[string]any{"transport": uint64(1)})

	l := reporter.NewLogging(nil)
	l.Report(newSpan(2))
	if got := told.take(); len(got) != 1 || got[0]["msg"] != "span" {
		t.Errorf("got %v, want the span", got)
	}
}

type panicking struct{ lines }

func (*panicking) Handle(context.Context, slog.Record) error { panic("boom") }

func TestPanickingHandler(t *testing.T) {
	t.Parallel()
	r := newRemote(t, refusing(), reporter.WithLogger(slog.New(&panicking{})))
	for id := range model.SpanID(3) {
		r.Report(newSpan(id))
		flush(t, r)
	}
	if err := r.Close(); err != nil {
		t.Errorf("got error %v, want none", err)
	}
	settled(t, r, 3)
}
