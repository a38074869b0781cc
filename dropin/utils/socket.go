// SPDX-License-Identifier: Apache-2.0

package utils

import (
	"context"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/uber/jaeger-client-go/log"
)

const lookUpTimeout = 5 * time.Second

// socket is a UDP socket to a name. One goroutine looks the name up again, at an
// interval and after a failed write, so that a write never waits for that.
type socket struct {
	hostPort string
	buffer   int // bytes, of the operating system's send buffer
	lookUp   func(ctx context.Context, hostPort string) (*net.UDPAddr, error)
	logger   log.Logger

	mu     sync.RWMutex
	conn   *net.UDPConn // nil until a lookup succeeded
	addr   string
	closed bool

	again chan struct{} // a write failed
	stop  context.CancelFunc
	done  chan struct{} // the goroutine has ended
}

func lookUp(ctx context.Context, hostPort string) (*net.UDPAddr, error) {
	host, portText, err := net.SplitHostPort(hostPort)
	if err != nil {
		return nil, err
	}
	port, err := net.DefaultResolver.LookupPort(ctx, "udp", portText)
	if err != nil {
		return nil, err
	}
	if host == "" {
		return &net.UDPAddr{Port: port}, nil
	}
	addrs, err := net.DefaultResolver.LookupIPAddr(ctx, host)
	if err != nil {
		return nil, err
	}
	for _, a := range addrs {
		if a.IP.To4() != nil {
			return &net.UDPAddr{IP: a.IP, Port: port}, nil
		}
	}
	if len(addrs) == 0 {
		return nil, fmt.Errorf("look up %q: no addresses", host)
	}
	return &net.UDPAddr{IP: addrs[0].IP, Port: port, Zone: addrs[0].Zone}, nil
}

// newSocket looks the name up once. With an interval of 0 that must succeed and
// is all; else it is tried again until it does, and then every interval.
func newSocket(hostPort string, buffer int, interval time.Duration,
	lookUp func(context.Context, string) (*net.UDPAddr, error), logger log.Logger) (*socket, error) {
	ctx, stop := context.WithCancel(context.Background())
	s := &socket{
		hostPort: hostPort, buffer: buffer, lookUp: lookUp, logger: logger,
		again: make(chan struct{}, 1), stop: stop, done: make(chan struct{}),
	}
	err := s.connect(ctx)
	if interval == 0 {
		close(s.done)
		if err != nil {
			stop()
			return nil, err
		}
		return s, nil
	}
	if err != nil {
		logger.Error(fmt.Sprintf("agent %s: %v; trying again", hostPort, err))
	}
	go s.follow(ctx, interval)
	return s, nil
}

func (s *socket) follow(ctx context.Context, interval time.Duration) {
	defer close(s.done)
	tick := time.NewTicker(interval)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-s.again:
		}
		err := s.connect(ctx)
		if err != nil && !failing && ctx.Err() == nil {
			s.logger.Error(fmt.Sprintf("agent %s: %v; trying again", s.hostPort, err))
		}
		failing = err != nil
	}
}

// connect puts a socket to where the name leads now in the place of the one to
// where it led before.
func (s *socket) connect(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lookUpTimeout)
	defer cancel()
	addr, err := s.lookUp(ctx, s.hostPort)
	if err != nil {
		return err
	}
	s.mu.RLock()
	same := s.conn != nil && s.addr == addr.String()
	s.mu.RUnlock()
	if same {
		return nil
	}
	conn, err := net.DialUDP("udp", nil, addr)
	if err != nil {
		return err
	}
	_ = conn.SetWriteBuffer(s.buffer) // what the system allows is enough
	s.mu.Lock()
	old := s.conn
	if s.closed {
		old = conn
	} else {
		s.conn, s.addr = conn, addr.String()
	}
	s.mu.Unlock()
	if old != nil {
		_ = old.Close()
	}
	return nil
}

func (s *socket) send(b []byte) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var err error
	switch {
	case s.closed:
		return net.ErrClosed
	case s.conn == nil:
		err = fmt.Errorf("agent %s: not connected yet", s.hostPort)
	default:
		_, err = s.conn.Write(b)
	}
	if err != nil {
		select {
		case s.again <- struct{}{}:
		default:
		}
	}
	return err
}

func (s *socket) close() error {
	s.stop()
	s.mu.Lock()
	conn, first := s.conn, !s.closed
	s.closed = true
	s.mu.Unlock()
	<-s.done
	if first && conn != nil {
		return conn.Close()
	}
	return nil
}
