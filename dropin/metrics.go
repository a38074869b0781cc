// SPDX-License-Identifier: Apache-2.0

package jaeger

import "github.com/uber/jaeger-lib/metrics"

// Metrics are the numbers the client keeps of itself. Counters that are nil are
// passed over.
type Metrics struct {
	TracesStartedSampled             metrics.Counter `metric:"traces" tags:"state=started,sampled=y" help:"Traces begun by this tracer and sampled"`
	TracesStartedNotSampled          metrics.Counter `metric:"traces" tags:"state=started,sampled=n" help:"Traces begun by this tracer and not sampled"`
	TracesStartedDelayedSampling     metrics.Counter `metric:"traces" tags:"state=started,sampled=delayed" help:"Traces begun by this tracer with the decision open"`
	TracesJoinedSampled              metrics.Counter `metric:"traces" tags:"state=joined,sampled=y" help:"Sampled traces of other processes continued here"`
	TracesJoinedNotSampled           metrics.Counter `metric:"traces" tags:"state=joined,sampled=n" help:"Unsampled traces of other processes continued here"`
	SpansStartedSampled              metrics.Counter `metric:"started_spans" tags:"sampled=y" help:"Sampled spans started"`
	SpansStartedNotSampled           metrics.Counter `metric:"started_spans" tags:"sampled=n" help:"Unsampled spans started"`
	SpansStartedDelayedSampling      metrics.Counter `metric:"started_spans" tags:"sampled=delayed" help:"Spans started with the decision open"`
	SpansFinishedSampled             metrics.Counter `metric:"finished_spans" tags:"sampled=y" help:"Sampled spans finished"`
	SpansFinishedNotSampled          metrics.Counter `metric:"finished_spans" tags:"sampled=n" help:"Unsampled spans finished"`
	SpansFinishedDelayedSampling     metrics.Counter `metric:"finished_spans" tags:"sampled=delayed" help:"Spans finished with the decision open"`
	DecodingErrors                   metrics.Counter `metric:"span_context_decoding_errors" help:"Damaged contexts received"`
	ReporterSuccess                  metrics.Counter `metric:"reporter_spans" tags:"result=ok" help:"Spans sent"`
	ReporterFailure                  metrics.Counter `metric:"reporter_spans" tags:"result=err" help:"Spans lost because sending failed"`
	ReporterDropped                  metrics.Counter `metric:"reporter_spans" tags:"result=dropped" help:"Spans lost because the queue was full"`
	ReporterQueueLength              metrics.Gauge   `metric:"reporter_queue_length" help:"Spans in the queue"`
	SamplerRetrieved                 metrics.Counter `metric:"sampler_queries" tags:"result=ok" help:"Sampling strategies received"`
	SamplerQueryFailure              metrics.Counter `metric:"sampler_queries" tags:"result=err" help:"Queries for a sampling strategy that failed"`
	SamplerUpdated                   metrics.Counter `metric:"sampler_updates" tags:"result=ok" help:"Sampling strategies put in force"`
	SamplerUpdateFailure             metrics.Counter `metric:"sampler_updates" tags:"result=err" help:"Sampling strategies that could not be put in force"`
	BaggageUpdateSuccess             metrics.Counter `metric:"baggage_updates" tags:"result=ok" help:"Baggage items set"`
	BaggageUpdateFailure             metrics.Counter `metric:"baggage_updates" tags:"result=err" help:"Baggage items refused"`
	BaggageTruncate                  metrics.Counter `metric:"baggage_truncations" help:"Baggage items cut"`
	BaggageRestrictionsUpdateSuccess metrics.Counter `metric:"baggage_restrictions_updates" tags:"result=ok" help:"Baggage restrictions received"`
	BaggageRestrictionsUpdateFailure metrics.Counter `metric:"baggage_restrictions_updates" tags:"result=err" help:"Queries for baggage restrictions that failed"`
	ThrottledDebugSpans              metrics.Counter `metric:"throttled_debug_spans" help:"Debug traces refused by the throttler"`
	ThrottlerUpdateSuccess           metrics.Counter `metric:"throttler_updates" tags:"result=ok" help:"Debug credits received"`
	ThrottlerUpdateFailure           metrics.Counter `metric:"throttler_updates" tags:"result=err" help:"Queries for debug credits that failed"`
}

// NewMetrics makes the counters with factory, in the namespace jaeger.tracer. It
// panics where the factory does; a nil one counts nothing.
func NewMetrics(factory metrics.Factory, globalTags map[string]string) *Metrics {
	m := &Metrics{}
	if absent(factory) {
		factory = metrics.NullFactory
	}
	client := factory.Namespace(metrics.NSOptions{Name: "jaeger"})
	metrics.MustInit(m, client.Namespace(metrics.NSOptions{Name: "tracer"}), globalTags)
	return m
}

// NewNullMetrics returns Metrics that count nothing.
func NewNullMetrics() *Metrics { return NewMetrics(metrics.NullFactory, nil) }

func nullMetrics() *Metrics { return &Metrics{} }

// inc adds n, which may be 0.
func inc(c metrics.Counter, n uint64) {
	if n > 0 && !absent(c) {
		c.Inc(int64(n))
	}
}

// counting reports whether anyone looks at one of the counters.
func counting(counters ...metrics.Counter) bool {
	for _, c := range counters {
		if !absent(c) && !isNull(c) {
			return true
		}
	}
	return false
}

// isNull guards against counters that cannot be compared.
func isNull(c metrics.Counter) (null bool) {
	defer func() { _ = recover() }()
	return c == metrics.NullCounter
}
