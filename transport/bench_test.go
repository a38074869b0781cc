// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

// smallSpan is the span the budgets speak of: five tags and a log of two fields.
func smallSpan(p *model.Process) *model.Span {
	s := &model.Span{
		Process:   p,
		TraceID:   model.TraceID{Low: 0x9e3779b97f4a7c15},
		ID:        0xbf58476d1ce4e5b9,
		ParentID:  0x94d049bb133111eb,
		Flags:     model.FlagSampled,
		Operation: "HTTP GET /customer",
		Start:     1_700_000_000_123_456_789,
		Duration:  3 * time.Millisecond,
		References: []model.Reference{
			{Type: model.ChildOf, TraceID: model.TraceID{Low: 0x9e3779b97f4a7c15}, SpanID: 0x94d049bb133111eb},
		},
		Tags: []model.Tag{
			model.String("span.kind", "server"),
			model.String("http.method", "GET"),
			model.String("http.url", "/customer?customer=392"),
			model.Int64("http.status_code", 200),
			model.Bool("error", false),
		},
	}
	s.AddLog(s.Start+1000, model.String("event", "Loading customer"), model.Int64("customer_id", 392))
	return s
}

// BenchmarkEncode is the budget "model.Span -> Thrift compact".
func BenchmarkEncode(b *testing.B) {
	s := smallSpan(nil)
	buf := make([]byte, 0, 1024)
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		buf = transport.AppendSpan(buf[:0], s)
	}
	b.SetBytes(int64(len(buf)))
}

// BenchmarkSend is the whole way of a batch of 100 spans but for the system
// call.
func BenchmarkSend(b *testing.B) {
	process := &model.Process{ServiceName: "shop", Tags: []model.Tag{model.String("hostname", "shop-1"), model.String("ip", "10.0.0.1")}}
	batch := &model.Batch{Process: process}
	for range 100 {
		batch.Spans = append(batch.Spans, smallSpan(process))
	}
	u, err := transport.NewUDP("127.0.0.1", transport.WithDial(func(netip.AddrPort) (transport.Socket, error) { return discard{}, nil }))
	if err != nil {
		b.Fatal(err)
	}
	defer u.Close()
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		if n, err := u.Send(context.Background(), batch); n != 100 || err != nil {
			b.Fatalf("sent %d: %v", n, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/100, "ns/span")
}

type discard struct{}

func (discard) Write(b []byte) (int, error)      { return len(b), nil }
func (discard) SetWriteDeadline(time.Time) error { return nil }
func (discard) Close() error                     { return nil }
