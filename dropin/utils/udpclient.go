// SPDX-License-Identifier: Apache-2.0

package utils

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/uber/jaeger-client-go/log"
	"github.com/uber/jaeger-client-go/thrift"
	"github.com/uber/jaeger-client-go/thrift-gen/agent"
	"github.com/uber/jaeger-client-go/thrift-gen/jaeger"
	"github.com/uber/jaeger-client-go/thrift-gen/zipkincore"
)

// UDPPacketMaxLength is the largest datagram that agents are set to read, in bytes.
const UDPPacketMaxLength = 65000

const defaultReconnectInterval = 30 * time.Second

// AgentClientUDP sends batches to an agent, each as one datagram. It may be used
// from any goroutine. Tracers do not use it: their transport encodes spans
// without it.
type AgentClientUDP struct {
	agent.Agent // nil; the methods of this type are the agent's
	io.Closer   // nil, likewise

	mu     sync.Mutex // guards buffer and client
	buffer *thrift.TMemoryBuffer
	client *agent.AgentClient
	limit  int
	socket *socket
}

// AgentClientUDPParams set up an AgentClientUDP.
type AgentClientUDPParams struct {
	HostPort                   string
	MaxPacketSize              int           // bytes; 0 means UDPPacketMaxLength
	Logger                     log.Logger    // nil means log.StdLogger
	DisableAttemptReconnecting bool          // look the name up once, and fail where that fails
	AttemptReconnectInterval   time.Duration // how often to look it up again; 0 means 30 seconds
}

// NewAgentClientUDP returns a client of the agent at hostPort with default settings
// but for the packet size, which is in bytes; 0 means UDPPacketMaxLength.
func NewAgentClientUDP(hostPort string, maxPacketSize int) (*AgentClientUDP, error) {
	return NewAgentClientUDPWithParams(AgentClientUDPParams{HostPort: hostPort, MaxPacketSize: maxPacketSize})
}

// NewAgentClientUDPWithParams returns a client. A HostPort that is not host:port is
// an error; a name that cannot be looked up yet is one only if params say not to
// try again.
func NewAgentClientUDPWithParams(params AgentClientUDPParams) (*AgentClientUDP, error) {
	if _, _, err := net.SplitHostPort(params.HostPort); err != nil {
		return nil, err
	}
	if params.MaxPacketSize <= 0 {
		params.MaxPacketSize = UDPPacketMaxLength
	}
	if params.Logger == nil {
		params.Logger = log.StdLogger
	}
	interval := params.AttemptReconnectInterval
	if interval <= 0 {
		interval = defaultReconnectInterval
	}
	if params.DisableAttemptReconnecting {
		interval = 0
	}
	s, err := newSocket(params.HostPort, params.MaxPacketSize, interval, lookUp, params.Logger)
	if err != nil {
		return nil, err
	}
	buffer := thrift.NewTMemoryBufferLen(params.MaxPacketSize)
	return &AgentClientUDP{
		buffer: buffer,
		client: agent.NewAgentClientFactory(buffer, thrift.NewTCompactProtocolFactory()),
		limit:  params.MaxPacketSize,
		socket: s,
	}, nil
}

// EmitZipkinBatch fails: agents no longer take Zipkin's spans.
func (a *AgentClientUDP) EmitZipkinBatch(context.Context, []*zipkincore.Span) error {
	return errors.New("zipkin batches are not supported")
}

// EmitBatch sends a batch. One that does not fit into a datagram is an error, and
// nothing of it is sent.
func (a *AgentClientUDP) EmitBatch(ctx context.Context, batch *jaeger.Batch) error {
	if a.socket == nil {
		return net.ErrClosed
	}
	if batch == nil || batch.Process == nil {
		return errors.New("batch without a process")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.buffer.Reset()
	if err := a.client.EmitBatch(ctx, batch); err != nil {
		return err
	}
	if n := a.buffer.Len(); n > a.limit {
		return fmt.Errorf("data does not fit within one UDP packet; size %d, max %d, spans %d", n, a.limit, len(batch.Spans))
	}
	return a.socket.send(a.buffer.Bytes())
}

// Close closes the socket and ends the goroutine that looks the name up. Several
// calls are fine.
func (a *AgentClientUDP) Close() error {
	if a.socket == nil {
		return nil
	}
	return a.socket.close()
}
