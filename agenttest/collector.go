// SPDX-License-Identifier: Apache-2.0

package agenttest

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// Collector is a jaeger-collector on a loopback HTTP port. Its paths are those of Jaeger's own, and Zipkin's:
//
//   - POST /api/traces: a Batch of jaeger.thrift in Thrift binary, without a message around it, as application/x-thrift or
//     application/vnd.apache.thrift.binary;
//   - POST /api/v2/spans: a list of spans in Zipkin's JSON, version 2, as application/json.
//
// It answers 202 with an empty body to what it can decode, and 400 to what it cannot, which includes gzip unless
// WithGzip; 404, 405, 413 and, for another content type with Zipkin, 415 are as usual. Queries, such as
// ?format=jaeger.thrift, and credentials are not looked at: they are in Requests. StartCollector and NewCollector make one;
// the zero Collector is not usable.
type Collector struct {
	inbox
	server
	zipkin      []*ZipkinSpan // inbox.mu guards it and zipkinCount
	zipkinCount int
}

// NewCollector starts a collector that tb closes when the test ends. A failure to start is reported by tb.Fatalf.
func NewCollector(tb TB, opts ...Option) *Collector {
	tb.Helper()
	c, err := StartCollector(opts...)
	return ended(tb, c, err)
}

// StartCollector starts a collector. The caller must Close it. An error names the address that could not be used.
func StartCollector(opts ...Option) (*Collector, error) {
	s, err := configure(kindCollector, opts)
	if err != nil {
		return nil, err
	}
	c := &Collector{inbox: newInbox(kindCollector, "request", "failed", s)}
	c.server.watch, c.settings = &c.inbox.watch, s
	c.respond, c.refuse = c.take, c.reject
	if err := c.start(); err != nil {
		return nil, err
	}
	return c, nil
}

const (
	tracesPath = "/api/traces"
	zipkinPath = "/api/v2/spans"
)

// Endpoint returns the URL for Jaeger's spans, as JAEGER_ENDPOINT has it.
func (c *Collector) Endpoint() string { return c.URL() + tracesPath + "?format=jaeger.thrift" }

// ZipkinEndpoint returns the URL for Zipkin's spans.
func (c *Collector) ZipkinEndpoint() string { return c.URL() + zipkinPath }

// ZipkinSpans returns the Zipkin spans received, in order of arrival. The slice is the caller's; the spans are shared with
// every other caller and must not be changed. It is nil with WithCountOnly.
func (c *Collector) ZipkinSpans() []*ZipkinSpan {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.zipkin)
}

// ZipkinSpanCount returns the number of Zipkin spans received, kept or not.
func (c *Collector) ZipkinSpanCount() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.zipkinCount
}

// WaitZipkinSpans is WaitSpans for Zipkin spans.
func (c *Collector) WaitZipkinSpans(ctx context.Context, n int) ([]*ZipkinSpan, error) {
	err := c.Wait(ctx, func() bool { return c.ZipkinSpanCount() >= n })
	if err != nil {
		c.mu.Lock()
		got := fmt.Sprintf("%d in %s", c.zipkinCount, c.tally())
		c.mu.Unlock()
		err = c.short(err, "want %d Zipkin spans, got %s", n, got)
	}
	return c.ZipkinSpans(), err
}

// Reset forgets all results, those of requests on their way included. Faults stay as they are. The sequence numbers of known
// clients go on where they were.
func (c *Collector) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.restart()
	c.forget()
	c.zipkin, c.zipkinCount = nil, 0
	c.notify()
}

// take is the collector's server.respond.
func (c *Collector) take(r *http.Request, body []byte) (answer, func()) {
	if r.URL.Path != tracesPath && r.URL.Path != zipkinPath {
		return refusal(http.StatusNotFound, "there is nothing at this path"), nil
	}
	if r.Method != http.MethodPost {
		return refusal(http.StatusMethodNotAllowed, "the method must be POST"), nil
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return refusal(http.StatusBadRequest, "content type %.64q: %v", r.Header.Get("Content-Type"), err), nil
	}
	size := len(body)
	body, problem := c.unpack(r.Header.Values("Content-Encoding"), body)
	if problem.status != 0 {
		return problem, nil
	}
	accepted := answer{status: http.StatusAccepted}
	if r.URL.Path == zipkinPath {
		if kind != "application/json" {
			return refusal(http.StatusUnsupportedMediaType, "content type %.64q: want application/json", kind), nil
		}
		spans, err := decodeZipkin(body)
		if err != nil {
			return refusal(http.StatusBadRequest, "cannot decode the body: %v", err), nil
		}
		return accepted, func() {
			c.results.units++
			c.zipkinCount += len(spans)
			if c.keeps(size) {
				c.zipkin = append(c.zipkin, spans...)
			}
		}
	}
	if kind != "application/x-thrift" && kind != "application/vnd.apache.thrift.binary" {
		return refusal(http.StatusBadRequest, "content type %.64q: want application/x-thrift", kind), nil
	}
	batch, err := decodeBatch(body)
	if err != nil {
		return refusal(http.StatusBadRequest, "cannot decode the body: %v", err), nil
	}
	return accepted, func() { c.accept(batch, size) }
}

// unpack undoes gzip, within the limit for bodies.
func (c *Collector) unpack(encodings []string, body []byte) ([]byte, answer) {
	switch encoding := strings.ToLower(strings.Join(encodings, ",")); {
	case encoding == "" || encoding == "identity":
		return body, answer{}
	case encoding != "gzip" || !c.settings.gzip:
		return nil, refusal(http.StatusBadRequest, "content encoding %.64q is not accepted", encoding)
	}
	unzip, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, refusal(http.StatusBadRequest, "gzip: %v", err)
	}
	limit := c.settings.bodyLimit
	body, err = io.ReadAll(io.LimitReader(unzip, int64(limit)+1))
	switch {
	case err != nil:
		return nil, refusal(http.StatusBadRequest, "gzip: %v", err)
	case len(body) > limit:
		return nil, refusal(http.StatusRequestEntityTooLarge, "the body has more than %d bytes after gzip", limit)
	}
	return body, answer{}
}
