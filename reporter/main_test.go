// SPDX-License-Identifier: Apache-2.0

package reporter_test

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// sender is a transport.Sender that does what a test says and minds the
// contract: one Send at a time, none after Close, one Close.
type sender struct {
	t     testing.TB
	send  func(ctx context.Context, b *model.Batch) (int, error) // nil delivers all
	close func() error

	busy   atomic.Bool
	closes atomic.Int32
	mu     sync.Mutex
	seen   []model.SpanID // of every span that came with any Send
}

func (s *sender) Send(ctx context.Context, b *model.Batch) (int, error) {
	if !s.busy.CompareAndSwap(false, true) {
		s.t.Error("Send was called during a Send")
	}
	defer s.busy.Store(false)
	if s.closes.Load() != 0 {
		s.t.Error("Send was called after Close")
	}
	if len(b.Spans) == 0 {
		s.t.Error("Send was called without spans")
	}
	s.mu.Lock()
	for _, span := range b.Spans {
		if span.Process != b.Process {
			s.t.Errorf("got a span of process %p in a batch of %p", span.Process, b.Process)
		}
		s.seen = append(s.seen, span.ID)
	}
	s.mu.Unlock()
	if s.send == nil {
		return len(b.Spans), nil
	}
	return s.send(ctx, b)
}

func (s *sender) Close() error {
	if s.closes.Add(1) != 1 {
		s.t.Error("Close was called twice")
	}
	if s.close == nil {
		return nil
	}
	return s.close()
}

// ids returns what was seen so far.
func (s *sender) ids() []model.SpanID {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]model.SpanID(nil), s.seen...)
}

var process = &model.Process{ServiceName: "svc"}

// newSpan returns a record as the tracer would hand it over.
func newSpan(id model.SpanID) *model.Span {
	s := model.NewSpan()
	s.Process = process
	s.ID = id
	s.TraceID = model.TraceID{Low: uint64(id)}
	s.Operation = "op"
	s.Tags = append(s.Tags, model.Int64("id", int64(id)))
	return s
}

// newRemote is quiet, and closed at the end of the test.
func newRemote(t testing.TB, s *sender, opts ...reporter.RemoteOption) *reporter.Remote {
	t.Helper()
	s.t = t
	r := reporter.NewRemote(s, append([]reporter.RemoteOption{reporter.WithLogger(slog.New(&lines{}))}, opts...)...)
	t.Cleanup(func() { r.Close() })
	return r
}

// settled checks what must hold of every reporter that counts, once closed.
func settled(t testing.TB, c reporter.Counter, reported uint64) {
	t.Helper()
	s := c.Stats()
	if s.Reported != reported || s.Queued != 0 || s.Sent+s.Dropped.Total() != reported {
		t.Errorf("got %+v, want %d reported, all of them sent or dropped", s, reported)
	}
}

func flush(t testing.TB, f reporter.Flusher) {
	t.Helper()
	if err := f.Flush(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// lines is a slog.Handler that keeps what it is given.
type lines struct {
	mu   sync.Mutex
	kept []map[string]any
}

func (l *lines) Enabled(context.Context, slog.Level) bool { return true }
func (l *lines) WithAttrs([]slog.Attr) slog.Handler       { return l }
func (l *lines) WithGroup(string) slog.Handler            { return l }

func (l *lines) Handle(_ context.Context, r slog.Record) error {
	line := map[string]any{"msg": r.Message, "level": r.Level, "time": r.Time}
	r.Attrs(func(a slog.Attr) bool {
		line[a.Key] = a.Value.Any()
		return true
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept = append(l.kept, line)
	return nil
}

// take returns the lines since the last take.
func (l *lines) take() []map[string]any {
	l.mu.Lock()
	defer l.mu.Unlock()
	kept := l.kept
	l.kept = nil
	return kept
}
