// SPDX-License-Identifier: Apache-2.0

package reporter_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
)

// sink delivers everything, at no cost.
type sink struct{}

func (sink) Send(_ context.Context, b *model.Batch) (int, error) { return len(b.Spans), nil }
func (sink) Close() error                                        { return nil }

// own returns records that Release leaves alone, so that only the reporter is measured.
func own(n int) []*model.Span {
	spans := make([]*model.Span, n)
	for i := range spans {
		spans[i] = &model.Span{Process: process, Operation: "op", Tags: make([]model.Tag, 5, 8), ID: model.SpanID(i)*0x9e3779b97f4a7c15 + 1}
	}
	return spans
}

// TestReportDoesNotAllocate: on both sides of the queue, once it has grown.
func TestReportDoesNotAllocate(t *testing.T) {
	r := reporter.NewRemote(sink{}, reporter.WithFlushInterval(time.Hour), reporter.WithLogger(slog.New(&lines{})))
	defer r.Close()
	spans := own(2000)
	for _, span := range spans {
		r.Report(span)
	}
	flush(t, r)
	i := 0
	if got := testing.AllocsPerRun(len(spans)-1, func() {
		r.Report(spans[i])
		i++
	}); got != 0 {
		t.Errorf("got %v allocations for a Report, want 0", got)
	}
	flush(t, r)
	if got := r.Stats(); got.Sent != uint64(2*len(spans)) {
		t.Errorf("got %+v, want all sent", got)
	}
}

// TestSendingDoesNotAllocate: beyond what one Flush costs.
func TestSendingDoesNotAllocate(t *testing.T) {
	r := reporter.NewRemote(sink{}, reporter.WithFlushInterval(time.Hour), reporter.WithLogger(slog.New(&lines{})))
	defer r.Close()
	spans := own(1000)
	round := func() {
		for _, span := range spans {
			r.Report(span)
		}
		flush(t, r)
	}
	round()
	round()
	if got := testing.AllocsPerRun(50, round); got > 2 {
		t.Errorf("got %v allocations for %d spans and a Flush, want at most 2", got, len(spans))
	}
}

func TestDroppingDoesNotAllocate(t *testing.T) {
	r := reporter.NewRemote(sink{}, reporter.WithLogger(slog.New(&lines{})))
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	span := own(1)[0]
	if got := testing.AllocsPerRun(100, func() { r.Report(span) }); got != 0 {
		t.Errorf("got %v allocations for a Report after Close, want 0", got)
	}
}

// TestPooledRecordsGoRound: the tracer gets back what the reporter is done with.
func TestPooledRecordsGoRound(t *testing.T) {
	if raceEnabled {
		t.Skip("sync.Pool drops records at random under the race detector")
	}
	m := reporter.NewMulti(reporter.NewDiscard(), reporter.NewLogging(slog.New(quiet{})))
	if got := testing.AllocsPerRun(100, func() { m.Report(newSpan(1)) }); got > 0 {
		t.Errorf("got %v allocations for a record and two reporters, want 0", got)
	}
}

func BenchmarkReport(b *testing.B) {
	r := reporter.NewRemote(sink{}, reporter.WithLogger(slog.New(&lines{})))
	spans := own(1024)
	b.ReportAllocs()
	for i := range b.N {
		r.Report(spans[i%len(spans)])
	}
	b.StopTimer()
	tally(b, r, b.N)
}

func BenchmarkReportParallel(b *testing.B) {
	r := reporter.NewRemote(sink{}, reporter.WithLogger(slog.New(&lines{})))
	var total atomic.Int64
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		spans := own(1024)
		i := 0
		for ; pb.Next(); i++ {
			r.Report(spans[i%len(spans)])
		}
		total.Add(int64(i))
	})
	b.StopTimer()
	tally(b, r, int(total.Load()))
}

func BenchmarkReportFullQueue(b *testing.B) {
	release := make(chan struct{})
	s := &sender{t: b, send: func(_ context.Context, batch *model.Batch) (int, error) {
		<-release
		return len(batch.Spans), nil
	}}
	r := reporter.NewRemote(s, reporter.WithQueueSize(1), reporter.WithLogger(slog.New(&lines{})))
	spans := own(1024)
	b.ReportAllocs()
	for i := range b.N {
		r.Report(spans[i%len(spans)])
	}
	b.StopTimer()
	close(release)
	tally(b, r, b.N)
}

func BenchmarkMulti(b *testing.B) {
	m := reporter.NewMulti(reporter.NewLogging(slog.New(quiet{})), reporter.NewDiscard())
	b.ReportAllocs()
	for range b.N {
		m.Report(newSpan(1))
	}
	b.StopTimer()
	tally(b, m, b.N)
}

// tally closes r and shows what share was dropped: a fast Report that loses
// everything would be no feat.
func tally(b *testing.B, r interface {
	reporter.Reporter
	reporter.Counter
}, reported int) {
	b.Helper()
	if err := r.Close(); err != nil {
		b.Fatal(err)
	}
	settled(b, r, uint64(reported))
	b.ReportMetric(float64(r.Stats().Dropped.Total())/float64(reported), "dropped/op")
}
