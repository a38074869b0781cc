// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

func TestEncodedNowhere(t *testing.T) {
	t.Parallel()
	closed, _ := fakeUDP(t)
	e := encodeAll(closed, &model.Batch{Spans: spansOf(2, 1)}, func(int) bool { return false })
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	zero := &transport.UDP{}
	for name, u := range map[string]*transport.UDP{"closed": closed, "zero": zero} {
		if n, err := u.SendEncoded(context.Background(), e); n != 0 || !errors.Is(err, transport.ErrClosed) {
			t.Errorf("%s\n got: %d, %v\nwant: 0, closed", name, n, err)
		}
	}
	if b, ok := zero.Encode([]byte("dst"), &model.Span{}); ok || string(b) != "dst" {
		t.Errorf("zero\n got: %q, %t\nwant: dst, false", b, ok)
	}
	u, wire := fakeUDP(t)
	for _, e := range []*transport.EncodedBatch{{}, {Process: &model.Process{}, Chunks: make([]transport.Chunk, 3)}} {
		if n, err := u.SendEncoded(context.Background(), e); n != 0 || err != nil || len(wire.packets) != 0 {
			t.Errorf("no spans\n got: %d, %v, %d packets\nwant: none", n, err, len(wire.packets))
		}
	}
}

// encodedBatch is one of 400 small spans, more than a packet.
func encodedBatch(u *transport.UDP) *transport.EncodedBatch {
	b := &model.Batch{Process: &model.Process{ServiceName: "shop"}}
	for range 400 {
		b.Spans = append(b.Spans, smallSpan(b.Process))
	}
	return encodeAll(u, b, func(i int) bool { return i%100 == 0 })
}

func nowhere(t testing.TB) *transport.UDP {
	t.Helper()
	u, err := transport.NewUDP("127.0.0.1", transport.WithDial(func(netip.AddrPort) (transport.Socket, error) { return discard{}, nil }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { u.Close() })
	return u
}

func TestEncodedAllocatesNothing(t *testing.T) {
	u := nowhere(t)
	e := encodedBatch(u)
	small, buf := smallSpan(nil), []byte(nil)
	// One that is too large leaves the room it took to the next.
	large := &model.Span{Tags: []model.Tag{model.String("a", strings.Repeat("x", 5000)), model.String("b", strings.Repeat("x", 5000))}}
	if n := testing.AllocsPerRun(50, func() {
		buf, _ = u.Encode(buf[:0], large)
		buf, _ = u.Encode(buf[:0], small)
		if n, err := u.SendEncoded(context.Background(), e); n != 400 || err != nil {
			t.Fatalf("sent %d: %v", n, err)
		}
	}); n != 0 {
		t.Errorf("got: %v allocations\nwant: 0", n)
	}
}

// BenchmarkSendEncoded is what the sending goroutine does with spans that were
// encoded ahead, but for the system call.
func BenchmarkSendEncoded(b *testing.B) {
	u := nowhere(b)
	e := encodedBatch(u)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if n, err := u.SendEncoded(context.Background(), e); n != 400 || err != nil {
			b.Fatalf("sent %d: %v", n, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/400, "ns/span")
}
