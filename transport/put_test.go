// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

// checkWays wants the same bytes of both ways to encode s, from slices with
// different room, and no byte written beyond their capacity.
func checkWays(t testing.TB, s *model.Span) {
	t.Helper()
	want, whole := transport.AppendChecked([]byte("ab"), s, 1<<30)
	if !whole {
		t.Fatal("a span does not fit into 1 GiB")
	}
	most := transport.MostOf(s)
	for _, room := range []int{0, 1, len(want) - 3, len(want) - 2, most - 1, most, most + 1, 2 * most} {
		memory := bytes.Repeat([]byte{0xee}, 2+room+8)
		copy(memory, "ab")
		b, whole := transport.AppendSpanWithin(memory[:2:2+room], s, 1<<30)
		if !whole {
			t.Errorf("room of %d: not whole", room)
		}
		sameBytes(t, fmt.Sprintf("room of %d", room), b, want)
		sameBytes(t, fmt.Sprintf("beyond a room of %d", room), memory[2+room:], bytes.Repeat([]byte{0xee}, 8))
	}
}

// checkLimits wants the same answer of both ways at each limit from..to.
func checkLimits(t *testing.T, what string, s *model.Span, from, to int) {
	t.Helper()
	for limit := from; limit <= to; limit++ {
		want, wantWhole := transport.AppendChecked([]byte("ab"), s, limit)
		got, whole := transport.AppendSpanWithin([]byte("ab"), s, limit)
		if whole != wantWhole || whole && !bytes.Equal(got, want) {
			t.Fatalf("%s, limit %d\n got: %d bytes, %t\nwant: %d bytes, %t", what, limit, len(got), whole, len(want), wantWhole)
		}
	}
}

// longest returns a span of which each number takes as many bytes as it can, with
// n references, logs, fields of each, and tags.
func longest(n int) *model.Span {
	const id, at = 1<<63 - 1, math.MinInt64
	s := &model.Span{
		TraceID: model.TraceID{High: id, Low: id}, ID: id, ParentID: id,
		Flags: 255, Start: at, Duration: math.MinInt64,
	}
	var tags []model.Tag
	for i := range n {
		tags = append(tags, [...]model.Tag{
			model.Int64("", math.MinInt64), model.Float64("", math.MaxFloat64), model.Bool("", true), model.String("", ""), model.Binary("", nil),
		}[i%5])
		s.References = append(s.References, model.Reference{Type: 255, TraceID: s.TraceID, SpanID: id})
	}
	s.Tags = tags
	for range n {
		s.AddLog(at, tags...)
	}
	return s
}

// lengths are those at which a string is copied in another way, or its length
// takes a byte more.
var lengths = []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 63, 64, 65, 126, 127, 128, 129, 255, 256, 16383, 16384, 16385}

func TestSpansAreTheSameBothWays(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 2, 14, 15, 16, 130} {
		checkWays(t, longest(n))
	}
	for what, s := range map[string]*model.Span{"longest": longest(5), "small": smallSpan(nil)} {
		checkLimits(t, what, s, 0, 2+transport.MostOf(s)+20)
	}
	for _, n := range lengths {
		for name, text := range map[string]string{
			"ASCII":       strings.Repeat("abcdefg ", n/8+1)[:n],
			"Latin":       strings.Repeat("é", n/2) + "a"[:n%2],
			"not UTF-8":   strings.Repeat("\xff", n),
			"one too bad": strings.Repeat("b", max(n-1, 0)) + "\xff"[:min(n, 1)],
			"every other": strings.Repeat("\xffx", n/2) + "a"[:n%2],
		} {
			for _, s := range []*model.Span{
				{Operation: text},
				{Tags: []model.Tag{model.String(text, "value"), model.Int64("k", -1)}},
				{Tags: []model.Tag{model.String("key", text), model.Int64("k", -1)}},
				{Tags: []model.Tag{model.Int64(text, 1), model.Float64(text, 1), model.Bool(text, true), model.Binary(text, []byte(text)), model.String(text, text)}},
				{Logs: []model.Log{{Fields: []model.Tag{model.String(text, text), model.Bool("b", false)}}, {Time: 1}}},
			} {
				checkWays(t, s)
				size, most := len(transport.AppendSpan(nil, s)), transport.MostOf(s)
				checkLimits(t, name, s, size, size+4)
				checkLimits(t, name, s, 2+most-1, 2+most)
			}
		}
	}
}

// TestNotASCIIAtEachPlace of a short string, in the operation, a key and a value.
func TestNotASCIIAtEachPlace(t *testing.T) {
	t.Parallel()
	for n := range 40 {
		for at := range n {
			for _, c := range []string{"é", "\xff", "\x7f", "日"} {
				text := strings.Repeat("a", at) + c + strings.Repeat("b", n-at-1)
				s := &model.Span{Operation: text, Tags: []model.Tag{model.String(text, text), model.String("next", "tag"), model.Int64(text, 5)}}
				b := &model.Batch{Process: &model.Process{}, Spans: []*model.Span{s}}
				u, wire := fakeUDP(t)
				sendAll(t, u, b)
				sameBytes(t, text, wire.packets[0], refereePacket(t, b, 1))
			}
		}
	}
}

// TestNumbersAtEachLength compares with apache/thrift.
func TestNumbersAtEachLength(t *testing.T) {
	t.Parallel()
	b := &model.Batch{Process: &model.Process{}}
	for shift := range 64 {
		for d := uint64(0); d < 3; d++ {
			v := uint64(1)<<shift + d - 1
			s := &model.Span{TraceID: model.TraceID{High: ^v, Low: v}, ID: model.SpanID(v), ParentID: model.SpanID(-v), Flags: model.Flags(v),
				Start: int64(v), Duration: time.Duration(v >> 1), Tags: []model.Tag{model.Int64("v", int64(v)), model.Int64("w", -int64(v))}}
			s.AddLog(int64(v), model.Int64("v", int64(v)))
			b.Spans = append(b.Spans, s)
			checkWays(t, s)
		}
	}
	u, wire := fakeUDP(t)
	sendAll(t, u, b)
	sameBytes(t, "packet", wire.packets[0], refereePacket(t, b, 1))
}

// TestRoomIsBoundedByTheLimit: a span that is too large is given no room for all of
// it, and one that nearly is not much more than that.
func TestRoomIsBoundedByTheLimit(t *testing.T) {
	t.Parallel()
	const limit = 8 << 10
	huge := &model.Span{Tags: []model.Tag{model.String("a", "b"), model.String("huge", strings.Repeat("x", 10<<20))}}
	many := &model.Span{Tags: make([]model.Tag, 1<<20), References: make([]model.Reference, 1000)}
	for name, s := range map[string]*model.Span{"value of 10 MB": huge, "million tags": many} {
		if b, whole := transport.AppendSpanWithin(nil, s, limit); whole || cap(b) > 2*limit {
			t.Errorf("%s\n got: whole %t, room %d\nwant: false, at most %d", name, whole, cap(b), 2*limit)
		}
	}
	for _, limit := range []int{-1, 0, 1} {
		if b, whole := transport.AppendSpanWithin([]byte("abc"), smallSpan(nil), limit); whole || string(b) != "abc" {
			t.Errorf("limit %d\n got: %q, %t\nwant: abc, false", limit, b, whole)
		}
	}
}
