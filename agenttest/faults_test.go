// SPDX-License-Identifier: Apache-2.0

package agenttest_test

import (
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/agenttest"
)

func TestDrop(t *testing.T) {
	t.Parallel()
	a := agenttest.New(t)
	send := dial(t, a.Addr())
	a.Drop(2)
	for seq, op := range []string{"first", "second", "third"} {
		must(t, send(call(t, compact, batchOf(int64(seq+1), op))))
	}
	spans, err := a.WaitSpans(testContext(t), 1)
	must(t, err)
	if got := spans[0].OperationName; got != "third" {
		t.Errorf("operation: got %q, want %q", got, "third")
	}
	expect(t, a, counts{packets: 1, dropped: 2, spans: 1, lost: 2})

	a.Drop(5)
	a.Drop(0)
	must(t, send(call(t, compact, batchOf(4, "fourth"))))
	_, err = a.WaitSpans(testContext(t), 2)
	must(t, err)
	expect(t, a, counts{packets: 2, dropped: 2, spans: 2, lost: 2})
}

func TestDropAll(t *testing.T) {
	t.Parallel()
	a := agenttest.New(t)
	toCompact, toBinary := dial(t, a.Addr()), dial(t, a.BinaryAddr())
	a.DropAll(true)
	must(t, toCompact(call(t, compact, batchOf(1, "lost"))))
	must(t, toBinary(call(t, strict, batchOf(2, "lost"))))
	must(t, a.Wait(testContext(t), func() bool { return a.Dropped() == 2 }))
	a.DropAll(false)
	must(t, toCompact(call(t, compact, batchOf(3, "found"))))
	_, err := a.WaitSpans(testContext(t), 1)
	must(t, err)
	expect(t, a, counts{packets: 1, dropped: 2, spans: 1, lost: 2})
}

func TestDelay(t *testing.T) {
	t.Parallel()
	const delay = 30 * time.Millisecond
	a := agenttest.New(t)
	send := dial(t, a.Addr())
	a.Delay(delay)
	start := time.Now()
	must(t, send(call(t, compact, batchOf(1, "late"))))
	_, err := a.WaitSpans(testContext(t), 1)
	must(t, err)
	// A lower bound holds on any machine, however slow.
	if got := time.Since(start); got < delay {
		t.Errorf("the span came after %v, want %v or more", got, delay)
	}
}

// A packet held back for an hour must stop neither Reset, nor what comes after it, nor Close.
func TestDelayEnds(t *testing.T) {
	t.Parallel()
	a := agenttest.New(t)
	send := dial(t, a.Addr())
	hold := func(op string) {
		t.Helper()
		first, second := call(t, compact, batchOf(1, op)), call(t, compact, batchOf(2, op, op))
		a.Delay(time.Hour)
		must(t, send(first))
		must(t, send(second))
		// Their sizes differ, so this is so only when the decoder holds the first one and the queue the second one.
		for ctx := testContext(t); a.Queued() != len(second); runtime.Gosched() {
			must(t, ctx.Err())
		}
	}
	hold("forgotten")
	a.Delay(0)
	a.Reset()
	must(t, send(call(t, compact, batchOf(1, "prompt"))))
	spans, err := a.WaitSpans(testContext(t), 1)
	must(t, err)
	if got := spans[0].OperationName; got != "prompt" || len(spans) != 1 {
		t.Errorf("got %d spans, the first named %q, want 1 named %q", len(spans), got, "prompt")
	}
	a.Reset()
	hold("held")
	must(t, a.Close())
	if got := a.SpanCount(); got != 3 {
		t.Errorf("spans read before Close: got %d, want 3", got)
	}
}

// Not parallel: until it comes back the agent's ports are free for any other socket.
func TestGoAwayAndComeBack(t *testing.T) {
	a := agenttest.New(t)
	addr, binaryAddr := a.Addr(), a.BinaryAddr()
	send := dial(t, addr)
	packet := call(t, compact, batchOf(1, "op"))
	must(t, send(packet))
	_, err := a.WaitSpans(testContext(t), 1)
	must(t, err)

	a.GoAway()
	a.GoAway()
	if runtime.GOOS == "linux" {
		// Loopback answers the first packet with ICMP, which the second one reports.
		_ = send(packet)
		if err := send(packet); err == nil || !strings.Contains(err.Error(), "refused") {
			t.Errorf("sending to an agent that is away: got %v, want connection refused", err)
		}
	}
	squatter, err := net.ListenPacket("udp", binaryAddr)
	must(t, err)
	if err := a.ComeBack(); err == nil || !strings.Contains(err.Error(), binaryAddr) {
		t.Errorf("ComeBack to a taken port: got %v, want an error that names %s", err, binaryAddr)
	}
	must(t, squatter.Close())

	must(t, a.ComeBack())
	must(t, a.ComeBack())
	if a.Addr() != addr || a.BinaryAddr() != binaryAddr {
		t.Errorf("addresses: got %s and %s, want %s and %s", a.Addr(), a.BinaryAddr(), addr, binaryAddr)
	}
	again := dial(t, addr)
	must(t, again(packet))
	must(t, dial(t, binaryAddr)(call(t, strict, batchOf(2, "op"))))
	_, err = a.WaitSpans(testContext(t), 3)
	must(t, err)

	a.GoAway()
	must(t, a.Close())
	if err := a.ComeBack(); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("ComeBack after Close: got %v, want an error that says closed", err)
	}
}
