// SPDX-License-Identifier: Apache-2.0

// Package zipkin sends spans to a Zipkin server over HTTP.
//
//	sender, err := zipkin.NewHTTPTransport("http://zipkin:9411/api/v1/spans")
//	if err != nil {
//		return err
//	}
//	tracer, closer := jaeger.NewTracer("checkout", sampler, jaeger.NewRemoteReporter(sender))
//
// What it promises: a URL whose path has /v2/ gets version 2 of Zipkin's format,
// as JSON; any other gets version 1, as Thrift. What a server does not take at
// once is tried again for half a minute; only an answer of 2xx is a success.
package zipkin

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
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
	logger   jaeger.Logger
	sender   house.Sender
	batch    batch.Batch
}

// HTTPBasicAuthCredentials are what HTTPBasicAuth is about. Nothing takes or
// returns them.
type HTTPBasicAuthCredentials struct{}

// HTTPOption configures NewHTTPTransport.
type HTTPOption func(c *HTTPTransport)

// HTTPLogger is accepted and not used: the reporter logs what is lost.
func HTTPLogger(logger jaeger.Logger) HTTPOption {
	return func(c *HTTPTransport) { c.logger = logger }
}

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

// NewHTTPTransport returns a transport to the server at url; one that makes no
// sense is an error.
func NewHTTPTransport(url string, options ...HTTPOption) (*HTTPTransport, error) {
	c := &HTTPTransport{}
	for _, option := range options {
		if option != nil {
			option(c)
		}
	}
	var err error
	if isSecond(url) {
		var z *house.Zipkin
		if z, err = house.NewZipkin(url, c.settings.Options(nil)...); err == nil {
			c.sender = z
		}
	} else {
		c.sender, err = newFirst(url, c.settings)
	}
	if err != nil {
		return nil, err
	}
	c.batch = c.settings.Batch(c.sender)
	return c, nil
}

// isSecond goes by the path alone.
func isSecond(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && strings.Contains(u.Path+"/", "/v2/")
}

var errNoURL = errors.New("want http://host:port/api/v1/spans, or https")

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
