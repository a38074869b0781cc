// SPDX-License-Identifier: Apache-2.0

package peer

import (
	"sync/atomic"

	oldclient "github.com/uber/jaeger-client-go"
)

// newOld sets up jaeger-client-go: the remote reporter over UDP with its default
// queue of 100 spans and flush interval of a second, no metrics but the three
// counters read below. With pooled, spans are reused (TracerOptions.PoolSpans),
// which its documentation offers for speed. A client as old as this has no
// faster way to set tags than SetTag.
func newOld(c Config, pooled bool) (Client, error) {
	counters := &oldCounters{}
	rep := oldclient.NewNullReporter()
	if c.To != "" {
		udp, err := oldclient.NewUDPTransport(c.To, 0)
		if err != nil {
			return nil, err
		}
		rep = newOldReporter(udp, c, counters)
	}
	return newOldOver(c, rep, pooled, counters)
}

func newOldReporter(sender oldclient.Transport, c Config, counters *oldCounters) oldclient.Reporter {
	metrics := oldclient.NewNullMetrics()
	metrics.ReporterSuccess = &counters.sent
	opts := []oldclient.ReporterOption{oldclient.ReporterOptions.Metrics(metrics)}
	if c.Queue > 0 {
		opts = append(opts, oldclient.ReporterOptions.QueueSize(c.Queue))
	}
	return oldclient.NewRemoteReporter(sender, opts...)
}

func newOldOver(c Config, rep oldclient.Reporter, pooled bool, counters *oldCounters) (Client, error) {
	tracer, closer := oldclient.NewTracer("bench", oldclient.NewConstSampler(c.Sampled), rep,
		oldclient.TracerOptions.PoolSpans(pooled),
		oldclient.TracerOptions.Gen128Bit(c.Data.Shape.Wide),
		oldclient.TracerOptions.MaxTagValueLength(max(oldclient.DefaultMaxTagValueLength, c.Data.Shape.ValueBytes)),
	)
	ot, err := newOpenTracing(tracer, c.Data)
	if err != nil {
		return nil, err
	}
	ot.close = closer.Close
	ot.sent = counters.sent.n.Load
	return ot, nil
}

// NewOld is jaeger-client-go, not pooled, over any reporter.
func NewOld(c Config, rep oldclient.Reporter) (Client, error) {
	return newOldOver(c, rep, false, &oldCounters{})
}

// NewOldQueued is jaeger-client-go with its default queue over a transport that
// forgets.
func NewOldQueued(c Config, pooled bool) (Client, error) {
	counters := &oldCounters{}
	return newOldOver(c, newOldReporter(oldNowhere{}, c, counters), pooled, counters)
}

type oldNowhere struct{}

func (oldNowhere) Append(*oldclient.Span) (int, error) { return 1, nil }

func (oldNowhere) Flush() (int, error) { return 0, nil }

func (oldNowhere) Close() error { return nil }

type oldCounters struct{ sent counter }

// counter implements the client's metrics.Counter.
type counter struct{ n atomic.Int64 }

func (c *counter) Inc(n int64) { c.n.Add(n) }
