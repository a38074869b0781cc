// SPDX-License-Identifier: Apache-2.0

package fetch_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/internal/fetch"
)

func serverURL(address, service string) (string, error) {
	s, err := fetch.NewServer("sampling server", address, "/sampling", service, nil)
	if err != nil {
		return "", err
	}
	return s.URL(), nil
}

func TestServerURL(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, server, service, want string }{
		{"default", "http://127.0.0.1:5778/sampling", "shop", "http://127.0.0.1:5778/sampling?service=shop"},
		{"service to escape", "http://host/s", "a b&c=é/ß?", "http://host/s?service=a+b%26c%3D%C3%A9%2F%C3%9F%3F"},
		{"query", "http://host/s?key=1&tenant=a+b", "shop", "http://host/s?key=1&service=shop&tenant=a+b"},
		{"empty query", "http://host/s?", "shop", "http://host/s?service=shop"},
		{"only one service", "http://host/s?service=a&service=b", "shop", "http://host/s?service=shop"},
		{"no path", "http://host:5778", "shop", "http://host:5778?service=shop"},
		{"collector", "https://collector:14268/api/sampling", "shop", "https://collector:14268/api/sampling?service=shop"},
		{"credentials", "https://me:secret@host/s", "shop", "https://me:secret@host/s?service=shop"},
		{"fragment", "http://host/s#part", "shop", "http://host/s?service=shop#part"},
		{"host:port", "agent:5778", "shop", "http://agent:5778/sampling?service=shop"},
		{"host:port/path", "agent:5778/", "shop", "http://agent:5778/?service=shop"},
		{"IPv6 host:port", "[::1]:5778", "shop", "http://[::1]:5778/sampling?service=shop"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got, err := serverURL(test.server, test.service); err != nil || got != test.want {
				t.Errorf("got %s, %v, want %s", got, err, test.want)
			}
		})
	}
}

func TestBadServerURL(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, server, want string }{
		{"empty", "", `sampling server "": want an http or https URL with a host, or host:port`},
		{"host only", "agent", `sampling server "agent": want host:port, or an http or https URL`},
		{"port only", ":5778", `sampling server ":5778": want an http or https URL with a host`},
		{"no port", "agent:", `sampling server "agent:": want host:port`},
		{"port is a word", "agent:port", `sampling server "agent:port": invalid port ":port" after host`},
		{"IPv6 without brackets", "::1:5778", `sampling server "::1:5778": `},
		{"scheme", "ftp://host/s", `sampling server "ftp://host/s": want an http or https URL with a host`},
		{"no host", "http:///s", `sampling server "http:///s": want an http or https URL with a host`},
		{"control character", "http://host/\n", `sampling server "http://host/\n": net/url: invalid control character in URL`},
		{"query", "http://host/s?a;b", `sampling server "http://host/s?a;b": query: invalid semicolon separator in query`},
		{"long", "http://host:" + strings.Repeat("x", 1<<20), `xxx...": `},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := serverURL(test.server, "shop")
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %q, %.300v, want %s", got, err, test.want)
			}
		})
	}
}

// TestBadServerURLHidesPassword: errors of a bad setting are logged and shown.
func TestBadServerURLHidesPassword(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, server, want string }{
		{"escape in path", "http://me:s3cret@host/%zz", `sampling server "http://...@host/%zz": malformed`},
		{"escape in password", "http://me:s3cret%@host/", `sampling server "http://...@host/": malformed`},
		{"sign in password", "http://me:s3cret#x@host/", `sampling server "http://...@host/": malformed`},
		{"query", "http://me:s3cret@host/s?a;b", `sampling server "http://...@host/s?a;b": query: invalid semicolon separator in query`},
		{"scheme", "ftp://me:s3cret@host", `sampling server "ftp://...@host": want an http or https URL with a host, or host:port`},
		{"no scheme", "me:s3cret@agent", `sampling server "...@agent": want host:port, or an http or https URL`},
		{"slash in password", "me:s3cret//x@agent", `sampling server "...@agent": malformed`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got, err := serverURL(test.server, "shop"); err == nil || err.Error() != test.want {
				t.Errorf("got %q, %v, want %s", got, err, test.want)
			}
		})
	}
}

// FuzzServerURL: whatever is accepted asks an HTTP server for this service.
func FuzzServerURL(f *testing.F) {
	f.Add("http://127.0.0.1:5778/sampling", "shop")
	f.Add("http://host/s?key=1&service=x#part", "a b&c=é")
	f.Add("[::1]:5778", "\x00\xff;")
	f.Add("host:1/?%", "")
	f.Fuzz(func(t *testing.T, server, service string) {
		text, err := serverURL(server, service)
		if err != nil {
			return
		}
		u, err := url.Parse(text)
		if err != nil {
			t.Fatalf("%q: got %q: %v", server, text, err)
		}
		if got := u.Query()["service"]; len(got) != 1 || got[0] != service {
			t.Errorf("%q: got %q for service %q", server, text, service)
		}
		if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
			t.Errorf("%q: got %q, want http and a host", server, text)
		}
		if again, err := serverURL(text, service); err != nil || again != text {
			t.Errorf("%q: got %q, and from that %q, %v", server, text, again, err)
		}
	})
}

// TestClientMindsNoProxy: an agent beside the service is not asked through the
// proxy that the environment has for the outside.
func TestClientMindsNoProxy(t *testing.T) {
	t.Parallel()
	if transport := fetch.NewClient().Transport.(*http.Transport); transport.Proxy != nil {
		t.Error("got a proxy, want none")
	}
}
