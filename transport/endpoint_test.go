// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/transport"
)

func TestConstructors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ url, want string }{
		{"http://collector", "http://collector/api/traces"},
		{"http://collector:14268/", "http://collector:14268/api/traces"},
		{"HTTPS://Collector:14268/jaeger/api/traces?format=jaeger.thrift#frag", "https://Collector:14268/jaeger/api/traces?format=jaeger.thrift"},
		{"http://u:p@[::1]:14268", "http://[::1]:14268/api/traces"},
		{"http://[fe80::1%25eth0]/", "http://[fe80::1%25eth0]/api/traces"},
	} {
		h, err := transport.NewHTTP(test.url)
		if err != nil {
			t.Errorf("%q: %v", test.url, err)
			continue
		}
		equal(t, test.url, h.URL(), test.want)
		h.Close()
	}
	z, err := transport.NewZipkin("http://zipkin:9411")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "zipkin", z.URL(), "http://zipkin:9411/api/v2/spans")
	z.Close()
	for _, url := range []string{"", "collector", "collector:14268", "localhost:14268/api/traces", "//collector", "/api/traces", "http:", "http://",
		"http:///api/traces", "http://:14268", "http://h:0", "http://h:70000", "http://h:x", "udp://h:1", "http:h", "http://h\n", " http://h", "http://%zz",
		"http://u:hunter2@", "http://u:hunter2/x@h", "http://u:hunter2@h:x", "http://u:hunter2%zz@h", "u:hunter2@h", strings.Repeat("x", 10_000), "http://u%00:x@h", "http://:p@h", "u:hunter2//x@h", "u:hunter2://x@h"} {
		h, err := transport.NewHTTP(url)
		if h != nil || err == nil || !strings.HasPrefix(err.Error(), "http transport: url") || strings.Contains(err.Error(), "hunter2") || len(err.Error()) > 400 {
			t.Errorf("%.50q\n got: %v, %v\nwant: a short error without the password", url, h, err)
		}
	}
}

func TestBadHTTPOptions(t *testing.T) {
	t.Parallel()
	h, err := transport.NewZipkin("ftp://x",
		transport.WithBasicAuth("", "hunter2"), transport.WithBasicAuth("a:b", ""), transport.WithBearerToken(""), transport.WithBearerToken("hunter2\n"),
		transport.WithHTTPHeaders(map[string]string{"": "hunter2", "a b": "1", "ok": "x\r\nhunter2: 1", "Content-Length": "1", "transfer-encoding": "x", "é": "1"}),
		transport.WithRoundTripper(nil), transport.WithTimeout(0), transport.WithRetry(-1), transport.WithBatchSize(0), transport.WithMaxRequestSize(1),
		transport.WithMaxRequestSize(2<<30-1), transport.WithBearerToken("a"), transport.WithHTTPHeaders(map[string]string{"authorization": "b"}))
	if h != nil || err == nil {
		t.Fatal("got: no error")
	}
	for _, want := range []string{"zipkin transport: url \"ftp://x\"", "basic auth: want", "bearer token: want", `http header ""`, `http header "a b"`, `http header "ok"`,
		`http header "Content-Length"`, `http header "transfer-encoding"`, `http header "é"`, "round tripper", "timeout 0s", "retry budget -1ns", "batch size 0",
		"max request size 1:", "max request size 2147483647", "bearer token and http header Authorization"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got: %v\nwant: %q in it", err, want)
		}
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a secret in: %v", err)
	}
	trip := roundTrip(nil)
	if _, err := transport.NewHTTP("http://x", transport.WithTLS(clientTLS(tlsCollector(t, nil))), transport.WithRoundTripper(trip)); err == nil {
		t.Error("got: TLS settings with a round tripper\nwant: an error")
	}
	if _, err := transport.NewHTTP("http://x", transport.WithTLS(nil), transport.WithLogger(nil)); err != nil {
		t.Error(err)
	}
}

func FuzzEndpoint(f *testing.F) {
	for _, s := range []string{"http://collector:14268/api/traces", "https://u:p@[::1%25x]:1/?q", "http://h:99999", "http://\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h, err := transport.NewHTTP(s)
		if err != nil {
			return
		}
		defer h.Close()
		again, err := transport.NewHTTP(h.URL())
		if err != nil {
			t.Fatalf("%q\n got: %v\nwant: %q read back", s, err, h.URL())
		}
		defer again.Close()
		equal(t, fmt.Sprintf("%q", s), again.URL(), h.URL())
	})
}
