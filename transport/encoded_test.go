// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

// encodeAll encodes the spans of b into chunks that begin anew where cut says so.
// Those that have to go through Send are taken out of b.
func encodeAll(u *transport.UDP, b *model.Batch, cut func(i int) bool) *transport.EncodedBatch {
	e := &transport.EncodedBatch{Process: b.Process, Stats: b.Stats}
	var kept []*model.Span
	for i, s := range b.Spans {
		if len(e.Chunks) == 0 || cut(i) {
			e.Chunks = append(e.Chunks, transport.Chunk{Data: []byte("before"), From: len("before")})
		}
		c := &e.Chunks[len(e.Chunks)-1]
		data, ok := u.Encode(c.Data, s)
		if c.Data = data; ok {
			c.Ends = append(c.Ends, len(data))
			kept = append(kept, s)
		}
	}
	b.Spans = kept
	return e
}

// deliver calls send until nothing is left, as a reporter does, and returns what
// the calls returned. skip takes spans away that were sent or lost.
func deliver(total int, send func() (int, error), skip func(n int)) (calls []string) {
	for done := 0; done < total; {
		n, err := send()
		calls = append(calls, fmt.Sprint(n, err))
		var part *transport.Error
		if err != nil && !errors.As(err, &part) {
			return calls
		}
		if part != nil {
			n += part.Spans
		}
		done += n
		skip(n)
	}
	return calls
}

// TestSendEncodedIsSend: the same packets and the same errors, over a wire that
// fails now and then.
func TestSendEncodedIsSend(t *testing.T) {
	t.Parallel()
	words := "the quick brown fox \xff\xfe jumps äöü over 日本語 the lazy dog"
	compared := 0
	for seed := range uint64(80) {
		random := rand.New(rand.NewPCG(seed, 5))
		limit := transport.WithMaxPacketSize(512 + random.IntN(1<<(6+random.IntN(11)))%60000)
		fail := func(n int, _ []byte) error {
			if seed%3 == 0 && rand.New(rand.NewPCG(seed, uint64(n))).IntN(3) == 0 {
				return errors.New("network is down")
			}
			return nil
		}
		plain, wirePlain := fakeUDP(t, limit)
		ahead, wireAhead := fakeUDP(t, limit)
		wirePlain.fail, wireAhead.fail = fail, fail
		for range 3 {
			b := randomBatch(random, words, random.IntN(120))
			e := encodeAll(ahead, b, func(int) bool { return random.IntN(20) == 0 })
			total := len(b.Spans)
			if got := e.Len(); got != total {
				t.Fatalf("seed %d: length\n got: %d\nwant: %d", seed, got, total)
			}
			want := deliver(total, func() (int, error) { return plain.Send(context.Background(), b) }, func(n int) { b.Spans = b.Spans[n:] })
			got := deliver(total, func() (int, error) { return ahead.SendEncoded(context.Background(), e) }, e.Skip)
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d: calls\n got: %q\nwant: %q", seed, got, want)
			}
			if e.Len() != 0 {
				t.Fatalf("seed %d: %d spans left", seed, e.Len())
			}
			compared += total
		}
		if len(wireAhead.packets) != len(wirePlain.packets) {
			t.Fatalf("seed %d: packets\n got: %d\nwant: %d", seed, len(wireAhead.packets), len(wirePlain.packets))
		}
		for i := range wirePlain.packets {
			sameBytes(t, fmt.Sprintf("seed %d: packet %d", seed, i), wireAhead.packets[i], wirePlain.packets[i])
		}
	}
	if compared < 3000 {
		t.Errorf("compared only %d spans", compared)
	}
}

func TestSkip(t *testing.T) {
	t.Parallel()
	for _, sizes := range [][]int{{}, {0}, {1}, {3}, {1, 1}, {2, 3}, {0, 2, 0, 0, 3, 1}, {4, 0}} {
		var all []string
		fresh := func() *transport.EncodedBatch {
			b := &transport.EncodedBatch{}
			all = nil
			for _, n := range sizes {
				c := transport.Chunk{Data: []byte("xx"), From: 2}
				for range n {
					all = append(all, strings.Repeat("s", len(all)%3)+fmt.Sprint(len(all)))
					c.Data = append(c.Data, all[len(all)-1]...)
					c.Ends = append(c.Ends, len(c.Data))
				}
				b.Chunks = append(b.Chunks, c)
			}
			return b
		}
		fresh()
		for first := -1; first <= len(all)+1; first++ {
			for second := range len(all) + 2 {
				b := fresh()
				b.Skip(first)
				b.Skip(second)
				want := all[min(max(first, 0)+second, len(all)):]
				var got []string
				for _, c := range b.Chunks {
					from := c.From
					for _, end := range c.Ends {
						got = append(got, string(c.Data[from:end]))
						from = end
					}
				}
				if !slices.Equal(got, want) || b.Len() != len(want) {
					t.Errorf("chunks %v without %d, then %d\n got: %q\nwant: %q", sizes, first, second, got, want)
				}
			}
		}
	}
}

// TestEncodeLongest is about the longest span that is encoded ahead, and the one
// that is a byte longer.
func TestEncodeLongest(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		limit, want int
	}{{512, 256}, {1024, 256}, {1028, 257}, {9216, 2304}, {32768, 8192}, {65000, 8192}} {
		// A process that takes all it can leaves room for it.
		process := &model.Process{ServiceName: strings.Repeat("p", test.limit)}
		u, wire := fakeUDP(t, transport.WithMaxPacketSize(test.limit))
		s := &model.Span{Process: process, Tags: []model.Tag{model.Binary("b", nil), model.String("bad", "\xff\xff a \xff")}}
		s.Operation = strings.Repeat("o", test.want-len(transport.AppendSpan(nil, s))-1)
		for len(transport.AppendSpan(nil, s)) < test.want {
			s.Operation += "o"
		}
		b, ok := u.Encode([]byte("dst"), s)
		if want := transport.AppendSpan([]byte("dst"), s); !ok || len(b) != len("dst")+test.want {
			t.Errorf("limit %d: span of %d bytes\n got: %d bytes, %t\nwant: %d, true", test.limit, test.want, len(b), ok, len(want))
		} else {
			sameBytes(t, "span", b, want)
		}
		e := encodeAll(u, &model.Batch{Process: process, Spans: []*model.Span{s, s}}, func(i int) bool { return true })
		if n, err := u.SendEncoded(context.Background(), e); n != 2 || err != nil {
			t.Errorf("limit %d: sent %d: %v", test.limit, n, err)
		}
		for _, packet := range wire.packets {
			if len(packet) > test.limit {
				t.Errorf("limit %d: packet of %d bytes", test.limit, len(packet))
			}
		}
		s.Operation += "o"
		if b, ok := u.Encode([]byte("dst"), s); ok || string(b) != "dst" {
			t.Errorf("limit %d: a byte more\n got: %q, %t\nwant: dst, false", test.limit, b, ok)
		}
		s.Operation = strings.Repeat("\xff ", test.want/2) // grows when it is made valid
		if b, ok := u.Encode(nil, s); ok || len(b) != 0 {
			t.Errorf("limit %d: text that grows\n got: %d bytes, %t\nwant: none, false", test.limit, len(b), ok)
		}
	}
}

// TestPacketsShrinkBehindEncodedSpans: what no packet can hold any more is lost,
// the others are not; from then on spans of that size are not encoded ahead, and
// Send reduces them.
func TestPacketsShrinkBehindEncodedSpans(t *testing.T) {
	t.Parallel()
	u, wire := fakeUDP(t)
	wire.fail = func(_ int, packet []byte) error {
		if len(packet) > 1400 {
			return transport.ErrMessageSize
		}
		return nil
	}
	b := &model.Batch{Process: &model.Process{ServiceName: "shop"}, Spans: spansOf(60, 40)}
	for _, i := range []int{0, 20, 21, 59} {
		b.Spans[i].Operation = strings.Repeat("o", 3000)
	}
	total := len(b.Spans)
	e := encodeAll(u, b, func(i int) bool { return i%7 == 0 })
	lost := 0
	for done := 0; done < total; {
		n, err := u.SendEncoded(context.Background(), e)
		done += n
		if err != nil {
			var part *transport.Error
			if !errors.As(err, &part) || part.Cause != transport.TooLarge || part.Spans != 1 {
				t.Fatalf("after %d spans\n got: %v\nwant: one span too large", done, err)
			}
			done, lost, n = done+1, lost+1, n+1
		}
		e.Skip(n)
	}
	got := 0
	for _, packet := range wire.packets {
		for _, s := range decode(t, packet).Spans {
			if got++; len(s.OperationName) != 40 {
				t.Errorf("got span %d with a name of %d bytes", s.SpanId, len(s.OperationName))
			}
		}
	}
	if lost != 4 || got != total-4 {
		t.Errorf("got: %d lost, %d arrived\nwant: 4, %d", lost, got, total-4)
	}
	large := &model.Batch{Process: b.Process, Spans: spansOf(1, 3000)}
	if _, ok := u.Encode(nil, large.Spans[0]); ok {
		t.Errorf("packets of %d bytes\n got: a larger span encoded ahead\nwant: left to Send", u.Limit())
	}
	sendAll(t, u, large)
	if u.Reduced() != 1 {
		t.Errorf("reduced\n got: %d\nwant: 1", u.Reduced())
	}
}

// TestEncodeFromManyGoroutines: beside SendEncoded, and while packets shrink.
func TestEncodeFromManyGoroutines(t *testing.T) {
	t.Parallel()
	u, wire := fakeUDP(t)
	wire.fail = func(n int, packet []byte) error {
		if n > 50 && len(packet) > 2000 {
			return transport.ErrMessageSize
		}
		return nil
	}
	process := &model.Process{ServiceName: "shop"}
	span := smallSpan(process)
	want := transport.AppendSpan(nil, span)
	encoded := make(chan []byte)
	var producers sync.WaitGroup
	for range 4 {
		producers.Add(1)
		go func() {
			defer producers.Done()
			for range 1000 {
				b, ok := u.Encode(nil, span)
				if !ok {
					t.Error("got a small span that was not encoded")
				}
				encoded <- b
			}
		}()
	}
	go func() {
		producers.Wait()
		close(encoded)
	}()
	sent := 0
	for b := range encoded {
		sameBytes(t, "span", b, want)
		e := &transport.EncodedBatch{Process: process, Chunks: []transport.Chunk{{Data: b, Ends: []int{len(b)}}}}
		if sent%500 == 499 { // a packet that is too large after a while
			e.Chunks = slices.Repeat(e.Chunks, 20)
		}
		if n, err := u.SendEncoded(context.Background(), e); n != e.Len() || err != nil {
			t.Fatalf("sent %d of %d: %v", n, e.Len(), err)
		}
		sent++
	}
	if u.Limit() >= 65000 || sent != 4000 {
		t.Errorf("limit %d, %d batches\nwant: a lower one, 4000", u.Limit(), sent)
	}
}
