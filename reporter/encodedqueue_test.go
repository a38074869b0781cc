// SPDX-License-Identifier: Apache-2.0

package reporter_test

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/transport"
)

// wires encodes a span as so many bytes as its Duration says.
type wires struct {
	sender
	encode      func(dst []byte, s *model.Span) ([]byte, bool)
	sendEncoded func(b *transport.EncodedBatch) (int, error)
}

func (w *wires) Encode(dst []byte, s *model.Span) ([]byte, bool) {
	if w.encode != nil {
		return w.encode(dst, s)
	}
	return append(dst, bytes.Repeat([]byte{byte(s.ID)}, int(s.Duration))...), true
}

func (w *wires) SendEncoded(_ context.Context, b *transport.EncodedBatch) (int, error) {
	if w.sendEncoded != nil {
		return w.sendEncoded(b)
	}
	return b.Len(), nil
}

// held is a Remote whose sender has one span, and hands on the rest when it is
// told to go on.
func held(t *testing.T, known bool, opts ...reporter.RemoteOption) (r *reporter.Remote, goOn func()) {
	t.Helper()
	entered, release := make(chan struct{}), make(chan struct{})
	w := &wires{}
	w.t = t
	first := true
	w.sendEncoded = func(b *transport.EncodedBatch) (int, error) {
		before := bytes.Clone(b.Chunks[0].Data)
		if first {
			first = false
			close(entered)
			<-release
		}
		if !bytes.Equal(before, b.Chunks[0].Data) {
			t.Error("got bytes that changed during SendEncoded")
		}
		return b.Len(), nil
	}
	r = knownOr(known, w, append(opts, reporter.WithFlushInterval(time.Hour))...)
	r.Report(&model.Span{Process: process, Duration: 100})
	go r.Flush(context.Background())
	<-entered
	return r, func() { close(release) }
}

// TestEncodedQueueLimits: a span counts with its bytes and those of its end, 8.
func TestEncodedQueueLimits(t *testing.T) {
	t.Parallel()
	const mega = 1 << 20
	for _, test := range []struct {
		name string
		opts []reporter.RemoteOption
		size int // of each of 100 spans
		want uint64
	}{
		{"count", []reporter.RemoteOption{reporter.WithQueueSize(10)}, 1000, 10},
		{"count of one", []reporter.RemoteOption{reporter.WithQueueSize(1)}, 1000, 1},
		{"bytes", []reporter.RemoteOption{reporter.WithQueueBytes(mega)}, mega/8 - 8, 8},
		{"a byte more", []reporter.RemoteOption{reporter.WithQueueBytes(mega)}, mega/8 - 7, 7},
		{"bytes not reached", []reporter.RemoteOption{reporter.WithQueueBytes(mega)}, mega/100 - 8, 100},
		{"bytes before count", []reporter.RemoteOption{reporter.WithQueueBytes(mega), reporter.WithQueueSize(50)}, mega/8 - 8, 8},
		{"count before bytes", []reporter.RemoteOption{reporter.WithQueueBytes(mega), reporter.WithQueueSize(5)}, mega/8 - 8, 5},
		{"one byte", []reporter.RemoteOption{reporter.WithQueueBytes(1)}, 1000, 1},
		{"larger than the queue", []reporter.RemoteOption{reporter.WithQueueBytes(mega)}, mega + 1, 1},
		{"no bytes", []reporter.RemoteOption{reporter.WithQueueBytes(10 * 8)}, 0, 10},
		{"defaults", nil, 1000, 100},
	} {
		for _, known := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, known %t", test.name, known), func(t *testing.T) {
				t.Parallel()
				r, goOn := held(t, known, test.opts...)
				for id := range model.SpanID(100) {
					r.Report(&model.Span{Process: process, ID: id, Duration: time.Duration(test.size)})
				}
				want := reporter.Stats{Reported: 101, Queued: test.want + 1}
				want.Dropped.QueueFull = 100 - test.want
				if got := r.Stats(); got != want {
					t.Errorf("got  %+v\nwant %+v", got, want)
				}
				goOn()
				r.Close()
				r.Report(&model.Span{Process: process, Duration: 10})
				want = reporter.Stats{Reported: 102, Sent: test.want + 1, Dropped: reporter.Dropped{QueueFull: 100 - test.want, Closed: 1}}
				if got := r.Stats(); got != want {
					t.Errorf("after Close\n got: %+v\nwant: %+v", got, want)
				}
			})
		}
	}
}

// TestEncodedBurstLeavesLittle: of 24 MiB of encoded spans, once they are sent.
func TestEncodedBurstLeavesLittle(t *testing.T) {
	heap := func() uint64 {
		runtime.GC()
		runtime.GC() // what pools hold
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	r, goOn := held(t, true, reporter.WithQueueBytes(64<<20))
	before := heap()
	for id := range model.SpanID(24 << 10) {
		r.Report(&model.Span{Process: process, ID: id, Duration: 1 << 10})
	}
	during := heap()
	goOn()
	flush(t, r)
	after := heap()
	runtime.KeepAlive(r)
	// 256 KiB of bytes twice a shard may stay.
	most := before + uint64(4*runtime.GOMAXPROCS(0))*(600<<10)
	if during < before+20<<20 || after > most {
		t.Errorf("got a heap of %d bytes, %d in the burst, %d behind it, want at most %d", before, during, after, most)
	}
	r.Close()
	settled(t, r, 24<<10+1)
}

// TestEncodePanics: on the goroutine of the service, which must not notice. The
// span goes through Send.
func TestEncodePanics(t *testing.T) {
	t.Parallel()
	for name, encode := range map[string]func(dst []byte, s *model.Span) ([]byte, bool){
		"panic":   func([]byte, *model.Span) ([]byte, bool) { panic("in Encode") },
		"refuses": func(dst []byte, _ *model.Span) ([]byte, bool) { return append(dst, "part"...), false },
		"nil":     func([]byte, *model.Span) ([]byte, bool) { return nil, true },
	} {
		for _, known := range []bool{false, true} {
			w := &wires{encode: encode}
			w.t = t
			w.sendEncoded = func(*transport.EncodedBatch) (int, error) {
				t.Errorf("%s: SendEncoded was called", name)
				return 0, nil
			}
			r := knownOr(known, w)
			for id := range model.SpanID(10) {
				r.Report(newSpan(id))
			}
			r.Close()
			if got := len(w.ids()); got != 10 || r.Stats().Sent != 10 {
				t.Errorf("%s, known %t: got %d records, %+v, want 10 sent", name, known, got, r.Stats())
			}
		}
	}
}

// ahead encodes as UDP does and sends nowhere.
type ahead struct{ *transport.UDP }

func (ahead) Send(_ context.Context, b *model.Batch) (int, error) { return len(b.Spans), nil }

func (ahead) SendEncoded(_ context.Context, b *transport.EncodedBatch) (int, error) {
	return b.Len(), nil
}

func newAhead(t testing.TB) ahead {
	t.Helper()
	udp, err := transport.NewUDP("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	return ahead{udp}
}

// TestReportAheadDoesNotAllocate: on both sides of the queue, beyond what one
// Flush costs. Every hundredth span is too large to be encoded ahead.
func TestReportAheadDoesNotAllocate(t *testing.T) {
	if raceEnabled {
		t.Skip("sync.Pool drops buffers at random under the race detector")
	}
	for _, known := range []bool{false, true} {
		reportAheadDoesNotAllocate(t, known)
	}
}

func reportAheadDoesNotAllocate(t *testing.T, known bool) {
	r := knownOr(known, newAhead(t), reporter.WithFlushInterval(time.Hour))
	defer r.Close()
	spans := own(1000)
	for i := 0; i < len(spans); i += 100 {
		spans[i].Operation = strings.Repeat("x", 10_000)
	}
	round := func() {
		for _, span := range spans {
			r.Report(span)
		}
		flush(t, r)
	}
	for range 3 {
		round()
	}
	if got := testing.AllocsPerRun(50, round); got > 2 {
		t.Errorf("got %v allocations for %d spans and a Flush, want at most 2", got, len(spans))
	}
	i := 0
	if got := testing.AllocsPerRun(len(spans)-1, func() {
		r.Report(spans[i])
		i++
	}); got != 0 {
		t.Errorf("got %v allocations for a Report, want 0", got)
	}
}

func BenchmarkReportAhead(b *testing.B) {
	for i, tags := range []int{0, 5, 20, 0, 5, 20} {
		known := i >= 3
		b.Run(fmt.Sprintf("tags=%d,known=%t", tags, known), func(b *testing.B) {
			r := knownOr(known, newAhead(b))
			spans := own(1024)
			for _, s := range spans {
				s.Tags = s.Tags[:0]
				for range tags {
					s.Tags = append(s.Tags, model.String("http.method", "GET"))
				}
			}
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				r.Report(spans[i%len(spans)])
			}
			b.StopTimer()
			tally(b, r, b.N)
		})
	}
}
