// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

// logged makes a span with tags and one log of each size.
func logged(operation string, tags []model.Tag, logs ...int) *model.Span {
	s := &model.Span{ID: 7, Operation: operation, Tags: tags}
	for i, n := range logs {
		s.AddLog(int64(i)*1000, model.String("m", strings.Repeat("m", n)))
	}
	return s
}

func TestReducedSpans(t *testing.T) {
	t.Parallel()
	big := func(key string, n int) model.Tag { return model.String(key, strings.Repeat("x", n)) }
	kind := model.String("span.kind", "server")
	many := func(n, size int) (sizes []int) {
		for range n {
			sizes = append(sizes, size)
		}
		return sizes
	}
	for _, test := range []struct {
		name      string
		span      *model.Span
		tags      string
		logs      int
		operation int
	}{
		{"largest log", logged("op", []model.Tag{kind}, 10, 70000, 20),
			"span.kind=server jaeger.reduced=dropped 1 log (70015 bytes)", 2, 2},
		{"some of many logs", logged("op", []model.Tag{kind}, many(700, 100)...),
			"span.kind=server jaeger.reduced=dropped 132 logs (15048 bytes)", 568, 2},
		{"a tag that never fits leaves the logs", logged("op", []model.Tag{kind, big("http.body", 70000)}, 10, 20, 30),
			"span.kind=server jaeger.reduced=dropped 1 tag (70018 bytes): http.body", 3, 2},
		{"logs go before tags", logged("op", []model.Tag{big("sql", 40000), kind}, 30000, 10),
			"sql=40000 bytes span.kind=server jaeger.reduced=dropped 1 log (30015 bytes)", 1, 2},
		{"logs and tags", logged("op", []model.Tag{big("a", 60000), big("b", 50000), kind, big("c", 4000)}, 30000, 10),
			"b=50000 bytes span.kind=server c=4000 bytes jaeger.reduced=dropped 2 logs (30038 bytes), 1 tag (60010 bytes): a", 0, 2},
		{"operation", logged(strings.Repeat("é", 40000), []model.Tag{kind}),
			"span.kind=server jaeger.reduced=dropped 15230 bytes of the operation name", 0, 64770},
		{"10 MB of everything", logged(strings.Repeat("o", 10<<20), []model.Tag{big("a", 10<<20), kind, big("\xff\xfe", 10<<20)}, 10<<20, 5),
			"span.kind=server jaeger.reduced=dropped 1 log (10485776 bytes), 10453369 bytes of the operation name, 2 tags", 1, 32392},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			u, wire := fakeUDP(t)
			tags, logs := slices.Clone(test.span.Tags), slices.Clone(test.span.Logs)
			b := &model.Batch{Process: &model.Process{ServiceName: "shop"}, Spans: []*model.Span{{ID: 1}, test.span, {ID: 9}}}
			sendAll(t, u, b)
			if u.Reduced() != 1 {
				t.Errorf("reduced\n got: %d\nwant: 1", u.Reduced())
			}
			if !reflect.DeepEqual(test.span.Tags, tags) || !reflect.DeepEqual(test.span.Logs, logs) {
				t.Error("the caller's span was changed")
			}
			var ids []int64
			for _, packet := range wire.packets {
				if len(packet) > 65000 {
					t.Errorf("packet of %d bytes", len(packet))
				}
				for _, s := range decode(t, packet).Spans {
					ids = append(ids, s.SpanId)
					if s.SpanId != 7 {
						continue
					}
					if got := describe(s.Tags); !strings.HasPrefix(got, test.tags) {
						t.Errorf("tags\n got: %s\nwant: %s", got, test.tags)
					}
					if len(s.Logs) != test.logs || len(s.OperationName) != test.operation {
						t.Errorf("logs and operation\n got: %d, %d bytes\nwant: %d, %d bytes",
							len(s.Logs), len(s.OperationName), test.logs, test.operation)
					}
				}
			}
			if want := []int64{1, 7, 9}; !reflect.DeepEqual(ids, want) {
				t.Errorf("spans\n got: %v\nwant: %v", ids, want)
			}
		})
	}
}

// FuzzReduce shortens random spans and processes to random rooms: they must
// fit, keep what they keep in order, and be marked.
func FuzzReduce(f *testing.F) {
	f.Add(uint64(1), "http.url GET /customer?customer=392 span.kind", uint16(0))
	f.Add(uint64(2), strings.Repeat("\xff", 300), uint16(9))
	f.Add(uint64(3), strings.Repeat("Grüße \xe2\x82 ", 80), uint16(5000))
	f.Fuzz(func(t *testing.T, seed uint64, words string, extra uint16) {
		b := randomBatch(rand.New(rand.NewPCG(seed, 1)), words, 3)
		for _, s := range b.Spans {
			s.Operation = strings.Repeat(s.Operation, 1+int(seed%20))
			room := transport.MinSpanRoom + int(extra)
			short := transport.ReduceSpan(s, room)
			if short == nil {
				t.Fatalf("no form of %d bytes", room)
			}
			if got := len(transport.AppendSpan(nil, short)); got > room {
				t.Errorf("span\n got: %d bytes\nwant: at most %d", got, room)
			}
			checkReduced(t, short.Tags, s.Tags)
			if !subsequence(short.References, s.References) || len(short.Logs) > len(s.Logs) {
				t.Error("references or logs were changed")
			}
			if short.TraceID != s.TraceID || short.ID != s.ID || short.ParentID != s.ParentID ||
				short.Start != s.Start || short.Duration != s.Duration || short.Flags != s.Flags {
				t.Error("fields were changed")
			}
		}
		room := transport.MinProcessRoom + int(extra)
		short, size, whole := transport.ReduceProcess(b.Process, room)
		if !whole || size > room {
			t.Errorf("process\n got: %d bytes, whole %v\nwant: at most %d", size, whole, room)
		}
		checkReduced(t, short.Tags, b.Process.Tags)
	})
}

func checkReduced(t *testing.T, short, tags []model.Tag) {
	t.Helper()
	if len(short) == 0 {
		t.Fatal("no tags")
	}
	mark := &short[len(short)-1]
	if mark.Key != "jaeger.reduced" || len(mark.Str()) > 120 || !strings.HasPrefix(mark.Str(), "dropped ") {
		t.Errorf("mark\n got: %s=%q\nwant: jaeger.reduced=dropped ...", mark.Key, mark.Str())
	}
	if !subsequence(short[:len(short)-1], tags) {
		t.Error("tags were changed")
	}
}

// subsequence reports whether some is all without some of its elements.
func subsequence[T comparable](some, all []T) bool {
	for _, want := range some {
		for len(all) > 0 && all[0] != want {
			all = all[1:]
		}
		if len(all) == 0 {
			return false
		}
		all = all[1:]
	}
	return true
}
