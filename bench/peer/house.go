// SPDX-License-Identifier: Apache-2.0

package peer

import (
	"context"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/sampler"
	"github.com/jaegerkit/jaeger/transport"
)

// newHouse sets up this library: jaeger.New over the remote reporter and the UDP
// transport, all defaults. The limit of tag values is raised where the shape has
// longer ones, so that every peer carries the same bytes.
func newHouse(c Config) (Client, error) {
	var rep reporter.Reporter = reporter.NewDiscard()
	if c.To != "" {
		udp, err := transport.NewUDP(c.To)
		if err != nil {
			return nil, err
		}
		var opts []reporter.RemoteOption
		if c.Queue > 0 {
			opts = append(opts, reporter.WithQueueSize(c.Queue))
		}
		rep = reporter.NewRemote(udp, opts...)
	}
	return NewHouse(c, rep)
}

// NewHouse is this library over any reporter.
func NewHouse(c Config, rep reporter.Reporter) (Client, error) {
	opts := []jaeger.Option{
		jaeger.WithSampler(sampler.NewConst(c.Sampled)),
		jaeger.WithMaxTagValueLength(max(jaeger.DefaultMaxTagValueLength, c.Data.Shape.ValueBytes)),
	}
	if c.Data.Shape.Wide {
		opts = append(opts, jaeger.With128BitTraceIDs())
	}
	tracer, err := jaeger.New("bench", rep, opts...)
	if err != nil {
		return nil, err
	}
	ot, err := newOpenTracing(tracer, c.Data)
	if err != nil {
		return nil, err
	}
	ot.close = tracer.Close
	ot.sent = func() int64 { return int64(tracer.Stats().Reporter.Sent) }
	return house{ot}, nil
}

// house is an OpenTracing client whose spans can also be asked.
type house struct{ *openTracing }

// Guarded implements Guarder.
func (h house) Guarded(i int) {
	s := h.tracer.StartSpan(h.data.Name(i)).(*jaeger.Span)
	if !s.Idle() {
		h.fill(s, i)
	}
	s.Finish()
}

// NewHouseQueued is this library with its default queue over a transport that
// forgets: the hand-over from many goroutines to one, and nothing behind it.
func NewHouseQueued(c Config) (Client, error) {
	return NewHouse(c, reporter.NewRemote(nowhere{}))
}

type nowhere struct{}

func (nowhere) Send(_ context.Context, b *model.Batch) (int, error) { return len(b.Spans), nil }

func (nowhere) Close() error { return nil }
