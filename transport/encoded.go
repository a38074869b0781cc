// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"context"
	"errors"

	"github.com/jaegerkit/jaeger/model"
)

// Encoder is implemented by senders that can encode a span ahead of sending it.
// A reporter then has each span encoded by the goroutine that finished it, while
// the span is in that core's cache, and queues bytes instead of records: records
// in a queue are cold when the sending goroutine reads them, often on another
// core, and that costs more than the encoding.
//
// A type that embeds an Encoder, such as *UDP, and changes Send must change
// SendEncoded too, or most spans go past it; or embed it as a Sender.
type Encoder interface {
	Sender
	// Encode appends span to dst. It may be called from any goroutine and while
	// SendEncoded runs. It reports false, and leaves dst as it was, for a span
	// that is too large to be sent without care: that one has to go through Send.
	Encode(dst []byte, span *model.Span) (_ []byte, ok bool)
	// SendEncoded is Send for spans that came from Encode; n counts over all
	// chunks. The same goroutine calls it that calls Send.
	SendEncoded(ctx context.Context, b *EncodedBatch) (n int, err error)
}

// EncodedBatch is a model.Batch whose spans are encoded. It belongs to the
// reporter, as a batch does.
type EncodedBatch struct {
	Process *model.Process
	Stats   model.ClientStats
	Chunks  []Chunk
}

// Chunk is a run of encoded spans one behind the other.
type Chunk struct {
	Data []byte
	From int   // where the first span begins in Data
	Ends []int // where each span ends in Data
}

// Len returns how many spans are left in b.
func (b *EncodedBatch) Len() (n int) {
	for i := range b.Chunks {
		n += len(b.Chunks[i].Ends)
	}
	return n
}

// Skip takes the first n spans away.
func (b *EncodedBatch) Skip(n int) {
	for n > 0 && len(b.Chunks) > 0 {
		c := &b.Chunks[0]
		if n < len(c.Ends) {
			c.From, c.Ends = c.Ends[n-1], c.Ends[n:]
			return
		}
		n -= len(c.Ends)
		b.Chunks = b.Chunks[1:]
	}
}

// mostEncoded is the longest span that is encoded ahead. Longer ones may have to
// be reduced, now or after the network refused packets for their size, and that
// takes the record.
const mostEncoded = 8 << 10

// aheadOf returns the longest span to be encoded ahead for packets of limit
// bytes: no more than a packet has room for beside the largest process.
func aheadOf(limit int) int64 { return int64(min(mostEncoded, max(minSpanRoom, limit/4))) }

// Encode implements Encoder. reporter.Remote calls it under a lock of its queue, as it
// does HTTP's and Zipkin's: it asks nobody, logs nothing and waits for nothing.
func (u *UDP) Encode(dst []byte, span *model.Span) ([]byte, bool) {
	at := len(dst)
	b, whole := appendSpan(dst, span, at+int(u.ahead.Load()))
	if !whole {
		return b[:at], false // with the room it has by now, for the next span
	}
	return b, true
}

// SendEncoded implements Encoder.
func (u *UDP) SendEncoded(ctx context.Context, b *EncodedBatch) (n int, err error) {
	p := &u.packet
	if p.limit == 0 {
		return 0, ErrClosed
	}
	u.begin(b.Process, b.Stats)
	for i := range b.Chunks {
		c := &b.Chunks[i]
		from := c.From
		for _, end := range c.Ends {
			p.addEncoded(c.Data[from:end])
			from = end
			k := len(p.spans)
			if p.fits(k) {
				continue
			}
			if k > 1 {
				sent, err := u.flush(ctx, nil, k-1)
				if n += sent; err != nil {
					return n, err
				}
			}
			if !p.fits(1) {
				return n, errTooLarge
			}
		}
	}
	sent, err := u.flush(ctx, nil, len(p.spans))
	return n + sent, err
}

// errTooLarge is for a span encoded before the limit was lowered below its size.
var errTooLarge = &Error{Cause: TooLarge, Spans: 1, Err: errors.New("packets became smaller than the span")}
