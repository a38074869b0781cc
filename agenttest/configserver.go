// SPDX-License-Identifier: Apache-2.0

package agenttest

import (
	"context"
	"fmt"
	"net/http"
)

// ConfigServer is what a jaeger-agent serves over HTTP at port 5778, on a loopback port:
//
//   - /sampling, and /api/sampling as on a collector: a service's strategy, with strategyType as a string;
//   - / : the same with strategyType as a number, as the first agents had it;
//   - /baggageRestrictions: the list of a service, or 500 where none is set, as Jaeger 1 answers;
//   - /credits: credits for debug spans, or 404 where none were ever set, as Jaeger 1 answers.
//
// Each takes GET with exactly one parameter service. What is set for the service "" holds for all that have nothing of their
// own; a service without any strategy gets Jaeger's default, probabilistic with rate 0.001. With WithJaegerV2, every path
// answers as /sampling does. StartConfigServer and NewConfigServer make one; the zero ConfigServer is not usable.
type ConfigServer struct {
	watch
	server
	// watch.mu guards what follows. By service; Reset does not forget it.
	strategies   map[string]strategy
	restrictions map[string][]BaggageRestriction
	credits      map[string]map[string]float64 // by service, then operation
}

// NewConfigServer starts a config server that tb closes when the test ends. A failure to start is reported by tb.Fatalf.
func NewConfigServer(tb TB, opts ...Option) *ConfigServer {
	tb.Helper()
	c, err := StartConfigServer(opts...)
	return ended(tb, c, err)
}

// StartConfigServer starts a config server. The caller must Close it. An error names the address that could not be used.
func StartConfigServer(opts ...Option) (*ConfigServer, error) {
	s, err := configure(kindConfig, opts)
	if err != nil {
		return nil, err
	}
	c := &ConfigServer{
		watch:        watch{kind: kindConfig, done: make(chan struct{})},
		strategies:   make(map[string]strategy),
		restrictions: make(map[string][]BaggageRestriction),
		credits:      make(map[string]map[string]float64),
	}
	c.server.watch, c.settings = &c.watch, s
	c.respond = c.serveConfig
	c.refuse = func(where string, err error) { c.note(fmt.Errorf("%s: %w", where, err)) }
	if err := c.start(); err != nil {
		return nil, err
	}
	return c, nil
}

// SamplingURL returns the URL of /sampling, to which clients add ?service=.
func (c *ConfigServer) SamplingURL() string { return c.URL() + "/sampling" }

// Reset forgets requests and errors. Strategies, restrictions, credits and faults stay as they are.
func (c *ConfigServer) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forget()
	c.errs, c.failed = nil, 0
	c.notify()
}

// Query is a request to a config server, as far as its paths give it a meaning.
type Query struct {
	Path       string
	Service    string
	UUID       string   // /credits: the client's
	Operations []string // /credits: asked for, in that order
	Status     int      // what was answered; 0 if nothing was, or not yet
}

// Queries returns the requests for path, or all with "", in the order of arrival; of the first 10,000 since the start or
// the latest Reset.
func (c *ConfigServer) Queries(path string) []Query {
	var list []Query
	for _, r := range c.Requests() {
		if path == "" || r.Path == path {
			list = append(list, Query{r.Path, r.Query.Get("service"), r.Query.Get("uuid"), r.Query["operations"], r.Status})
		}
	}
	return list
}

// WaitQueries returns what Queries does as soon as there are n or more, answered or not. When ctx ends or the server is
// closed before that, it returns those that did come and an error that says how many and wraps ctx's error.
func (c *ConfigServer) WaitQueries(ctx context.Context, path string, n int) ([]Query, error) {
	var list []Query
	err := c.Wait(ctx, func() bool {
		list = c.Queries(path)
		return len(list) >= n
	})
	if err != nil {
		err = c.short(err, "want %d queries for %q, got %d", n, path, len(list))
	}
	return list, err
}

// serveConfig is the config server's server.respond.
func (c *ConfigServer) serveConfig(r *http.Request, _ []byte) (answer, func()) {
	path, query := r.URL.Path, r.URL.Query()
	if c.settings.v2 {
		path = "/sampling"
	}
	var tell func(service string) answer
	switch path {
	case "/sampling", "/api/sampling":
		tell = func(service string) answer { return c.sampling(service, false) }
	case "/":
		tell = func(service string) answer { return c.sampling(service, true) }
	case "/baggageRestrictions":
		tell = c.baggage
	case "/credits":
		tell = func(service string) answer { return c.handOut(service, query["operations"]) }
	default:
		return refusal(http.StatusNotFound, "404 page not found"), nil
	}
	if r.Method != http.MethodGet {
		return refusal(http.StatusMethodNotAllowed, "the method must be GET"), nil
	}
	if services := query["service"]; len(services) != 1 || services[0] == "" {
		return refusal(http.StatusBadRequest, "'service' parameter must be provided once"), nil
	}
	return tell(query.Get("service")), nil
}
