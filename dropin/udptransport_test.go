// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/agenttest"
	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/utils"
)

// TestUDPTransportCalled: Append and Flush as a reporter of the program's own
// calls them.
func TestUDPTransportCalled(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		size    int // of a packet
		padding int
		packets int // at least
	}{
		{"default", 0, 10, 1}, {"small", 1500, 100, 3}, {"below the smallest", 1, 100, 9}, {"beyond the largest", 1 << 20, 10, 1}, {"too large a span", 600, 256, 19},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			agent := agenttest.New(t)
			u, err := jaeger.NewUDPTransport(agent.Addr(), test.size)
			if err != nil {
				t.Fatal(err)
			}
			tracer, r := traced(t, jaeger.NewConstSampler(true))
			for range 20 {
				start(t, tracer, "x").SetTag("pad", strings.Repeat("p", test.padding)).SetTag("pad", strings.Repeat("q", test.padding)).Finish()
			}
			total := 0
			for _, s := range r.GetSpans() {
				n, err := u.Append(s.(*jaeger.Span))
				if err != nil {
					t.Error(err)
				}
				total += n
			}
			n, err := u.Flush()
			if err != nil || total+n != 20 {
				t.Errorf("got %d and %d spans, %v, want 20", total, n, err)
			}
			if _, err := u.Append(nil); err != nil {
				t.Error(err)
			}
			if n, err := u.Flush(); n != 0 || err != nil {
				t.Errorf("got %d, %v of an empty one", n, err)
			}
			spans, err := agent.WaitSpans(patience(t), 20)
			if err != nil || len(spans) != 20 {
				t.Errorf("got %d spans, %v, want 20", len(spans), err)
			}
			if got := agent.Packets(); got < test.packets {
				t.Errorf("got %d packets, want %d or more", got, test.packets)
			}
			if err := u.Close(); err != nil {
				t.Error(err)
			}
			_, _ = u.Append(r.GetSpans()[0].(*jaeger.Span))
			if n, err := u.Flush(); err == nil || n != 1 {
				t.Errorf("got %d, %v of a closed one, want 1 span lost", n, err)
			}
		})
	}
}

func TestUDPTransportAddresses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, hostPort string
		disabled       bool
		ok             bool
	}{
		{"default", "", false, true}, {"ipv6", "[::1]:6831", false, true}, {"name that is none", "agent.invalid:6831", false, true},
		{"name that is none, once", "agent.invalid:6831", true, true}, {"port", "localhost:x", false, false}, {"colons", "::1:6831:1:x", false, false},
	} {
		u, err := jaeger.NewUDPTransportWithParams(jaeger.UDPTransportParams{AgentClientUDPParams: utils.AgentClientUDPParams{
			HostPort: test.hostPort, DisableAttemptReconnecting: test.disabled, AttemptReconnectInterval: time.Hour, MaxPacketSize: -1, Logger: jaeger.NullLogger,
		}})
		if (err == nil) != test.ok {
			t.Errorf("%s: got %v, want ok %t", test.name, err, test.ok)
		}
		if err == nil {
			u.Close()
			u.Close()
		}
	}
}
