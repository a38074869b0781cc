// SPDX-License-Identifier: Apache-2.0

package reporter_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
)

func TestRemoteDelivers(t *testing.T) {
	t.Parallel()
	s := &sender{}
	r := newRemote(t, s)
	var want []model.SpanID
	for id := range model.SpanID(5000) {
		r.Report(newSpan(id))
		want = append(want, id)
	}
	if err := r.Close(); err != nil {
		t.Errorf("got error %v, want none", err)
	}
	got := s.ids()
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got %d spans, want each of %d once", len(got), len(want))
	}
	if got, want := r.Stats(), (reporter.Stats{Reported: 5000, Sent: 5000}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := s.closes.Load(); got != 1 {
		t.Errorf("got %d closes of the transport, want 1", got)
	}
}

func TestFlushSendsWhatWasReportedBefore(t *testing.T) {
	t.Parallel()
	s := &sender{}
	r := newRemote(t, s, reporter.WithFlushInterval(time.Hour))
	flush(t, r)
	for id := range model.SpanID(100) {
		r.Report(newSpan(id))
		flush(t, r)
		if got := s.ids(); len(got) != int(id)+1 || got[id] != id {
			t.Fatalf("got %v after a flush, want all up to %d", got, id)
		}
	}
}

// TestWakesBeforeTheInterval: hours remain, but enough has gathered.
func TestWakesBeforeTheInterval(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		span func(model.SpanID) *model.Span
		opts []reporter.RemoteOption
	}{
		{"by bytes", func(id model.SpanID) *model.Span {
			s := newSpan(id)
			s.Operation = strings.Repeat("x", 200<<10)
			return s
		}, nil},
		{"by count", newSpan, []reporter.RemoteOption{reporter.WithQueueSize(8)}},
		{"one is half of it", newSpan, []reporter.RemoteOption{reporter.WithQueueSize(1)}},
		{"tiny memory", newSpan, []reporter.RemoteOption{reporter.WithQueueBytes(1)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			sent := make(chan int, 100)
			s := &sender{send: func(_ context.Context, b *model.Batch) (int, error) {
				sent <- len(b.Spans)
				return len(b.Spans), nil
			}}
			r := newRemote(t, s, append(test.opts, reporter.WithFlushInterval(time.Hour))...)
			for id := range model.SpanID(8) {
				r.Report(test.span(id * 64)) // all in one part of the queue
			}
			<-sent
		})
	}
}

func TestReportAfterCloseIsCounted(t *testing.T) {
	t.Parallel()
	s := &sender{}
	r := newRemote(t, s)
	r.Report(newSpan(1))
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	for id := range model.SpanID(10) {
		r.Report(newSpan(id))
	}
	want := reporter.Stats{Reported: 11, Sent: 1, Dropped: reporter.Dropped{Closed: 10}}
	if got := r.Stats(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	flush(t, r)
	if err := r.Close(); err != nil {
		t.Errorf("got error %v from a second Close, want none", err)
	}
}

func TestSeveralProcesses(t *testing.T) {
	t.Parallel()
	const spans, processes = 600, 3
	sends := 0
	s := &sender{send: func(_ context.Context, b *model.Batch) (int, error) {
		sends++
		return len(b.Spans), nil
	}}
	r := newRemote(t, s, reporter.WithFlushInterval(time.Hour))
	all := [processes]model.Process{}
	for id := range model.SpanID(spans) {
		span := newSpan(id)
		span.Process = &all[id%processes]
		r.Report(span)
	}
	r.Close()
	settled(t, r, spans)
	ids := s.ids()
	slices.Sort(ids)
	if got := len(slices.Compact(ids)); got != spans {
		t.Errorf("got %d different spans, want %d", got, spans)
	}
	// Each wake may find a few of each process; span by span it would be 600.
	if sends > spans/10 {
		t.Errorf("got %d sends, want the spans of each process together", sends)
	}
}

// TestBatchCarriesTheLosses: the agent is told what the client lost so far.
func TestBatchCarriesTheLosses(t *testing.T) {
	t.Parallel()
	var stats []model.ClientStats
	var plan []error
	s := &sender{send: func(_ context.Context, b *model.Batch) (int, error) {
		stats = append(stats, b.Stats)
		err := plan[0]
		plan = plan[1:]
		if err != nil {
			return 0, err
		}
		return len(b.Spans), nil
	}}
	plan = []error{tooLarge(1), errors.New("refused"), encode(1), nil}
	r := newRemote(t, s, reporter.WithFlushInterval(time.Hour))
	for id := range model.SpanID(4) {
		r.Report(newSpan(id))
		flush(t, r)
	}
	want := []model.ClientStats{{}, {TooLargeDropped: 1}, {TooLargeDropped: 1, FailedToEmit: 1}, {TooLargeDropped: 1, FailedToEmit: 2}}
	if !slices.Equal(stats, want) {
		t.Errorf("got  %+v\nwant %+v", stats, want)
	}
}

// TestRecordsAreGivenBack in whichever way their spans end. Not parallel: it
// looks at records that others may get.
func TestRecordsAreGivenBack(t *testing.T) {
	for _, test := range []struct {
		name string
		send func(context.Context, *model.Batch) (int, error)
		want reporter.Stats // of one span before Close and one after
	}{
		{"sent", nil, reporter.Stats{Sent: 1}},
		{"lost", func(context.Context, *model.Batch) (int, error) { return 0, errRefused }, reporter.Stats{Dropped: reporter.Dropped{Transport: 1}}},
		{"panic", func(context.Context, *model.Batch) (int, error) { panic("boom") }, reporter.Stats{Dropped: reporter.Dropped{Transport: 1}}},
	} {
		r := newRemote(t, &sender{send: test.send})
		before, after := newSpan(1), newSpan(2)
		r.Report(before)
		r.Close()
		r.Report(after)
		test.want.Reported, test.want.Dropped.Closed = 2, 1
		if got := r.Stats(); got != test.want {
			t.Errorf("%s: got %+v, want %+v", test.name, got, test.want)
		}
		if before.Operation != "" || after.Operation != "" {
			t.Errorf("%s: got %+v and %+v, want both given back", test.name, before, after)
		}
	}
}

type reducing struct{ sender }

func (*reducing) Reduced() uint64 { return 3 }

func TestStatsCountReducedSpans(t *testing.T) {
	t.Parallel()
	s := &reducing{}
	s.t = t
	r := reporter.NewRemote(s)
	defer r.Close()
	if got := r.Stats().Reduced; got != 3 {
		t.Errorf("got %d, want 3", got)
	}
}
