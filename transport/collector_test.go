// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/apache/thrift/lib/go/thrift"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

// collector is a server on loopback that keeps what it is sent.
type collector struct {
	*httptest.Server
	// answer, where there is one, writes the answer to request n, from 0; else
	// it is 202.
	answer func(n int, w http.ResponseWriter, r *http.Request)
	done   chan struct{} // closed when the test ends, for handlers that hang

	mu       sync.Mutex
	requests []request
}

type request struct {
	method, uri, host string
	header            http.Header
	body              []byte
}

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client went away
	}
	c.mu.Lock()
	n := len(c.requests)
	c.requests = append(c.requests, request{r.Method, r.RequestURI, r.Host, r.Header, body})
	c.mu.Unlock()
	if c.answer != nil {
		c.answer(n, w, r)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

func (c *collector) got() []request {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]request(nil), c.requests...)
}

func newCollector(t testing.TB, answer func(n int, w http.ResponseWriter, r *http.Request)) *collector {
	t.Helper()
	c := &collector{answer: answer, done: make(chan struct{})}
	c.Server = httptest.NewServer(c)
	t.Cleanup(func() {
		close(c.done)
		c.Close()
	})
	return c
}

// statuses answers one request after the other, the last status for ever.
func statuses(codes ...int) func(int, http.ResponseWriter, *http.Request) {
	return func(n int, w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(codes[min(n, len(codes)-1)])
	}
}

// fakeTime is a clock that moves when someone sleeps. Pauses are the longest
// that chance allows.
type fakeTime struct {
	mu     sync.Mutex
	now    time.Time
	sleeps []time.Duration
	on     func(n int) // told of each sleep, from 1
}

func (f *fakeTime) clock() transport.HTTPOption {
	return transport.WithClock(transport.Clock{
		Now: func() time.Time { f.mu.Lock(); defer f.mu.Unlock(); return f.now },
		Sleep: func(_ context.Context, d time.Duration) {
			f.mu.Lock()
			f.now, f.sleeps = f.now.Add(d), append(f.sleeps, d)
			n := len(f.sleeps)
			f.mu.Unlock()
			if f.on != nil {
				f.on(n)
			}
		},
		Jitter: func(n int64) int64 { return n },
	})
}

func (f *fakeTime) total() (sum time.Duration) {
	for _, d := range f.sleeps {
		sum += d
	}
	return sum
}

func newHTTP(t testing.TB, url string, opts ...transport.HTTPOption) (*transport.HTTP, *fakeTime) {
	t.Helper()
	f := &fakeTime{now: time.Unix(1_700_000_000, 0)}
	h, err := transport.NewHTTP(url, append([]transport.HTTPOption{f.clock()}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h, f
}

// spansWithIDs makes n spans, the first with id 1.
func spansWithIDs(n int) *model.Batch {
	b := &model.Batch{Process: &model.Process{ServiceName: "shop"}}
	for i := range n {
		b.Spans = append(b.Spans, &model.Span{Process: b.Process, TraceID: model.TraceID{Low: 9}, ID: model.SpanID(i + 1), Operation: "op"})
	}
	return b
}

func wantSent(t testing.TB, s transport.Sender, b *model.Batch) {
	t.Helper()
	if n, err := s.Send(context.Background(), b); n != len(b.Spans) || err != nil {
		t.Fatalf("sent\n got: %d, %v\nwant: %d", n, err, len(b.Spans))
	}
}

// decodeBody reads a body as a collector does, and wants all of it to be read.
func decodeBody(t testing.TB, body []byte) *jaeger.Batch {
	t.Helper()
	buf := thrift.NewTMemoryBuffer()
	buf.Write(body)
	b := &jaeger.Batch{}
	if err := b.Read(context.Background(), thrift.NewTBinaryProtocolConf(buf, nil)); err != nil {
		t.Fatalf("%d bytes: %v", len(body), err)
	}
	if buf.Len() > 0 {
		t.Fatalf("%d bytes behind the batch", buf.Len())
	}
	return b
}

// refereeBody is what jaeger-idl's types and apache/thrift make of b.
func refereeBody(t testing.TB, b *model.Batch) []byte {
	t.Helper()
	buf := thrift.NewTMemoryBuffer()
	p := thrift.NewTBinaryProtocolConf(buf, nil)
	want := refereeBatch(b, 0)
	want.SeqNo, want.Stats = nil, nil
	ctx := context.Background()
	if err := want.Write(ctx, p); err != nil {
		t.Fatal(err)
	}
	if err := p.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// ids lists the span ids of bodies.
func ids(t testing.TB, requests []request) (out [][]int64) {
	t.Helper()
	for _, r := range requests {
		var of []int64
		for _, s := range decodeBody(t, r.body).Spans {
			of = append(of, s.SpanId)
		}
		out = append(out, of)
	}
	return out
}

func equal(t testing.TB, what string, got, want any) {
	t.Helper()
	if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
		t.Errorf("%s\n got: %s\nwant: %s", what, g, w)
	}
}
