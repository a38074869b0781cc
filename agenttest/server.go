// SPDX-License-Identifier: Apache-2.0

package agenttest

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// With the limit of requests, the bound on what kept requests take.
	headerLimit = 16 << 10
	// Of a client that connects and says nothing. Close does not wait for it.
	headerTimeout = time.Minute
)

// server is what Collector and ConfigServer embed: HTTP/1.1 on a loopback port, requests recorded, faults on request.
type server struct {
	watch    *watch   // of whoever embeds it
	settings settings // fixed
	// respond makes the usual answer. commit, if not nil, books what came; refuse books why nothing did. Both are called under
	// watch.mu, together with the booking of the status, and not if there was a Reset since the request arrived.
	respond func(r *http.Request, body []byte) (a answer, commit func())
	refuse  func(where string, err error)

	listener net.Listener
	http     http.Server
	ca       *CA
	caFile   *tempFile
	closing  chan struct{}  // closed when Close begins: faults end
	serving  sync.WaitGroup // the accept loop, then every connection

	life   sync.Mutex // held during Close
	closed bool

	// watch.mu guards what follows.
	faults   map[string][]planned // by path; "" is for all
	log      []*entry
	count    int // requests arrived
	resets   int
	hijacked map[net.Conn]struct{} // net/http does not close them
}

// answer is what a server says when nothing is wrong with it.
type answer struct {
	status      int
	contentType string
	body        []byte
	refusal     bool // the request was wrong: say so in Errors
}

// refusal answers a wrong request.
func refusal(status int, format string, args ...any) answer {
	return answer{status, "text/plain; charset=utf-8", []byte(fmt.Sprintf(format, args...) + "\n"), true}
}

// start listens and serves. On an error nothing is left behind.
func (s *server) start() (err error) {
	addr, err := net.ResolveTCPAddr("tcp", s.settings.addr)
	if err != nil {
		return fmt.Errorf("agenttest: address %q: %w", s.settings.addr, err)
	}
	if !addr.IP.IsLoopback() {
		return fmt.Errorf("agenttest: address %q: the host must be a loopback address such as 127.0.0.1", s.settings.addr)
	}
	var conf *tls.Config
	if s.settings.tls {
		if conf, err = s.secure(addr.IP); err != nil {
			return fmt.Errorf("agenttest: TLS: %w", err)
		}
	}
	listener, err := net.ListenTCP("tcp", addr)
	if err != nil {
		s.caFile.remove()
		return fmt.Errorf("agenttest: listen for HTTP on %q: %w", s.settings.addr, err)
	}
	s.listener = listener
	if conf != nil {
		s.listener = tls.NewListener(listener, conf)
	}
	s.closing = make(chan struct{})
	s.http = http.Server{
		Handler:           http.HandlerFunc(s.handle),
		ConnState:         s.follow,
		MaxHeaderBytes:    headerLimit,
		ReadHeaderTimeout: headerTimeout,
		ErrorLog:          log.New(complaints{s.watch}, "", 0),
	}
	s.serving.Add(1)
	go func() {
		defer s.serving.Done()
		if err := s.http.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
			s.complain(err)
		}
	}()
	return nil
}

// follow counts connections, so that Close can wait for their goroutines. A hijacked one is counted off by its handler.
func (s *server) follow(conn net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.serving.Add(1) // the accept loop is still counted: Wait has not returned
		select {
		case <-s.closing: // too late for net/http to close it
			_ = conn.Close()
		default:
		}
	case http.StateClosed:
		s.serving.Done()
	}
}

// Addr returns the host:port that the server listens on. It never changes.
func (s *server) Addr() string { return s.listener.Addr().String() }

// URL returns the server's root without a slash at its end, such as "http://127.0.0.1:34567". It never changes.
func (s *server) URL() string {
	if s.settings.tls {
		return "https://" + s.Addr()
	}
	return "http://" + s.Addr()
}

// Close stops listening, breaks off all connections, also those that hang on request, and returns when the server's
// goroutines have ended. Results stay readable. Only the first call does something; the others wait for it. The error is
// always nil.
func (s *server) Close() error {
	s.life.Lock()
	defer s.life.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	close(s.closing)
	_ = s.http.Close()
	s.watch.mu.Lock()
	hijacked := slices.Collect(maps.Keys(s.hijacked))
	s.watch.mu.Unlock()
	for _, conn := range hijacked {
		_ = conn.Close()
	}
	s.serving.Wait()
	s.caFile.remove()
	close(s.watch.done)
	return nil
}

// handle answers one request.
func (s *server) handle(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, int64(s.settings.bodyLimit)+1))
	x := &exchange{server: s, writer: w, request: r, body: body, bodyErr: err}
	x.arrive()
	if x.fault.serve != nil {
		x.fault.serve(x)
		return
	}
	x.write(x.usual())
}

func (s *server) complain(err error) {
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	s.watch.note(err)
	s.watch.notify()
}

// complaints takes what net/http logs, such as failed TLS handshakes, for Errors.
type complaints struct{ to *watch }

func (c complaints) Write(line []byte) (int, error) {
	c.to.mu.Lock()
	defer c.to.mu.Unlock()
	c.to.note(errors.New(strings.TrimSpace(string(line))))
	c.to.notify()
	return len(line), nil
}
