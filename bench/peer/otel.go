// SPDX-License-Identifier: Apache-2.0

package peer

import (
	"context"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/jaegerkit/jaeger/bench/workload"
)

// otel is the SDK used natively, as its documentation shows it: attributes are
// prepared attribute.KeyValues set in one SetAttributes call, behind
// IsRecording, and events have prepared options. The exporter is OTLP over HTTP
// in protobuf behind the batch processor, both with their defaults (a queue of
// 2048 spans, batches of 512, no compression). Inject and Extract use the
// TraceContext propagator alone, the cheapest, except for baggage.
//
// otel-each sets each attribute with a call of its own and without asking
// IsRecording first: what a service does that learns its tags one after the
// other, and what the OpenTracing peers, which have no other way, do too.
type otel struct {
	each     bool
	provider *sdk.TracerProvider
	tracer   trace.Tracer
	data     *workload.Data
	attrs    [][]attribute.KeyValue
	events   [][]trace.EventOption
	ctx      context.Context // of the span held open
	member   baggage.Member
	context  propagation.TextMapPropagator
	both     propagation.TextMapPropagator
	outgoing propagation.HeaderCarrier
	incoming propagation.HeaderCarrier
}

// newProvider is what both ways of using the SDK stand on.
func newProvider(c Config) (*sdk.TracerProvider, error) {
	sampler := sdk.NeverSample()
	if c.Sampled {
		sampler = sdk.AlwaysSample()
	}
	opts := []sdk.TracerProviderOption{
		sdk.WithSampler(sdk.ParentBased(sampler)),
		sdk.WithResource(resource.NewSchemaless(attribute.String("service.name", "bench"))),
	}
	if c.To == "" {
		return sdk.NewTracerProvider(append(opts, sdk.WithSpanProcessor(discard{}))...), nil
	}
	exporter, err := otlptracehttp.New(context.Background(), otlptracehttp.WithEndpoint(c.To), otlptracehttp.WithInsecure())
	if err != nil {
		return nil, err
	}
	var batch []sdk.BatchSpanProcessorOption
	if c.Queue > 0 {
		batch = append(batch, sdk.WithMaxQueueSize(c.Queue))
	}
	return sdk.NewTracerProvider(append(opts, sdk.WithBatcher(exporter, batch...))...), nil
}

func newOTel(c Config) (Client, error) {
	provider, err := newProvider(c)
	if err != nil {
		return nil, err
	}
	member, err := baggage.NewMember("tenant", "acme-1234")
	if err != nil {
		return nil, err
	}
	o := &otel{
		provider: provider,
		tracer:   provider.Tracer("bench"),
		data:     c.Data,
		member:   member,
		context:  propagation.TraceContext{},
		both:     propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{}),
		outgoing: propagation.HeaderCarrier(http.Header(workload.Headers())),
		incoming: propagation.HeaderCarrier(http.Header(workload.Headers())),
	}
	for i := range c.Data.Sets {
		o.attrs = append(o.attrs, keyValues(c.Data.Sets[i].Tags))
		var events []trace.EventOption
		for _, fields := range c.Data.Sets[i].Logs {
			events = append(events, trace.WithAttributes(keyValues(fields)...))
		}
		o.events = append(o.events, events)
	}
	o.ctx, _ = o.tracer.Start(context.Background(), "held")
	o.context.Inject(o.ctx, o.incoming)
	return o, nil
}

func newOTelEach(c Config) (Client, error) {
	client, err := newOTel(c)
	if err != nil {
		return nil, err
	}
	client.(*otel).each = true
	return client, nil
}

func keyValues(tags []workload.Tag) (kvs []attribute.KeyValue) {
	for _, t := range tags {
		switch v := t.Value.(type) {
		case string:
			kvs = append(kvs, attribute.String(t.Key, v))
		case int:
			kvs = append(kvs, attribute.Int(t.Key, v))
		case bool:
			kvs = append(kvs, attribute.Bool(t.Key, v))
		case float64:
			kvs = append(kvs, attribute.Float64(t.Key, v))
		}
	}
	return kvs
}

func (o *otel) fill(s trace.Span, i int) {
	n := uint(i) % workload.Sets
	if o.each {
		for _, kv := range o.attrs[n] {
			s.SetAttributes(kv)
		}
		for e := range o.events[n] {
			s.AddEvent("log", o.events[n][e])
		}
		return
	}
	if !s.IsRecording() {
		return
	}
	if len(o.attrs[n]) > 0 {
		s.SetAttributes(o.attrs[n]...)
	}
	for e := range o.events[n] {
		s.AddEvent("log", o.events[n][e])
	}
}

func (o *otel) span(ctx context.Context, i int) {
	_, s := o.tracer.Start(ctx, o.data.Name(i))
	o.fill(s, i)
	s.End()
}

func (o *otel) Span(i int) { o.span(context.Background(), i) }

// Guarded is Span, whose fill asks first.
func (o *otel) Guarded(i int) { o.Span(i) }

func (o *otel) Fresh(i int) {
	v := o.data.Fresh(i)
	_, s := o.tracer.Start(context.Background(), o.data.Name(i))
	s.SetAttributes(
		attribute.String("http.method", v.Method),
		attribute.String("http.url", v.URL),
		attribute.Int("http.status_code", v.Status),
		attribute.String("peer.hostname", v.Host),
		attribute.Bool("cached", v.Cached),
	)
	s.End()
}

func (o *otel) Child(i int) { o.span(o.ctx, i) }

func (o *otel) Wide(i, children int) {
	ctx, root := o.tracer.Start(context.Background(), o.data.Name(i))
	for n := range children {
		o.span(ctx, i+1+n)
	}
	o.fill(root, i)
	root.End()
}

func (o *otel) Deep(i, depth int) { o.deeper(context.Background(), i, depth) }

func (o *otel) deeper(ctx context.Context, i, depth int) {
	if depth == 0 {
		return
	}
	ctx, s := o.tracer.Start(ctx, o.data.Name(i))
	o.deeper(ctx, i+1, depth-1)
	o.fill(s, i)
	s.End()
}

func (o *otel) Inject() { o.context.Inject(o.ctx, o.outgoing) }

func (o *otel) Extract() {
	if !trace.SpanContextFromContext(o.context.Extract(context.Background(), o.incoming)).IsValid() {
		panic("no context in the headers")
	}
}

func (o *otel) Baggage(i int) {
	ctx, s := o.tracer.Start(o.ctx, o.data.Name(i))
	b, err := baggage.FromContext(ctx).SetMember(o.member)
	must(err)
	o.both.Inject(baggage.ContextWithBaggage(ctx, b), o.outgoing)
	s.End()
}

func (o *otel) Close() error { return o.provider.Shutdown(context.Background()) }

func (o *otel) Sent() int64 { return -1 }

// discard is a span processor that throws finished spans away.
type discard struct{}

func (discard) OnStart(context.Context, sdk.ReadWriteSpan) {}
func (discard) OnEnd(sdk.ReadOnlySpan)                     {}
func (discard) Shutdown(context.Context) error             { return nil }
func (discard) ForceFlush(context.Context) error           { return nil }
