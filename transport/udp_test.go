// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

// listen opens a socket for an agent on loopback.
func listen(t testing.TB) *net.UDPConn {
	t.Helper()
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	c.SetReadBuffer(1 << 20)
	t.Cleanup(func() { c.Close() })
	return c
}

func read(t testing.TB, c *net.UDPConn) []byte {
	t.Helper()
	b := make([]byte, 1<<16)
	c.SetReadDeadline(time.Now().Add(10 * time.Second))
	n, err := c.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return b[:n]
}

func TestLoopback(t *testing.T) {
	t.Parallel()
	agent := listen(t)
	u, err := transport.NewUDP(agent.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	process := &model.Process{ServiceName: "shop"}
	b := &model.Batch{Process: process}
	for range 500 {
		b.Spans = append(b.Spans, smallSpan(process))
	}
	sendAll(t, u, b)
	got := 0
	for seq := int64(1); got < len(b.Spans); seq++ {
		packet := read(t, agent)
		n := len(decode(t, packet).Spans)
		part := *b
		part.Spans = b.Spans[got : got+n]
		sameBytes(t, "packet", packet, refereePacket(t, &part, seq))
		got += n
	}
}

// TestLargestDatagram sends what IPv4 allows, which a small send buffer would
// not hold.
func TestLargestDatagram(t *testing.T) {
	t.Parallel()
	agent := listen(t)
	u, err := transport.NewUDP(agent.LocalAddr().String(), transport.WithMaxPacketSize(65507))
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	b := &model.Batch{Process: &model.Process{ServiceName: "shop"}, Spans: spansOf(1, 65000)}
	b.Spans[0].Operation += strings.Repeat("o", 65507-len(refereePacket(t, b, 1)))
	sendAll(t, u, b)
	if u.Limit() == 65507 { // else the system takes less
		sameBytes(t, "packet", read(t, agent), refereePacket(t, b, 1))
	}
}

func TestSendAllocatesNothing(t *testing.T) {
	agent := listen(t)
	go func() {
		b := make([]byte, 1<<16)
		for {
			if _, err := agent.Read(b); err != nil {
				return
			}
		}
	}()
	u, err := transport.NewUDP(agent.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	process := &model.Process{ServiceName: "shop"}
	b := &model.Batch{Process: process}
	for range 400 { // more than a packet
		b.Spans = append(b.Spans, smallSpan(process))
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	if n := testing.AllocsPerRun(50, func() {
		if n, err := u.Send(ctx, b); n != len(b.Spans) || err != nil {
			t.Fatalf("sent %d: %v", n, err)
		}
	}); n != 0 {
		t.Errorf("got: %v allocations a batch\nwant: 0", n)
	}
}

// TestWriteErrors gives the first writes of the second of three packets errors.
func TestWriteErrors(t *testing.T) {
	t.Parallel()
	other := errors.New("network is down")
	for _, test := range []struct {
		name   string
		fails  []error
		sent   int
		lost   int
		logged string
	}{
		{"refused once", []error{transport.ErrRefused}, 3, 0, "nothing listens"},
		{"refused twice", []error{transport.ErrRefused, transport.ErrRefused}, 3, 0, "nothing listens"},
		{"no buffers", []error{transport.ErrNoBuffers, transport.ErrNoBuffers}, 3, 0, ""},
		{"socket replaced", []error{net.ErrClosed}, 3, 0, ""},
		{"slow", []error{os.ErrDeadlineExceeded}, 3, 0, ""},
		{"wrapped", []error{&net.OpError{Op: "write", Err: os.NewSyscallError("write", transport.ErrRefused)}}, 3, 0, "nothing listens"},
		{"no end of refusals", []error{transport.ErrRefused, transport.ErrRefused, transport.ErrRefused, transport.ErrRefused}, 1, 1, "nothing listens"},
		{"other", []error{other}, 1, 1, "network is down"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			u, wire := fakeUDP(t, transport.WithMaxPacketSize(1000), transport.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
			wire.fail = func(n int, _ []byte) error {
				if n >= 1 && n <= len(test.fails) {
					return test.fails[n-1]
				}
				return nil
			}
			b := &model.Batch{Process: &model.Process{}, Spans: spansOf(3, 600)}
			n, err := u.Send(context.Background(), b)
			var lost *transport.Error
			if errors.As(err, &lost); n != test.sent || (err != nil) != (test.lost > 0) ||
				lost != nil && (lost.Cause != transport.Transport || lost.Spans != test.lost) {
				t.Fatalf("got: %d, %v\nwant: %d sent, %d lost", n, err, test.sent, test.lost)
			}
			if lost != nil {
				rest := *b
				rest.Spans = b.Spans[n+lost.Spans:]
				sendAll(t, u, &rest)
				last := wire.packets[len(wire.packets)-1]
				sameBytes(t, "the packet behind the gap", last, refereePacket(t, &rest, 3))
			}
			if text := log.String(); (text == "") != (test.logged == "") || !strings.Contains(text, test.logged) || strings.Count(text, "\n") > 2 {
				t.Errorf("log\n got: %s\nwant: %q", text, test.logged)
			}
		})
	}
}

// TestNobodyListens keeps sending to a port that was just closed.
func TestNobodyListens(t *testing.T) {
	t.Parallel()
	agent := listen(t)
	agent.Close()
	var log bytes.Buffer
	u, err := transport.NewUDP(agent.LocalAddr().String(), transport.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	b := &model.Batch{Process: &model.Process{}, Spans: spansOf(3, 600)}
	for range 1000 {
		sendAll(t, u, b)
	}
	if n := strings.Count(log.String(), "\n"); n > 1 {
		t.Errorf("log\n got: %d lines\nwant: at most 1\n%s", n, log.String())
	}
}

func TestContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	u, wire := fakeUDP(t, transport.WithMaxPacketSize(1000))
	wire.fail = func(n int, _ []byte) error {
		if n == 1 {
			cancel()
		}
		return nil
	}
	n, err := u.Send(ctx, &model.Batch{Process: &model.Process{}, Spans: spansOf(5, 600)})
	var lost *transport.Error
	if n != 2 || !errors.Is(err, context.Canceled) || errors.As(err, &lost) {
		t.Errorf("got: %d, %v\nwant: 2, canceled", n, err)
	}
}

func TestSendAfterClose(t *testing.T) {
	t.Parallel()
	u, _ := fakeUDP(t)
	for range 2 {
		if err := u.Close(); err != nil {
			t.Error(err)
		}
	}
	n, err := u.Send(context.Background(), &model.Batch{Process: &model.Process{}, Spans: spansOf(5, 1)})
	if n != 0 || !errors.Is(err, transport.ErrClosed) {
		t.Errorf("got: %d, %v\nwant: 0, closed", n, err)
	}
}

// TestCloseWhileSending is for the race detector.
func TestCloseWhileSending(t *testing.T) {
	t.Parallel()
	agent := listen(t)
	for range 50 {
		u, err := transport.NewUDP(agent.LocalAddr().String())
		if err != nil {
			t.Fatal(err)
		}
		var done sync.WaitGroup
		done.Add(3)
		started := make(chan struct{})
		go func() {
			defer done.Done()
			b := &model.Batch{Process: &model.Process{}, Spans: spansOf(3, 1)}
			for i := 0; ; i++ {
				n, err := u.Send(context.Background(), b)
				if i == 0 {
					close(started)
				}
				if err != nil {
					if !errors.Is(err, transport.ErrClosed) || n == 3 {
						t.Errorf("got: %d, %v\nwant: closed", n, err)
					}
					return
				}
			}
		}()
		for range 2 {
			go func() {
				defer done.Done()
				<-started
				u.Reduced()
				if err := u.Close(); err != nil {
					t.Error(err)
				}
			}()
		}
		done.Wait()
	}
}
