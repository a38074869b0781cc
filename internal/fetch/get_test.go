// SPDX-License-Identifier: Apache-2.0

package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/internal/fetch"
)

// serve starts a server and returns how to ask it.
func serve(tb testing.TB, h http.HandlerFunc) (*httptest.Server, *fetch.Server) {
	tb.Helper()
	peer := httptest.NewServer(h)
	tb.Cleanup(peer.Close)
	s, err := fetch.NewServer("server", peer.URL+"/s", "", "shop", nil)
	if err != nil {
		tb.Fatal(err)
	}
	return peer, s
}

// forever writes until the client has had enough.
func forever(w http.ResponseWriter, text string) {
	text = strings.Repeat(text, 1<<13)
	for {
		if _, err := fmt.Fprint(w, text); err != nil {
			return
		}
	}
}

func TestGet(t *testing.T) {
	t.Parallel()
	_, s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Method, " ", r.RequestURI, " ", r.Header.Get("Accept"))
	})
	for _, test := range []struct {
		name string
		more url.Values
		want string
	}{
		{"plain", nil, "GET /s?service=shop application/json"},
		{"more", url.Values{"a": {"1", "2&"}}, "GET /s?service=shop&a=1&a=2%26 application/json"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got, err := s.Get(context.Background(), test.more); err != nil || string(got) != test.want {
				t.Errorf("got %s, %v, want %s", got, err, test.want)
			}
		})
	}
}

func TestGetFromBadServers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		handler http.HandlerFunc
		timeout time.Duration
		want    string // after the server's name
	}{
		{"500", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "sorry", 500) }, 0, `status 500: "sorry\n"`},
		{"304", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304) }, 0, `status 304: ""`},
		{"503 without end", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503); forever(w, "busy ") }, 0,
			`status 503: "busy busy `},
		{"no end", func(w http.ResponseWriter, _ *http.Request) { forever(w, "[] ") }, 0, "answer is longer than 1048576 bytes"},
		{"redirect to itself", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), http.StatusFound) }, 0,
			"more than 3 redirects"},
		{"redirect far away", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "gopher://"+strings.Repeat("x", 2000), http.StatusFound)
		}, 0, `unsupported protocol scheme "gopher"`},
		{"long headers", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X", strings.Repeat("x", 1<<20)) }, 0,
			"server response headers exceeded 16384 bytes"},
		{"hang", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, 100 * time.Millisecond,
			"context deadline exceeded"},
		{"slow body", func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, "[")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, 100 * time.Millisecond, "context deadline exceeded"},
		{"cut off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "9")
			fmt.Fprint(w, "[")
		}, 0, "after 1 bytes: unexpected EOF"},
		{"hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 0, "EOF"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			peer, s := serve(t, test.handler)
			ctx := context.Background()
			if test.timeout != 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, test.timeout)
				defer cancel()
			}
			body, err := s.Get(ctx, nil)
			if err == nil || body != nil || !strings.Contains(err.Error(), test.want) ||
				!strings.HasPrefix(err.Error(), "server "+peer.URL+"/s?service=shop: ") || len(err.Error()) > 500 {
				t.Errorf("got %.100q, %.1000v, want %s", body, err, test.want)
			}
		})
	}
}

func TestGetFollowsThreeRedirects(t *testing.T) {
	t.Parallel()
	_, s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if len(r.URL.Path) <= len("/s")+2 {
			http.Redirect(w, r, r.URL.Path+"x?"+r.URL.RawQuery, http.StatusFound)
			return
		}
		fmt.Fprint(w, r.RequestURI)
	})
	if got, err := s.Get(context.Background(), nil); err != nil || string(got) != "/sxxx?service=shop" {
		t.Errorf("got %s, %v, want /sxxx?service=shop", got, err)
	}
}

func TestGetHidesPasswords(t *testing.T) {
	t.Parallel()
	peer, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) })
	s, err := fetch.NewServer("server", strings.Replace(peer.URL, "//", "//me:secret@", 1), "", "shop", nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Get(context.Background(), nil)
	if err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "me:xxxxx@") {
		t.Errorf("got %v, want it without the password", err)
	}
}

func TestAbsent(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		code int
		body string
		want bool
	}{
		{"404", 404, "404 page not found", true},
		{"501", 501, "", true},
		{"agent of Jaeger 1", 500, "collector error: baggage not implemented", true},
		{"shouting", 500, "Not Implemented", true},
		{"500", 500, "out of memory", false},
		{"503", 503, "not implemented", false},
		{"401", 401, "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, s := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(test.code); fmt.Fprint(w, test.body) })
			_, err := s.Get(context.Background(), nil)
			err = fetch.Absent(err)
			var status *fetch.StatusError
			if got := errors.Is(err, fetch.ErrAbsent); got != test.want || !errors.As(err, &status) || status.Code != test.code {
				t.Errorf("got %v for %v, want %v and status %d", got, err, test.want, test.code)
			}
		})
	}
	if err := fetch.Absent(nil); err != nil {
		t.Errorf("got %v of no error, want nil", err)
	}
}

func TestShorten(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, s, want string }{
		{"short", "abc", "abc"},
		{"fits", strings.Repeat("a", 200), strings.Repeat("a", 200)},
		{"long", strings.Repeat("a", 201), strings.Repeat("a", 200) + "..."},
		{"rune", strings.Repeat("a", 199) + "ß", strings.Repeat("a", 199) + "..."},
		{"no runes", strings.Repeat("\x80", 300), strings.Repeat("\x80", 196) + "..."},
	} {
		if got := fetch.Shorten(test.s); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestBrief(t *testing.T) {
	t.Parallel()
	short := errors.New("short")
	if got := fetch.Brief(short); got != short {
		t.Errorf("got %v, want the error itself", got)
	}
	long := fmt.Errorf("%s: %w", strings.Repeat("x", 5000), short)
	if got := fetch.Brief(long); len(got.Error()) != 1003 || !errors.Is(got, short) {
		t.Errorf("got %d bytes, and %v that it wraps the cause, want 1003 and true", len(got.Error()), errors.Is(got, short))
	}
}
