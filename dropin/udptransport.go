// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"fmt"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
	"github.com/uber/jaeger-client-go/internal/batch"
	"github.com/uber/jaeger-client-go/utils"
)

const (
	smallestPacket = 512
	largestPacket  = 65507
	packetOverhead = 70 // bytes that a packet has besides its process and spans, at most
	sendTimeout    = 5 * time.Second
)

// UDPTransportParams set up a transport to an agent.
type UDPTransportParams struct {
	utils.AgentClientUDPParams
}

// NewUDPTransport returns a transport to the agent at hostPort, where "" means
// localhost:6831, in packets of up to maxPacketSize bytes, where 0 means 65000.
func NewUDPTransport(hostPort string, maxPacketSize int) (Transport, error) {
	return NewUDPTransportWithParams(UDPTransportParams{
		utils.AgentClientUDPParams{HostPort: hostPort, MaxPacketSize: maxPacketSize},
	})
}

// NewUDPTransportWithParams returns a transport. An address that makes no sense is
// an error; a name that cannot be looked up is not: it is tried again. A packet
// size out of range is taken for the nearest in it, 512 to 65507.
func NewUDPTransportWithParams(params UDPTransportParams) (Transport, error) {
	if params.HostPort == "" {
		params.HostPort = fmt.Sprintf("%s:%d", DefaultUDPSpanServerHost, DefaultUDPSpanServerPort)
	}
	if params.MaxPacketSize <= 0 {
		params.MaxPacketSize = utils.UDPPacketMaxLength
	}
	size := min(max(params.MaxPacketSize, smallestPacket), largestPacket)
	logger := Logger(StdLogger)
	if params.Logger != nil {
		logger = params.Logger
	}
	opts := []transport.UDPOption{transport.WithMaxPacketSize(size), transport.WithLogger(slogOf(logger))}
	switch {
	case params.DisableAttemptReconnecting:
		opts = append(opts, transport.WithReresolve(0))
	case params.AttemptReconnectInterval > 0:
		opts = append(opts, transport.WithReresolve(params.AttemptReconnectInterval))
	}
	u, err := transport.NewUDP(params.HostPort, opts...)
	if err != nil {
		return nil, err
	}
	return &udpTransport{u: u, room: size - packetOverhead}, nil
}

// udpTransport sends records of the library where it is a remote reporter's. Append
// and Flush are for those who call it themselves, on one goroutine.
type udpTransport struct {
	u    *transport.UDP
	room int // bytes for the process and spans of a packet

	spans   []*model.Span
	bytes   int
	scratch []byte
	stats   model.ClientStats
}

// NativeSender implements native.Sender.
func (t *udpTransport) NativeSender(self any) transport.Sender {
	if self != any(t) {
		return nil
	}
	return t.u
}

// Append takes a span, and sends the ones before it when it does not fit their
// packet.
func (t *udpTransport) Append(span *Span) (int, error) {
	record := span.exported()
	if record == nil {
		return 0, nil
	}
	encoded, _ := t.u.Encode(t.scratch[:0], record)
	size := len(encoded)
	t.scratch = encoded[:0]
	var sent int
	var err error
	if len(t.spans) > 0 && t.bytes+size > t.room || len(t.spans) > 0 && t.spans[0].Process != record.Process {
		sent, err = t.Flush()
	}
	if len(t.spans) == 0 {
		t.bytes = processBytes(record.Process)
	}
	t.spans = append(t.spans, record)
	t.bytes += size
	if t.bytes < t.room || err != nil {
		return sent, err
	}
	n, err := t.Flush()
	return sent + n, err
}

// processBytes is about how much room a process takes.
func processBytes(p *model.Process) int {
	if p == nil {
		return 0
	}
	n := len(p.ServiceName) + 8
	for _, tag := range p.Tags {
		n += len(tag.Key) + len(tag.Text()) + 16
	}
	return n
}

// Flush sends what there is.
func (t *udpTransport) Flush() (int, error) {
	n := len(t.spans)
	if n == 0 {
		return 0, nil
	}
	defer func() {
		clear(t.spans)
		t.spans = t.spans[:0]
	}()
	return batch.Send(t.u, &model.Batch{Process: batch.Process(t.spans[0]), Spans: t.spans, Stats: t.stats}, &t.stats, sendTimeout)
}

// Close closes the socket. What was not flushed is lost, as it was before.
func (t *udpTransport) Close() error { return t.u.Close() }
