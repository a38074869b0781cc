// SPDX-License-Identifier: Apache-2.0

// Package testutils is the old client's stand-in for an agent in tests: it takes
// spans over UDP and answers questions for a sampling strategy.
//
//	agent, err := testutils.StartMockAgent()
//	if err != nil {
//		return err
//	}
//	defer agent.Close()
//	sender, err := jaeger.NewUDPTransport(agent.SpanServerAddr(), 0)
//
// What it promises: it listens on loopback only, and Close leaves no goroutine.
// New tests are better served by github.com/jaegerkit/jaeger/agenttest, which
// waits for spans and can misbehave.
package testutils

import (
	"context"
	"errors"
	"net/http/httptest"
	"sync"
	"sync/atomic"

	"github.com/uber/jaeger-client-go/thrift"
	"github.com/uber/jaeger-client-go/thrift-gen/agent"
	"github.com/uber/jaeger-client-go/thrift-gen/jaeger"
	"github.com/uber/jaeger-client-go/thrift-gen/zipkincore"
	"github.com/uber/jaeger-client-go/utils"
)

// MockAgent takes spans and serves sampling strategies. It may be used from any
// goroutine.
type MockAgent struct {
	transport  *TUDPTransport
	strategies *strategies
	server     *httptest.Server
	serving    atomic.Bool
	done       chan struct{} // the reading goroutine has ended

	mu      sync.Mutex
	batches []*jaeger.Batch
}

// StartMockAgent starts one on free ports of 127.0.0.1.
func StartMockAgent() (*MockAgent, error) {
	transport, err := NewTUDPServerTransport("127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &MockAgent{transport: transport, strategies: newStrategies(), done: make(chan struct{})}
	s.server = httptest.NewServer(s.strategies)
	s.serving.Store(true)
	go s.serve()
	return s, nil
}

// Close ends the agent. Several calls are fine.
func (s *MockAgent) Close() {
	if s.serving.Swap(false) {
		_ = s.transport.Close()
		s.server.Close()
	}
	<-s.done
}

// serve reads packets; one that cannot be decoded is passed over.
func (s *MockAgent) serve() {
	defer close(s.done)
	processor := agent.NewAgentProcessor(s)
	packet := make([]byte, 1<<16)
	for {
		n, err := s.transport.Read(packet)
		if err != nil {
			if !s.serving.Load() || !s.transport.IsOpen() {
				return
			}
			continue
		}
		memory := thrift.NewTMemoryBufferLen(n)
		memory.Write(packet[:n])
		protocol := thrift.NewTCompactProtocol(memory)
		_, _ = processor.Process(context.Background(), protocol, protocol)
	}
}

// SpanServerAddr returns host:port where spans are taken.
func (s *MockAgent) SpanServerAddr() string { return s.transport.Addr().String() }

// SpanServerClient returns a client of this agent.
func (s *MockAgent) SpanServerClient() (agent.Agent, error) {
	return utils.NewAgentClientUDP(s.SpanServerAddr(), 0)
}

// SamplingServerAddr returns host:port where strategies are served, on any path.
func (s *MockAgent) SamplingServerAddr() string { return s.server.Listener.Addr().String() }

// IsServing is true until Close.
func (s *MockAgent) IsServing() bool { return s.serving.Load() }

// EmitBatch takes a batch; the agent's own goroutine calls it for each packet.
func (s *MockAgent) EmitBatch(ctx context.Context, batch *jaeger.Batch) (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.batches = append(s.batches, batch)
	return nil
}

// GetJaegerBatches returns the batches taken since the last reset, in order.
func (s *MockAgent) GetJaegerBatches() []*jaeger.Batch {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append(make([]*jaeger.Batch, 0, len(s.batches)), s.batches...)
}

// ResetJaegerBatches forgets them.
func (s *MockAgent) ResetJaegerBatches() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.batches = nil
}

// EmitZipkinBatch fails: agents no longer take Zipkin's spans.
func (s *MockAgent) EmitZipkinBatch(context.Context, []*zipkincore.Span) (err error) {
	return errors.New("zipkin batches are not supported")
}

// GetZipkinSpans returns nil.
func (s *MockAgent) GetZipkinSpans() []*zipkincore.Span { return nil }

// ResetZipkinSpans does nothing.
func (s *MockAgent) ResetZipkinSpans() {}

// AddSamplingStrategy sets the answer to the named service: a
// *sampling.SamplingStrategyResponse, or whatever encoding/json can encode.
func (s *MockAgent) AddSamplingStrategy(service string, strategy interface{}) {
	s.strategies.set(service, strategy)
}
