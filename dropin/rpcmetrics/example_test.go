// SPDX-License-Identifier: Apache-2.0

package rpcmetrics_test

import (
	"fmt"

	"github.com/opentracing/opentracing-go/ext"
	"github.com/uber/jaeger-lib/metrics/metricstest"

	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/rpcmetrics"
)

func Example() {
	factory := metricstest.NewFactory(0)
	observer := rpcmetrics.NewObserver(factory, rpcmetrics.DefaultNameNormalizer)
	tracer, closer := jaeger.NewTracer("shop", jaeger.NewConstSampler(false), jaeger.NewNullReporter(),
		jaeger.TracerOptions.Observer(observer))
	defer closer.Close()
	tracer.StartSpan("pay order", ext.SpanKindRPCServer).Finish()
	counters, _ := factory.Snapshot()
	fmt.Println(counters["requests|endpoint=pay-order|error=false"])
	// Output: 1
}
