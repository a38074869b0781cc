// SPDX-License-Identifier: Apache-2.0

package sampler

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// Fetcher asks for the strategy and returns the answer, in the JSON of Jaeger's
// sampling servers; at most 1 MiB of it is accepted. It is called by one
// goroutine at a time and must return soon after ctx ends. The bytes are not
// used after the next call.
type Fetcher func(ctx context.Context) ([]byte, error)

// samplingURL makes the address to ask from what the user gave: a URL, with or
// without a query of its own, or host:port.
func samplingURL(server, service string) (*url.URL, error) {
	text, short := server, !strings.Contains(server, "://")
	if short {
		text = "http://" + server
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("sampling server %q: %w", shorten(server), brief(errors.Unwrap(err)))
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, fmt.Errorf("sampling server %q: want an http or https URL with a host, or host:port", shorten(server))
	}
	if short {
		if _, port, err := net.SplitHostPort(u.Host); err != nil || port == "" {
			return nil, fmt.Errorf("sampling server %q: want host:port, or an http or https URL", shorten(server))
		}
		if u.Path == "" {
			u.Path = "/sampling"
		}
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, fmt.Errorf("sampling server %q: query: %w", shorten(server), err)
	}
	query.Set("service", service) // Jaeger 2 wants exactly one
	u.RawQuery = query.Encode()
	return u, nil
}

// httpFetcher asks with a GET request. Whatever the client is, the answer's
// length is bounded here and its time by ctx.
func httpFetcher(client *http.Client, u *url.URL) Fetcher {
	address, name := u.String(), shorten(u.Redacted())
	return func(ctx context.Context) ([]byte, error) {
		request, err := http.NewRequestWithContext(context.WithValue(ctx, fetchKey{}, ctx), http.MethodGet, address, nil)
		if err != nil {
			return nil, err
		}
		request.Header.Set("Accept", "application/json")
		response, err := client.Do(request)
		if err != nil {
			if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
				err = wrapped.Err // what it adds is a URL that a redirect may have made long
			}
			return nil, fmt.Errorf("sampling server %s: %w", name, cause(ctx, err))
		}
		defer response.Body.Close()
		body, err := io.ReadAll(io.LimitReader(response.Body, longestAnswer+1))
		switch {
		case response.StatusCode < 200 || response.StatusCode > 299:
			return nil, fmt.Errorf("sampling server %s: status %d: %q", name, response.StatusCode, shorten(string(body)))
		case err != nil:
			return nil, fmt.Errorf("sampling server %s: after %d bytes: %w", name, len(body), cause(ctx, err))
		case len(body) > longestAnswer:
			return nil, fmt.Errorf("sampling server %s: %w", name, errAnswerTooLong)
		}
		return body, nil
	}
}

// cause prefers the end of ctx to what came of it, such as a read from a
// connection that dial's guard has closed.
func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// fetchKey is where dial finds the context of the question.
type fetchKey struct{}

const mostRedirects = 3

// newClient makes a client of its own, for one short request now and then: no
// connection is kept, and no proxy of the environment is asked, as the server is
// the local agent or stands beside it.
func newClient() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DialContext:            dial,
			MaxResponseHeaderBytes: 16 << 10,
			DisableKeepAlives:      true,
		},
		CheckRedirect: func(_ *http.Request, via []*http.Request) error {
			if len(via) > mostRedirects {
				return fmt.Errorf("more than %d redirects", mostRedirects)
			}
			return nil
		},
	}
}

// dial binds a connection to its question. http.Transport goes on dialing and
// with the TLS handshake when the request has ended, in case of another one:
// there will be none, and Close promises that nothing is left.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	if question, ok := ctx.Value(fetchKey{}).(context.Context); ok {
		ctx = question
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err == nil {
		context.AfterFunc(ctx, func() { _ = conn.Close() })
	}
	return conn, err
}
