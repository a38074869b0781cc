// SPDX-License-Identifier: Apache-2.0

package sampler

import (
	"context"
	"net/http"

	"github.com/jaegerkit/jaeger/internal/fetch"
)

// Fetcher asks for the strategy and returns the answer, in the JSON of Jaeger's
// sampling servers; at most 1 MiB of it is accepted. It is called by one
// goroutine at a time and must return soon after ctx ends. The bytes are not
// used after the next call.
type Fetcher func(ctx context.Context) ([]byte, error)

// NewHTTPFetcher returns what NewRemote asks with where nothing else is set:
// server as for WithServer, and a client of its own if that is nil. It is for
// those who make something else of the answers.
func NewHTTPFetcher(server, service string, client *http.Client) (Fetcher, error) {
	s, err := samplingServer(server, service, client)
	if err != nil {
		return nil, err
	}
	return httpFetcher(s), nil
}

// samplingServer is asked through client, or one of its own if that is nil.
func samplingServer(address, service string, client *http.Client) (*fetch.Server, error) {
	return fetch.NewServer("sampling server", address, "/sampling", service, client)
}

func httpFetcher(s *fetch.Server) Fetcher {
	return func(ctx context.Context) ([]byte, error) { return s.Get(ctx, nil) }
}

// shorten cuts text that goes into an error or a log line.
func shorten(s string) string { return fetch.Shorten(s) }
