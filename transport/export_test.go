// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"context"
	"log/slog"
	"net/netip"
	"time"

	"github.com/jaegerkit/jaeger/model"
)

// Errors a socket gives, as this system spells them.
var (
	ErrMessageSize error = errMessageSize
	ErrRefused     error = errRefused
	ErrNoBuffers   error = errNoBuffers
)

const (
	MinPacketSize = minPacketSize
	MinReresolve  = minReresolve
	KeepProcesses = keepProcesses
)

type Socket = socket

// AppendSpan appends a span of any size as an element of Batch.spans.
func AppendSpan(b []byte, s *model.Span) []byte {
	b, _ = appendSpan(b, s, 1<<30)
	return b
}

// AppendSpanWithin and AppendChecked are the two ways to append a span that ends
// at limit: with room made beforehand where that is known to suffice, and without.
func AppendSpanWithin(b []byte, s *model.Span, limit int) (_ []byte, whole bool) {
	return appendSpan(b, s, limit)
}

func AppendChecked(b []byte, s *model.Span, limit int) (_ []byte, whole bool) {
	return appendChecked(b, s, limit)
}

// MostOf returns how much room is made for s.
func MostOf(s *model.Span) int { return int(mostOf(s)) }

// ReduceSpan returns nil where nothing fits.
func ReduceSpan(s *model.Span, room int) *model.Span {
	short, _ := reduceSpan(s, room)
	return short
}

func ReduceProcess(p *model.Process, room int) (short *model.Process, size int, whole bool) {
	short = reduceProcess(p, room)
	b, whole := appendProcess(nil, short, room)
	return short, len(b), whole
}

const (
	MinSpanRoom    = minSpanRoom
	MinProcessRoom = minPacketSize - overhead - minSpanRoom
)

// WithDial replaces the network.
func WithDial(dial func(netip.AddrPort) (Socket, error)) UDPOption {
	return udpOption(func(u *UDP) error { u.link.dial = dial; return nil })
}

// WithRetryPause sets the first pause between attempts to connect.
func WithRetryPause(d time.Duration) UDPOption {
	return udpOption(func(u *UDP) error { u.link.retry = d; return nil })
}

// WithInterval is WithReresolve without its minimum.
func WithInterval(d time.Duration) UDPOption {
	return udpOption(func(u *UDP) error { u.link.interval = d; return nil })
}

// Interval returns the time between lookups.
func (u *UDP) Interval() time.Duration { return u.link.interval }

// LastError returns why there is no route.
func (u *UDP) LastError() error { return u.link.lastError() }

// Limit returns the packet size in force.
func (u *UDP) Limit() int { return u.packet.limit }

// Ready is closed when there is a socket.
func (u *UDP) Ready() <-chan struct{} { return u.link.ready }

func ParseAddress(s string) (string, bool, error) {
	a, err := parseAddress(s, defaultAgentHost, defaultAgentPort)
	return a.String(), a.ip.IsValid(), err
}

// Quiet returns a limited log on a clock.
func Quiet(to *slog.Logger, now func() time.Time) func(message string, args ...slog.Attr) {
	q := &quiet{to: to, now: now}
	return q.warn
}

// BinarySpan appends a span of any size as HTTP sends it.
func BinarySpan(b []byte, s *model.Span) []byte {
	b, _ = binaryForm{}.appendSpan(b, s, nil, 1<<30)
	return b
}

// Clock replaces time for tries and the pauses between them.
type Clock struct {
	Now    func() time.Time
	Sleep  func(ctx context.Context, d time.Duration)
	Jitter func(n int64) int64
}

// WithClock sets a clock.
func WithClock(c Clock) HTTPOption {
	return httpOption(func(h *httpOptions) error {
		h.d.post.now, h.d.post.sleep, h.d.post.jitter = c.Now, c.Sleep, c.Jitter
		return nil
	})
}

const (
	ProcessRoom    = processRoom
	AheadRoom      = aheadRoom
	MinRequestSize = minRequestSize
)

// URL returns where h posts to, Limits the bounds in force.
func (h *HTTP) URL() string                { return h.d.post.url.String() }
func (h *HTTP) Limits() (fill, most int)   { return h.d.fill, h.d.most }
func (z *Zipkin) URL() string              { return z.d.post.url.String() }
func AppendJSON(b []byte, s string) []byte { return appendJSON(b, s) }

// QuoteTwice returns s as JSON, as a string in JSON.
func QuoteTwice(s string) []byte { return quoteJSON(appendJSON([]byte("x"), s), 1) }
