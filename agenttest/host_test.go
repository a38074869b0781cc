// SPDX-License-Identifier: Apache-2.0

package agenttest_test

import (
	"net"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/agenttest"
)

func TestHost(t *testing.T) {
	t.Parallel()
	h, err := agenttest.StartHost()
	if err != nil {
		t.Skipf("the ports of Jaeger are not to be had: %v", err)
	}
	defer h.Close()
	for _, test := range []struct{ name, got, want string }{
		{"agent", h.Agent.Addr(), ":6831"},
		{"agent, binary", h.Agent.BinaryAddr(), ":6832"},
		{"config server", h.Config.Addr(), ":5778"},
		{"collector", h.Collector.Addr(), ":14268"},
	} {
		if want := h.IP() + test.want; test.got != want {
			t.Errorf("%s: got %s, want %s", test.name, test.got, want)
		}
	}
	if ip := net.ParseIP(h.IP()); !ip.IsLoopback() {
		t.Errorf("IP: got %s, want a loopback address", h.IP())
	}
	send := dial(t, net.JoinHostPort(h.IP(), "6831"))
	must(t, send(call(t, compact, batchOf(1, "op"))))
	_, err = h.Agent.WaitSpans(testContext(t), 1)
	must(t, err)
	if got := get(t, "http://"+h.IP()+":5778/sampling?service=s"); got.body != defaultStrategy {
		t.Errorf("strategy: got %+v, want the default", got)
	}
	_, err = do(t, client(t), "POST", "http://"+h.IP()+":14268/api/traces", bodyOf(t, batchOf(1, "op")), thriftType)
	must(t, err)
	if h.Collector.SpanCount() != 1 {
		t.Errorf("collector: got %d spans, want 1", h.Collector.SpanCount())
	}

	// Its address is taken, now: a second host there fails whole.
	if again, err := agenttest.StartHostAt(h.IP()); err == nil {
		_ = again.Close()
		t.Error("a second host at the same address: got no error, want one")
	} else if got := err.Error(); !strings.Contains(got, ":6831") || !strings.Contains(got, ":5778") || !strings.Contains(got, ":14268") {
		t.Errorf("error: got %s, want one that names all ports", got)
	}
	must(t, h.Close())

	// Of a host that fails, nothing is left.
	taken, err := net.Listen("tcp", h.IP()+":14268")
	must(t, err)
	if again, err := agenttest.StartHostAt(h.IP()); err == nil {
		_ = again.Close()
		t.Error("a host with one port taken: got no error, want one")
	}
	must(t, taken.Close())
	again, err := agenttest.StartHostAt(h.IP())
	must(t, err)
	must(t, again.Close())
}

func TestNewHost(t *testing.T) {
	t.Parallel()
	var tb recorder
	h := agenttest.NewHost(&tb)
	if tb.failure != "" {
		t.Skipf("the ports of Jaeger are not to be had: %s", tb.failure)
	}
	for _, cleanup := range tb.cleanups {
		cleanup()
	}
	if _, err := net.Dial("tcp", h.Config.Addr()); err == nil {
		t.Error("dial after the cleanup: got no error, want one: the host must be closed")
	}
}
