// SPDX-License-Identifier: Apache-2.0

package reporter

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

// Defaults of NewRemote.
const (
	DefaultQueueBytes    = 32 << 20 // bytes of memory
	DefaultFlushInterval = time.Second
	DefaultCloseTimeout  = 5 * time.Second
)

// Remote queues spans and delivers them through a transport.Sender on one
// goroutine of its own, when enough have gathered or the flush interval is over.
//
// The queue is bounded by memory (32 MiB by default, counting the records and
// the strings they hold) rather than by a number of spans; a span that finds no
// room is dropped and counted. What the sender is working on comes on top, at
// most one shard of the queue.
type Remote struct {
	sender transport.Sender
	queue  *queue
	warn   *warner

	flushes chan chan struct{}
	stop    chan struct{} // closed by the first Shutdown
	done    chan struct{} // closed when the goroutine has returned
	once    sync.Once
	ctx     context.Context // of every Send; cancelled when a Shutdown runs out of time
	cancel  context.CancelFunc

	// Written by the sending goroutine only, read by Stats.
	sent, tooLarge, encode, transport, left, inFlight atomic.Uint64

	batch model.Batch // reused, so that Send's argument costs nothing
}

// RemoteOption configures NewRemote.
type RemoteOption func(*remoteOptions)

type remoteOptions struct {
	queueBytes, queueSpans int
	interval               time.Duration
	logger                 *slog.Logger
}

// WithQueueBytes bounds the memory of waiting spans; default 32 MiB, values
// below 1 keep the default.
func WithQueueBytes(n int) RemoteOption {
	return func(o *remoteOptions) {
		if n > 0 {
			o.queueBytes = n
		}
	}
}

// WithQueueSize also bounds the number of waiting spans; 0, the default, leaves
// the bound to memory.
func WithQueueSize(spans int) RemoteOption {
	return func(o *remoteOptions) { o.queueSpans = max(spans, 0) }
}

// WithFlushInterval sets how long a span waits at most; default 1 s, values
// below 1 ms keep the default.
func WithFlushInterval(d time.Duration) RemoteOption {
	return func(o *remoteOptions) {
		if d >= time.Millisecond {
			o.interval = d
		}
	}
}

// WithLogger sets where losses are told: one line a minute at most, with the
// totals. The default is slog.Default().
func WithLogger(l *slog.Logger) RemoteOption {
	return func(o *remoteOptions) {
		if l != nil {
			o.logger = l
		}
	}
}

// NewRemote starts a reporter over sender, which it owns and closes. Close or
// Shutdown ends its goroutine.
func NewRemote(sender transport.Sender, opts ...RemoteOption) *Remote {
	o := remoteOptions{queueBytes: DefaultQueueBytes, interval: DefaultFlushInterval}
	for _, opt := range opts {
		opt(&o)
	}
	r := &Remote{
		sender:  sender,
		queue:   newQueue(o.queueBytes, o.queueSpans),
		warn:    newWarner(o.logger),
		flushes: make(chan chan struct{}),
		stop:    make(chan struct{}),
		done:    make(chan struct{}),
	}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	go r.run(o.interval)
	return r
}

// Report implements Reporter: one short lock, no allocation.
func (r *Remote) Report(span *model.Span) {
	if !r.queue.put(span) {
		span.Release()
	}
}

// Flush implements Flusher.
func (r *Remote) Flush(ctx context.Context) error {
	reply := make(chan struct{})
	select {
	case r.flushes <- reply:
	case <-r.done:
		return nil
	case <-ctx.Done():
		return r.leftOver("flush", ctx)
	}
	select {
	case <-reply:
		return nil
	case <-ctx.Done():
		return r.leftOver("flush", ctx)
	}
}

// Close is Shutdown with a deadline of 5 seconds.
func (r *Remote) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), DefaultCloseTimeout)
	defer cancel()
	return r.Shutdown(ctx)
}

// Shutdown implements Shutdowner. Later calls wait for the first and return nil
// once it is over.
func (r *Remote) Shutdown(ctx context.Context) error {
	first := false
	r.once.Do(func() {
		first = true
		r.queue.close()
		close(r.stop)
	})
	select {
	case <-r.done:
	case <-ctx.Done():
		r.cancel()
		// The sender has to give way now. One that does not is left behind.
		select {
		case <-r.done:
		case <-time.After(time.Second):
			return r.leftOver("shutdown", ctx)
		}
	}
	if left := r.left.Load(); left > 0 && first {
		return fmt.Errorf("shutdown: %d spans not delivered: %w", left, ctx.Err())
	}
	return nil
}

func (r *Remote) leftOver(what string, ctx context.Context) error {
	return fmt.Errorf("%s: %d spans not delivered yet: %w", what, r.Stats().Queued, ctx.Err())
}

// Stats implements Counter.
func (r *Remote) Stats() Stats {
	var s Stats
	// Outcomes before arrivals: a span in between is then seen as reported
	// without an outcome yet, never the other way round.
	s.Sent = r.sent.Load()
	s.Dropped = Dropped{TooLarge: r.tooLarge.Load(), Encode: r.encode.Load(), Transport: r.transport.Load(), Closed: r.left.Load()}
	s.Queued = r.inFlight.Load()
	if red, ok := r.sender.(transport.Reducer); ok {
		s.Reduced = red.Reduced()
	}
	r.queue.count(&s)
	return s
}
