// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"

	"github.com/jaegerkit/jaeger/model"
)

// form is what the bodies of a kind of collector look like. Spans are encoded
// apart from their place in the body:
//
//	[head][span][span][span][tail]
//
// Its methods are safe from any goroutine.
type form interface {
	contentType() string
	// head appends what comes before the first span and does not depend on how
	// many there are, in about room bytes; cut says that the process had to be
	// shortened for it.
	head(b []byte, p *model.Process, room int) (_ []byte, cut bool)
	// appendSpan appends a span of process p, nil for none. It stops as soon as b
	// is bound to become longer than limit, and says so.
	appendSpan(b []byte, s *model.Span, p *model.Process, limit int) (_ []byte, whole bool)
	// check says why a span cannot be sent at all.
	check(s *model.Span) error
	// flatten returns s with all that appendSpan adds to it, for reduceSpan.
	flatten(s *model.Span, p *model.Process) *model.Span
	// seal writes into body, whose head ends at head, what depends on n, the
	// number of spans, at least 1. It may be called again with another n.
	seal(body []byte, head, n int)
	tail() byte
}

// delivery puts spans into requests and has them posted: all that HTTP and
// Zipkin have in common. It belongs to the goroutine that calls Send, but for
// what is said to be safe.
//
// A request ends after spans spans, or before the one that would make it longer
// than fill bytes. A longer one travels alone up to most bytes, and is reduced
// beyond that. Where the collector, or a proxy before it, answers 413, both
// bounds shrink, down to minRequestSize until the transport is closed, and fill
// further, down to single spans, until requests are taken again.
type delivery struct {
	form    form
	post    post
	log     quiet
	reduced atomic.Uint64

	spans, fill, most int

	process *model.Process
	buf     []byte // head, then the spans that wait
	head    int
	slots   []slot
}

const (
	defaultBatchSpans  = 1000
	defaultRequestSize = 1 << 20
	defaultLargest     = 4 << 20
	minRequestSize     = 64 << 10
	maxRequestSize     = 1 << 30

	// The process takes no more than a quarter of the smallest request, and a
	// span encoded ahead no more than half: what Encode took always fits.
	processRoom = minRequestSize / 4
	aheadRoom   = minRequestSize / 2

	keepRequest = 2 << 20 // a larger buffer is not kept
)

// begin empties the body and prepares it for spans of process.
func (d *delivery) begin(process *model.Process) {
	if process == nil {
		process = &noProcess
	}
	if cap(d.buf) > keepRequest {
		d.buf = nil
	}
	var cut bool
	d.buf, cut = d.form.head(d.buf[:0], process, processRoom)
	d.process, d.head, d.slots = process, len(d.buf), d.slots[:0]
	if cut {
		d.log.warn("the process tags are too large, some are not sent")
	}
}

func (d *delivery) send(ctx context.Context, b *model.Batch) (n int, err error) {
	if d.form == nil {
		return 0, ErrClosed
	}
	d.begin(b.Process)
	for _, s := range b.Spans {
		lost := d.add(s)
		if lost == nil {
			sent, err := d.flushFull(ctx, b.Spans[n:])
			if n += sent; err != nil {
				return n, err
			}
			continue
		}
		sent, err := d.flush(ctx, b.Spans[n:], len(d.slots))
		if n += sent; err != nil {
			return n, err // s is found again by the Send that follows
		}
		return n, lost
	}
	sent, err := d.flush(ctx, b.Spans[n:], len(d.slots))
	return n + sent, err
}

func (d *delivery) sendEncoded(ctx context.Context, b *EncodedBatch) (n int, err error) {
	if d.form == nil {
		return 0, ErrClosed
	}
	d.begin(b.Process)
	for i := range b.Chunks {
		c := &b.Chunks[i]
		from := c.From
		for _, end := range c.Ends {
			d.buf = append(d.buf, c.Data[from:end]...)
			d.slots = append(d.slots, slot{end: len(d.buf)})
			from = end
			sent, err := d.flushFull(ctx, nil)
			if n += sent; err != nil {
				return n, err
			}
		}
	}
	sent, err := d.flush(ctx, nil, len(d.slots))
	return n + sent, err
}

// encode is Encode of both transports.
func (d *delivery) encode(dst []byte, s *model.Span) ([]byte, bool) {
	if d.form == nil || s == nil || d.form.check(s) != nil {
		return dst, false
	}
	at := len(dst)
	b, whole := d.form.appendSpan(dst, s, s.Process, at+aheadRoom)
	if !whole {
		return b[:at], false
	}
	return b, true
}

// add encodes s behind the others. What it returns is about s alone, which then
// is not there.
func (d *delivery) add(s *model.Span) *Error {
	if s == nil {
		return &Error{Cause: Encode, Spans: 1, Err: errors.New("nil span")}
	}
	if err := d.form.check(s); err != nil {
		return &Error{Cause: Encode, Spans: 1, Err: err}
	}
	at := len(d.buf)
	room := d.most - d.head - 1
	b, whole := d.form.appendSpan(d.buf, s, d.process, at+room)
	if d.buf = b; whole {
		d.slots = append(d.slots, slot{end: len(b)})
		return nil
	}
	d.buf = d.buf[:at]
	if !d.addReduced(s, room) {
		return &Error{Cause: TooLarge, Spans: 1, Err: fmt.Errorf("requests hold %d bytes", d.most)}
	}
	return nil
}

// addReduced appends a shorter form of s that takes at most room bytes.
func (d *delivery) addReduced(s *model.Span, room int) bool {
	flat := d.form.flatten(s, d.process)
	at := len(d.buf)
	// reduceSpan counts bytes of the compact encoding, which is the shortest.
	for r := room; r >= minSpanRoom; r -= r / 4 {
		short, ok := reduceSpan(flat, r)
		if !ok {
			return false
		}
		b, whole := d.form.appendSpan(d.buf[:at], short, d.process, at+room)
		if d.buf = b; whole {
			d.slots = append(d.slots, slot{end: len(b), reduced: true})
			d.log.warn("a span is too large for a request, some of its logs or tags are not sent",
				slog.String("operation", cutText(s.Operation, 64)), slog.Any("trace", s.TraceID))
			return true
		}
		d.buf = d.buf[:at]
	}
	return false
}

// flushFull sends what does not have to wait for another span.
func (d *delivery) flushFull(ctx context.Context, spans []*model.Span) (sent int, err error) {
	k := len(d.slots)
	switch {
	case k >= d.spans:
		return d.flush(ctx, spans, k)
	case k > 1 && len(d.buf)+1 > d.fill:
		return d.flush(ctx, spans, k-1)
	}
	return 0, nil
}

// flush sends the first k spans in as few requests as the bounds allow and
// returns how many were sent. spans are their records, nil where there are none.
func (d *delivery) flush(ctx context.Context, spans []*model.Span, k int) (sent int, err error) {
	atMost := k
	for k > 0 {
		m := d.fitting(min(k, atMost))
		size := d.slots[m-1].end + 1
		err := d.deliver(ctx, m)
		var bad *failure
		switch {
		case err == nil:
			d.countReduced(m)
			d.took()
		case errors.Is(err, ErrClosed):
			return sent, err
		case errors.As(err, &bad) && bad.tooLarge:
			if d.shrink(size, m, spans, sent) {
				atMost = max(1, m/2)
				continue
			}
			err = &Error{Cause: TooLarge, Spans: m, Err: err}
		case ctx.Err() != nil:
			// Those behind would fare no better.
			return sent, err
		default:
			err = &Error{Cause: Transport, Spans: m, Err: err}
		}
		d.drop(m)
		if err != nil {
			return sent, err
		}
		k -= m
		sent += m
	}
	return sent, nil
}

// fitting returns how many of the first k spans make a request, at least one.
func (d *delivery) fitting(k int) int {
	k = min(k, d.spans)
	for k > 1 && d.slots[k-1].end+1 > d.fill {
		k--
	}
	return k
}

func (d *delivery) deliver(ctx context.Context, k int) error {
	end, all := d.slots[k-1].end, len(d.buf)
	d.buf = append(d.buf, 0)[:all] // room for the tail
	body := d.buf[:end+1]
	saved := body[end]
	body[end] = d.form.tail()
	d.form.seal(body, d.head, k)
	err := d.post.send(ctx, body)
	body[end] = saved
	return err
}

// drop takes away the first k spans, sent or lost.
func (d *delivery) drop(k int) {
	end := d.slots[k-1].end
	d.buf = d.buf[:d.head+copy(d.buf[d.head:], d.buf[end:])]
	d.slots = d.slots[:copy(d.slots, d.slots[k:])]
	for i := range d.slots {
		d.slots[i].end -= end - d.head
	}
}

func (d *delivery) countReduced(k int) {
	for i := range d.slots[:k] {
		if d.slots[i].reduced {
			d.reduced.Add(1)
		}
	}
}
