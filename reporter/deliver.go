// SPDX-License-Identifier: Apache-2.0

package reporter

import (
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

// batchSpans is about how many spans are taken from the queue for one Send.
const batchSpans = 2048

// run is the sending goroutine.
func (r *Remote) run(interval time.Duration) {
	defer close(r.done)
	tick := time.NewTicker(interval)
	defer tick.Stop()
	defer r.cancel()
	for {
		var reply chan struct{}
		select {
		case <-tick.C:
		case <-r.queue.wake:
		case reply = <-r.flushes:
		case <-r.stop:
			r.drain()
			if err := r.closeSender(); err != nil {
				r.warn.note(fmt.Errorf("closing the transport: %w", err))
			}
			r.warn.tell(r.Stats(), true)
			return
		}
		r.drain()
		r.warn.tell(r.Stats(), false)
		if reply != nil {
			close(reply)
		}
	}
}

// drain sends everything that waits.
func (r *Remote) drain() {
	var batch, spare []*model.Span
	for i := range r.queue.shards {
		spans := r.queue.take(i, spare)
		spare = nil
		r.inFlight.Add(uint64(len(spans)))
		if len(batch) == 0 {
			batch = spans
		} else {
			batch = append(batch, spans...)
			spare = spans
		}
		if len(batch) >= batchSpans {
			r.send(batch)
			spare, batch = batch, nil
		}
	}
	r.send(batch)
}

// send delivers spans, which may come from several processes, and releases them.
func (r *Remote) send(spans []*model.Span) {
	for len(spans) > 0 {
		n := 1
		for n < len(spans) && spans[n].Process == spans[0].Process {
			n++
		}
		r.sendRun(spans[:n])
		for _, span := range spans[:n] {
			span.Release()
		}
		r.inFlight.Add(-uint64(n))
		spans = spans[n:]
	}
}

// sendRun delivers spans of one process and counts each once.
func (r *Remote) sendRun(spans []*model.Span) {
	r.batch.Process = spans[0].Process
	for len(spans) > 0 {
		if r.ctx.Err() != nil {
			r.left.Add(uint64(len(spans)))
			break
		}
		stats := r.Stats()
		r.batch.Stats = model.ClientStats{
			FullQueueDropped: int64(stats.Dropped.QueueFull),
			TooLargeDropped:  int64(stats.Dropped.TooLarge),
			FailedToEmit:     int64(stats.Dropped.Encode + stats.Dropped.Transport),
		}
		r.batch.Spans = spans
		n, err := r.sendBatch()
		n = min(max(n, 0), len(spans))
		r.sent.Add(uint64(n))
		spans = spans[n:]
		if len(spans) == 0 {
			break
		}
		if err == nil {
			err = fmt.Errorf("the transport left %d spans without saying why", len(spans))
		}
		lost := r.lose(len(spans), err)
		spans = spans[lost:]
		r.warn.note(err)
	}
	r.batch.Spans, r.batch.Process = nil, nil
}

// lose counts spans that err says are lost, out of those left, and returns how
// many they are.
func (r *Remote) lose(left int, err error) int {
	counter := &r.transport
	if r.ctx.Err() != nil {
		counter = &r.left
	}
	var e *transport.Error
	if errors.As(err, &e) {
		left = min(max(e.Spans, 1), left)
		switch e.Cause {
		case transport.TooLarge:
			counter = &r.tooLarge
		case transport.Encode:
			counter = &r.encode
		}
	}
	counter.Add(uint64(left))
	return left
}

// sendBatch keeps a panicking sender from ending the host process.
func (r *Remote) sendBatch() (n int, err error) {
	defer func() {
		if p := recover(); p != nil {
			n, err = 0, fmt.Errorf("panic in the transport: %v\n%s", p, debug.Stack())
		}
	}()
	return r.sender.Send(r.ctx, &r.batch)
}

func (r *Remote) closeSender() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return r.sender.Close()
}
