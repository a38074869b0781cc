// SPDX-License-Identifier: Apache-2.0

package agenttest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Request is what a collector or config server knows of one HTTP request.
type Request struct {
	Method string
	Path   string
	Query  url.Values  // shared: not to be changed
	Header http.Header // shared: not to be changed; Go's net/http keeps Host apart
	Host   string
	Length int64  // bytes of the body, before gzip is undone; of a body over the limit, one more than the limit
	Remote string // the client's host:port
	Client string // the common name of the client's certificate, if WithClientCA asked for one
	Fault  string // what Fail made of it, such as "Hang"; "" if nothing
	Status int    // what was answered; 0 if nothing was, or not yet
}

// entry is a request in the log. It is written under watch.mu.
type entry struct{ Request }

// exchange is a request on its way to an answer. The handler's goroutine owns it.
type exchange struct {
	server  *server
	writer  http.ResponseWriter
	request *http.Request
	body    []byte
	bodyErr error
	fault   Fault
	entry   *entry // in the log, if that has room
	resets  int    // at arrival
}

// arrive records the request and finds out which fault it is to meet.
func (x *exchange) arrive() {
	s, r := x.server, x.request
	x.entry = &entry{Request{
		Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Header: r.Header.Clone(), Host: r.Host,
		Length: int64(len(x.body)), Remote: r.RemoteAddr,
	}}
	if r.TLS != nil && len(r.TLS.PeerCertificates) > 0 {
		x.entry.Client = r.TLS.PeerCertificates[0].Subject.CommonName
	}
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	x.resets = s.resets
	x.fault = s.nextFault(r.URL.Path)
	x.entry.Fault = x.fault.name
	if x.fault.serve != nil && !x.fault.serves {
		s.watch.failed++
	}
	s.count++
	if len(s.log) < s.settings.requestLimit {
		s.log = append(s.log, x.entry)
	}
	s.watch.notify()
}

// usual makes the answer of a server without faults and books what the request brought.
func (x *exchange) usual() answer {
	s := x.server
	var a answer
	var commit func()
	switch limit := s.settings.bodyLimit; {
	case x.bodyErr != nil:
		a = refusal(http.StatusBadRequest, "the body cannot be read: %v", x.bodyErr)
	case len(x.body) > limit:
		a = refusal(http.StatusRequestEntityTooLarge, "the body has more than %d bytes", limit)
	default:
		a, commit = s.respond(x.request, x.body)
	}
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	x.entry.Status = a.status
	if x.resets == s.resets {
		if a.refusal {
			where := fmt.Sprintf("%.16q %.128q of %d bytes", x.request.Method, x.request.URL.Path, len(x.body))
			s.refuse(where, errors.New(strings.TrimSpace(string(a.body))))
		}
		if commit != nil {
			commit()
		}
	}
	s.watch.notify()
	return a
}

// answered books the status of an answer that a fault makes.
func (x *exchange) answered(status int) {
	w := x.server.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	x.entry.Status = status
	w.notify()
}

// write sends a whole answer.
func (x *exchange) write(a answer) {
	if a.contentType != "" {
		x.writer.Header().Set("Content-Type", a.contentType)
	}
	x.writer.WriteHeader(a.status)
	_, _ = x.writer.Write(a.body)
}

// Requests returns the first 10,000 requests since the start or the latest Reset, in the order in which their bodies had
// come. A request that meets a fault is among them; its Status is set when the answer begins.
func (s *server) Requests() []Request {
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	var list []Request
	for _, e := range s.log {
		list = append(list, e.Request)
	}
	return list
}

// RequestCount returns the number of requests since the start or the latest Reset.
func (s *server) RequestCount() int {
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	return s.count
}

// Failed returns how many of the requests met a fault instead of the server, so that nothing came of them.
func (s *server) Failed() int {
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	return s.watch.failed
}

// WaitRequests returns the requests as soon as n or more have arrived, answered or not. When ctx ends or the server is
// closed before that, it returns those that did come and an error that says how many and wraps ctx's error.
func (s *server) WaitRequests(ctx context.Context, n int) ([]Request, error) {
	err := s.watch.Wait(ctx, func() bool { return s.RequestCount() >= n })
	if err != nil {
		err = s.watch.short(err, "want %d requests, got %d", n, s.RequestCount())
	}
	return s.Requests(), err
}

// forget empties the log. The caller holds watch.mu.
func (s *server) forget() {
	s.log, s.count = nil, 0
	s.resets++
}
