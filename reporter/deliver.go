// SPDX-License-Identifier: Apache-2.0

package reporter

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

// batchSpans and batchBytes are about how much is taken from the queue at a time.
const (
	batchSpans = 2048
	batchBytes = 2 << 20
)

// run is the sending goroutine.
func (r *Remote) run(interval time.Duration) {
	defer close(r.done)
	tick := time.NewTicker(interval)
	defer tick.Stop()
	defer r.cancel(nil)
	for {
		var reply chan struct{}
		select {
		case <-tick.C:
		case <-r.queue.wake:
		case reply = <-r.flushes:
		case <-r.stop:
			r.drain()
			r.err = r.closeSender()
			if left := r.left.Load(); left > 0 {
				r.err = errors.Join(fmt.Errorf("shutdown: %d spans not delivered: %w", left, context.Cause(r.ctx)), r.err)
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

// drain sends everything that waits, some shards at a time.
func (r *Remote) drain() {
	batch, size := r.spans[:0], 0
	for i := range r.queue.shards {
		var bytes int
		batch, bytes = r.queue.take(i, batch)
		size += bytes
		if len(batch) >= batchSpans || size >= batchBytes || i == len(r.queue.shards)-1 {
			r.send(batch)
			clear(batch)
			batch, size = batch[:0], 0
		}
	}
	if cap(batch) > 4*batchSpans {
		batch, r.lent = nil, nil
	}
	r.spans = batch
	clear(r.lent[:cap(r.lent)])
}

// send delivers spans and releases them. Where several tracers share the
// reporter, the spans of each process are brought together first: a batch has
// one process, and the queue has mixed them.
func (r *Remote) send(spans []*model.Span) {
	for len(spans) > 0 {
		n := 1
		for i := 1; i < len(spans); i++ {
			if spans[i].Process == spans[0].Process {
				spans[n], spans[i] = spans[i], spans[n]
				n++
			}
		}
		r.sendRun(spans[:n])
		for _, span := range spans[:n] {
			span.Release()
		}
		spans = spans[n:]
	}
}

// sendRun delivers spans of one process and counts each once. The sender gets a
// slice of its own: whatever it writes there, the records are given back once.
func (r *Remote) sendRun(spans []*model.Span) {
	process := spans[0].Process
	if r.first == nil {
		r.first = process
	}
	told := r.losses.of(process)
	for len(spans) > 0 {
		if r.ctx.Err() != nil {
			r.left.Add(uint64(len(spans)))
			break
		}
		if process == r.first {
			var s Stats
			r.queue.count(&s)
			told.FullQueueDropped = int64(s.Dropped.QueueFull)
		}
		r.lent = append(r.lent[:0], spans...)
		r.batch = model.Batch{Process: process, Spans: r.lent, Stats: *told}
		n, part, err := r.sendBatch()
		n = min(max(n, 0), len(spans))
		r.sent.Add(uint64(n))
		spans = spans[n:]
		if len(spans) == 0 {
			break
		}
		if err == nil {
			err = fmt.Errorf("the transport left %d spans without saying why", len(spans))
		}
		spans = spans[r.lose(len(spans), part, told):]
		r.warn.note(err)
	}
	r.batch = model.Batch{}
}

// lose counts lost spans, those that part names or else all that are left, and
// returns how many they are. It adds them to what the agent is told, too, except
// where the reporter itself gave up.
func (r *Remote) lose(left int, part *transport.Error, told *model.ClientStats) int {
	counter, tell := &r.transport, &told.FailedToEmit
	if r.ctx.Err() != nil {
		counter, tell = &r.left, new(int64)
	}
	if part != nil {
		left = min(max(part.Spans, 1), left)
		switch part.Cause {
		case transport.TooLarge:
			counter, tell = &r.tooLarge, &told.TooLargeDropped
		case transport.Encode:
			counter, tell = &r.encode, &told.FailedToEmit
		}
	}
	counter.Add(uint64(left))
	*tell += int64(left)
	return left
}

// sendBatch keeps a panicking sender, or error, from ending the host process.
func (r *Remote) sendBatch() (n int, part *transport.Error, err error) {
	defer func() {
		if p := recover(); p != nil {
			n, part, err = 0, nil, fmt.Errorf("panic in the transport: %v\n%s", p, debug.Stack())
		}
	}()
	n, err = r.sender.Send(r.ctx, &r.batch)
	if err != nil {
		errors.As(err, &part)
	}
	return n, part, err
}

func (r *Remote) closeSender() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in the transport: %v", p)
		}
	}()
	if err := r.sender.Close(); err != nil {
		return fmt.Errorf("closing the transport: %w", err)
	}
	return nil
}
