// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"context"
	"net/netip"
	"runtime"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeWire is a network that keeps what is written to it. A test sets its
// fields while no Send runs.
type fakeWire struct {
	packets [][]byte
	tries   int
	// fail is asked before each write, with the number of writes before it.
	fail func(n int, packet []byte) error

	closed chan struct{} // told of each closed socket, where there is one

	mu    sync.Mutex
	dials []netip.AddrPort
	open  int
}

func (w *fakeWire) dial(to netip.AddrPort) (transport.Socket, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dials = append(w.dials, to)
	w.open++
	return &fakeSocket{wire: w}, nil
}

func (w *fakeWire) sockets() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.open
}

type fakeSocket struct {
	wire *fakeWire
	once sync.Once
}

func (s *fakeSocket) Write(b []byte) (int, error) {
	w := s.wire
	n := w.tries
	w.tries++
	if w.fail != nil {
		if err := w.fail(n, b); err != nil {
			return 0, err
		}
	}
	w.packets = append(w.packets, append([]byte(nil), b...))
	return len(b), nil
}

func (*fakeSocket) SetWriteDeadline(time.Time) error { return nil }

func (s *fakeSocket) Close() error {
	s.once.Do(func() {
		s.wire.mu.Lock()
		s.wire.open--
		s.wire.mu.Unlock()
		if s.wire.closed != nil {
			s.wire.closed <- struct{}{}
		}
	})
	return nil
}

func fakeUDP(t testing.TB, opts ...transport.UDPOption) (*transport.UDP, *fakeWire) {
	t.Helper()
	w := &fakeWire{}
	u, err := transport.NewUDP("127.0.0.1", append(opts, transport.WithDial(w.dial))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := u.Close(); err != nil {
			t.Error(err)
		}
		// Close does not wait for one that is being opened, which is closed at once.
		for giveUp := time.Now().Add(10 * time.Second); w.sockets() != 0 && time.Now().Before(giveUp); {
			runtime.Gosched()
		}
		if n := w.sockets(); n != 0 {
			t.Errorf("%d sockets open after Close", n)
		}
	})
	return u, w
}

func sendAll(t testing.TB, u *transport.UDP, b *model.Batch) {
	t.Helper()
	if n, err := u.Send(context.Background(), b); n != len(b.Spans) || err != nil {
		t.Fatalf("sent %d of %d: %v", n, len(b.Spans), err)
	}
}
