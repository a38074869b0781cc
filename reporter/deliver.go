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
	batch, size, from := r.spans[:0], 0, 0
	for i := range r.queue.shards {
		var bytes int
		batch, bytes = r.queue.take(i, batch, &r.chunks[i])
		size += bytes
		if len(batch) >= batchSpans || size >= batchBytes || i == len(r.queue.shards)-1 {
			r.sendEncoded(r.chunks[from : i+1])
			r.send(batch)
			clear(batch)
			batch, size, from = batch[:0], 0, i+1
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
		run := spans[:n]
		// The sender gets a slice of its own: whatever it writes there, the
		// records are given back once.
		r.settle(run[0].Process, n, func(done int, told model.ClientStats) (int, error) {
			r.lent = append(r.lent[:0], run[done:]...)
			r.batch = model.Batch{Process: run[0].Process, Spans: r.lent, Stats: told}
			return r.sender.Send(r.ctx, &r.batch)
		})
		r.batch = model.Batch{}
		for _, span := range run {
			span.Release()
		}
		spans = spans[n:]
	}
}

// sendEncoded delivers the encoded spans of some shards, those of one process
// together, and empties chunks.
func (r *Remote) sendEncoded(chunks []encoded) {
	for len(chunks) > 0 {
		process, total := chunks[0].process, 0
		for i := range chunks {
			if chunks[i].process == process {
				total += len(chunks[i].ends)
			}
		}
		if total > 0 {
			r.settle(process, total, func(done int, told model.ClientStats) (int, error) {
				// Made anew for each try, whatever the sender did to the last one.
				r.parts = r.parts[:0]
				for i := range chunks {
					if c := &chunks[i]; c.process == process && len(c.ends) > 0 {
						r.parts = append(r.parts, transport.Chunk{Data: c.data, Ends: c.ends})
					}
				}
				r.ahead = transport.EncodedBatch{Process: process, Stats: told, Chunks: r.parts}
				r.ahead.Skip(done)
				return r.encoder.SendEncoded(r.ctx, &r.ahead)
			})
		}
		for i := range chunks {
			if chunks[i].process == process {
				chunks[i].reset()
			}
		}
		chunks = chunks[1:]
	}
	r.ahead = transport.EncodedBatch{}
	clear(r.parts[:cap(r.parts)]) // they keep alive what reset let go of
}

// settle delivers total spans of one process and counts each once. try sends
// those behind the first done.
func (r *Remote) settle(process *model.Process, total int, try func(done int, told model.ClientStats) (int, error)) {
	if r.first == nil {
		r.first = process
	}
	told := r.losses.of(process)
	for done := 0; done < total; {
		if r.ctx.Err() != nil {
			r.left.Add(uint64(total - done))
			return
		}
		if process == r.first {
			var s Stats
			r.queue.count(&s)
			told.FullQueueDropped = int64(s.Dropped.QueueFull)
		}
		n, part, err := guarded(func() (int, error) { return try(done, *told) })
		n = min(max(n, 0), total-done)
		r.sent.Add(uint64(n))
		if done += n; done == total {
			return
		}
		if err == nil {
			err = fmt.Errorf("the transport left %d spans without saying why", total-done)
		}
		done += r.lose(total-done, part, told)
		r.warn.note(err)
	}
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

// guarded keeps a panicking sender, or error, from ending the host process.
func guarded(send func() (int, error)) (n int, part *transport.Error, err error) {
	defer func() {
		if p := recover(); p != nil {
			n, part, err = 0, nil, fmt.Errorf("panic in the transport: %v\n%s", p, debug.Stack())
		}
	}()
	n, err = send()
	if err != nil {
		var e *transport.Error // on the heap, for As
		errors.As(err, &e)
		part = e
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
