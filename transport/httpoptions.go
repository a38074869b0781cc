// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// HTTPOption sets up an HTTP or a Zipkin transport.
type HTTPOption interface{ applyHTTP(*httpOptions) error }

type httpOption func(*httpOptions) error

func (o httpOption) applyHTTP(h *httpOptions) error { return o(h) }

func (o LoggerOption) applyHTTP(h *httpOptions) error {
	h.d.log.to = o.to
	return nil
}

// httpOptions is a transport in the making.
type httpOptions struct {
	d     *delivery
	auth  []string // the options that set Authorization
	value string   // of Authorization
	tls   *tls.Config
	trip  http.RoundTripper
}

// WithBasicAuth sends a user and password with each request; the password may
// be empty. It goes before those in the URL.
func WithBasicAuth(user, password string) HTTPOption {
	return httpOption(func(h *httpOptions) error {
		if user == "" || strings.Contains(user, ":") || hasControl(user) || hasControl(password) {
			return errors.New("basic auth: want a user without a colon, and no control characters")
		}
		req := http.Request{Header: http.Header{}}
		req.SetBasicAuth(user, password)
		h.auth, h.value = append(h.auth, "basic auth"), req.Header.Get("Authorization")
		return nil
	})
}

// WithBearerToken sends "Authorization: Bearer token" with each request.
func WithBearerToken(token string) HTTPOption {
	return httpOption(func(h *httpOptions) error {
		if token == "" || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return errors.New("bearer token: want one without spaces and special characters")
		}
		h.auth, h.value = append(h.auth, "bearer token"), "Bearer "+token
		return nil
	})
}

// WithHTTPHeaders adds headers to each request. They go before the transport's
// own, Content-Type included; Host names the virtual host. Those that describe
// how the body travels are refused. The map is copied.
func WithHTTPHeaders(headers map[string]string) HTTPOption {
	return httpOption(func(h *httpOptions) error {
		var errs []error
		for _, name := range slices.Sorted(maps.Keys(headers)) {
			value := headers[name]
			key := http.CanonicalHeaderKey(name)
			switch {
			case !isToken(name):
				errs = append(errs, fmt.Errorf("http header %s: not a header's name", quoteShort(name, 64)))
			case hasControl(value):
				errs = append(errs, fmt.Errorf("http header %s: its value has control characters", quoteShort(name, 64)))
			case ownHeader[key]:
				errs = append(errs, fmt.Errorf("http header %q: set by the transport only", name))
			case key == "Authorization":
				h.auth, h.value = append(h.auth, "http header Authorization"), value
			default:
				h.d.post.header.Set(key, value)
			}
		}
		return errors.Join(errs...)
	})
}

var ownHeader = map[string]bool{
	"Content-Length": true, "Content-Encoding": true, "Transfer-Encoding": true, "Trailer": true, "Connection": true, "Expect": true,
}

// WithTLS sets how a https collector is spoken to: see TLSFiles. The
// configuration is copied. It does not go together with WithRoundTripper.
func WithTLS(c *tls.Config) HTTPOption {
	return httpOption(func(h *httpOptions) error {
		h.tls = c.Clone()
		return nil
	})
}

// WithRoundTripper replaces the HTTP connections by the caller's, such as an
// http.Transport that other parts of a program use, too. Close leaves its idle
// connections alone.
func WithRoundTripper(r http.RoundTripper) HTTPOption {
	return httpOption(func(h *httpOptions) error {
		if r == nil {
			return errors.New("round tripper: want one")
		}
		h.trip = r
		return nil
	})
}

// WithTimeout sets how long one try may take, 5 seconds by default: connecting,
// TLS, the body and the answer's headers.
func WithTimeout(d time.Duration) HTTPOption {
	return httpOption(func(h *httpOptions) error {
		if d <= 0 {
			return fmt.Errorf("timeout %v: want more than 0", d)
		}
		h.d.post.timeout = d
		return nil
	})
}

// WithRetry sets how long after the first try of a request further ones may
// begin, 30 seconds by default; 0 is for a single try. The pauses between tries
// are random, up to 250 ms at first and up to 8 s later, and no shorter than the
// collector's Retry-After, as long as the budget allows.
func WithRetry(budget time.Duration) HTTPOption {
	return httpOption(func(h *httpOptions) error {
		if budget < 0 {
			return fmt.Errorf("retry budget %v: want 0 or more", budget)
		}
		h.d.post.budget = budget
		return nil
	})
}

// WithBatchSize sets how many spans a request holds at most, 1000 by default:
// of common spans, as much as WithMaxRequestSize allows. Smaller requests cost
// more of both sides' time for each span; a request that is lost takes all of
// its spans with it.
func WithBatchSize(spans int) HTTPOption {
	return httpOption(func(h *httpOptions) error {
		if spans < 1 {
			return fmt.Errorf("batch size %d: want at least 1 span", spans)
		}
		h.d.spans = spans
		return nil
	})
}

// WithMaxRequestSize sets how many bytes a body may have before compression,
// 65536 to 1 GiB. The default is 1 MiB, which is what a proxy such as nginx takes
// if not told otherwise, and 4 MiB for the body of a single span. Set here, the
// bound holds for single spans, too.
func WithMaxRequestSize(bytes int) HTTPOption {
	return httpOption(func(h *httpOptions) error {
		if bytes < minRequestSize || bytes > maxRequestSize {
			return fmt.Errorf("max request size %d: want %d to %d bytes", bytes, minRequestSize, maxRequestSize)
		}
		h.d.fill, h.d.most = bytes, bytes
		return nil
	})
}

// WithGzip compresses bodies. It is off by default because a collector of Jaeger
// v1 does not take it at /api/traces: it reads the compressed bytes as Thrift
// and answers 400. Jaeger v2, OpenTelemetry Collectors and Zipkin do take it.
func WithGzip() HTTPOption {
	return httpOption(func(h *httpOptions) error {
		h.d.post.zip = gzip.NewWriter(nil)
		return nil
	})
}

// setUp makes d ready for spans of one form.
func (d *delivery) setUp(endpoint, defaultPath string, f form, opts []HTTPOption) error {
	u, err := parseEndpoint(endpoint, defaultPath)
	errs := []error{err}
	d.form, d.log = f, quiet{now: time.Now}
	d.spans, d.fill, d.most = defaultBatchSpans, defaultRequestSize, defaultLargest
	p := &d.post
	*p = post{url: u, header: http.Header{}, timeout: defaultTimeout, budget: defaultBudget,
		log: &d.log, idle: func() {}, now: time.Now, sleep: pause, jitter: rand.Int64N}
	p.header.Set("Content-Type", f.contentType())
	p.header.Set("User-Agent", "jaegerkit-go")
	h := &httpOptions{d: d}
	for _, o := range opts {
		if o != nil {
			errs = append(errs, o.applyHTTP(h))
		}
	}
	if len(h.auth) > 1 {
		errs = append(errs, fmt.Errorf("%s: want one of them", strings.Join(h.auth, " and ")))
	}
	if h.tls != nil && h.trip != nil {
		errs = append(errs, errors.New("tls settings and a round tripper: want one of them"))
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	if user := u.User; user != nil {
		password, _ := user.Password()
		if u.User = nil; h.value == "" {
			if err := WithBasicAuth(user.Username(), password).applyHTTP(h); err != nil {
				return fmt.Errorf("url: %w", err)
			}
		}
	}
	if h.value != "" {
		p.header.Set("Authorization", h.value)
	}
	if p.zip != nil {
		p.header.Set("Content-Encoding", "gzip")
	}
	if h.trip == nil {
		t := connections(h.tls)
		h.trip, p.idle = t, t.CloseIdleConnections
	}
	p.client = &http.Client{Transport: h.trip, CheckRedirect: p.follow}
	p.closing, p.cancel = context.WithCancel(context.Background())
	return nil
}

// connections is net/http's default transport, but for one peer and for
// answers of which nothing is kept.
func connections(c *tls.Config) *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    1,
		MaxIdleConns:           maxRedirects,
		IdleConnTimeout:        90 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		TLSClientConfig:        c,
		DisableCompression:     true,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

// isToken reports whether s is a name as RFC 9110 has it.
func isToken(s string) bool {
	const special = "!#$%&'*+-.^_`|~"
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r|0x20 < 'a' || r|0x20 > 'z') && !strings.ContainsRune(special, r)
	})
}
