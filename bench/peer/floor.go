// SPDX-License-Identifier: Apache-2.0

package peer

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"time"

	"github.com/jaegerkit/jaeger/agenttest"
)

// floor is what the hardware and the kernel charge for the same bytes: for each
// span it reads the clock twice, draws an id and copies as many bytes as this
// library's encoding of such a span has; for each packet it sends one datagram.
// The bytes are those of a packet of ours, caught once, so the sink decodes and
// counts them like everybody's. It keeps nothing, locks nothing, allocates
// nothing, and is for one goroutine.
type floor struct {
	template []byte // a full packet
	spans    int    // in template
	packet   []byte
	at       int // bytes of packet that were copied
	n        int // spans that were
	conn     net.Conn
	config   Config
	sent     int64
	drawn    uint64 // so that the compiler cannot leave the draws out
}

func newFloor(c Config) (Client, error) {
	f := &floor{config: c}
	if err := f.catch(); err != nil {
		return nil, fmt.Errorf("floor: %w", err)
	}
	f.packet = make([]byte, len(f.template))
	if c.To != "" {
		conn, err := net.Dial("udp", c.To)
		if err != nil {
			return nil, err
		}
		f.conn = conn
	}
	return f, nil
}

// catch lets this library fill packets with the workload and keeps the fullest.
func (f *floor) catch() error {
	agent, err := agenttest.Start(agenttest.WithRawPackets())
	if err != nil {
		return err
	}
	defer agent.Close()
	c := f.config
	c.To, c.Sampled, c.Queue = agent.Addr(), true, 0
	client, err := newHouse(c)
	if err != nil {
		return err
	}
	// Enough for several full packets, and no more than a socket buffer holds.
	shape := c.Data.Shape
	size := 100 + shape.Tags*(shape.ValueBytes+20) + shape.Logs*(shape.ValueBytes+50)
	spans := max(4, min(1024, 1<<20/size/4*4))
	for i := range spans / 4 {
		client.Wide(4*i, 3)
	}
	if err := client.Close(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if _, err := agent.WaitSpans(ctx, spans); err != nil {
		return err
	}
	packets := agent.RawPackets()
	for i, batch := range agent.Batches() {
		if len(batch.Spans) > f.spans {
			f.template, f.spans = packets[i], len(batch.Spans)
		}
	}
	if f.spans == 0 {
		return errors.New("no packet was caught")
	}
	return nil
}

func (f *floor) Span(int) {
	start := time.Now()
	f.drawn ^= rand.Uint64()
	f.n++
	end := len(f.template) * f.n / f.spans
	copy(f.packet[f.at:end], f.template[f.at:end])
	f.at = end
	f.drawn ^= uint64(time.Since(start))
	if f.n == f.spans {
		f.send()
	}
}

func (f *floor) send() {
	if f.conn != nil {
		if _, err := f.conn.Write(f.packet); err == nil {
			f.sent += int64(f.n)
		}
	}
	f.n, f.at = 0, 0
}

func (f *floor) Fresh(i int) { f.Span(i) }

func (f *floor) Child(i int) { f.Span(i) }

func (f *floor) Wide(i, children int) {
	for n := range children + 1 {
		f.Span(i + n)
	}
}

func (f *floor) Deep(i, depth int) { f.Wide(i, depth-1) }

func (f *floor) Inject() {}

func (f *floor) Extract() {}

func (f *floor) Baggage(int) {}

// Close has the spans of the last, unfinished packet sent by this library: a
// template has a fixed number of them.
func (f *floor) Close() error {
	if f.conn == nil {
		return nil
	}
	rest := f.n
	f.n, f.at = 0, 0
	if err := f.conn.Close(); err != nil || rest == 0 {
		return err
	}
	c := f.config
	c.Sampled, c.Queue = true, 0
	client, err := newHouse(c)
	if err != nil {
		return err
	}
	for i := range rest {
		client.Span(i)
	}
	err = client.Close()
	f.sent += client.Sent()
	return err
}

func (f *floor) Sent() int64 { return f.sent }

// idle starts no spans: what the loop around them costs.
type idle struct{}

func newIdle(Config) (Client, error) { return idle{}, nil }

func (idle) Span(int)      {}
func (idle) Fresh(int)     {}
func (idle) Child(int)     {}
func (idle) Wide(int, int) {}
func (idle) Deep(int, int) {}
func (idle) Inject()       {}
func (idle) Extract()      {}
func (idle) Baggage(int)   {}
func (idle) Close() error  { return nil }
func (idle) Sent() int64   { return 0 }
