// SPDX-License-Identifier: Apache-2.0

package reporter_test

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
)

// blocked returns a reporter whose sender has one span in hand and does not let
// go of it before the test ends.
func blocked(t *testing.T, opts ...reporter.RemoteOption) *reporter.Remote {
	t.Helper()
	s, entered, release := stuck(false)
	r := newRemote(t, s, append(opts, reporter.WithFlushInterval(time.Hour))...)
	t.Cleanup(func() { close(release) })
	r.Report(newSpan(0))
	go r.Flush(context.Background())
	<-entered
	return r
}

// sized returns a span of so many bytes, part of which it shares with others.
func sized(id model.SpanID, bytes int, text string) *model.Span {
	s := &model.Span{Process: process, ID: id} // reused records have room for more tags than others
	s.Operation = text[:bytes-s.Bytes()]
	return s
}

func TestQueueLimits(t *testing.T) {
	t.Parallel()
	const mega = 1 << 20
	for _, test := range []struct {
		name  string
		opts  []reporter.RemoteOption
		bytes int // of each of 100 spans
		want  uint64
	}{
		{"count", []reporter.RemoteOption{reporter.WithQueueSize(10)}, 1000, 10},
		{"count of one", []reporter.RemoteOption{reporter.WithQueueSize(1)}, 1000, 1},
		{"bytes", []reporter.RemoteOption{reporter.WithQueueBytes(mega)}, mega / 8, 8},
		{"bytes not reached", []reporter.RemoteOption{reporter.WithQueueBytes(mega)}, mega / 100, 100},
		{"bytes before count", []reporter.RemoteOption{reporter.WithQueueBytes(mega), reporter.WithQueueSize(50)}, mega / 8, 8},
		{"count before bytes", []reporter.RemoteOption{reporter.WithQueueBytes(mega), reporter.WithQueueSize(5)}, mega / 8, 5},
		{"one byte", []reporter.RemoteOption{reporter.WithQueueBytes(1)}, 1000, 1},
		{"defaults", nil, 1000, 100},
		{"no limit by count", []reporter.RemoteOption{reporter.WithQueueSize(0)}, 1000, 100},
		{"negative means default", []reporter.RemoteOption{reporter.WithQueueSize(-1), reporter.WithQueueBytes(-1)}, 1000, 100},
		{"as much as there is", []reporter.RemoteOption{reporter.WithQueueSize(math.MaxInt), reporter.WithQueueBytes(math.MaxInt)}, 1000, 100},
		{"larger than the queue", nil, reporter.DefaultQueueBytes + 1, 1},
		{"larger than a small queue", []reporter.RemoteOption{reporter.WithQueueBytes(mega)}, mega + 1, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := blocked(t, test.opts...)
			text := strings.Repeat("x", test.bytes)
			for id := range model.SpanID(100) {
				r.Report(sized(id, test.bytes, text))
			}
			got := r.Stats()
			want := reporter.Stats{Reported: 101, Queued: test.want + 1}
			want.Dropped.QueueFull = 100 - test.want
			if got != want {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

// TestQueueMemoryIsBounded: however the sizes mix, what waits takes no more than
// the limit and one span.
func TestQueueMemoryIsBounded(t *testing.T) {
	t.Parallel()
	const limit, largest = 4 << 20, 9 << 20
	r := blocked(t, reporter.WithQueueBytes(limit))
	text := strings.Repeat("x", largest)
	waiting := 0
	for i := range 2000 {
		span := newSpan(model.SpanID(i * 7919))
		span.Operation = text[:i*i*31%largest]
		size := span.Bytes()
		before := r.Stats().Dropped.QueueFull
		r.Report(span)
		if r.Stats().Dropped.QueueFull == before {
			waiting += size
		}
	}
	if most := limit + largest + 1000; waiting > most || waiting < limit/2 {
		t.Errorf("got %d bytes waiting, want at most %d and at least half of %d", waiting, most, limit)
	}
}

// TestSenderGetsAPartAtATime: what it works on is outside the queue's bound.
func TestSenderGetsAPartAtATime(t *testing.T) {
	t.Parallel()
	const spans, size = 300, 100 << 10
	s, entered, release := stuck(false)
	wait, largest := s.send, 0
	s.send = func(ctx context.Context, b *model.Batch) (int, error) {
		bytes := 0
		for _, span := range b.Spans {
			bytes += span.Bytes()
		}
		largest = max(largest, bytes)
		return wait(ctx, b)
	}
	r := newRemote(t, s, reporter.WithFlushInterval(time.Hour))
	r.Report(newSpan(0))
	go r.Flush(context.Background())
	<-entered
	text := strings.Repeat("x", size)
	for id := range model.SpanID(spans) {
		r.Report(sized(id, size, text))
	}
	close(release)
	r.Close()
	settled(t, r, spans+1)
	if most := reporter.DefaultQueueBytes/2 + 2<<20; largest > most {
		t.Errorf("got a batch of %d bytes, want at most %d", largest, most)
	}
}

// TestQueueRecovers: a full queue takes spans again when the sender goes on.
func TestQueueRecovers(t *testing.T) {
	t.Parallel()
	s, entered, release := stuck(false)
	r := newRemote(t, s, reporter.WithQueueSize(4), reporter.WithFlushInterval(time.Hour))
	r.Report(newSpan(0))
	go r.Flush(context.Background())
	<-entered
	for id := range model.SpanID(10) {
		r.Report(newSpan(id))
	}
	close(release)
	flush(t, r)
	for id := range model.SpanID(4) {
		r.Report(newSpan(id))
	}
	r.Close()
	want := reporter.Stats{Reported: 15, Sent: 9, Dropped: reporter.Dropped{QueueFull: 6}}
	if got := r.Stats(); got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestBurstIntoAStuckSender(t *testing.T) {
	t.Parallel()
	const burst = 20_000
	r := blocked(t, reporter.WithQueueSize(1024), reporter.WithQueueBytes(64<<20))
	for id := range model.SpanID(burst) {
		r.Report(newSpan(id))
	}
	if got := r.Stats(); got.Dropped.QueueFull != burst-1024 {
		t.Errorf("got %+v, want %d dropped", got, burst-1024)
	}
}
