// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"time"
)

// UDPOption sets up a UDP transport.
type UDPOption interface{ applyUDP(*UDP) error }

type udpOption func(*UDP) error

func (o udpOption) applyUDP(u *UDP) error { return o(u) }

const (
	defaultAgentHost  = "localhost"
	defaultAgentPort  = 6831
	defaultPacketSize = 65000 // what agents read by default
	minPacketSize     = 512
	maxPacketSize     = 65507 // what a datagram over IPv4 holds
	defaultReresolve  = 30 * time.Second
	defaultRetry      = 500 * time.Millisecond
	minReresolve      = 100 * time.Millisecond
)

// WithMaxPacketSize sets how many bytes a datagram may have, 512 to 65507. The
// default of 65000 is what agents are set to read; 9216 is safe where the
// agent's --processor.jaeger-compact.server-max-packet-size or the system's own
// limit is lower, as on macOS.
func WithMaxPacketSize(bytes int) UDPOption {
	return udpOption(func(u *UDP) error {
		if bytes < minPacketSize || bytes > maxPacketSize {
			return fmt.Errorf("max packet size %d: want %d to %d bytes", bytes, minPacketSize, maxPacketSize)
		}
		u.packet.limit = bytes
		return nil
	})
}

// WithReresolve sets how often the agent's name is looked up again, 30 seconds
// by default. Not above zero means only after a failure. What is shorter than
// 100 ms counts as 100 ms: a name that does not resolve is asked for as often,
// and must not keep a processor or the resolver busy.
func WithReresolve(interval time.Duration) UDPOption {
	return udpOption(func(u *UDP) error {
		if interval > 0 {
			interval = max(interval, minReresolve)
		}
		u.link.interval = interval
		return nil
	})
}

// WithLookup replaces the system's resolver. The function is called from one
// goroutine at a time and should return when ctx ends; where it returns several
// addresses, IPv4 ones are tried first. A panic counts as an error.
func WithLookup(lookup func(ctx context.Context, host string) ([]netip.Addr, error)) UDPOption {
	return udpOption(func(u *UDP) error {
		if lookup == nil {
			return errors.New("lookup: want a function")
		}
		u.link.lookup = lookup
		return nil
	})
}

// LoggerOption is an option of every transport that logs.
type LoggerOption struct{ to *slog.Logger }

// WithLogger sets where a transport reports trouble with its peer: at most one
// line a minute for each kind of trouble. The default is nowhere.
func WithLogger(to *slog.Logger) LoggerOption { return LoggerOption{to} }

func (o LoggerOption) applyUDP(u *UDP) error {
	u.log.to = o.to
	return nil
}

// NewUDP makes a transport to the agent at hostPort: host:port, or a host, or
// an IPv6 address with or without brackets; the defaults are localhost and
// 6831. An address or option that makes no sense is an error that lists all of
// them; nil options are skipped. A name that does not resolve, now or ever, is not: it is looked up in
// the background, and until that succeeds each Send waits up to 5 seconds and
// then gives up its batch.
func NewUDP(hostPort string, opts ...UDPOption) (*UDP, error) {
	at, err := parseAddress(hostPort, defaultAgentHost, defaultAgentPort)
	errs := []error{err}
	u := &UDP{packet: packet{limit: defaultPacketSize}, log: quiet{now: time.Now}}
	u.link = link{
		at:       at,
		interval: defaultReresolve,
		retry:    defaultRetry,
		lookup: func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		},
		log:   &u.log,
		ready: make(chan struct{}),
		kicks: make(chan event, 1),
	}
	u.link.dial = u.dial
	for _, o := range opts {
		if o != nil {
			errs = append(errs, o.applyUDP(u))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("udp transport: %w", err)
	}
	u.ahead.Store(aheadOf(u.packet.limit))
	u.link.closing, u.link.cancel = context.WithCancel(context.Background())
	connected := false
	if at.ip.IsValid() {
		u.link.interval = 0 // there is nothing to look up
		connected = u.link.connect(routine)
	}
	go u.link.run(connected)
	return u, nil
}

func (u *UDP) dial(to netip.AddrPort) (socket, error) {
	c, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(to))
	if err != nil {
		return nil, err
	}
	growSendBuffer(c, maxPacketSize)
	return c, nil
}
