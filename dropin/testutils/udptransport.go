// SPDX-License-Identifier: Apache-2.0

package testutils

import (
	"math"
	"net"
	"sync/atomic"

	"github.com/uber/jaeger-client-go/thrift"
)

// TUDPTransport is the reading end of a UDP socket.
type TUDPTransport struct {
	conn   *net.UDPConn
	closed atomic.Bool
}

// NewTUDPServerTransport listens on hostPort.
func NewTUDPServerTransport(hostPort string) (*TUDPTransport, error) {
	addr, err := net.ResolveUDPAddr("udp", hostPort)
	if err != nil {
		return nil, thrift.NewTTransportException(thrift.NOT_OPEN, err.Error())
	}
	conn, err := net.ListenUDP("udp", addr)
	if err != nil {
		return nil, thrift.NewTTransportException(thrift.NOT_OPEN, err.Error())
	}
	return &TUDPTransport{conn: conn}, nil
}

// Open does nothing: the transport is made open.
func (p *TUDPTransport) Open() error { return nil }

// IsOpen is true until Close.
func (p *TUDPTransport) IsOpen() bool { return p.conn != nil && !p.closed.Load() }

// Close closes the socket. Several calls are fine.
func (p *TUDPTransport) Close() error {
	if p.conn == nil || p.closed.Swap(true) {
		return nil
	}
	return p.conn.Close()
}

// Conn returns the socket, nil for the zero transport.
func (p *TUDPTransport) Conn() *net.UDPConn { return p.conn }

// Addr returns where the socket listens, nil for the zero transport.
func (p *TUDPTransport) Addr() net.Addr {
	if p.conn == nil {
		return nil
	}
	return p.conn.LocalAddr()
}

// Read reads one packet; what buf has no room for is lost.
func (p *TUDPTransport) Read(buf []byte) (int, error) {
	if !p.IsOpen() {
		return 0, thrift.NewTTransportException(thrift.NOT_OPEN, "transport is closed")
	}
	n, err := p.conn.Read(buf)
	if err != nil {
		return n, thrift.NewTTransportExceptionFromError(err)
	}
	return n, nil
}

// RemainingBytes returns the largest number: packets come for ever.
func (p *TUDPTransport) RemainingBytes() uint64 { return math.MaxUint64 }

// Write fails.
func (p *TUDPTransport) Write(buf []byte) (int, error) {
	return 0, thrift.NewTTransportException(thrift.UNKNOWN_TRANSPORT_EXCEPTION, "transport is for reading only")
}

// Flush fails.
func (p *TUDPTransport) Flush() error {
	return thrift.NewTTransportException(thrift.UNKNOWN_TRANSPORT_EXCEPTION, "transport is for reading only")
}
