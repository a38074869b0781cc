// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"context"
	"io"
	"net/http"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

// swallow reads bodies as net/http would, and takes them.
func swallow() transport.HTTPOption {
	buf := make([]byte, 32<<10)
	return transport.WithRoundTripper(roundTrip(func(r *http.Request) (*http.Response, error) {
		_, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{r.Body}, buf)
		return &http.Response{StatusCode: http.StatusAccepted, Body: http.NoBody, Request: r}, err
	}))
}

func encoders(t testing.TB) map[string]transport.Encoder {
	t.Helper()
	h, err := transport.NewHTTP("http://127.0.0.1", swallow())
	if err != nil {
		t.Fatal(err)
	}
	z, err := transport.NewZipkin("http://127.0.0.1", swallow())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close(); z.Close() })
	return map[string]transport.Encoder{"http": h, "zipkin": z}
}

func shopSpan() *model.Span {
	s := smallSpan(&model.Process{ServiceName: "shop", Tags: []model.Tag{model.String("ip", "10.1.2.3"), model.String("hostname", "shop1")}})
	s.LocalRoot = true
	return s
}

func TestHTTPEncodeAllocatesNothing(t *testing.T) {
	for name, e := range encoders(t) {
		s := shopSpan()
		buf, _ := e.Encode(nil, s)
		if n := testing.AllocsPerRun(100, func() { buf, _ = e.Encode(buf[:0], s) }); n != 0 {
			t.Errorf("%s\n got: %v allocations a span\nwant: 0", name, n)
		}
	}
}

// TestSpansOfARequestAllocateNothing: a request costs what it costs, whatever is
// in it.
func TestSpansOfARequestAllocateNothing(t *testing.T) {
	for name, e := range encoders(t) {
		costs := func(spans int) float64 {
			b := &model.Batch{Process: &model.Process{ServiceName: "shop"}}
			ahead := &transport.EncodedBatch{Process: b.Process, Chunks: make([]transport.Chunk, 1)}
			for range spans {
				s := shopSpan()
				b.Spans = append(b.Spans, s)
				c := &ahead.Chunks[0]
				c.Data, _ = e.Encode(c.Data, s)
				c.Ends = append(c.Ends, len(c.Data))
			}
			b.Process = b.Spans[0].Process
			return testing.AllocsPerRun(20, func() {
				wantSent(t, e, b)
				if n, err := e.SendEncoded(context.Background(), ahead); n != spans || err != nil {
					t.Fatalf("sent %d: %v", n, err)
				}
			})
		}
		if few, many := costs(1), costs(800); many > few+20 { // net/http's own, give or take a pool that was emptied
			t.Errorf("%s\n got: %v allocations for 800 spans\nwant: the %v of one span", name, many, few)
		}
	}
}

func BenchmarkHTTPEncode(b *testing.B) {
	for name, e := range encoders(b) {
		b.Run(name, func(b *testing.B) {
			s := shopSpan()
			buf, _ := e.Encode(nil, s)
			b.SetBytes(int64(len(buf)))
			b.ReportAllocs()
			for range b.N {
				buf, _ = e.Encode(buf[:0], s)
			}
		})
	}
}

// BenchmarkHTTPSend is 100 spans through everything but the network.
func BenchmarkHTTPSend(b *testing.B) {
	for name, e := range encoders(b) {
		b.Run(name, func(b *testing.B) {
			s := shopSpan()
			batch := &model.Batch{Process: s.Process}
			for range 100 {
				batch.Spans = append(batch.Spans, s)
			}
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				wantSent(b, e, batch)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/100, "ns/span")
		})
	}
}
