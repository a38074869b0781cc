// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

func spansOf(n int, size int) []*model.Span {
	var out []*model.Span
	for i := range n {
		out = append(out, &model.Span{ID: model.SpanID(i + 1), Operation: strings.Repeat("o", size)})
	}
	return out
}

// TestLimitIsExact sets the limit to each size around that of the message.
func TestLimitIsExact(t *testing.T) {
	t.Parallel()
	process := &model.Process{ServiceName: "shop", Tags: []model.Tag{model.String("ip", "10.0.0.1")}}
	for _, spans := range []int{2, 14, 15, 16, 130} {
		b := &model.Batch{Process: process, Spans: spansOf(spans, 40), Stats: model.ClientStats{FailedToEmit: 1 << 40}}
		size := len(refereePacket(t, b, 1))
		for limit := size - 20; limit < size+20; limit++ {
			u, wire := fakeUDP(t, transport.WithMaxPacketSize(max(limit, 512)))
			limit := max(limit, 512)
			sendAll(t, u, b)
			want := 1
			if limit < size {
				want = 2
			}
			if len(wire.packets) != want {
				t.Fatalf("message of %d bytes, limit %d\n got: %d packets\nwant: %d", size, limit, len(wire.packets), want)
			}
			rest := *b
			for i, packet := range wire.packets {
				if len(packet) > limit {
					t.Fatalf("packet of %d bytes, limit %d", len(packet), limit)
				}
				got := decode(t, packet)
				part := rest
				part.Spans, rest.Spans = rest.Spans[:len(got.Spans)], rest.Spans[len(got.Spans):]
				sameBytes(t, "packet", packet, refereePacket(t, &part, int64(i+1)))
			}
			if len(rest.Spans) != 0 {
				t.Fatalf("limit %d: %d spans not sent", limit, len(rest.Spans))
			}
		}
	}
}

// TestSpanAloneFitsExactly is about the largest span that is sent as it is.
func TestSpanAloneFitsExactly(t *testing.T) {
	t.Parallel()
	b := &model.Batch{Process: &model.Process{ServiceName: "shop"}, Spans: spansOf(1, 700)}
	size := len(refereePacket(t, b, 1))
	for _, test := range []struct {
		limit   int
		reduced uint64
	}{{size - 1, 1}, {size, 0}, {size + 1, 0}} {
		u, wire := fakeUDP(t, transport.WithMaxPacketSize(test.limit))
		sendAll(t, u, b)
		if got := u.Reduced(); got != test.reduced || len(wire.packets) != 1 || len(wire.packets[0]) > test.limit {
			t.Errorf("limit %d of %d: %d packets, reduced\n got: %d\nwant: %d", test.limit, size, len(wire.packets), got, test.reduced)
		}
	}
}

// TestSequence sends enough packets that seqid and seqNo take two bytes.
func TestSequence(t *testing.T) {
	t.Parallel()
	u, wire := fakeUDP(t)
	b := &model.Batch{Process: &model.Process{ServiceName: "shop"}, Spans: spansOf(1, 1)}
	for i := range 200 {
		b.Stats.FullQueueDropped = int64(i)
		sendAll(t, u, b)
		sameBytes(t, "packet", wire.packets[i], refereePacket(t, b, int64(i+1)))
	}
}

func TestProcessChanges(t *testing.T) {
	t.Parallel()
	u, wire := fakeUDP(t)
	for i, tags := range []int{0, 300, 3, 0} {
		b := &model.Batch{Process: &model.Process{ServiceName: "shop", Tags: make([]model.Tag, tags)}, Spans: spansOf(3, 5)}
		sendAll(t, u, b)
		sameBytes(t, "packet", wire.packets[i], refereePacket(t, b, 1))
	}
}

func TestNothingToSend(t *testing.T) {
	t.Parallel()
	u, wire := fakeUDP(t)
	sendAll(t, u, &model.Batch{Process: &model.Process{}})
	sendAll(t, u, &model.Batch{})
	if len(wire.packets) != 0 {
		t.Errorf("got: %d packets\nwant: none", len(wire.packets))
	}
}

func TestNoProcess(t *testing.T) {
	t.Parallel()
	u, wire := fakeUDP(t)
	sendAll(t, u, &model.Batch{Spans: spansOf(1, 1)})
	if got := decode(t, wire.packets[0]).Process.ServiceName; got != "" {
		t.Errorf("service\n got: %q\nwant: \"\"", got)
	}
}

func TestNilSpan(t *testing.T) {
	t.Parallel()
	u, wire := fakeUDP(t)
	b := &model.Batch{Process: &model.Process{}, Spans: append(spansOf(2, 1), nil, &model.Span{ID: 9})}
	n, err := u.Send(context.Background(), b)
	var lost *transport.Error
	if n != 2 || !errors.As(err, &lost) || lost.Cause != transport.Encode || lost.Spans != 1 {
		t.Fatalf("got: %d, %v\nwant: 2 and one span lost in encode", n, err)
	}
	b.Spans = b.Spans[3:]
	sendAll(t, u, b)
	if got := decode(t, wire.packets[1]).Spans[0].SpanId; got != 9 {
		t.Errorf("span\n got: %d\nwant: 9", got)
	}
}

// TestMessageSizeSplits lowers the limit while packets wait, as macOS does with
// its 9216 bytes.
func TestMessageSizeSplits(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name            string
		network, limit  int
		spans, size     int
		failed, reduced int
	}{
		{"macOS", 9216, 65000 / 8, 3000, 20, 3, 0},
		{"one span a packet", 9216, 65000 / 8, 9, 7000, 3, 0},
		{"span too large for the network", 9216, 65000 / 8, 3, 20000, 3, 3},
		{"smallest", 600, transport.MinPacketSize, 30, 100, 3, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			u, wire := fakeUDP(t)
			failed := 0
			wire.fail = func(_ int, packet []byte) error {
				if len(packet) > test.network {
					failed++
					return transport.ErrMessageSize
				}
				return nil
			}
			b := &model.Batch{Process: &model.Process{ServiceName: "shop", Tags: []model.Tag{model.String("a", "b")}}, Spans: spansOf(test.spans, test.size)}
			for range 2 {
				wire.packets = nil
				sendAll(t, u, b)
				var next int64
				for _, packet := range wire.packets {
					for _, s := range decode(t, packet).Spans {
						if next++; s.SpanId != next {
							t.Fatalf("span\n got: %d\nwant: %d", s.SpanId, next)
						}
					}
				}
				if int(next) != test.spans {
					t.Errorf("arrived\n got: %d spans\nwant: %d", next, test.spans)
				}
			}
			if u.Limit() != test.limit {
				t.Errorf("limit\n got: %d\nwant: %d", u.Limit(), test.limit)
			}
			if got := int(u.Reduced()); got != 2*test.reduced {
				t.Errorf("reduced\n got: %d\nwant: %d", got, 2*test.reduced)
			}
			if failed != test.failed {
				t.Errorf("packets too large\n got: %d\nwant: %d", failed, test.failed)
			}
		})
	}
}

// TestMessageSizeAtTheFloor is a network that takes nothing at all.
func TestMessageSizeAtTheFloor(t *testing.T) {
	t.Parallel()
	u, wire := fakeUDP(t)
	wire.fail = func(int, []byte) error { return transport.ErrMessageSize }
	b := &model.Batch{Process: &model.Process{}, Spans: spansOf(100, 10)}
	lost := 0
	for len(b.Spans) > 0 {
		n, err := u.Send(context.Background(), b)
		var e *transport.Error
		if n != 0 || !errors.As(err, &e) || e.Cause != transport.TooLarge || e.Spans < 1 || e.Spans > len(b.Spans) {
			t.Fatalf("got: %d, %v\nwant: 0 and some spans too large", n, err)
		}
		lost += e.Spans
		b.Spans = b.Spans[e.Spans:]
	}
	if lost != 100 {
		t.Errorf("lost\n got: %d\nwant: 100", lost)
	}
}

func TestProcessFillsThePacket(t *testing.T) {
	t.Parallel()
	big := func(n int) model.Tag { return model.String("env", strings.Repeat("e", n)) }
	small := model.String("hostname", "shop-1")
	for _, test := range []struct {
		name    string
		process *model.Process
		limit   int
		tags    string
		service int
	}{
		{"fits", &model.Process{ServiceName: "shop", Tags: []model.Tag{big(45000), small}}, 65000, "env=45000 bytes hostname=shop-1", 4},
		{"a tag of a packet", &model.Process{ServiceName: "shop", Tags: []model.Tag{big(64900), small}}, 65000,
			"hostname=shop-1 jaeger.reduced=dropped 1 tag (64912 bytes): env", 4},
		{"leaves no room", &model.Process{ServiceName: "shop", Tags: []model.Tag{big(700), small}}, 1000,
			"hostname=shop-1 jaeger.reduced=dropped 1 tag (711 bytes): env", 4},
		{"10 MB", &model.Process{ServiceName: "shop", Tags: []model.Tag{small, big(10 << 20)}}, 65000,
			"hostname=shop-1 jaeger.reduced=dropped 1 tag (10485773 bytes): env", 4},
		{"service name", &model.Process{ServiceName: strings.Repeat("s", 70000)}, 512,
			"jaeger.reduced=dropped 69972 bytes of the service name", 30},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			u, wire := fakeUDP(t, transport.WithMaxPacketSize(test.limit))
			b := &model.Batch{Process: test.process, Spans: spansOf(3, 10)}
			for range 2 {
				sendAll(t, u, b)
			}
			for _, packet := range wire.packets {
				if len(packet) > test.limit {
					t.Errorf("packet of %d bytes, limit %d", len(packet), test.limit)
				}
				got := decode(t, packet).Process
				if tags := describe(got.Tags); tags != test.tags || len(got.ServiceName) != test.service {
					t.Errorf("process, a service name of %d bytes\n got: %s\nwant: %s, %d", len(got.ServiceName), tags, test.tags, test.service)
				}
			}
			if u.Reduced() != 0 {
				t.Errorf("reduced\n got: %d\nwant: 0", u.Reduced())
			}
		})
	}
}
