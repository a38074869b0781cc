// SPDX-License-Identifier: Apache-2.0

package rpcmetrics_test

import (
	"fmt"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/rpcmetrics"
)

func ExampleNewObserver() {
	backend := newBackend() // for one of Prometheus: prometheus.New() of jaeger-lib
	requests := rpcmetrics.NewObserver(backend.factory())
	tracer, err := jaeger.New("checkout", reporter.NewDiscard(), jaeger.WithObserver(requests))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer tracer.Close()

	start := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	span := tracer.StartSpan("pay", ext.SpanKindRPCServer, opentracing.StartTime(start))
	ext.HTTPStatusCode.Set(span, 200)
	span.FinishWithOptions(opentracing.FinishOptions{FinishTime: start.Add(20 * time.Millisecond)})
	fmt.Println(backend.state())
	// Output:
	// jaeger-rpc.http_requests{endpoint=pay,status_code=2xx} 1
	// jaeger-rpc.request_latency{endpoint=pay,error=false} [20ms]
	// jaeger-rpc.requests{endpoint=pay,error=false} 1
}
