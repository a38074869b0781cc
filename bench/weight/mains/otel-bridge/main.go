// SPDX-License-Identifier: Apache-2.0

// Otel-bridge is the service traced through OpenTracing and OpenTelemetry's
// bridge over OTLP/HTTP.
package main

import (
	"context"
	"log"
	"net/http"

	"github.com/opentracing/opentracing-go"
	bridge "go.opentelemetry.io/otel/bridge/opentracing"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/trace"
)

func main() {
	exporter, err := otlptracehttp.New(context.Background(), otlptracehttp.WithInsecure())
	if err != nil {
		log.Fatal(err)
	}
	provider := trace.NewTracerProvider(trace.WithBatcher(exporter))
	defer provider.Shutdown(context.Background())
	tracer, _ := bridge.NewTracerPair(provider.Tracer("hello"))
	opentracing.SetGlobalTracer(tracer)
	_ = http.ListenAndServe("127.0.0.1:8080", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		span := opentracing.StartSpan("hello")
		defer span.Finish()
		_, _ = w.Write([]byte("hello"))
	}))
}
