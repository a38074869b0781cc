// SPDX-License-Identifier: Apache-2.0

package reporter

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
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
// The queue is bounded by memory (32 MiB by default) rather than by a number of
// spans; a span that finds no room is dropped and counted. Over a transport that
// encodes ahead, as UDP does, the queue holds bytes and counts those; the buffers
// they lie in may be a quarter larger, and each keeps up to 256 KiB. Else,
// and for the few spans that are too large for that, it holds records and counts
// them with the strings they hold: a tag value that was cut out of a larger
// string counts with its own length but keeps all of that string alive. What the
// sender is working on comes on top: at most 2 MiB and one shard of the queue,
// which is a quarter of it on two cores, less on more of them, and the whole of a
// small one.
//
// Several tracers may share a Remote. The agent is then told of the losses of
// each, except for spans that found the queue full, which are counted together:
// it is told of those once, under the process that was sent first.
type Remote struct {
	sender  transport.Sender
	encoder transport.Encoder // sender, if it can encode ahead; else nil
	known   bool              // whether encoder may be called under a lock of the queue
	queue   *queue
	warn    *warner

	flushes chan chan struct{}
	stop    chan struct{} // closed by the first Shutdown
	done    chan struct{} // closed when the goroutine has returned
	once    sync.Once
	ctx     context.Context // of every Send; cancelled when a Shutdown runs out of time
	cancel  context.CancelCauseFunc

	// Written by the sending goroutine only, read by Stats.
	sent, tooLarge, encode, transport, left atomic.Uint64

	// The sending goroutine's own, reused so that a Send costs no allocation.
	batch  model.Batch
	spans  []*model.Span
	lent   []*model.Span // what the sender sees of spans
	ahead  transport.EncodedBatch
	parts  []transport.Chunk // of ahead
	chunks []encoded         // one for each shard
	losses losses
	first  *model.Process // the first that was sent

	err error // what Shutdown returns; to be read when done is closed
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
// Shutdown ends its goroutine. A sender that is nil, or a nil pointer as left by
// a NewUDP whose error was ignored, makes a reporter that drops and counts all
// spans and says why.
func NewRemote(sender transport.Sender, opts ...RemoteOption) *Remote {
	o := remoteOptions{queueBytes: DefaultQueueBytes, interval: DefaultFlushInterval}
	for _, opt := range opts {
		if opt != nil {
			opt(&o)
		}
	}
	if v := reflect.ValueOf(sender); !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		sender = missing{fmt.Errorf("no transport: NewRemote was given %#v", sender)}
	}
	encoder, wake := transport.Encoder(nil), wakeRecords
	if e, ok := sender.(transport.Encoder); ok {
		encoder, wake = e, wakeEncoded
	}
	r := &Remote{
		sender:  sender,
		encoder: encoder,
		queue:   newQueue(o.queueBytes, o.queueSpans, wake),
		warn:    newWarner(o.logger),
		flushes: make(chan chan struct{}),
		stop:    make(chan struct{}),
		done:    make(chan struct{}),
	}
	switch sender.(type) {
	case *transport.UDP, *transport.HTTP, *transport.Zipkin:
		// Not what embeds them: its Encode may be slow, or come back to Report.
		r.known = true
	}
	r.chunks = make([]encoded, len(r.queue.shards))
	r.ctx, r.cancel = context.WithCancelCause(context.Background())
	go r.run(o.interval)
	return r
}

// TakesPacked reports whether spans may come with their tags and logs packed (model.Packed),
// because the transport is this module's UDP and nothing else sees them.
func (r *Remote) TakesPacked() bool {
	_, ok := r.sender.(*transport.UDP)
	return ok
}

// missing stands for a transport that is not there.
type missing struct{ err error }

func (m missing) Send(context.Context, *model.Batch) (int, error) { return 0, m.err }
func (m missing) Close() error                                    { return m.err }

// buffers are where a span is encoded outside of any lock.
var buffers = sync.Pool{New: func() any {
	b := make([]byte, 0, 1<<10)
	return &b
}}

// keepBuffer is the largest of them that is used again: an encoder that takes
// spans of any size must not leave one behind for each processor.
const keepBuffer = 64 << 10

// Report implements Reporter: no allocation and one short lock. If the transport
// can encode ahead, the span is encoded here, on the goroutine that finished it:
// at that moment its record is in this core's cache, and it can be used again at
// once. Queued as a record, read half a second later on another core, it costs
// three times as much (bench: processor time per span delivered).
func (r *Remote) Report(span *model.Span) {
	if span == nil {
		return
	}
	ahead := r.encoder != nil
	if r.known {
		var done bool
		if done, ahead = r.queue.encode(r.encoder, span); done {
			span.Release()
			return
		}
	}
	kept := false
	if !ahead {
		kept = r.queue.put(span, nil)
	} else {
		b := buffers.Get().(*[]byte)
		wire, ok := r.encodeAhead((*b)[:0], span)
		if *b = wire; !ok {
			wire = nil
		}
		kept = r.queue.put(span, wire)
		if cap(*b) <= keepBuffer {
			buffers.Put(b)
		}
	}
	if !kept {
		span.Release()
	}
}

// encodeAhead asks the sender, which may panic, on the goroutine of the service:
// then the span goes through Send.
func (r *Remote) encodeAhead(dst []byte, span *model.Span) (wire []byte, ok bool) {
	defer func() {
		if recover() != nil {
			wire, ok = dst, false
		}
	}()
	return r.encoder.Encode(dst, span)
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

// closeGrace is how long a sender may take to notice that its context ended.
const closeGrace = time.Second

// Shutdown implements Shutdowner. Several calls share one outcome and return the
// same error; the one whose ctx ends first ends the waiting of all. A Send or
// Close of the transport that goes on for a second longer is left behind on its
// goroutine, and the spans it holds stay counted as queued until it returns.
func (r *Remote) Shutdown(ctx context.Context) error {
	r.once.Do(func() {
		r.queue.close()
		close(r.stop)
	})
	select {
	case <-r.done:
	case <-ctx.Done():
		r.cancel(ctx.Err())
		select {
		case <-r.done:
		case <-time.After(closeGrace):
			return r.leftOver("shutdown: the transport does not return", ctx)
		}
	}
	return r.err
}

func (r *Remote) leftOver(what string, ctx context.Context) error {
	return fmt.Errorf("%s: %d spans not delivered yet: %w", what, r.Stats().Queued, ctx.Err())
}

// Stats implements Counter.
func (r *Remote) Stats() Stats {
	var s Stats
	// Outcomes before arrivals: a span in between is then seen as one that still
	// waits, never as one with an outcome that was not reported.
	s.Sent = r.sent.Load()
	s.Dropped = Dropped{TooLarge: r.tooLarge.Load(), Encode: r.encode.Load(), Transport: r.transport.Load(), Closed: r.left.Load()}
	s.Reduced = r.reduced()
	r.queue.count(&s)
	s.Queued = s.Reported - s.Sent - s.Dropped.Total()
	return s
}

// reduced asks the sender, which may panic, from whichever goroutine wants Stats.
func (r *Remote) reduced() (n uint64) {
	red, ok := r.sender.(transport.Reducer)
	if !ok {
		return 0
	}
	defer func() { _ = recover() }()
	return red.Reduced()
}
