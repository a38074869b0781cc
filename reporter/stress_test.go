// SPDX-License-Identifier: Apache-2.0

package reporter_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
)

// unreliable answers at random, keeps its own books and looks whether the
// records it gets are whole.
type unreliable struct {
	sender
	random *rand.Rand
	want   reporter.Stats
}

func (u *unreliable) answer(ctx context.Context, b *model.Batch) (int, error) {
	for _, span := range b.Spans {
		if tag, ok := span.Tag("id"); !ok || tag.Int64() != int64(span.ID) || span.Operation != "op" || span.TraceID.Low != uint64(span.ID) {
			u.t.Errorf("got record %+v, which is not what was reported", span)
		}
	}
	runtime.Gosched()
	all := len(b.Spans)
	if ctx.Err() != nil {
		u.want.Dropped.Closed += uint64(all)
		return 0, ctx.Err()
	}
	n := u.random.IntN(all + 1)
	lost := min(u.random.IntN(3)+1, all-n)
	part := func(counter *uint64, err error) (int, error) {
		u.want.Sent += uint64(n)
		*counter += uint64(lost)
		return n, err
	}
	d := &u.want.Dropped
	switch u.random.IntN(8) {
	case 0:
		d.Transport += uint64(all)
		panic("boom")
	case 1:
		lost = all - n
		return part(&d.Transport, errRefused)
	case 2:
		lost = all - n
		return part(&d.Transport, nil)
	case 3:
		return part(&d.TooLarge, tooLarge(lost))
	case 4:
		return part(&d.Encode, fmt.Errorf("wrapped: %w", encode(lost)))
	case 5:
		lost = all - n
		return part(&d.TooLarge, tooLarge(math.MaxInt))
	case 6:
		u.want.Sent += uint64(all)
		return all + 5, errRefused
	}
	u.want.Sent += uint64(all)
	return all, nil
}

// TestEverySpanIsCountedOnce: producers, flushes, readers of the counts and
// closers at once, over a sender that fails in every way it can.
func TestEverySpanIsCountedOnce(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		u := &unreliable{random: rand.New(rand.NewPCG(seed, 8))}
		u.t, u.send = t, u.answer
		abort := seed%3 == 0
		queue := []int{0, 1, 100, 5000}[seed%4]
		r := reporter.NewRemote(u, reporter.WithQueueSize(queue), reporter.WithFlushInterval(time.Millisecond), reporter.WithLogger(slog.New(&lines{})))

		const producers, each, closers = 4, 2000, 3
		var producing, rest sync.WaitGroup
		var reported atomic.Uint64
		done := make(chan struct{})
		closeNow := make(chan struct{})
		for p := range producers {
			producing.Add(1)
			go func() {
				defer producing.Done()
				for i := range each {
					r.Report(newSpan(model.SpanID(p*each+i) * 0x9e3779b97f4a7c15))
					if reported.Add(1) == producers*each/2 {
						close(closeNow)
					}
				}
			}()
		}
		rest.Add(3 + closers)
		go func() {
			defer rest.Done()
			watch(t, r, done)
		}()
		for range 2 {
			go func() {
				defer rest.Done()
				for {
					select {
					case <-done:
						return
					default:
					}
					if err := r.Flush(context.Background()); err != nil {
						t.Errorf("got error %v from Flush, want none", err)
					}
				}
			}()
		}
		for c := range closers {
			go func() {
				defer rest.Done()
				<-closeNow
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				if abort && c == 0 {
					cancel()
				}
				err := r.Shutdown(ctx)
				if err != nil && !errors.Is(err, context.Canceled) {
					t.Errorf("got error %v from Shutdown", err)
				}
			}()
		}
		producing.Wait()
		close(done)
		rest.Wait()

		settled(t, r, producers*each)
		got := r.Stats()
		// What never reached the sender it cannot know.
		u.want.Reported = producers * each
		u.want.Dropped.QueueFull = got.Dropped.QueueFull
		if abort { // a Send that fails while its context ends counts as left over
			if got.Dropped.Transport > u.want.Dropped.Transport {
				t.Errorf("got %d lost in transport, want at most %d", got.Dropped.Transport, u.want.Dropped.Transport)
			}
			u.want.Dropped.Closed += u.want.Dropped.Transport - got.Dropped.Transport
			u.want.Dropped.Transport = got.Dropped.Transport
		}
		if got.Dropped.Closed < u.want.Dropped.Closed {
			t.Errorf("got %d dropped for closing, want at least %d", got.Dropped.Closed, u.want.Dropped.Closed)
		}
		u.want.Dropped.Closed = got.Dropped.Closed
		if got != u.want {
			t.Errorf("seed %d: got  %+v\nwant %+v", seed, got, u.want)
		}
	}
}

// watch reads the counts until done: they add up at every moment and only grow.
func watch(t *testing.T, c reporter.Counter, done <-chan struct{}) {
	var last reporter.Stats
	for {
		s := c.Stats()
		if s.Sent+s.Dropped.Total() > s.Reported || s.Sent+s.Dropped.Total()+s.Queued != s.Reported {
			t.Errorf("got %+v, want no more outcomes than reports", s)
			return
		}
		if s.Reported < last.Reported || s.Sent < last.Sent || s.Dropped.Total() < last.Dropped.Total() {
			t.Errorf("got %+v after %+v, want counts that only grow", s, last)
			return
		}
		last = s
		select {
		case <-done:
			return
		default:
			runtime.Gosched()
		}
	}
}
