// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync/atomic"
	"time"

	"github.com/jaegerkit/jaeger/model"
)

// UDP sends spans to a jaeger-agent, or anything that listens like one, as
// emitBatch messages in Thrift's compact encoding, one to a datagram. Send
// returns when all of the batch was written; it allocates nothing when all goes
// well. That a datagram was written says nothing of its arrival.
//
// A span too large for a packet is sent without its largest logs or tags and
// with a tag jaeger.reduced that names them; so is a Process that leaves no
// room for spans. Where the network refuses packets for their size, they are
// halved, and stay so until the transport is closed.
//
// Packets are numbered for each model.Process, from 1: that is how an agent
// counts lost ones. The numbers of the 64 processes used last are kept; one that
// comes back after so many others begins again.
//
// NewUDP makes one; the zero UDP is a closed one.
type UDP struct {
	packet  packet // of the goroutine in Send
	link    link
	log     quiet
	reduced atomic.Uint64
	ahead   atomic.Int64 // bytes of a span that Encode takes; apart from what each packet writes
}

const (
	writeSlice = 500 * time.Millisecond // after which a blocked write looks at ctx
	writeTries = 4
	noBufPause = time.Millisecond // the first; doubled for each further one
)

// Send implements Sender. A packet that the peer refused, that found no buffer
// or that was too large for the network is tried again, in smaller ones in the
// last case; how long that takes is bounded by ctx and a few seconds a packet.
func (u *UDP) Send(ctx context.Context, b *model.Batch) (n int, err error) {
	p := &u.packet
	if p.limit == 0 {
		return 0, ErrClosed
	}
	u.begin(b.Process, b.Stats)
	for _, s := range b.Spans {
		if s == nil {
			break
		}
		p.add(s)
		k := len(p.spans)
		if p.fits(k) {
			continue
		}
		if k > 1 {
			sent, err := u.flush(ctx, b.Spans[n:], k-1)
			if n += sent; err != nil {
				return n, err
			}
		}
		if !p.fits(1) {
			if err := u.reduce(s); err != nil {
				return n, err
			}
		}
	}
	sent, err := u.flush(ctx, b.Spans[n:], len(p.spans))
	if n += sent; err == nil && n < len(b.Spans) {
		err = &Error{Cause: Encode, Spans: 1, Err: errors.New("nil span")}
	}
	return n, err
}

func (u *UDP) begin(process *model.Process, stats model.ClientStats) {
	u.packet.begin(process, stats)
	if u.packet.processCut {
		u.packet.processCut = false
		u.log.warn("the process tags leave no room for spans, some are not sent")
	}
}

// flush sends the first k spans of the packet in as few messages as the limit
// allows. It returns how many were sent. spans are their records, nil where they
// were encoded ahead and cannot be reduced any more.
func (u *UDP) flush(ctx context.Context, spans []*model.Span, k int) (sent int, err error) {
	p := &u.packet
	for k > 0 {
		m := p.most(k)
		if m == 0 { // the limit was lowered below the span's size
			if spans == nil {
				return sent, errTooLarge
			}
			if err := u.reduce(spans[sent]); err != nil {
				return sent, err
			}
			m = 1
		}
		message := p.seal(m)
		err := u.write(ctx, message)
		p.unseal(m)
		switch {
		case err == nil:
			if n := p.reduced(m); n > 0 {
				u.reduced.Add(n)
			}
		case errors.Is(err, errMessageSize):
			if u.lower(len(message)) {
				continue
			}
			err = &Error{Cause: TooLarge, Spans: m, Err: fmt.Errorf("packet of %d bytes: %w", len(message), err)}
		case errors.Is(err, ErrClosed):
			return sent, err
		case ctx.Err() != nil || errors.Is(err, errNoRoute):
			// Those behind would fare no better, and wait once more.
			return sent, fmt.Errorf("udp: %w", err)
		default:
			err = &Error{Cause: Transport, Spans: m, Err: err}
		}
		p.drop(m)
		if err != nil {
			return sent, err
		}
		k -= m
		sent += m
	}
	return sent, nil
}

// reduce shortens the packet's first span, which is s.
func (u *UDP) reduce(s *model.Span) error {
	if !u.packet.reduceFirst(s) {
		return &Error{Cause: TooLarge, Spans: 1, Err: fmt.Errorf("packets hold %d bytes", u.packet.limit)}
	}
	u.log.warn("a span is too large for a packet, some of its logs or tags are not sent",
		slog.String("operation", cutText(s.Operation, 64)), slog.Any("trace", s.TraceID))
	return nil
}

// lower halves the limit until it is below that of a message the network would
// not take. It reports false if packets cannot get that small.
func (u *UDP) lower(tooMuch int) bool {
	limit := u.packet.limit
	for limit >= tooMuch {
		limit /= 2
	}
	if limit < minPacketSize {
		if limit = minPacketSize; limit >= tooMuch {
			return false
		}
	}
	u.packet.setLimit(limit)
	u.ahead.Store(aheadOf(limit))
	u.log.warn("the network takes no packets of this size, smaller ones are sent from now on",
		slog.Int("bytes", tooMuch), slog.Int("limit", limit))
	return true
}

// write sends one datagram. It tries again where that helps.
//
// One system call a packet, though Linux could take several with sendmmsg: at
// 65000 bytes that saves 2 to 7 percent of a Send's CPU, since the messages have
// to be copied out of the packet first (measured over loopback, 16 at a time, on
// a machine whose system calls are slow: 9.0 us a packet against 8.3 with a reader,
// 8.4 against 5.1 without, of 49 us for the whole packet). With packets of 9216
// or 1400 bytes it is 4 us of 16 and of 8. That does not pay for losing the
// simple rule that a packet's fate is known before the next is made.
func (u *UDP) write(ctx context.Context, message []byte) error {
	for try := 1; ; try++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		r, err := u.link.route(ctx)
		if err != nil {
			return err
		}
		if err = r.limit(ctx); err == nil {
			_, err = r.Write(message)
		}
		again := true
		switch {
		case err == nil:
			return nil
		case errors.Is(err, errMessageSize):
			return err
		case errors.Is(err, errRefused):
			// It is about an earlier packet, and this one was not sent.
			u.log.warn("nothing listens at the agent's address", slog.String("agent", u.link.at.String()))
			u.link.trouble(refused)
		case errors.Is(err, net.ErrClosed): // replaced meanwhile
		case errors.Is(err, os.ErrDeadlineExceeded):
		case errors.Is(err, errNoBuffers):
			u.link.pause(noBufPause << try)
		default:
			again = false
			u.link.trouble(broken)
		}
		if !again || try == writeTries {
			u.log.warn("spans cannot be sent", slog.String("agent", u.link.at.String()), slog.Any("error", err))
			return err
		}
	}
}

// limit makes a Write end after writeSlice at the latest, and with ctx. Without a
// deadline in ctx the one before serves while half of it is left: setting one is
// a timer for the runtime, which may have to wake a thread for it.
func (r *route) limit(ctx context.Context) error {
	now := time.Now()
	until := now.Add(writeSlice)
	d, ok := ctx.Deadline()
	switch {
	case ok && d.Before(until):
		until = d
	case r.until.Sub(now) > writeSlice/2 && !r.until.After(until):
		return nil
	}
	r.until = until
	return r.SetWriteDeadline(until)
}

// Reduced implements Reducer. It may be called from any goroutine.
func (u *UDP) Reduced() uint64 { return u.reduced.Load() }

// Close closes the socket and ends the background goroutine; a Send that is
// still running returns ErrClosed. It may be called more than once and from any
// goroutine.
func (u *UDP) Close() error { return u.link.close() }
