// SPDX-License-Identifier: Apache-2.0

package agenttest_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"

	"github.com/jaegerkit/jaeger/agenttest"
)

const thriftType = "Content-Type: application/x-thrift"

func TestCollectorReceives(t *testing.T) {
	t.Parallel()
	c := agenttest.NewCollector(t)
	want := batchOf(1, "a", "b")
	got, err := do(t, client(t), "POST", c.Endpoint(), bodyOf(t, want), thriftType, "Authorization: Bearer secret")
	must(t, err)
	if got != (reply{status: 202}) {
		t.Errorf("answer: got %+v, want 202 and no body", got)
	}
	spans, err := c.WaitSpans(testContext(t), 2)
	must(t, err)
	if !reflect.DeepEqual(spans, want.Spans) {
		t.Errorf("spans\ngot  %v\nwant %v", spans, want.Spans)
	}
	if got := c.Batches(); !reflect.DeepEqual(got, []*jaeger.Batch{want}) {
		t.Errorf("batches\ngot  %v\nwant %v", got, want)
	}
	if got := c.Clients(); len(got) != 1 || got[0].UUID != "c0ffee" || got[0].LastSeq != 1 {
		t.Errorf("clients: got %+v, want c0ffee with number 1", got)
	}
	requests, err := c.WaitRequests(testContext(t), 1)
	must(t, err)
	r := requests[0]
	if r.Method != "POST" || r.Path != "/api/traces" || r.Query.Get("format") != "jaeger.thrift" || r.Status != 202 ||
		r.Header.Get("Authorization") != "Bearer secret" || r.Length != int64(len(bodyOf(t, want))) || r.Host != c.Addr() ||
		!strings.HasPrefix(r.Remote, "127.0.0.1:") || r.Fault != "" || r.Client != "" {
		t.Errorf("request: got %+v", r)
	}
}

func TestCollectorAnswers(t *testing.T) {
	t.Parallel()
	good := bodyOf(t, batchOf(1, "op"))
	const zipkinGood = `[{"traceId":"0000000000000001","id":"0000000000000002"}]`
	const zipkinType = "Content-Type: application/json"
	tests := []struct {
		name, method, path string
		body               []byte
		headers            []string
		status             int
		want               string // part of the answer
	}{
		{"thrift", "POST", "/api/traces", good, []string{thriftType}, 202, ""},
		{"vendor type", "POST", "/api/traces?format=jaeger.thrift", good, []string{"Content-Type: application/vnd.apache.thrift.binary"}, 202, ""},
		{"type with parameter", "POST", "/api/traces", good, []string{thriftType + "; charset=utf-8"}, 202, ""},
		{"gzip", "POST", "/api/traces", gzipped(t, good), []string{thriftType, "Content-Encoding: gzip"}, 202, ""},
		{"identity", "POST", "/api/traces", good, []string{thriftType, "Content-Encoding: identity"}, 202, ""},
		{"zipkin", "POST", "/api/v2/spans", []byte(zipkinGood), []string{zipkinType}, 202, ""},
		{"zipkin gzip", "POST", "/api/v2/spans", gzipped(t, []byte(zipkinGood)), []string{zipkinType, "Content-Encoding: GZIP"}, 202, ""},
		{"no type", "POST", "/api/traces", good, nil, 400, `content type ""`},
		{"wrong type", "POST", "/api/traces", good, []string{zipkinType}, 400, `content type "application/json": want application/x-thrift`},
		{"wrong zipkin type", "POST", "/api/v2/spans", good, []string{thriftType}, 415, "want application/json"},
		{"path", "POST", "/api/trace", good, []string{thriftType}, 404, "nothing at this path"},
		{"method", "GET", "/api/traces", nil, []string{thriftType}, 405, "must be POST"},
		{"empty", "POST", "/api/traces", nil, []string{thriftType}, 400, "the body is empty"},
		{"cut short", "POST", "/api/traces", good[:20], []string{thriftType}, 400, "cannot decode the body"},
		{"rest", "POST", "/api/traces", append(bytes.Clone(good), 'x'), []string{thriftType}, 400, "1 bytes left"},
		{"message", "POST", "/api/traces", call(t, strict, batchOf(1, "op")), []string{thriftType}, 400, "cannot decode the body"},
		{"too large", "POST", "/api/traces", make([]byte, 5000), []string{thriftType}, 413, "more than 4096 bytes"},
		{"just not too large", "POST", "/api/traces", make([]byte, 4096), []string{thriftType}, 400, "cannot decode the body"},
		{"bomb", "POST", "/api/traces", gzipped(t, make([]byte, 100_000)), []string{thriftType, "Content-Encoding: gzip"}, 413, "after gzip"},
		{"not gzip", "POST", "/api/traces", good, []string{thriftType, "Content-Encoding: gzip"}, 400, "gzip: "},
		{"gzip cut short", "POST", "/api/traces", gzipped(t, good)[:30], []string{thriftType, "Content-Encoding: gzip"}, 400, "gzip: "},
		{"deflate", "POST", "/api/traces", good, []string{thriftType, "Content-Encoding: deflate"}, 400, `content encoding "deflate"`},
		{"zipkin garbage", "POST", "/api/v2/spans", []byte("{"), []string{zipkinType}, 400, "cannot decode the body"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := agenttest.NewCollector(t, agenttest.WithGzip(), agenttest.WithBodyLimit(4096))
			got, err := do(t, client(t), test.method, c.URL()+test.path, test.body, test.headers...)
			must(t, err)
			if got.status != test.status || !strings.Contains(got.body, test.want) {
				t.Errorf("answer\ngot  %d %q\nwant %d ...%s...", got.status, got.body, test.status, test.want)
			}
			requests := c.Requests()
			if len(requests) != 1 || requests[0].Status != test.status {
				t.Errorf("requests: got %+v, want one with status %d", requests, test.status)
			}
			refused := btoi(test.status != 202)
			if c.Rejected() != refused || len(c.Errors()) != refused || int(c.SpanCount())+c.ZipkinSpanCount() != 1-refused {
				t.Errorf("got %d rejected, errors %v, %d and %d spans", c.Rejected(), c.Errors(), c.SpanCount(), c.ZipkinSpanCount())
			}
		})
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestCollectorWithoutGzip(t *testing.T) {
	t.Parallel()
	c := agenttest.NewCollector(t)
	got, err := do(t, client(t), "POST", c.Endpoint(), gzipped(t, bodyOf(t, batchOf(1, "op"))), thriftType, "Content-Encoding: gzip")
	must(t, err)
	if want := (reply{400, "content encoding \"gzip\" is not accepted\n"}); got != want {
		t.Errorf("answer\ngot  %+v\nwant %+v", got, want)
	}
	if got, want := c.Errors()[0].Error(), `request 1, "POST" "/api/traces" of `; !strings.HasPrefix(got, want) {
		t.Errorf("error\ngot  %s\nwant %s...", got, want)
	}
}

// A body that ends before its Content-Length does not count as one.
func TestCollectorBodyCutShort(t *testing.T) {
	t.Parallel()
	c := agenttest.NewCollector(t)
	r, err := http.NewRequest("POST", c.Endpoint(), http.NoBody)
	must(t, err)
	r.Body, r.ContentLength = shortBody{strings.NewReader("x")}, 100
	if response, err := client(t).Do(r); err == nil {
		_ = response.Body.Close()
	}
	must(t, c.Wait(testContext(t), func() bool { return c.Rejected() == 1 }))
	if got, want := c.Errors()[0].Error(), "the body cannot be read"; !strings.Contains(got, want) {
		t.Errorf("error\ngot  %s\nwant ...%s...", got, want)
	}
}

type shortBody struct{ *strings.Reader }

func (shortBody) Close() error { return nil }

func TestCollectorBounds(t *testing.T) {
	t.Parallel()
	one, three := bodyOf(t, batchOf(1, "one")), bodyOf(t, batchOf(2, "a", "b", "c"))
	for _, test := range []struct {
		name string
		opt  agenttest.Option
		want int // spans kept
		note string
	}{
		{"count only", agenttest.WithCountOnly(), 0, ""},
		{"keep limit", agenttest.WithKeepLimit(2 * len(one)), 1, "what comes from here on is only counted"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := agenttest.NewCollector(t, test.opt)
			for _, body := range [][]byte{one, three, one[:5], one} {
				_, err := do(t, client(t), "POST", c.Endpoint(), body, thriftType)
				must(t, err)
			}
			spans, err := c.WaitSpans(testContext(t), 5)
			must(t, err)
			if len(spans) != test.want || c.RequestCount() != 4 || c.Rejected() != 1 || c.Process() == nil {
				t.Errorf("got %d spans, %d requests, %d rejected, process %v, want %d, 4, 1 and one",
					len(spans), c.RequestCount(), c.Rejected(), c.Process(), test.want)
			}
			if noted := c.Errors(); test.note != "" && !strings.Contains(noted[0].Error(), test.note) {
				t.Errorf("errors: got %v, want one with %q", noted, test.note)
			}
		})
	}
}

func TestCollectorWaitGivesUp(t *testing.T) {
	t.Parallel()
	c := agenttest.NewCollector(t)
	c.Fail(1, agenttest.Status(503, nil, ""))
	for _, body := range []string{"lost", "bad"} {
		_, err := do(t, client(t), "POST", c.Endpoint(), []byte(body), thriftType)
		must(t, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, jaegers := c.WaitSpans(ctx, 5)
	_, zipkins := c.WaitZipkinSpans(ctx, 6)
	_, requests := c.WaitRequests(ctx, 7)
	for _, test := range []struct {
		err  error
		want string
	}{
		{jaegers, "want 5 spans, got 0 in 1 requests (1 rejected, 1 failed on request)"},
		{zipkins, "want 6 Zipkin spans, got 0 in 1 requests (1 rejected, 1 failed on request)"},
		{requests, "want 7 requests, got 2: waiting for the collector: context canceled; last error: request 1, "},
	} {
		if !errors.Is(test.err, context.Canceled) || !strings.Contains(test.err.Error(), test.want) {
			t.Errorf("error\ngot  %v\nwant ...%s...", test.err, test.want)
		}
	}
}

func TestCollectorReset(t *testing.T) {
	t.Parallel()
	c := agenttest.NewCollector(t)
	h := client(t)
	c.Fail(1, agenttest.Status(500, nil, ""))
	for _, body := range [][]byte{nil, bodyOf(t, batchOf(1, "op")), []byte("bad")} {
		_, err := do(t, h, "POST", c.Endpoint(), body, thriftType)
		must(t, err)
	}
	_, err := do(t, h, "POST", c.ZipkinEndpoint(), []byte(`[{"traceId":"0000000000000001","id":"0000000000000002"}]`), "Content-Type: application/json")
	must(t, err)
	tally := func() []int {
		return []int{c.RequestCount(), len(c.Requests()), c.Failed(), c.Rejected(), len(c.Errors()), int(c.SpanCount()), len(c.Spans()), c.ZipkinSpanCount(), len(c.ZipkinSpans())}
	}
	if got, want := tally(), []int{4, 4, 1, 1, 1, 1, 1, 1, 1}; !reflect.DeepEqual(got, want) {
		t.Errorf("counters\ngot  %v\nwant %v", got, want)
	}
	c.Reset()
	if got, want := tally(), make([]int, 9); !reflect.DeepEqual(got, want) {
		t.Errorf("counters after Reset\ngot  %v\nwant %v", got, want)
	}
}

// What arrived before a Reset is not counted after it, however long it takes.
func TestCollectorResetForgetsWhatIsOnItsWay(t *testing.T) {
	t.Parallel()
	c := agenttest.NewCollector(t)
	release := make(chan struct{})
	c.Fail(1, agenttest.Held(release))
	body := bodyOf(t, batchOf(1, "op"))
	answered := make(chan error, 1)
	h := client(t)
	go func() {
		_, err := do(t, h, "POST", c.Endpoint(), body, thriftType)
		answered <- err
	}()
	_, err := c.WaitRequests(testContext(t), 1)
	must(t, err)
	c.Reset()
	close(release)
	must(t, <-answered)
	if c.SpanCount() != 0 || c.RequestCount() != 0 {
		t.Errorf("got %d spans in %d requests, want none", c.SpanCount(), c.RequestCount())
	}
}

// Every method is used at once while requests come; the race detector is the judge, and no span may get lost.
func TestCollectorConcurrentUse(t *testing.T) {
	t.Parallel()
	const senders, each = 4, 10
	c := agenttest.NewCollector(t)
	h := client(t)
	body := bodyOf(t, batchOf(0, "op"))
	var wg sync.WaitGroup
	for range senders {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range each {
				if _, err := do(t, h, "POST", c.Endpoint(), body, thriftType); err != nil {
					t.Errorf("post: %v", err)
				}
				c.Batches()
				c.Requests()
				c.ZipkinSpans()
				c.Errors()
				c.Clients()
				c.Fail(1, agenttest.Status(500, nil, "").On("/nowhere"))
				c.ClearFaults()
			}
		}()
	}
	spans, err := c.WaitSpans(testContext(t), senders*each)
	wg.Wait()
	must(t, err)
	if len(spans) != senders*each || c.RequestCount() != senders*each {
		t.Errorf("got %d spans in %d requests, want %d in as many", len(spans), c.RequestCount(), senders*each)
	}
}
