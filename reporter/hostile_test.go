// SPDX-License-Identifier: Apache-2.0

package reporter_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/transport"
)

// TestNilSender: what is left of a NewUDP whose error nobody looked at.
func TestNilSender(t *testing.T) {
	t.Parallel()
	var udp *transport.UDP
	for _, test := range []struct {
		name   string
		sender transport.Sender
		want   string
	}{
		{"nil", nil, "no transport: NewRemote was given <nil>"},
		{"nil pointer", udp, "no transport: NewRemote was given (*transport.UDP)(nil)"},
	} {
		told := &lines{}
		r := reporter.NewRemote(test.sender, reporter.WithLogger(slog.New(told)))
		r.Report(newSpan(1))
		flush(t, r)
		want := reporter.Stats{Reported: 1, Dropped: reporter.Dropped{Transport: 1}}
		if got := r.Stats(); got != want {
			t.Errorf("%s: got %+v, want %+v", test.name, got, want)
		}
		if got := told.take(); len(got) != 1 || fmt.Sprint(got[0]["error"]) != test.want {
			t.Errorf("%s: got lines %v, want one with %s", test.name, got, test.want)
		}
		if err := r.Close(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got error %v from Close, want %s", test.name, err, test.want)
		}
		settled(t, r, 1)
	}
}

type panickingReducer struct{ sender }

func (*panickingReducer) Reduced() uint64 { panic("in Reduced") }

func TestPanickingReducer(t *testing.T) {
	t.Parallel()
	s := &panickingReducer{}
	s.t = t
	r := reporter.NewRemote(s)
	r.Report(newSpan(1))
	flush(t, r)
	if got, want := r.Stats(), (reporter.Stats{Reported: 1, Sent: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

// TestSenderWritesToTheBatch: a sender that does what it must not do harms no
// one but itself, and every record is given back once.
func TestSenderWritesToTheBatch(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func(*model.Batch)
	}{
		{"clears the spans", func(b *model.Batch) { clear(b.Spans) }},
		{"repeats a span", func(b *model.Batch) {
			for i := range b.Spans {
				b.Spans[i] = b.Spans[0]
			}
		}},
		{"takes the slice", func(b *model.Batch) { b.Spans, b.Process = nil, nil }},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &sender{}
			s.send = func(_ context.Context, b *model.Batch) (int, error) {
				if b.Process != process {
					t.Errorf("got process %p, want %p", b.Process, process)
				}
				n := len(b.Spans)
				test.spoil(b)
				if n > 1 {
					return 1, tooLarge(1)
				}
				return n, nil
			}
			// One shard, so that all come as one batch.
			r := newRemote(t, s, reporter.WithFlushInterval(time.Hour), reporter.WithQueueSize(100))
			var all []*model.Span
			for id := range model.SpanID(5) {
				all = append(all, newSpan(id))
				r.Report(all[id])
			}
			flush(t, r)
			want := reporter.Stats{Reported: 5, Sent: 3, Dropped: reporter.Dropped{TooLarge: 2}}
			if got := r.Stats(); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
			for i, span := range all {
				if span.Operation != "" {
					t.Errorf("got span %d not given back", i)
				}
			}
			if got, want := s.ids(), []model.SpanID{0, 1, 2, 3, 4, 2, 3, 4, 4}; !slices.Equal(got, want) {
				t.Errorf("got spans %v, want %v", got, want)
			}
		})
	}
}

// TestLossesOfSeveralProcesses: an agent counts the losses of each process for
// itself, and must not be told of one span under several.
func TestLossesOfSeveralProcesses(t *testing.T) {
	t.Parallel()
	other := &model.Process{ServiceName: "other"}
	got := map[*model.Process][]model.ClientStats{}
	var answer error
	s := &sender{send: func(_ context.Context, b *model.Batch) (int, error) {
		got[b.Process] = append(got[b.Process], b.Stats)
		if answer != nil {
			return 0, answer
		}
		return len(b.Spans), nil
	}}
	r := newRemote(t, s, reporter.WithFlushInterval(time.Hour), reporter.WithQueueSize(1))
	var id model.SpanID
	report := func(p *model.Process, err error) {
		answer = err
		id++
		span := newSpan(id)
		span.Process = p
		r.Report(span)
		flush(t, r)
	}
	report(process, tooLarge(1))
	report(other, errRefused)
	report(process, encode(1))
	report(other, nil)
	report(process, nil)
	want := map[*model.Process][]model.ClientStats{
		process: {{}, {TooLargeDropped: 1}, {TooLargeDropped: 1, FailedToEmit: 1}},
		other:   {{}, {FailedToEmit: 1}},
	}
	for p, stats := range want {
		if !slices.Equal(got[p], stats) {
			t.Errorf("%s: got  %+v\nwant %+v", p.ServiceName, got[p], stats)
		}
	}
}

// TestFullQueueIsToldOnce, under the process that was sent first.
func TestFullQueueIsToldOnce(t *testing.T) {
	t.Parallel()
	other := &model.Process{ServiceName: "other"}
	last := map[*model.Process]model.ClientStats{}
	entered, leave := make(chan struct{}, 100), make(chan struct{})
	s := &sender{send: func(_ context.Context, b *model.Batch) (int, error) {
		last[b.Process] = b.Stats
		entered <- struct{}{}
		<-leave
		return len(b.Spans), nil
	}}
	r := newRemote(t, s, reporter.WithFlushInterval(time.Hour), reporter.WithQueueSize(1))
	r.Report(newSpan(1)) // wakes the sender, which then waits
	<-entered
	for id := range model.SpanID(10) {
		span := newSpan(id)
		span.Process = other
		r.Report(span)
	}
	close(leave)
	flush(t, r)
	r.Report(newSpan(1))
	flush(t, r)
	want := map[*model.Process]model.ClientStats{process: {FullQueueDropped: 9}, other: {}}
	for p, stats := range want {
		if last[p] != stats {
			t.Errorf("%s: got %+v, want %+v", p.ServiceName, last[p], stats)
		}
	}
}

// TestManyProcesses: what is kept for each is bounded, and goes to those that
// were in use last.
func TestManyProcesses(t *testing.T) {
	t.Parallel()
	const kept = 64
	var last model.ClientStats
	s := &sender{send: func(_ context.Context, b *model.Batch) (int, error) {
		last = b.Stats
		return 0, errRefused
	}}
	r := newRemote(t, s, reporter.WithFlushInterval(time.Hour))
	processes := make([]model.Process, kept+1)
	report := func(i int) int64 {
		span := newSpan(1)
		span.Process = &processes[i]
		r.Report(span)
		flush(t, r)
		return last.FailedToEmit
	}
	for i := range kept {
		report(i)
	}
	for _, test := range []struct {
		name    string
		process int
		want    int64
	}{
		{"the oldest is known", 0, 1},
		{"one too many", kept, 0},
		{"the one used before stays", 0, 2},
		{"the one not used for longest is forgotten", 1, 0},
		{"the others stay", kept - 1, 1},
	} {
		if got := report(test.process); got != test.want {
			t.Errorf("%s: got %d spans lost, want %d", test.name, got, test.want)
		}
	}
}

func TestNilSpanAndOption(t *testing.T) {
	t.Parallel()
	remote := reporter.NewRemote(&sender{t: t}, nil, reporter.WithFlushInterval(time.Hour))
	memory := reporter.NewMemory()
	for _, r := range []reporter.Reporter{
		remote, memory, reporter.NewDiscard(), reporter.NewLogging(slog.New(&lines{})),
		reporter.NewMulti(), reporter.NewMulti(reporter.NewMemory(), reporter.NewDiscard()),
	} {
		r.Report(nil)
		if c, ok := r.(reporter.Counter); ok {
			if got := c.Stats(); got != (reporter.Stats{}) {
				t.Errorf("%T: got %+v, want nothing counted", r, got)
			}
		}
		if err := r.Close(); err != nil {
			t.Errorf("%T: %v", r, err)
		}
	}
	if got := memory.Spans(); len(got) != 0 {
		t.Errorf("got %v kept, want none", got)
	}
}
