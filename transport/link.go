// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// link keeps a connected UDP socket to a place that may not be known yet, may
// move and may have several addresses. One goroutine of its own resolves and
// dials, so that a lookup never stands in the way of a Send and there is never
// more than one; the sending goroutine calls route and trouble.
type link struct {
	at       address
	interval time.Duration // between lookups of a name, minReresolve at least; not above 0 for never
	retry    time.Duration // the first pause between attempts, doubled up to interval
	lookup   func(ctx context.Context, host string) ([]netip.Addr, error)
	dial     func(netip.AddrPort) (socket, error)
	log      *quiet

	current atomic.Pointer[route] // nil before the first success and after close
	ready   chan struct{}         // closed with the first success
	kicks   chan event            // room for one; more say nothing new
	closing context.Context
	cancel  context.CancelFunc

	mu     sync.Mutex // orders install and close
	closed bool
	err    error // of the last attempt
}

// socket is what is used of a *net.UDPConn.
type socket interface {
	Write(b []byte) (int, error)
	SetWriteDeadline(t time.Time) error
	Close() error
}

type route struct {
	socket
	until time.Time // the write deadline; of the goroutine in Send
	to    netip.Addr
}

// event is why the link looks for a route.
type event uint8

const (
	routine event = iota // at the start and each interval
	refused              // nobody listens there
	broken               // the socket gave an error
)

const (
	waitForRoute = 5 * time.Second  // a Send waits no longer for the first lookup
	lookupLimit  = 10 * time.Second // for one lookup
	slowestRetry = 30 * time.Second // where there is no interval
)

var errNoRoute = errors.New("no address yet")

// route returns the socket to write to. Only before the first success does it
// wait, until ctx or waitForRoute ends.
func (l *link) route(ctx context.Context) (*route, error) {
	if r := l.current.Load(); r != nil {
		return r, nil
	}
	timer := time.NewTimer(waitForRoute)
	defer timer.Stop()
	select {
	case <-l.closing.Done():
	case <-l.ready:
		if r := l.current.Load(); r != nil {
			return r, nil
		}
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", ctx.Err(), l.lastError())
	case <-timer.C:
		return nil, l.lastError()
	}
	return nil, ErrClosed
}

func (l *link) lastError() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err == nil {
		return fmt.Errorf("%s: %w", l.at, errNoRoute)
	}
	return fmt.Errorf("%s: %w: %w", l.at, errNoRoute, l.err)
}

// trouble asks for another route, soon and in the background.
func (l *link) trouble(e event) {
	if e == refused && l.at.ip.IsValid() {
		return // a peer that is away needs no new socket
	}
	select {
	case l.kicks <- e:
	default:
	}
}

// run serves events until close. Attempts that are close to each other, be it
// that they fail or that the socket breaks again, get further apart.
func (l *link) run(connected bool) {
	var (
		why   = routine
		tries int
		last  time.Time
	)
	slowest := slowestRetry
	if l.interval > 0 {
		slowest = l.interval
	}
	for {
		if !connected {
			connected = l.connect(why)
			last = time.Now()
		}
		wait := l.interval
		if !connected {
			wait = backoff(l.retry, tries, slowest)
			tries++
		}
		switch e := l.next(wait); {
		case l.closing.Err() != nil:
			return
		case e != routine:
			if time.Since(last) > slowestRetry {
				tries = 0
			}
			if tries > 0 && !l.pause(backoff(l.retry, tries-1, slowest)) {
				return
			}
			why = e
			tries++
		case connected:
			why = routine
			tries = 0
		}
		connected = false
	}
}

func backoff(first time.Duration, tries int, slowest time.Duration) time.Duration {
	return min(first<<min(tries, 20), slowest)
}

// next waits for an event, which is routine after d unless d is not above 0.
func (l *link) next(d time.Duration) event {
	var tick <-chan time.Time
	if d > 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		tick = timer.C
	}
	select {
	case <-l.closing.Done():
	case <-tick:
	case e := <-l.kicks:
		return e
	}
	return routine
}

// pause reports false if the link was closed meanwhile.
func (l *link) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-l.closing.Done():
		return false
	case <-timer.C:
		return true
	}
}

// connect looks the name up and replaces the socket if the event asks for it or
// the peer has moved. It reports whether there is a route afterwards that is
// good as far as one can know.
func (l *link) connect(why event) bool {
	addrs, err := l.resolve()
	if err != nil {
		l.failed("the agent's address cannot be resolved", err)
		return false
	}
	start := 0
	old := l.current.Load()
	if old != nil {
		if i := slices.Index(addrs, old.to); i >= 0 {
			if why == routine || why == refused && len(addrs) == 1 {
				return true
			}
			if start = i; why == refused {
				start++ // the next one may listen
			}
		}
	}
	for i := range addrs {
		to := addrs[(start+i)%len(addrs)]
		s, dialErr := l.dial(netip.AddrPortFrom(to, l.at.port))
		if dialErr == nil {
			l.install(&route{socket: s, to: to})
			return true
		}
		err = dialErr
	}
	l.failed("no socket to the agent", err)
	return false
}

func (l *link) failed(message string, err error) {
	l.mu.Lock()
	l.err = err
	closed := l.closed
	l.mu.Unlock()
	if !closed {
		l.log.warn(message, slog.String("agent", l.at.String()), slog.Any("error", err))
	}
}

// install makes r the route, unless the link was closed while r was dialled.
func (l *link) install(r *route) {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		r.Close()
		return
	}
	select {
	case <-l.kicks: // about the route before this one
	default:
	}
	old := l.current.Swap(r)
	l.err = nil
	l.mu.Unlock()
	if old != nil {
		old.Close()
		return
	}
	close(l.ready)
}

// close ends the goroutine, without waiting for a lookup that does not listen
// to its context, and closes the socket.
func (l *link) close() error {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return nil
	}
	l.closed = true
	if l.cancel != nil { // nil in a zero UDP
		l.cancel()
	}
	old := l.current.Swap(nil)
	l.mu.Unlock()
	if old == nil {
		return nil
	}
	return old.Close()
}
