// SPDX-License-Identifier: Apache-2.0

// Package transport sends spans to a collector over HTTP.
//
//	sender := transport.NewHTTPTransport("http://collector:14268/api/traces",
//		transport.HTTPBasicAuth("user", "secret"))
//	tracer, closer := jaeger.NewTracer("checkout", sampler, jaeger.NewRemoteReporter(sender))
//
// What it promises: what a collector does not take at once is tried again for
// half a minute; only an answer of 2xx is a success. A remote reporter sends
// through github.com/jaegerkit/jaeger/transport, and calls neither Append nor
// Flush.
package transport

import (
	"maps"
	"net/http"
	"time"

	house "github.com/jaegerkit/jaeger/transport"
	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/internal/batch"
	"github.com/uber/jaeger-client-go/internal/client"
	"github.com/uber/jaeger-client-go/internal/native"
)

// HTTPTransport implements jaeger.Transport. Append and Flush are for those who
// call it themselves, on one goroutine. The zero value loses every span.
type HTTPTransport struct {
	settings client.Settings
	headers  map[string]string
	sender   house.Sender
	batch    batch.Batch
}

// HTTPBasicAuthCredentials are what HTTPBasicAuth is about. Nothing takes or
// returns them.
type HTTPBasicAuthCredentials struct{}

// HTTPOption configures NewHTTPTransport.
type HTTPOption func(c *HTTPTransport)

// HTTPTimeout bounds one request; default 5 seconds, also for 0 and less.
func HTTPTimeout(duration time.Duration) HTTPOption {
	return func(c *HTTPTransport) { c.settings.Timeout = duration }
}

// HTTPBatchSize sets how many spans a request holds at most; default 100, and 1
// for less than that.
func HTTPBatchSize(n int) HTTPOption {
	return func(c *HTTPTransport) { c.settings.BatchSize = max(n, 1) }
}

// HTTPBasicAuth sends a user and password with each request.
func HTTPBasicAuth(username string, password string) HTTPOption {
	return func(c *HTTPTransport) { c.settings.User, c.settings.Password = username, password }
}

// HTTPRoundTripper replaces the connections by the program's own; nil keeps them.
func HTTPRoundTripper(transport http.RoundTripper) HTTPOption {
	return func(c *HTTPTransport) { c.settings.RoundTripper = transport }
}

// HTTPHeaders adds headers to each request; those that describe how the body
// travels are left out. The map is copied.
func HTTPHeaders(headers map[string]string) HTTPOption {
	return func(c *HTTPTransport) { c.headers = maps.Clone(headers) }
}

// NewHTTPTransport returns a transport to the collector at url. Where there is no
// path, /api/traces is added. With a URL or setting that makes no sense every
// span is lost, for a reason that the reporter logs.
func NewHTTPTransport(url string, options ...HTTPOption) *HTTPTransport {
	c := &HTTPTransport{}
	for _, option := range options {
		if option != nil {
			option(c)
		}
	}
	sender, err := house.NewHTTP(url, c.settings.Options(c.headers)...)
	if err != nil {
		c.sender = client.Failing{Err: err}
	} else {
		c.sender = sender
	}
	c.batch = c.settings.Batch(c.sender)
	return c
}

// NativeSender is for package jaeger.
func (c *HTTPTransport) NativeSender(self any) house.Sender {
	if c == nil || self != any(c) {
		return nil
	}
	if c.sender == nil {
		return client.Failing{Err: client.ErrNotMade}
	}
	return c.sender
}

// Append takes a span, and sends what there is when that is a batch.
func (c *HTTPTransport) Append(span *jaeger.Span) (int, error) {
	if c == nil || c.sender == nil {
		return 1, client.ErrNotMade
	}
	return c.batch.Append(native.ExportRecord(span))
}

// Flush sends what there is.
func (c *HTTPTransport) Flush() (int, error) {
	if c == nil || c.sender == nil {
		return 0, nil
	}
	return c.batch.Flush()
}

// Close ends the connections. Several calls are fine.
func (c *HTTPTransport) Close() error {
	if c == nil || c.sender == nil {
		return nil
	}
	return c.sender.Close()
}
