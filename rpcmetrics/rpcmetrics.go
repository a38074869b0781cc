// SPDX-License-Identifier: Apache-2.0

// Package rpcmetrics counts and times the requests that a service answers, as
// its server spans show them, sampled or not, into a metrics.Factory of
// jaeger-lib.
//
//	factory := prometheus.New() // github.com/uber/jaeger-lib/metrics/prometheus
//	requests := rpcmetrics.NewObserver(factory)
//	tracer, err := jaeger.New("checkout", rep, jaeger.WithObserver(requests))
//	if err != nil {
//		return err
//	}
//
// The names are jaeger-client-go's, in the namespace jaeger-rpc with the tag
// component=jaeger:
//
//	requests{endpoint, error=true|false}         counter
//	request_latency{endpoint, error=true|false}  timer
//	http_requests{endpoint, status_code=2xx|3xx|4xx|5xx}  counter
//
// Counted are spans with span.kind=server and a name, both as they stand when
// the span is finished; the tags error and http.status_code fill the others.
//
// What it promises: memory is bounded by the number of endpoints, whatever the
// spans are called; a span costs one allocation, and no lock is shared between
// spans once their endpoint is known.
package rpcmetrics

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/opentracing/opentracing-go"
	lib "github.com/uber/jaeger-lib/metrics"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
)

const (
	// DefaultMaxEndpoints is how many endpoints have series of their own.
	DefaultMaxEndpoints = 200
	// Other is the endpoint of all further ones.
	Other = "other"

	maxNameLength = 1024 // bytes, as the tracer cuts them
)

// Observer makes an observer of each span. It is safe from any goroutine, calls
// the factory when it meets an endpoint for the first time, and its metrics when
// a span is finished, on the goroutine that finishes it.
type Observer struct {
	factory   lib.Factory
	normalize func(string) string // nil means Normalize
	max       int

	mu    sync.Mutex            // held while an endpoint is made
	known atomic.Pointer[table] // never changed, but replaced
}

// table is what endpoints there are.
type table struct {
	endpoints map[string]*endpoint // by normalized name
	other     *endpoint            // nil until there is one too many
}

// Option changes a default of NewObserver.
type Option func(*Observer)

// WithNormalizer replaces Normalize, for example to cut ids out of the names. It
// is called for each server span that is finished, from any goroutine. What it
// returns is the endpoint; Other for "".
func WithNormalizer(normalize func(operation string) string) Option {
	return func(o *Observer) { o.normalize = normalize }
}

// WithMaxEndpoints sets how many endpoints have series of their own, eight each;
// default DefaultMaxEndpoints. With 0 or less all requests go to Other.
func WithMaxEndpoints(n int) Option {
	return func(o *Observer) { o.max = n }
}

// NewObserver counts into factory, whose own namespace and tags come before those
// of the package doc; nil counts nowhere.
func NewObserver(factory lib.Factory, opts ...Option) *Observer {
	o := &Observer{factory: lib.NullFactory, max: DefaultMaxEndpoints}
	for _, opt := range opts {
		if opt != nil {
			opt(o)
		}
	}
	if factory != nil {
		contain(func() {
			o.factory = factory.Namespace(lib.NSOptions{Name: "jaeger-rpc", Tags: map[string]string{"component": "jaeger"}})
		})
	}
	o.known.Store(&table{})
	return o
}

// OnStartSpan implements jaeger.Observer. Every span is observed, because it may
// become a server span until it is finished.
func (o *Observer) OnStartSpan(_ *jaeger.Span, operation string, opts opentracing.StartSpanOptions) (jaeger.SpanObserver, bool) {
	r := &request{observer: o, operation: operation, start: opts.StartTime}
	if r.start.IsZero() {
		r.start = time.Now()
	}
	for k, v := range opts.Tags {
		r.tag(k, v)
	}
	return r, true
}

// endpoint finds or makes the series of an operation.
func (o *Observer) endpoint(operation string) *endpoint {
	operation = model.Truncate(operation, maxNameLength)
	known := o.known.Load()
	var name string
	if o.normalize != nil {
		name = model.Truncate(o.normalize(operation), maxNameLength)
		if e := known.endpoints[name]; e != nil {
			return e
		}
	} else {
		// The name of a known endpoint is not copied to the heap.
		var safe [128]byte
		b := appendSafe(safe[:0], operation)
		if e := known.endpoints[string(b)]; e != nil {
			return e
		}
		name = string(b)
	}
	if known.other != nil && (len(known.endpoints) >= o.max || name == Other) {
		return known.other
	}
	return o.meet(name)
}

// meet makes the series of an endpoint that was not known a moment ago.
func (o *Observer) meet(name string) *endpoint {
	o.mu.Lock()
	defer o.mu.Unlock()
	known := o.known.Load()
	if e := known.endpoints[name]; e != nil {
		return e
	}
	if name == "" || name == Other || len(known.endpoints) >= o.max {
		if known.other == nil {
			known = &table{known.endpoints, newEndpoint(o.factory, Other)}
			o.known.Store(known)
		}
		return known.other
	}
	next := &table{make(map[string]*endpoint, len(known.endpoints)+1), known.other}
	for k, v := range known.endpoints {
		next.endpoints[k] = v
	}
	e := newEndpoint(o.factory, name)
	next.endpoints[name] = e
	o.known.Store(next)
	return e
}
