// SPDX-License-Identifier: Apache-2.0

// Package client has what the transports over HTTP share.
//
//	s := client.Settings{Timeout: time.Second}
//	sender, err := transport.NewHTTP(url, s.Options(nil)...)
//
// What it promises: settings that the old client took are taken, or left out
// where nothing sensible can be made of them.
package client

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
	"github.com/uber/jaeger-client-go/internal/batch"
)

// Defaults.
const (
	DefaultTimeout   = 5 * time.Second
	DefaultBatchSize = 100         // spans
	FlushTimeout     = time.Minute // of an Append or Flush that is called directly
)

// ErrNotMade is why a transport that was not made by its function sends nothing.
var ErrNotMade = errors.New("transport was not made by NewHTTPTransport")

// Settings are the options of NewHTTPTransport. The zero value is the defaults.
type Settings struct {
	Timeout        time.Duration
	BatchSize      int
	User, Password string
	RoundTripper   http.RoundTripper
}

var aboutTheBody = map[string]bool{
	"Content-Length": true, "Content-Encoding": true, "Transfer-Encoding": true, "Trailer": true, "Connection": true, "Expect": true,
}

// Options are those of the library. Basic auth goes before a header Authorization.
func (s Settings) Options(headers map[string]string) []transport.HTTPOption {
	opts := []transport.HTTPOption{transport.WithTimeout(s.RequestTimeout()), transport.WithBatchSize(s.Spans())}
	if s.User != "" {
		opts = append(opts, transport.WithBasicAuth(s.User, s.Password))
	}
	if s.RoundTripper != nil {
		opts = append(opts, transport.WithRoundTripper(s.RoundTripper))
	}
	kept := maps.Clone(headers)
	maps.DeleteFunc(kept, func(name, _ string) bool {
		key := http.CanonicalHeaderKey(name)
		return aboutTheBody[key] || s.User != "" && key == "Authorization"
	})
	return append(opts, transport.WithHTTPHeaders(kept))
}

// RequestTimeout is Timeout or its default.
func (s Settings) RequestTimeout() time.Duration {
	if s.Timeout <= 0 {
		return DefaultTimeout
	}
	return s.Timeout
}

// Spans is BatchSize or its default.
func (s Settings) Spans() int {
	if s.BatchSize <= 0 {
		return DefaultBatchSize
	}
	return s.BatchSize
}

// Batch gathers spans for sender.
func (s Settings) Batch(sender transport.Sender) batch.Batch {
	return batch.Batch{Sender: sender, Size: s.Spans(), Timeout: FlushTimeout}
}

// Failing is a transport.Sender that loses every span for one reason.
type Failing struct{ Err error }

// Send implements transport.Sender.
func (f Failing) Send(context.Context, *model.Batch) (int, error) { return 0, f.Err }

// Close implements transport.Sender.
func (f Failing) Close() error { return nil }
