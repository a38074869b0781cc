// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

// resolver answers lookups with what a test puts in, one by one.
type resolver struct {
	asked   chan string
	answers chan answer
}

type answer struct {
	addrs string // separated by spaces
	err   error
}

func newResolver() *resolver {
	return &resolver{asked: make(chan string, 100), answers: make(chan answer)}
}

func (r *resolver) lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	r.asked <- host
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case a := <-r.answers:
		var out []netip.Addr
		for _, text := range strings.Fields(a.addrs) {
			out = append(out, netip.MustParseAddr(text))
		}
		return out, a.err
	}
}

// dialled is a wire that tells of each socket.
type dialled struct {
	fakeWire
	to   chan string
	fail func(netip.Addr) error
}

func (d *dialled) dial(to netip.AddrPort) (transport.Socket, error) {
	if d.fail != nil {
		if err := d.fail(to.Addr()); err != nil {
			return nil, err
		}
	}
	s, err := d.fakeWire.dial(to)
	d.to <- to.String()
	return s, err
}

func named(t *testing.T, opts ...transport.UDPOption) (*transport.UDP, *resolver, *dialled) {
	t.Helper()
	r, d := newResolver(), &dialled{to: make(chan string, 100)}
	u, err := transport.NewUDP("agent:1234", append([]transport.UDPOption{
		transport.WithLookup(r.lookup), transport.WithDial(d.dial), transport.WithRetryPause(time.Millisecond),
		transport.WithInterval(5 * time.Millisecond),
	}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		u.Close()
		if n := d.sockets(); n != 0 {
			t.Errorf("%d sockets open after Close", n)
		}
	})
	return u, r, d
}

func wantDial(t *testing.T, d *dialled, want string) {
	t.Helper()
	select {
	case got := <-d.to:
		if got != want {
			t.Fatalf("dialled\n got: %s\nwant: %s", got, want)
		}
	case <-time.After(10 * time.Second):
		t.Fatalf("dialled\n got: nothing\nwant: %s", want)
	}
}

func noDial(t *testing.T, d *dialled) {
	t.Helper()
	select {
	case got := <-d.to:
		t.Fatalf("dialled\n got: %s\nwant: nothing", got)
	default:
	}
}

// TestNameAppearsLate fails a few lookups and the first route before it works.
func TestNameAppearsLate(t *testing.T) {
	t.Parallel()
	u, r, d := named(t)
	sent := make(chan error, 1)
	go func() {
		_, err := u.Send(context.Background(), &model.Batch{Process: &model.Process{}, Spans: spansOf(2, 1)})
		sent <- err
	}()
	r.answers <- answer{err: errors.New("no such host")}
	r.answers <- answer{}
	r.answers <- answer{addrs: "10.0.0.1"}
	wantDial(t, d, "10.0.0.1:1234")
	if err := <-sent; err != nil {
		t.Fatal(err)
	}
	if got := <-r.asked; got != "agent" {
		t.Errorf("asked\n got: %q\nwant: agent", got)
	}
}

func TestNameNeverAppears(t *testing.T) {
	t.Parallel()
	u, r, _ := named(t)
	r.answers <- answer{err: errors.New("no such host")}
	<-r.asked
	<-r.asked // the failure is known by now
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	n, err := u.Send(ctx, &model.Batch{Process: &model.Process{}, Spans: spansOf(2, 1)})
	var lost *transport.Error
	if n != 0 || err == nil || errors.As(err, &lost) {
		t.Fatalf("got: %d, %v\nwant: 0, all lost", n, err)
	}
	for _, want := range []string{"agent:1234", "no such host", "deadline"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got: %v\nwant: %q in it", err, want)
		}
	}
}

func TestNameMoves(t *testing.T) {
	t.Parallel()
	_, r, d := named(t)
	for _, step := range []struct{ answer, dial string }{
		{"::1 127.0.0.1", "127.0.0.1:1234"},                  // IPv4 first
		{"::1 127.0.0.1", ""},                                // no change
		{"10.0.0.1 127.0.0.1", ""},                           // still among them
		{"", ""},                                             // no answer: what worked goes on working
		{"10.0.0.2 10.0.0.1", "10.0.0.2:1234"},               // moved
		{"::2", "[::2]:1234"},                                // IPv6 only
		{"::ffff:10.0.0.3 ::ffff:10.0.0.3", "10.0.0.3:1234"}, // mapped
	} {
		r.answers <- answer{addrs: step.answer}
		<-r.asked
		if step.dial != "" {
			wantDial(t, d, step.dial)
		}
	}
	r.answers <- answer{addrs: "10.0.0.3"} // all that was answered before is done
	noDial(t, d)
	if n := d.sockets(); n != 1 {
		t.Errorf("sockets\n got: %d\nwant: 1", n)
	}
}

// TestUnreachableAddress tries the others.
func TestUnreachableAddress(t *testing.T) {
	t.Parallel()
	r, d := newResolver(), &dialled{to: make(chan string, 100)}
	d.fail = func(a netip.Addr) error {
		if a.Is4() {
			return errors.New("network is unreachable")
		}
		return nil
	}
	u, err := transport.NewUDP("agent", transport.WithLookup(r.lookup), transport.WithDial(d.dial), transport.WithReresolve(0))
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	r.answers <- answer{addrs: "10.0.0.1 10.0.0.2 ::1"}
	wantDial(t, d, "[::1]:6831")
}

// TestTroubleAsksForARoute breaks the socket with no interval set.
func TestTroubleAsksForARoute(t *testing.T) {
	t.Parallel()
	u, r, d := named(t, transport.WithReresolve(-1))
	r.answers <- answer{addrs: "10.0.0.1 10.0.0.2"}
	wantDial(t, d, "10.0.0.1:1234")
	<-u.Ready()
	<-r.asked
	b := &model.Batch{Process: &model.Process{}, Spans: spansOf(1, 1)}
	d.fakeWire.fail = func(n int, _ []byte) error {
		return []error{transport.ErrRefused, nil, errors.New("network is down"), nil}[n]
	}
	sendAll(t, u, b)
	if got := <-r.asked; got != "agent" {
		t.Errorf("asked\n got: %q\nwant: agent", got)
	}
	r.answers <- answer{addrs: "10.0.0.1 10.0.0.2"}
	wantDial(t, d, "10.0.0.2:1234") // the next one may listen
	if n, err := u.Send(context.Background(), b); n != 0 || err == nil {
		t.Fatalf("got: %d, %v\nwant: 0 and an error", n, err)
	}
	r.answers <- answer{addrs: "10.0.0.1 10.0.0.2"}
	wantDial(t, d, "10.0.0.2:1234") // the same place, a new socket
	sendAll(t, u, b)
}

// TestCloseDuringLookup must not leave a socket behind, whatever the lookup
// answers and however late.
func TestCloseDuringLookup(t *testing.T) {
	t.Parallel()
	d := &dialled{to: make(chan string, 1)}
	d.closed = make(chan struct{}, 1)
	asked, answered := make(chan struct{}), make(chan struct{})
	u, err := transport.NewUDP("agent", transport.WithDial(d.dial),
		transport.WithLookup(func(context.Context, string) ([]netip.Addr, error) {
			close(asked)
			<-answered
			return []netip.Addr{netip.MustParseAddr("10.0.0.1")}, nil
		}))
	if err != nil {
		t.Fatal(err)
	}
	<-asked
	sent := make(chan error, 1)
	go func() {
		_, err := u.Send(context.Background(), &model.Batch{Process: &model.Process{}, Spans: spansOf(2, 1)})
		sent <- err
	}()
	if err := u.Close(); err != nil {
		t.Error(err)
	}
	if err := <-sent; !errors.Is(err, transport.ErrClosed) {
		t.Errorf("got: %v\nwant: closed", err)
	}
	close(answered)
	wantDial(t, d, "10.0.0.1:6831")
	select {
	case <-d.closed:
	case <-time.After(10 * time.Second):
		t.Fatal("a socket was left behind")
	}
}

// TestLocalhost goes through the system's resolver.
func TestLocalhost(t *testing.T) {
	t.Parallel()
	agent := listen(t)
	_, port, _ := strings.Cut(agent.LocalAddr().String(), ":")
	u, err := transport.NewUDP("localhost:" + port)
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	sendAll(t, u, &model.Batch{Process: &model.Process{ServiceName: "shop"}, Spans: spansOf(1, 1)})
	if got := decode(t, read(t, agent)).Process.ServiceName; got != "shop" {
		t.Errorf("service\n got: %q\nwant: shop", got)
	}
}
