// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/agenttest"
)

const settings = `
service_name: %s
sampler: {type: const, param: 1}
propagation: [jaeger, w3c]
reporter: {collector_endpoint: %q}
`

// traced gives each request a span that continues the caller's trace, if there is one.
func traced(tracer opentracing.Tracer, next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller, err := tracer.Extract(opentracing.HTTPHeaders, opentracing.HTTPHeadersCarrier(r.Header))
		if err != nil && !errors.Is(err, opentracing.ErrSpanContextNotFound) {
			slog.Warn("a damaged trace context", "error", err) // the request is served in a new trace
		}
		span := tracer.StartSpan(r.Method+" /stock", ext.RPCServerOption(caller))
		defer span.Finish()
		ext.HTTPMethod.Set(span, r.Method)
		ext.HTTPUrl.Set(span, r.URL.Path)
		next(w, r.WithContext(opentracing.ContextWithSpan(r.Context(), span)))
	})
}

// count is the service behind: its log has the ids of the caller's trace.
func count(w http.ResponseWriter, r *http.Request) {
	slog.InfoContext(r.Context(), "counted", "path", r.URL.Path,
		"traceparent", r.Header.Get("traceparent"), "uber-trace-id", r.Header.Get("uber-trace-id"))
	fmt.Fprint(w, 3)
}

// buy is the service in front: a span for the call, whose context goes into the headers.
func buy(ctx context.Context, tracer opentracing.Tracer, url string) error {
	span := tracer.StartSpan("buy", ext.SpanKindRPCClient)
	defer span.Finish()
	ctx = opentracing.ContextWithSpan(ctx, span)
	slog.InfoContext(ctx, "asking the stock")

	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	if err := tracer.Inject(span.Context(), opentracing.HTTPHeaders, opentracing.HTTPHeadersCarrier(r.Header)); err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		ext.LogError(span, err)
		return err
	}
	defer res.Body.Close()
	ext.HTTPStatusCode.Set(span, uint16(res.StatusCode))
	body, err := io.ReadAll(res.Body)
	slog.InfoContext(ctx, "answered", "status", res.StatusCode, "left", string(body))
	return err
}

// report sends what is left, and shows what the collector inside this program got.
func report(ctx context.Context, collector *agenttest.Collector, tracers ...*jaeger.Tracer) error {
	for _, t := range tracers {
		if err := t.Shutdown(ctx); err != nil {
			return err
		}
		if dropped := t.Stats().Reporter.Dropped; dropped.Total() > 0 {
			return fmt.Errorf("spans were dropped: %+v", dropped)
		}
	}
	if os.Getenv("JAEGER_ENDPOINT") != "" {
		return nil
	}
	_, err := collector.WaitSpans(ctx, 2)
	for _, batch := range collector.Batches() {
		for _, span := range batch.Spans {
			fmt.Printf("%-5s %-10s trace %016x, span %016x of %016x\n", batch.Process.ServiceName, span.OperationName,
				uint64(span.TraceIdLow), uint64(span.SpanId), uint64(span.ParentSpanId))
		}
	}
	return err
}
