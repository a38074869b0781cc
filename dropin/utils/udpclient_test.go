// SPDX-License-Identifier: Apache-2.0

package utils

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/uber/jaeger-client-go/log"
	"github.com/uber/jaeger-client-go/thrift-gen/jaeger"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func listen(t *testing.T) *net.UDPConn {
	t.Helper()
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return conn
}

func batch(service string) *jaeger.Batch {
	return &jaeger.Batch{Process: &jaeger.Process{ServiceName: service}, Spans: []*jaeger.Span{}}
}

func TestAgentClient(t *testing.T) {
	t.Parallel()
	server := listen(t)
	for _, once := range []bool{true, false} {
		c, err := NewAgentClientUDPWithParams(AgentClientUDPParams{
			HostPort: server.LocalAddr().String(), MaxPacketSize: 50, DisableAttemptReconnecting: once,
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.EmitBatch(context.Background(), batch("s")); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 100)
		n, err := server.Read(b)
		if want := "\x82\x21\x01\x09emitBatch\x1c\x1c\x18\x01s\x00\x19\x0c\x00\x00"; err != nil || string(b[:n]) != want {
			t.Errorf("got  %q %v\nwant %q", b[:n], err, want)
		}
		err = c.EmitBatch(context.Background(), batch(strings.Repeat("s", 40)))
		if err == nil || !strings.Contains(err.Error(), "size 62, max 50, spans 0") {
			t.Errorf("too large: got %v", err)
		}
		if err := c.EmitBatch(context.Background(), nil); err == nil {
			t.Error("nil batch: got no error")
		}
		if err := c.EmitZipkinBatch(context.Background(), nil); err == nil {
			t.Error("zipkin: got no error")
		}
		for range 2 {
			if err := c.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		}
		if err := c.EmitBatch(context.Background(), batch("s")); !errors.Is(err, net.ErrClosed) {
			t.Errorf("after Close: got %v, want %v", err, net.ErrClosed)
		}
	}
}

func TestAgentClientAddresses(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "host", "::1:6831"} {
		if c, err := NewAgentClientUDP(bad, 0); err == nil {
			t.Errorf("%q: got no error", bad)
			c.Close()
		}
	}
	p := AgentClientUDPParams{HostPort: "127.0.0.1:nosuchport", Logger: &log.BytesBufferLogger{}}
	c, err := NewAgentClientUDPWithParams(p)
	if err != nil {
		t.Fatalf("got %v, want a client that tries again", err)
	}
	if err := c.EmitBatch(context.Background(), batch("s")); err == nil {
		t.Error("not connected: got no error")
	}
	c.Close()
	p.DisableAttemptReconnecting = true
	if c, err := NewAgentClientUDPWithParams(p); err == nil {
		t.Error("not connected, only once: got no error")
		c.Close()
	}
	var zero AgentClientUDP
	if err := zero.EmitBatch(context.Background(), batch("s")); err == nil || zero.Close() != nil {
		t.Error("the zero client is not closed")
	}
}

// TestSocketFollows moves the name to another address.
func TestSocketFollows(t *testing.T) {
	t.Parallel()
	first, second := listen(t), listen(t)
	var where atomic.Pointer[net.UDPAddr]
	var asked atomic.Int32
	lookUp := func(context.Context, string) (*net.UDPAddr, error) {
		asked.Add(1)
		if a := where.Load(); a != nil {
			return a, nil
		}
		return nil, errors.New("no such host")
	}
	logger := &log.BytesBufferLogger{}
	s, err := newSocket("agent:1", 1000, time.Hour, lookUp, logger)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	until := func(ok func() bool) {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for !ok() {
			<-tick.C
		}
	}
	if err := s.send([]byte("lost")); err == nil {
		t.Error("got no error before the name is known")
	}
	until(func() bool { return asked.Load() >= 2 })
	where.Store(first.LocalAddr().(*net.UDPAddr))
	until(func() bool { return s.send([]byte("one")) == nil })
	where.Store(second.LocalAddr().(*net.UDPAddr))
	s.again <- struct{}{} // as a refused write does
	until(func() bool { s.mu.RLock(); defer s.mu.RUnlock(); return s.addr == second.LocalAddr().String() })
	if err := s.send([]byte("two")); err != nil {
		t.Error(err)
	}
	for conn, want := range map[*net.UDPConn]string{first: "one", second: "two"} {
		b := make([]byte, 10)
		if n, err := conn.Read(b); err != nil || string(b[:n]) != want {
			t.Errorf("got %q %v, want %q", b[:n], err, want)
		}
	}
	if got := strings.Count(logger.String(), "no such host"); got < 1 || got > 2 {
		t.Errorf("got %d lines about the lookup, want 1 or 2", got)
	}
}
