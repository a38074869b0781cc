// SPDX-License-Identifier: Apache-2.0

// Package fetch asks a server of the tracing side for what is to be done, once
// or again and again, whatever the server makes of it.
//
//	s, err := fetch.NewServer("sampling server", "agent:5778", "/sampling", "checkout", nil)
//	if err != nil {
//		return err // quotes the address
//	}
//	body, err := s.Get(ctx, nil)
//
// What it promises: an answer is bounded in size, and in time by its context,
// and nothing of a question is left when that has ended; errors are short, name
// the server and hide its password.
package fetch

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

// LongestAnswer bounds what is read of a server, in bytes.
const LongestAnswer = 1 << 20

// ErrTooLong is what comes of a longer answer.
var ErrTooLong = fmt.Errorf("answer is longer than %d bytes", LongestAnswer)

// Server is asked with GET requests. Any number of goroutines may do so.
type Server struct {
	what, name string
	url        *url.URL
	client     *http.Client
}

// NewServer makes a server of what the user gave: an http or https URL, with or
// without a query of its own, or host:port, which stands for http and path. The
// service goes into the query. Errors begin with what. A nil client stands for
// NewClient's.
func NewServer(what, address, path, service string, client *http.Client) (*Server, error) {
	u, err := parse(address, path, service)
	if err != nil {
		return nil, fmt.Errorf("%s %q: %w", what, Shorten(hide(address)), err)
	}
	if client == nil {
		client = NewClient()
	}
	return &Server{what: what, name: Shorten(u.Redacted()), url: u, client: client}, nil
}

func parse(address, path, service string) (*url.URL, error) {
	text, short := address, !strings.Contains(address, "://")
	if short {
		text = "http://" + address
	}
	u, err := url.Parse(text)
	switch {
	case err != nil && strings.Contains(address, "@"):
		return nil, errors.New("malformed") // the reason may quote the password
	case err != nil:
		return nil, Brief(errors.Unwrap(err))
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, errors.New("want an http or https URL with a host, or host:port")
	}
	if short {
		if _, port, err := net.SplitHostPort(u.Host); err != nil || port == "" {
			return nil, errors.New("want host:port, or an http or https URL")
		}
		if u.Path == "" {
			u.Path = path
		}
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	query.Set("service", service) // Jaeger 2 wants exactly one
	u.RawQuery = query.Encode()
	return u, nil
}

// hide leaves out what stands before a host: there may be a password.
func hide(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return address
	}
	scheme, _, ok := strings.Cut(address[:at], "://")
	if !ok || strings.Contains(scheme, ":") {
		return "..." + address[at:]
	}
	return scheme + "://..." + address[at:]
}

// URL is the address that is asked, with its password.
func (s *Server) URL() string { return s.url.String() }

// StatusError is an answer with a status other than 2xx.
type StatusError struct {
	Code int
	Body string // what there is of it, up to 200 bytes
}

// Error names the status and quotes the body.
func (e *StatusError) Error() string { return fmt.Sprintf("status %d: %q", e.Code, e.Body) }

// Absent marks an error as ErrAbsent if it is an answer by which a server says
// that it has no such endpoint: 404, 501, and 500 if the body says "not
// implemented", as that of Jaeger 1's agent.
func Absent(err error) error {
	var s *StatusError
	if !errors.As(err, &s) {
		return err
	}
	switch {
	case s.Code == http.StatusNotFound, s.Code == http.StatusNotImplemented,
		s.Code == http.StatusInternalServerError && strings.Contains(strings.ToLower(s.Body), "not implemented"):
		return fmt.Errorf("%w: %w", ErrAbsent, err)
	}
	return err
}

// Get asks, with more parameters on top of the server's own, and returns the
// body of an answer with status 2xx; another one makes a *StatusError. Whatever
// the client is, the answer's length is bounded here and its time by ctx.
func (s *Server) Get(ctx context.Context, more url.Values) ([]byte, error) {
	body, err := s.get(ctx, more)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", s.what, s.name, err)
	}
	return body, nil
}

func (s *Server) get(ctx context.Context, more url.Values) ([]byte, error) {
	u := *s.url
	if len(more) > 0 {
		u.RawQuery += "&" + more.Encode()
	}
	request, err := http.NewRequestWithContext(context.WithValue(ctx, question{}, ctx), http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json")
	response, err := s.client.Do(request)
	if err != nil {
		if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
			err = wrapped.Err // what it adds is a URL that a redirect may have made long
		}
		return nil, cause(ctx, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, LongestAnswer+1))
	switch {
	case response.StatusCode < 200 || response.StatusCode > 299:
		return nil, &StatusError{response.StatusCode, Shorten(string(body))}
	case err != nil:
		return nil, fmt.Errorf("after %d bytes: %w", len(body), cause(ctx, err))
	case len(body) > LongestAnswer:
		return nil, ErrTooLong
	}
	return body, nil
}

// cause prefers the end of ctx to what came of it, such as a read from a
// connection that dial's guard has closed.
func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}
