// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/transport"
)

func to(code int, location string) func(int, http.ResponseWriter, *http.Request) {
	return func(_ int, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", location)
		w.WriteHeader(code)
	}
}

func TestRedirectsThatWouldGet(t *testing.T) {
	t.Parallel()
	target := newCollector(t, nil)
	for _, code := range []int{301, 302, 303} {
		c := newCollector(t, to(code, target.URL+"/elsewhere"))
		h, _ := newHTTP(t, c.URL)
		n, err := h.Send(context.Background(), spansWithIDs(1))
		if n != 0 || err == nil || !strings.Contains(err.Error(), target.URL+"/elsewhere") {
			t.Errorf("%d\n got: %d, %v\nwant: an error with the Location", code, n, err)
		}
		equal(t, "requests", len(c.got()), 1)
	}
	equal(t, "requests at the target", len(target.got()), 0)
}

func TestRedirectsThatPost(t *testing.T) {
	t.Parallel()
	for _, code := range []int{307, 308} {
		target := newCollector(t, nil)
		same := newCollector(t, func(_ int, w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/api/traces":
				to(code, "/next?q=1")(0, w, r)
			case "/next":
				to(code, strings.Replace(target.URL, "://", "://evil:x@", 1)+"/other")(0, w, r)
			}
		})
		h, _ := newHTTP(t, same.URL+"?token=secret", transport.WithBearerToken("abc"), transport.WithGzip(),
			transport.WithHTTPHeaders(map[string]string{"X-Api-Key": "key", "Cookie": "a=b"}))
		wantSent(t, h, spansWithIDs(3))
		all := append(same.got(), target.got()...)
		if len(all) != 3 {
			t.Fatalf("%d\n got: %d requests\nwant: 3", code, len(all))
		}
		for i, want := range []struct{ uri, auth, key, cookie string }{
			{"/api/traces?token=secret", "Bearer abc", "key", "a=b"}, {"/next?q=1", "Bearer abc", "key", "a=b"}, {"/other", "", "", ""},
		} {
			r := all[i]
			equal(t, "request", r.method+" "+r.uri, "POST "+want.uri)
			equal(t, "Authorization", r.header.Get("Authorization"), want.auth)
			equal(t, "X-Api-Key", r.header.Get("X-Api-Key"), want.key)
			equal(t, "Cookie", r.header.Get("Cookie"), want.cookie)
			equal(t, "Referer", r.header.Get("Referer"), "")
			equal(t, "Content-Type", r.header.Get("Content-Type"), "application/x-thrift")
			equal(t, "Content-Encoding", r.header.Get("Content-Encoding"), "gzip")
			sameBytes(t, "body", r.body, all[0].body)
		}
	}
}

func TestRedirectsWithoutEnd(t *testing.T) {
	t.Parallel()
	c := newCollector(t, to(307, "/api/traces"))
	h, f := newHTTP(t, c.URL)
	n, err := h.Send(context.Background(), spansWithIDs(1))
	if n != 0 || err == nil || !strings.Contains(err.Error(), "more than 5 redirects") || len(f.sleeps) != 0 {
		t.Errorf("got: %d, %v after %d pauses\nwant: more than 5 redirects at once", n, err, len(f.sleeps))
	}
	equal(t, "requests", len(c.got()), 6)
}

func TestRedirectIntoTheClear(t *testing.T) {
	t.Parallel()
	target := newCollector(t, nil)
	secure := httptest.NewTLSServer(http.RedirectHandler(target.URL, http.StatusTemporaryRedirect))
	defer secure.Close()
	h, f := newHTTP(t, secure.URL, transport.WithTLS(clientTLS(secure)))
	n, err := h.Send(context.Background(), spansWithIDs(1))
	var lost *transport.Error
	if n != 0 || !errors.As(err, &lost) || !strings.Contains(err.Error(), "https to http") || len(f.sleeps) != 0 {
		t.Errorf("got: %d, %v\nwant: an error at once", n, err)
	}
	equal(t, "requests in the clear", len(target.got()), 0)
}

func TestRedirectsToNowhere(t *testing.T) {
	t.Parallel()
	for _, location := range []string{"", "http://[::1", "ftp://127.0.0.1/", "http://127.0.0.1:1/" + strings.Repeat("x", 5000), "\x00"} {
		for _, code := range []int{300, 301, 304, 307, 308, 399} {
			c := newCollector(t, to(code, location))
			h, f := newHTTP(t, c.URL, transport.WithRetry(1))
			n, err := h.Send(context.Background(), spansWithIDs(1))
			if n != 0 || err == nil || len(f.sleeps) > 1 || len(err.Error()) > 800 {
				t.Errorf("%d to %.20q\n got: %d, %v\nwant: a short error", code, location, n, err)
			}
		}
	}
}
