// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

var (
	nan = math.NaN()
	inf = math.Inf(1)
)

func sameBytes(t testing.TB, what string, got, want []byte) {
	t.Helper()
	if bytes.Equal(got, want) {
		return
	}
	at := 0
	for at < min(len(got), len(want)) && got[at] == want[at] {
		at++
	}
	t.Errorf("%s: %d bytes, want %d, different from byte %d\n got: % x\nwant: % x", what, len(got), len(want), at,
		got[at:min(len(got), at+32)], want[at:min(len(want), at+32)])
}

func golden(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := hex.DecodeString(strings.Join(strings.Fields(string(text)), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestGoldenPackets compares with packets that jaeger-client-go 2.30 sent.
func TestGoldenPackets(t *testing.T) {
	t.Parallel()
	process := &model.Process{ServiceName: "s", Tags: []model.Tag{
		model.String("ip", "10.1.2.3"), model.String("jaeger.version", "Go-2.30.0"),
		model.String("hostname", "shop1"), model.String("client-uuid", "1121"),
	}}
	sampled := []model.Tag{model.String("sampler.type", "const"), model.Bool("sampler.param", true)}
	const second = int64(time.Second)
	wide := model.TraceID{High: 0xabc, Low: 0x1122}
	child := &model.Span{
		TraceID: wide, ID: 0x1123, ParentID: 0x1122, Flags: 1, Operation: "GET /é",
		Start: second + 1e6, Duration: 1500 * time.Microsecond,
		References: []model.Reference{
			{TraceID: wide, SpanID: 0x1122},
			{Type: model.FollowsFrom, TraceID: model.TraceID{High: 0xfedcba9876543210, Low: 0x123456789abcdef}, SpanID: 0x8000000000000001},
		},
		Tags: []model.Tag{
			model.String("string", "text"), model.String("empty", ""), model.Int64("int", -42), model.Int64("big", 1<<62),
			model.Float64("float", 0.1), model.Bool("yes", true), model.Bool("no", false), model.Binary("binary", []byte{0, 0xff, 0x80}),
		},
	}
	child.AddLog(second+1_500_000, model.String("event", "cache miss"), model.Int64("count", 300),
		model.Bool("retry", true), model.Float64("ratio", -1.5))
	child.AddLog(second+2_000_000, model.String("event", "done"))

	for _, test := range []struct {
		name  string
		spans []*model.Span
	}{
		{"one_span.hex", []*model.Span{
			{TraceID: model.TraceID{Low: 0x1122}, ID: 0x1122, Flags: 1, Operation: "op", Start: second, Duration: 5000, Tags: sampled},
		}},
		{"two_spans.hex", []*model.Span{
			child,
			{TraceID: wide, ID: 0x1122, Flags: 1, Operation: "root", Start: second, Duration: 3 * time.Second, Tags: sampled},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := &model.Batch{Process: process, Spans: test.spans}
			u, wire := fakeUDP(t)
			sendAll(t, u, b)
			want := golden(t, test.name)
			sameBytes(t, "packet", wire.packets[0], want)
			sameBytes(t, "apache/thrift", refereePacket(t, b, 1), want)
		})
	}
}

func TestEncodeTimes(t *testing.T) {
	t.Parallel()
	for _, ns := range []int64{0, 1, 999, 1000, 1001, -1, -999, -1000, -1001, math.MaxInt64, math.MinInt64} {
		s := &model.Span{Start: ns}
		b := &model.Batch{Process: &model.Process{}, Spans: []*model.Span{s}}
		u, wire := fakeUDP(t)
		sendAll(t, u, b)
		if got, want := decode(t, wire.packets[0]).Spans[0].StartTime, time.Unix(0, ns).UnixMicro(); got != want {
			t.Errorf("%d ns\n got: %d µs\nwant: %d µs", ns, got, want)
		}
	}
}

// TestListSizes takes lists through the three forms of their header.
func TestListSizes(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 14, 15, 16, 127, 128, 300} {
		s := &model.Span{Tags: make([]model.Tag, n), References: make([]model.Reference, n), Logs: make([]model.Log, n)}
		b := &model.Batch{Process: &model.Process{Tags: make([]model.Tag, n)}}
		for range max(n, 1) {
			b.Spans = append(b.Spans, &model.Span{})
		}
		b.Spans[0] = s
		u, wire := fakeUDP(t)
		sendAll(t, u, b)
		sameBytes(t, "packet", wire.packets[0], refereePacket(t, b, 1))
	}
}

// FuzzEncode compares whole packets with apache/thrift's, however many there
// are, over random batches.
func FuzzEncode(f *testing.F) {
	f.Add(uint64(1), "http.url GET /customer?customer=392 span.kind", uint8(3))
	f.Add(uint64(2), "", uint8(1))
	f.Add(uint64(3), "Grüße \xff\xfe aus \xe2\x82 Köln \xf0\x9f\x98\x80", uint8(40))
	f.Add(uint64(4), strings.Repeat("abcdefghij\x80", 500), uint8(200))
	f.Fuzz(func(t *testing.T, seed uint64, words string, spans uint8) {
		r := rand.New(rand.NewPCG(seed, 0))
		b := randomBatch(r, words, int(spans))
		for _, s := range b.Spans[:min(len(b.Spans), 2)] { // all of them would take most of the time
			checkWays(t, s)
		}
		u, wire := fakeUDP(t)
		for range 2 { // the second time from a warm packet
			wire.packets = nil
			if n, err := u.Send(context.Background(), b); n != len(b.Spans) || err != nil {
				t.Fatalf("sent %d of %d: %v", n, len(b.Spans), err)
			}
			if u.Reduced() > 0 {
				return
			}
			rest := *b
			for _, packet := range wire.packets {
				if len(packet) > 65000 {
					t.Fatalf("packet of %d bytes", len(packet))
				}
				got := decode(t, packet)
				part := rest
				part.Spans, rest.Spans = rest.Spans[:len(got.Spans)], rest.Spans[len(got.Spans):]
				sameBytes(t, "packet", packet, refereePacket(t, &part, *got.SeqNo))
			}
		}
	})
}

func TestEncodeAllocatesNothing(t *testing.T) {
	s := smallSpan(nil)
	buf := make([]byte, 0, 1024)
	if n := testing.AllocsPerRun(100, func() { buf = transport.AppendSpan(buf[:0], s) }); n != 0 {
		t.Errorf("got: %v allocations a span\nwant: 0", n)
	}
}
