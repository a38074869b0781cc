// SPDX-License-Identifier: Apache-2.0

package config

import (
	"sync/atomic"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/baggage"
	"github.com/jaegerkit/jaeger/metrics"
	"github.com/jaegerkit/jaeger/rpcmetrics"
	"github.com/jaegerkit/jaeger/sampler"
	"github.com/jaegerkit/jaeger/throttle"
)

// sources are the parts of a tracer that count. The exporter's goroutine reads them; all
// but the tracer are set before it starts.
type sources struct {
	tracer   atomic.Pointer[jaeger.Tracer] // nil until it is made
	baggage  *baggage.Remote               // nil where there is none, as the next
	throttle *throttle.Remote
}

// observer counts requests for rpc_metrics.
func (b *builder) observer() []jaeger.Option {
	switch {
	case !b.RPCMetrics || b.Disabled:
		return nil
	case b.Metrics == nil:
		// No error: the setting may stand in a file or a variable that many programs share.
		b.log.Warn("jaeger: rpc_metrics is set, but requests are counted nowhere: Config.Metrics is nil")
		return nil
	}
	return []jaeger.Option{jaeger.WithObserver(rpcmetrics.NewObserver(b.Metrics))}
}

// exporter carries the counts into the user's metrics.
func (b *builder) exporter() ([]jaeger.Option, error) {
	if b.Metrics == nil || b.Disabled {
		return nil, nil
	}
	e, err := metrics.New(b.Metrics, b.numbers.snapshot, metrics.WithLogger(b.log))
	if err != nil {
		return nil, err
	}
	b.made = append(b.made, e)
	return []jaeger.Option{jaeger.WithFinishCount(), jaeger.WithCloser(e)}, nil
}

func (s *sources) snapshot() metrics.Snapshot {
	t := s.tracer.Load()
	if t == nil {
		return metrics.Snapshot{}
	}
	c := counts{tracer: t.Stats()}
	if remote, ok := t.Sampler().(*sampler.Remote); ok {
		c.sampler = remote.Stats()
	}
	if s.baggage != nil {
		c.baggage = s.baggage.Stats()
	}
	if s.throttle != nil {
		c.throttle = s.throttle.Stats()
	}
	return c.snapshot()
}

// counts are what the parts have counted; those that are not there, nothing.
type counts struct {
	tracer   jaeger.Stats
	sampler  sampler.RemoteStats
	baggage  baggage.RemoteStats
	throttle throttle.RemoteStats
}

func (c *counts) snapshot() (m metrics.Snapshot) {
	n := &c.tracer
	m.TracesStartedSampled, m.TracesStartedUnsampled, m.TracesStartedDelayed = split(n.TracesStarted)
	m.TracesJoinedSampled, m.TracesJoinedUnsampled, m.TracesJoinedDelayed = split(n.TracesJoined)
	m.SpansStartedSampled, m.SpansStartedUnsampled, m.SpansStartedDelayed = split(n.SpansStarted)
	m.SpansFinishedSampled, m.SpansFinishedUnsampled, m.SpansFinishedDelayed = split(n.SpansFinished)
	m.SpansOpen, m.LateCalls, m.DecodingErrors = n.Open, n.LateCalls, n.DecodingErrors
	m.BaggageUpdatesOK, m.BaggageUpdatesErr, m.BaggageTruncated = n.BaggageSet, n.BaggageRefused, n.BaggageTruncated
	m.DebugSpansThrottled = n.DebugThrottled

	r := &n.Reporter
	m.ReporterSent, m.ReporterReduced, m.ReporterQueueLength = r.Sent, r.Reduced, r.Queued
	m.ReporterDroppedQueueFull, m.ReporterDroppedClosed = r.Dropped.QueueFull, r.Dropped.Closed
	m.ReporterDroppedTooLarge, m.ReporterDroppedEncode, m.ReporterDroppedTransport = r.Dropped.TooLarge, r.Dropped.Encode, r.Dropped.Transport

	m.SamplerQueriesOK, m.SamplerQueriesErr = c.sampler.QueriesOK, c.sampler.QueriesFailed
	m.SamplerUpdatesOK, m.SamplerUpdatesErr = c.sampler.UpdatesOK, c.sampler.UpdatesFailed
	m.BaggageRestrictionsOK, m.BaggageRestrictionsErr = c.baggage.UpdatesOK, c.baggage.UpdatesFailed
	m.ThrottlerUpdatesOK, m.ThrottlerUpdatesErr = c.throttle.UpdatesOK, c.throttle.UpdatesFailed
	return m
}

func split(b jaeger.BySampling) (sampled, unsampled, undecided uint64) {
	return b.Sampled, b.Unsampled, b.Undecided
}
