// SPDX-License-Identifier: Apache-2.0

package agenttest

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// Fault is something that goes wrong with an HTTP request: see Fail. The functions that return one make them; the zero
// Fault is nothing wrong.
type Fault struct {
	name   string
	path   string
	serves bool // the server does its work, too
	serve  func(*exchange)
}

// planned is a fault and how many requests it has left; fewer than none are without end.
type planned struct {
	fault Fault
	left  int
}

// On confines a fault to one path, such as "/credits". Requests to others neither meet it nor count.
func (f Fault) On(path string) Fault {
	f.path = path
	return f
}

// String returns the name of the function that made the fault.
func (f Fault) String() string { return f.name }

// Fail makes the next n requests meet f, after those that earlier calls are for; with n below 0 all requests do, until the
// next Fail or ClearFaults. Faults confined to a path come first and have an order of their own. Requests that are in a fault
// already stay there.
func (s *server) Fail(n int, f Fault) {
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	if n == 0 {
		return
	}
	if s.faults == nil {
		s.faults = make(map[string][]planned)
	}
	plan := s.faults[f.path]
	if last := len(plan) - 1; last >= 0 && plan[last].left < 0 {
		plan = plan[:last]
	}
	s.faults[f.path] = append(plan, planned{f, n})
}

// ClearFaults forgets all that Fail was told.
func (s *server) ClearFaults() {
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	s.faults = nil
}

// nextFault takes the fault for a request off the plan. The caller holds watch.mu.
func (s *server) nextFault(path string) Fault {
	for _, p := range []string{path, ""} {
		plan := s.faults[p]
		if len(plan) == 0 {
			continue
		}
		f := plan[0].fault
		if plan[0].left > 0 {
			plan[0].left--
		}
		if plan[0].left == 0 {
			s.faults[p] = plan[1:]
		}
		return f
	}
	return Fault{}
}

// Status answers with this status, header and body instead of doing the work, such as
// Status(429, http.Header{"Retry-After": {"1"}}, "slow down"). The header may be nil.
func Status(code int, header http.Header, body string) Fault {
	header = header.Clone()
	return Fault{name: "Status", serve: func(x *exchange) {
		for key, values := range header {
			x.writer.Header()[key] = values
		}
		x.answered(code)
		x.writer.WriteHeader(code)
		_, _ = x.writer.Write([]byte(body))
	}}
}

// Redirect answers with this status and Location, which may be a path or a URL.
func Redirect(code int, location string) Fault {
	f := Status(code, http.Header{"Location": {location}}, "")
	f.name = "Redirect"
	return f
}

// Garbage answers 200 with what claims to be JSON and is not, binary bytes included.
func Garbage() Fault {
	body := "{\"strategyType\": \x00\x01\xfe\xff " + strings.Repeat("[{", 128)
	f := Status(http.StatusOK, http.Header{"Content-Type": {"application/json"}}, body)
	f.name = "Garbage"
	return f
}

// Hang answers nothing until the client goes away or the server is closed.
func Hang() Fault {
	return Fault{name: "Hang", serve: func(x *exchange) {
		select {
		case <-x.server.closing:
		case <-x.request.Context().Done():
		}
		panic(http.ErrAbortHandler) // breaks the connection off
	}}
}

// Delay does the work and answers as usual, but begins after d.
func Delay(d time.Duration) Fault {
	return Fault{name: "Delay", serves: true, serve: func(x *exchange) {
		x.sleep(d)
		x.write(x.usual())
	}}
}

// SlowBody does the work and answers as usual, but sends only so many bytes of the body at a time, the first at once and
// the others after interval each. A body that is empty, as a collector's is, becomes 1,024 blanks.
func SlowBody(bytesEach int, interval time.Duration) Fault {
	return Fault{name: "SlowBody", serves: true, serve: func(x *exchange) {
		a := x.usual()
		if len(a.body) == 0 {
			a.body = bytes.Repeat([]byte{' '}, 1024)
		}
		rest := a.body
		x.writer.Header().Set("Content-Length", fmt.Sprint(len(rest)))
		a.body = rest[:min(max(bytesEach, 1), len(rest))]
		x.write(a)
		for {
			rest = rest[len(a.body):]
			if len(rest) == 0 {
				return
			}
			_ = http.NewResponseController(x.writer).Flush()
			x.sleep(interval)
			a.body = rest[:min(len(a.body), len(rest))]
			if _, err := x.writer.Write(a.body); err != nil {
				return
			}
		}
	}}
}

// Endless answers 200 and a body of blanks, which JSON may begin with, as fast as the client reads, until it goes away or
// the server is closed.
func Endless() Fault {
	return Fault{name: "Endless", serve: func(x *exchange) {
		x.writer.Header().Set("Content-Type", "application/json")
		x.answered(http.StatusOK)
		blanks := bytes.Repeat([]byte{' '}, 4096)
		for {
			if _, err := x.writer.Write(blanks); err != nil {
				panic(http.ErrAbortHandler)
			}
		}
	}}
}

// CloseConnection begins an answer with status 200 that promises 1,024 bytes, sends a few of them and resets the connection.
func CloseConnection() Fault {
	const answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1024\r\n\r\n{\"strategyType\":"
	return Fault{name: "CloseConnection", serve: func(x *exchange) {
		x.answered(http.StatusOK)
		x.takeOver(func(conn net.Conn) {
			_, _ = conn.Write([]byte(answer))
			if over, ok := conn.(*tls.Conn); ok {
				conn = over.NetConn()
			}
			if tcp, ok := conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0) // a reset instead of an orderly end
			}
			_ = conn.Close()
		})
	}}
}

// Raw sends bytes in place of an HTTP answer, whatever they are, and ends the connection. Of no bytes, the client sees the
// connection end without an answer.
func Raw(data string) Fault {
	return Fault{name: "Raw", serve: func(x *exchange) {
		x.takeOver(func(conn net.Conn) { _, _ = conn.Write([]byte(data)) })
	}}
}

// sleep waits for d and returns, or breaks the exchange off when the client goes away or the server is closed.
func (x *exchange) sleep(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return
	case <-x.server.closing:
	case <-x.request.Context().Done():
	}
	panic(http.ErrAbortHandler)
}

// takeOver gives the connection to use, closes it afterwards, and has Close close it meanwhile.
func (x *exchange) takeOver(use func(net.Conn)) {
	s := x.server
	conn, _, err := http.NewResponseController(x.writer).Hijack()
	if err != nil { // the client has gone
		panic(http.ErrAbortHandler)
	}
	defer s.serving.Done() // net/http reports no end of this connection
	s.watch.mu.Lock()
	if s.hijacked == nil {
		s.hijacked = make(map[net.Conn]struct{})
	}
	s.hijacked[conn] = struct{}{}
	s.watch.mu.Unlock()
	select {
	case <-s.closing: // Close may not see it any more
	default:
		use(conn)
	}
	_ = conn.Close()
	s.watch.mu.Lock()
	delete(s.hijacked, conn)
	s.watch.mu.Unlock()
}
