// SPDX-License-Identifier: Apache-2.0

package agenttest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/apache/thrift/lib/go/thrift"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"
)

// client returns an HTTP client whose connections end with the test.
func client(tb testing.TB) *http.Client {
	transport := &http.Transport{DisableCompression: true}
	tb.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// reply is an answer to compare.
type reply struct {
	status int
	body   string
}

// do sends a request and reads the whole answer. A header is "key: value".
func do(tb testing.TB, c *http.Client, method, url string, body []byte, headers ...string) (reply, error) {
	tb.Helper()
	r, err := http.NewRequestWithContext(testContext(tb), method, url, bytes.NewReader(body))
	must(tb, err)
	for _, h := range headers {
		key, value, _ := strings.Cut(h, ": ")
		r.Header.Add(key, value)
	}
	response, err := c.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, string(got)}, err
}

// get asks and wants an answer.
func get(tb testing.TB, url string) reply {
	tb.Helper()
	got, err := do(tb, client(tb), http.MethodGet, url, nil)
	must(tb, err)
	return got
}

// bodyOf encodes a batch as HTTP clients send it.
func bodyOf(tb testing.TB, b *jaeger.Batch) []byte {
	tb.Helper()
	buf := thrift.NewTMemoryBuffer()
	must(tb, b.Write(context.Background(), strict.GetProtocol(buf)))
	return buf.Bytes()
}

func gzipped(tb testing.TB, data []byte) []byte {
	tb.Helper()
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	_, err := w.Write(data)
	must(tb, err)
	must(tb, w.Close())
	return buf.Bytes()
}
