// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

func TestBounds(t *testing.T) {
	t.Parallel()
	tagged := func(sizes ...int) *model.Batch {
		b := spansWithIDs(len(sizes))
		for i, n := range sizes {
			b.Spans[i].Tags = []model.Tag{model.String("v", strings.Repeat("x", n))}
		}
		return b
	}
	for _, test := range []struct {
		name  string
		batch *model.Batch
		opts  []transport.HTTPOption
		want  string
	}{
		{"none", tagged(), nil, "[]"},
		{"exactly one request", spansWithIDs(3), []transport.HTTPOption{transport.WithBatchSize(3)}, "[[1 2 3]]"},
		{"by spans", spansWithIDs(5), []transport.HTTPOption{transport.WithBatchSize(2)}, "[[1 2] [3 4] [5]]"},
		{"by bytes", tagged(30000, 30000, 30000, 1, 1), []transport.HTTPOption{transport.WithMaxRequestSize(65536)}, "[[1 2] [3 4 5]]"},
		{"a large one alone", tagged(1, 2<<20, 1, 1), nil, "[[1] [2] [3 4]]"},
		{"too large ones are reduced", tagged(1, 5<<20, 1, 9<<20), nil, "[[1 2 3 4]]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, ahead := range []bool{false, true} {
				c := newCollector(t, nil)
				h, _ := newHTTP(t, c.URL, test.opts...)
				if ahead {
					sendBothWays(t, h, test.batch)
					continue
				}
				wantSent(t, h, test.batch)
				equal(t, "requests", ids(t, c.got()), test.want)
			}
		})
	}
}

// sendBothWays sends encoded what can be, and the rest as records.
func sendBothWays(t *testing.T, h transport.Encoder, b *model.Batch) {
	t.Helper()
	rest := *b
	rest.Spans = nil
	ahead := &transport.EncodedBatch{Process: b.Process, Chunks: make([]transport.Chunk, 1)}
	c := &ahead.Chunks[0]
	for _, s := range b.Spans {
		data, ok := h.Encode(c.Data, s)
		if !ok {
			equal(t, "bytes of a refused span", len(data), len(c.Data))
			rest.Spans = append(rest.Spans, s)
			continue
		}
		c.Data, c.Ends = data, append(c.Ends, len(data))
	}
	if n, err := h.SendEncoded(context.Background(), ahead); n != len(c.Ends) || err != nil {
		t.Errorf("encoded\n got: %d, %v\nwant: %d", n, err, len(c.Ends))
	}
	wantSent(t, h, &rest)
}

func TestReducedForHTTP(t *testing.T) {
	t.Parallel()
	c := newCollector(t, nil)
	h, _ := newHTTP(t, c.URL, transport.WithMaxRequestSize(transport.MinRequestSize))
	b := spansWithIDs(3)
	b.Spans[1].Tags = []model.Tag{model.String("sql", strings.Repeat("x", 100_000)), model.String("kept", "yes")}
	wantSent(t, h, b)
	tags := decodeBody(t, c.got()[0].body).Spans[1].Tags
	equal(t, "tags", describe(tags), "kept=yes jaeger.reduced=dropped 1 tag (100012 bytes): sql")
	equal(t, "reduced", h.Reduced(), 1)
}

func TestHugeProcessLeavesRoom(t *testing.T) {
	t.Parallel()
	c := newCollector(t, nil)
	h, _ := newHTTP(t, c.URL)
	b := spansWithIDs(1)
	b.Process = &model.Process{ServiceName: strings.Repeat("é", 50_000), Tags: []model.Tag{model.String("big", strings.Repeat("x", 5<<20)), model.Bool("small", true)}}
	for range 5000 {
		b.Process.Tags = append(b.Process.Tags, model.Bool("b", true))
	}
	wantSent(t, h, b)
	body := c.got()[0].body
	if len(body) > transport.ProcessRoom+200 {
		t.Errorf("body\n got: %d bytes\nwant: about %d at most", len(body), transport.ProcessRoom)
	}
	got := decodeBody(t, body).Process
	if n := len(got.Tags); n == 0 || got.Tags[n-1].Key != "jaeger.reduced" || strings.Count(describe(got.Tags), "jaeger.reduced") != 1 {
		t.Errorf("got: %d tags\nwant: one jaeger.reduced at the end", n)
	}
}

func TestTooLargeAnswer(t *testing.T) {
	t.Parallel()
	limit := func(bytes int) func(int, http.ResponseWriter, *http.Request) {
		return func(_ int, w http.ResponseWriter, r *http.Request) {
			if r.ContentLength > int64(bytes) {
				w.WriteHeader(http.StatusRequestEntityTooLarge)
			}
		}
	}
	b := spansWithIDs(16)
	for _, s := range b.Spans {
		s.Tags = []model.Tag{model.String("v", strings.Repeat("x", 20_000))}
	}
	c := newCollector(t, limit(100_000))
	h, _ := newHTTP(t, c.URL)
	wantSent(t, h, b)
	if fill, _ := h.Limits(); fill > 100_000 || fill < transport.MinRequestSize {
		t.Errorf("limit\n got: %d\nwant: %d to 100000", fill, transport.MinRequestSize)
	}
	before := len(c.got())
	wantSent(t, h, b)
	for _, r := range c.got()[before:] {
		if len(r.body) > 100_000 {
			t.Errorf("got: %d bytes again\nwant: at most 100000", len(r.body))
		}
	}

	// A single span is reduced where its record is there, alone or before others.
	for spans := 1; spans <= 4; spans++ {
		var taken []request
		c := newCollector(t, nil)
		c.answer = func(n int, w http.ResponseWriter, r *http.Request) {
			if limit(100_000)(n, w, r); r.ContentLength <= 100_000 {
				taken = append(taken, c.got()[n])
			}
		}
		one := spansWithIDs(spans)
		one.Spans[0].Tags = []model.Tag{model.String("v", strings.Repeat("x", 3<<20)), model.Bool("kept", true)}
		h, _ := newHTTP(t, c.URL)
		wantSent(t, h, one)
		equal(t, "reduced", h.Reduced(), 1)
		first := decodeBody(t, taken[0].body).Spans[0]
		equal(t, "tags", describe(first.Tags), "kept=true jaeger.reduced=dropped 1 tag (3145739 bytes): v")
		var all []int64
		for _, r := range ids(t, taken) {
			all = append(all, r...)
		}
		equal(t, "spans", all, []int64{1, 2, 3, 4}[:spans])
	}

	// A collector that takes nothing at all: each span is one loss.
	c = newCollector(t, limit(0))
	h, _ = newHTTP(t, c.URL)
	n, err := h.Send(context.Background(), spansWithIDs(4))
	var lost *transport.Error
	if n != 0 || !errors.As(err, &lost) || lost.Cause != transport.TooLarge || lost.Spans != 1 {
		t.Errorf("got: %d, %v\nwant: 0, 1 span too large", n, err)
	}
}

// TestAllTooLarge: a collector that refuses everything for its size, or a proxy
// that is set up that way, gets about one request for each span and not ten.
func TestAllTooLarge(t *testing.T) {
	t.Parallel()
	var sane atomic.Bool
	c := newCollector(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
		if !sane.Load() {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		}
	})
	h, _ := newHTTP(t, c.URL)
	const spans = 300
	b := spansWithIDs(spans)
	for lost := 0; lost < spans; lost++ {
		if n, err := h.Send(context.Background(), &model.Batch{Process: b.Process, Spans: b.Spans[lost:]}); n != 0 || err == nil {
			t.Fatalf("got: %d, %v\nwant: 0, an error", n, err)
		}
	}
	if got := len(c.got()); got > spans+20 {
		t.Errorf("got: %d requests\nwant: about %d", got, spans)
	}

	// When it comes to its senses, so do the requests.
	sane.Store(true)
	for range 8 {
		wantSent(t, h, b)
	}
	before := len(c.got())
	wantSent(t, h, b)
	equal(t, "requests", len(c.got())-before, 1)
}
