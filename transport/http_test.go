// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

// TestGoldenBody holds the bytes still: apache/thrift wrote the same ones when
// the file was made, and must now.
func TestGoldenBody(t *testing.T) {
	t.Parallel()
	p := &model.Process{ServiceName: "s", Tags: []model.Tag{model.String("ip", "10.1.2.3"), model.Int64("answer", 42)}}
	wide := model.TraceID{High: 0xabc, Low: 0x1122}
	span := &model.Span{
		TraceID: wide, ID: 0x1123, ParentID: 0x1122, Flags: 1, Operation: "GET /é", Start: 1_001_000_000, Duration: 1500 * time.Microsecond,
		References: []model.Reference{{TraceID: wide, SpanID: 0x1122}},
		Tags: []model.Tag{
			model.String("string", "text"), model.Int64("int", -42), model.Float64("float", 0.1),
			model.Bool("yes", true), model.Binary("binary", []byte{0, 0xff, 0x80}),
		},
	}
	span.AddLog(1_001_500_000, model.String("event", "cache miss"), model.Bool("retry", false))
	b := &model.Batch{Process: p, Spans: []*model.Span{span}}
	c := newCollector(t, nil)
	h, _ := newHTTP(t, c.URL)
	wantSent(t, h, b)
	want := golden(t, "http_body.hex")
	sameBytes(t, "body", c.got()[0].body, want)
	sameBytes(t, "apache/thrift", refereeBody(t, b), want)
}

func TestRequest(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, path, uri string
		opts            []transport.HTTPOption
		want            map[string]string
	}{
		{"plain", "", "/api/traces", nil, map[string]string{"Content-Type": "application/x-thrift", "Authorization": "", "Content-Encoding": "", "User-Agent": "jaegerkit-go"}},
		{"slash", "/", "/api/traces", nil, nil},
		{"path and query", "/my/path?format=jaeger.thrift", "/my/path?format=jaeger.thrift", nil, nil},
		{"query alone", "?format=jaeger.thrift", "/api/traces?format=jaeger.thrift", nil, nil},
		{"basic", "", "/api/traces", []transport.HTTPOption{transport.WithBasicAuth("me", "pa:ss")}, map[string]string{"Authorization": "Basic bWU6cGE6c3M="}},
		{"bearer", "", "/api/traces", []transport.HTTPOption{transport.WithBearerToken("abc.def")}, map[string]string{"Authorization": "Bearer abc.def"}},
		{"headers", "", "/api/traces", []transport.HTTPOption{nil, transport.WithHTTPHeaders(map[string]string{"x-scope-orgid": "7", "content-type": "application/vnd.apache.thrift.binary", "Authorization": "Magic 1"})},
			map[string]string{"X-Scope-OrgID": "7", "Content-Type": "application/vnd.apache.thrift.binary", "Authorization": "Magic 1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newCollector(t, nil)
			h, _ := newHTTP(t, c.URL+test.path, test.opts...)
			wantSent(t, h, spansWithIDs(1))
			got := c.got()[0]
			equal(t, "request", got.method+" "+got.uri, "POST "+test.uri)
			equal(t, "length", got.header.Get("Content-Length"), fmt.Sprint(len(got.body)))
			for name, want := range test.want {
				equal(t, name, got.header.Get(name), want)
			}
		})
	}
}

func TestCredentialsAndHostOfTheURL(t *testing.T) {
	t.Parallel()
	c := newCollector(t, nil)
	withUser := strings.Replace(c.URL, "://", "://u:secret@", 1)
	h, _ := newHTTP(t, withUser, transport.WithHTTPHeaders(map[string]string{"Host": "jaeger.example"}))
	wantSent(t, h, spansWithIDs(1))
	equal(t, "Authorization", c.got()[0].header.Get("Authorization"), "Basic dTpzZWNyZXQ=")
	equal(t, "Host", c.got()[0].host, "jaeger.example")
	h, _ = newHTTP(t, withUser, transport.WithBearerToken("tok"))
	wantSent(t, h, spansWithIDs(1))
	equal(t, "Authorization", c.got()[1].header.Get("Authorization"), "Bearer tok")
}

func TestGzip(t *testing.T) {
	t.Parallel()
	c := newCollector(t, statuses(503, 202))
	h, _ := newHTTP(t, c.URL, transport.WithGzip())
	for range 2 {
		wantSent(t, h, spansWithIDs(50))
	}
	for _, r := range c.got() {
		equal(t, "Content-Encoding", r.header.Get("Content-Encoding"), "gzip")
		z, err := gzip.NewReader(bytes.NewReader(r.body))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "spans", len(decodeBody(t, body).Spans), 50)
	}
}

func TestOneConnectionServesAll(t *testing.T) {
	t.Parallel()
	addrs := make(chan string, 100)
	c := newCollector(t, func(n int, w http.ResponseWriter, r *http.Request) {
		addrs <- r.RemoteAddr
		w.WriteHeader([]int{202, 500, 200, 429}[n%4])
		fmt.Fprint(w, strings.Repeat("x", n*100))
	})
	h, _ := newHTTP(t, c.URL, transport.WithBatchSize(1))
	wantSent(t, h, spansWithIDs(10))
	first := <-addrs
	for len(addrs) > 0 {
		equal(t, "client address", <-addrs, first)
	}
}

func TestBadSpans(t *testing.T) {
	t.Parallel()
	c := newCollector(t, nil)
	h, _ := newHTTP(t, c.URL)
	b := spansWithIDs(3)
	b.Spans[1] = nil
	n, err := h.Send(context.Background(), b)
	var lost *transport.Error
	if n != 1 || !errors.As(err, &lost) || lost.Cause != transport.Encode || lost.Spans != 1 {
		t.Errorf("got: %d, %v\nwant: 1, 1 span that cannot be encoded", n, err)
	}
	b.Spans = b.Spans[2:]
	b.Process = nil
	wantSent(t, h, b)
	equal(t, "requests", ids(t, c.got()), "[[1] [3]]")
}

// FuzzHTTP compares bodies with apache/thrift's over random batches.
func FuzzHTTP(f *testing.F) {
	var body []byte
	trip := roundTrip(func(r *http.Request) (*http.Response, error) {
		var err error
		body, err = io.ReadAll(r.Body)
		return &http.Response{StatusCode: 202, Body: http.NoBody, Request: r}, err
	})
	h, err := transport.NewHTTP("http://fuzz", transport.WithRoundTripper(trip))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint64(1), "http.url GET /customer?customer=392 span.kind", uint8(3))
	f.Add(uint64(2), "", uint8(1))
	f.Add(uint64(3), "Grüße \xff\xfe aus \xe2\x82 Köln \xf0\x9f\x98\x80", uint8(40))
	f.Fuzz(func(t *testing.T, seed uint64, words string, spans uint8) {
		b := randomBatch(rand.New(rand.NewPCG(seed, 0)), words, int(spans)%20+1)
		for _, s := range b.Spans {
			s.Process = b.Process
		}
		want := refereeBody(t, b)
		if len(want) > 1<<20 || len(refereeBody(t, &model.Batch{Process: b.Process})) > transport.ProcessRoom {
			return
		}
		wantSent(t, h, b)
		sameBytes(t, "body", body, want)
		if len(want) < transport.AheadRoom {
			sendBothWays(t, h, b)
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (r roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return r(req) }
