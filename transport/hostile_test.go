// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

// TestLookupPanics: the resolver is the user's, the goroutine is ours. The name
// is asked for again, and then it works.
func TestLookupPanics(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	second, again := make(chan struct{}), make(chan struct{})
	d := &dialled{to: make(chan string, 1)}
	u, err := transport.NewUDP("agent", transport.WithDial(d.dial), transport.WithRetryPause(time.Millisecond),
		transport.WithLookup(func(context.Context, string) ([]netip.Addr, error) {
			if asked.Add(1) == 1 {
				panic("in the resolver")
			}
			close(second) // the failure is known by now
			<-again
			return []netip.Addr{netip.MustParseAddr("10.0.0.1")}, nil
		}))
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	<-second
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	b := &model.Batch{Process: &model.Process{}, Spans: spansOf(1, 1)}
	if _, err := u.Send(ctx, b); err == nil {
		t.Errorf("got: no error of a cancelled Send\nwant: one")
	}
	if err := u.LastError(); !strings.Contains(err.Error(), "panic in the lookup of agent: in the resolver") {
		t.Errorf("got: %v\nwant: the panic", err)
	}
	close(again)
	wantDial(t, d, "10.0.0.1:6831")
	sendAll(t, u, b)
}

// TestShortReresolve: a name that fails must not be asked for in a hot loop.
func TestShortReresolve(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ set, want time.Duration }{
		{1, transport.MinReresolve},
		{transport.MinReresolve - 1, transport.MinReresolve},
		{transport.MinReresolve, transport.MinReresolve},
		{time.Hour, time.Hour},
		{0, 0},
		{-1, -1},
	} {
		u, _, _ := named(t, transport.WithReresolve(test.set))
		if got := u.Interval(); got != test.want {
			t.Errorf("%v\n got: %v\nwant: %v", test.set, got, test.want)
		}
	}
}

func TestZeroUDP(t *testing.T) {
	t.Parallel()
	u := &transport.UDP{}
	for range 2 {
		n, err := u.Send(context.Background(), &model.Batch{Spans: spansOf(2, 1)})
		if n != 0 || !errors.Is(err, transport.ErrClosed) {
			t.Errorf("got: %d, %v\nwant: 0, closed", n, err)
		}
		if n := u.Reduced(); n != 0 {
			t.Errorf("reduced\n got: %d\nwant: 0", n)
		}
		if err := u.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestNilOption(t *testing.T) {
	t.Parallel()
	u, err := transport.NewUDP("127.0.0.1", nil, transport.WithMaxPacketSize(1000), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	if got := u.Limit(); got != 1000 {
		t.Errorf("limit\n got: %d\nwant: 1000", got)
	}
}

// TestSequenceOfEachProcess: an agent takes a missing number for a lost packet,
// and counts by process.
func TestSequenceOfEachProcess(t *testing.T) {
	t.Parallel()
	u, wire := fakeUDP(t)
	processes := []*model.Process{{ServiceName: "shop"}, {ServiceName: "shop"}, nil}
	want := make([]int64, len(processes))
	for i, k := range []int{0, 0, 1, 0, 1, 2, 2, 0, 2, 1, 1} {
		b := &model.Batch{Process: processes[k], Spans: spansOf(1, 1)}
		sendAll(t, u, b)
		want[k]++
		if b.Process == nil {
			b.Process = &model.Process{}
		}
		sameBytes(t, "packet", wire.packets[i], refereePacket(t, b, want[k]))
	}
}

// TestLostPacketsOfEachProcess: what one process loses is no gap in another.
func TestLostPacketsOfEachProcess(t *testing.T) {
	t.Parallel()
	u, wire := fakeUDP(t)
	a := &model.Batch{Process: &model.Process{ServiceName: "a"}, Spans: spansOf(1, 1)}
	b := &model.Batch{Process: &model.Process{ServiceName: "b"}, Spans: spansOf(1, 1)}
	sendAll(t, u, a)
	sendAll(t, u, b)
	wire.fail = func(int, []byte) error { return errors.New("network is down") }
	if _, err := u.Send(context.Background(), a); err == nil {
		t.Fatal("got: no error\nwant: one")
	}
	wire.fail = nil
	sendAll(t, u, b)
	sendAll(t, u, a)
	sameBytes(t, "b", wire.packets[2], refereePacket(t, b, 2))
	sameBytes(t, "a", wire.packets[3], refereePacket(t, a, 3))
}

// TestSequencesAreBounded: those of the processes that were in use last stay.
func TestSequencesAreBounded(t *testing.T) {
	t.Parallel()
	u, wire := fakeUDP(t)
	processes := make([]model.Process, transport.KeepProcesses+1)
	send := func(i int) int64 {
		wire.packets = nil
		sendAll(t, u, &model.Batch{Process: &processes[i], Spans: spansOf(1, 1)})
		return *decode(t, wire.packets[0]).SeqNo
	}
	for i := range transport.KeepProcesses {
		send(i)
	}
	for _, test := range []struct {
		name    string
		process int
		want    int64
	}{
		{"the oldest is known", 0, 2},
		{"one too many", transport.KeepProcesses, 1},
		{"the one used before stays", 0, 3},
		{"the one not used for longest begins again", 1, 1},
		{"the others stay", transport.KeepProcesses - 1, 2},
	} {
		if got := send(test.process); got != test.want {
			t.Errorf("%s\n got: %d\nwant: %d", test.name, got, test.want)
		}
	}
}

func TestSendOfTwoProcessesAllocatesNothing(t *testing.T) {
	u, err := transport.NewUDP("127.0.0.1", transport.WithDial(func(netip.AddrPort) (transport.Socket, error) { return discard{}, nil }))
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	a := &model.Batch{Process: &model.Process{ServiceName: "a"}, Spans: spansOf(3, 10)}
	b := &model.Batch{Process: &model.Process{ServiceName: "b"}, Spans: spansOf(3, 10)}
	if n := testing.AllocsPerRun(50, func() {
		sendAll(t, u, a)
		sendAll(t, u, b)
	}); n != 0 {
		t.Errorf("got: %v allocations\nwant: 0", n)
	}
}
