// SPDX-License-Identifier: Apache-2.0

// Package rpcmetrics counts the requests that a service answers, by endpoint,
// outcome and HTTP status, and measures how long they take.
//
//	observer := rpcmetrics.NewObserver(factory, rpcmetrics.DefaultNameNormalizer)
//	tracer, closer := jaeger.NewTracer("checkout", sampler, reporter,
//		jaeger.TracerOptions.Observer(observer))
//
// What it promises: finished spans with span.kind=server and a name are counted,
// sampled or not; at most 200 endpoints have series of their own, all others are
// counted as "other"; a factory that panics costs the series it panicked in.
//
// The work is done by github.com/jaegerkit/jaeger/rpcmetrics.
package rpcmetrics

import (
	"github.com/opentracing/opentracing-go"
	"github.com/uber/jaeger-lib/metrics"

	"github.com/jaegerkit/jaeger"
	house "github.com/jaegerkit/jaeger/rpcmetrics"
	old "github.com/uber/jaeger-client-go"
)

const maxEndpoints = 200

// Observer is told of every span that a tracer starts. Its zero value counts
// nothing.
type Observer struct{ endpoints *MetricsByEndpoint }

// NewObserver counts into factory, as it is: config puts the namespace jaeger-rpc
// in front. Nil counts nowhere. A nil normalizer is DefaultNameNormalizer.
func NewObserver(metricsFactory metrics.Factory, normalizer NameNormalizer) *Observer {
	if metricsFactory == nil {
		metricsFactory = metrics.NullFactory
	}
	if normalizer == nil {
		normalizer = DefaultNameNormalizer
	}
	return &Observer{&MetricsByEndpoint{house.NewObserver(asItIs{metricsFactory},
		house.WithNormalizer(normalizer.Normalize), house.WithMaxEndpoints(maxEndpoints))}}
}

// OnStartSpan implements jaeger.Observer.
func (o *Observer) OnStartSpan(operationName string, options opentracing.StartSpanOptions) old.SpanObserver {
	if o == nil {
		return &SpanObserver{}
	}
	return NewSpanObserver(o.endpoints, operationName, options)
}

// NativeObserver is for package jaeger.
func (o *Observer) NativeObserver(self any) jaeger.Observer {
	if o == nil || o.endpoints == nil || o.endpoints.observer == nil || self != any(o) {
		return nil
	}
	return o.endpoints.observer
}

// asItIs keeps the namespace that the caller gave it.
type asItIs struct{ metrics.Factory }

func (f asItIs) Namespace(metrics.NSOptions) metrics.Factory { return f.Factory }

// MetricsByEndpoint holds the series of each endpoint.
type MetricsByEndpoint struct{ observer *house.Observer }

// Metrics are the series of one endpoint.
type Metrics struct {
	RequestCountSuccess    metrics.Counter `metric:"requests" tags:"error=false"`
	RequestCountFailures   metrics.Counter `metric:"requests" tags:"error=true"`
	RequestLatencySuccess  metrics.Timer   `metric:"request_latency" tags:"error=false"`
	RequestLatencyFailures metrics.Timer   `metric:"request_latency" tags:"error=true"`
	HTTPStatusCode2xx      metrics.Counter `metric:"http_requests" tags:"status_code=2xx"`
	HTTPStatusCode3xx      metrics.Counter `metric:"http_requests" tags:"status_code=3xx"`
	HTTPStatusCode4xx      metrics.Counter `metric:"http_requests" tags:"status_code=4xx"`
	HTTPStatusCode5xx      metrics.Counter `metric:"http_requests" tags:"status_code=5xx"`
}

// SpanKind says which side of a call a span is.
type SpanKind int

// The kinds of spans; Inbound ones are counted.
const (
	Local SpanKind = iota
	Inbound
	Outbound
)

// SpanObserver counts one span when it is finished. It may be used from any
// goroutine; its zero value counts nothing.
type SpanObserver struct{ request jaeger.SpanObserver }

// NewSpanObserver begins with a span's name, start and tags. A nil
// metricsByEndpoint counts nowhere.
func NewSpanObserver(metricsByEndpoint *MetricsByEndpoint, operationName string, options opentracing.StartSpanOptions) *SpanObserver {
	if metricsByEndpoint == nil || metricsByEndpoint.observer == nil {
		return &SpanObserver{}
	}
	request, _ := metricsByEndpoint.observer.OnStartSpan(nil, operationName, options)
	return &SpanObserver{request}
}

// OnFinish counts the span, once.
func (so *SpanObserver) OnFinish(options opentracing.FinishOptions) {
	if so != nil && so.request != nil {
		so.request.OnFinish(options)
	}
}

// OnSetOperationName takes the span's new name.
func (so *SpanObserver) OnSetOperationName(operationName string) {
	if so != nil && so.request != nil {
		so.request.OnSetOperationName(operationName)
	}
}

// OnSetTag takes a tag; span.kind, http.status_code and error count.
func (so *SpanObserver) OnSetTag(key string, value interface{}) {
	if so != nil && so.request != nil {
		so.request.OnSetTag(key, value)
	}
}
