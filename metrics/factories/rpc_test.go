// SPDX-License-Identifier: Apache-2.0

package factories_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
	prom "github.com/prometheus/client_golang/prometheus"
	lib "github.com/uber/jaeger-lib/metrics"
	jexpvar "github.com/uber/jaeger-lib/metrics/expvar"
	"github.com/uber/jaeger-lib/metrics/metricstest"
	jprom "github.com/uber/jaeger-lib/metrics/prometheus"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/rpcmetrics"
)

// serve answers one good request of 20 ms and one that fails with 503.
func serve(t *testing.T, factory lib.Factory) {
	t.Helper()
	tracer, err := jaeger.New("shop", reporter.NewDiscard(), jaeger.WithObserver(rpcmetrics.NewObserver(factory)))
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	end := opentracing.FinishOptions{FinishTime: start.Add(20 * time.Millisecond)}
	for _, status := range []uint16{200, 503} {
		span := tracer.StartSpan("GET /cart", ext.SpanKindRPCServer, opentracing.StartTime(start))
		ext.HTTPStatusCode.Set(span, status)
		ext.Error.Set(span, status >= 500)
		span.FinishWithOptions(end)
	}
	if err := tracer.Close(); err != nil {
		t.Error(err)
	}
}

func TestRPCPrometheus(t *testing.T) {
	registry := prom.NewRegistry()
	serve(t, jprom.New(jprom.WithRegisterer(registry)))
	var lines []string
	for _, line := range strings.Split(scrape(t, registry), "\n") {
		if !strings.Contains(line, "_bucket{") && !strings.Contains(line, "_sum{") {
			lines = append(lines, line)
		}
	}
	compare(t, strings.Join(lines, "\n"), `
jaeger_rpc_http_requests_total counter
jaeger_rpc_http_requests_total{component="jaeger",endpoint="GET-/cart",status_code="2xx"} 1
jaeger_rpc_http_requests_total{component="jaeger",endpoint="GET-/cart",status_code="3xx"} 0
jaeger_rpc_http_requests_total{component="jaeger",endpoint="GET-/cart",status_code="4xx"} 0
jaeger_rpc_http_requests_total{component="jaeger",endpoint="GET-/cart",status_code="5xx"} 1
jaeger_rpc_request_latency histogram
jaeger_rpc_request_latency_count{component="jaeger",endpoint="GET-/cart",error="false"} 1
jaeger_rpc_request_latency_count{component="jaeger",endpoint="GET-/cart",error="true"} 1
jaeger_rpc_requests_total counter
jaeger_rpc_requests_total{component="jaeger",endpoint="GET-/cart",error="false"} 1
jaeger_rpc_requests_total{component="jaeger",endpoint="GET-/cart",error="true"} 1
`)
}

// A registry that already knows the names in another shape costs the metrics,
// not the requests.
func TestRPCPrometheusTaken(t *testing.T) {
	registry := prom.NewRegistry()
	registry.MustRegister(prom.NewGauge(prom.GaugeOpts{Name: "jaeger_rpc_requests_total", Help: "taken"}))
	serve(t, jprom.New(jprom.WithRegisterer(registry)))
	line := `jaeger_rpc_request_latency_count{component="jaeger",endpoint="GET-/cart",error="true"} 1`
	if got := scrape(t, registry); !slices.Contains(strings.Split(got, "\n"), line) {
		t.Errorf("got\n%s\nwant among them\n%s", got, line)
	}
}

func TestRPCExpvar(t *testing.T) {
	serve(t, jexpvar.NewFactory(10))
	var lines []string
	for _, line := range strings.Split(variables("jaeger-rpc."), "\n") {
		if !strings.Contains(line, "request_latency") || strings.Contains(line, ".p50") {
			lines = append(lines, line)
		}
	}
	compare(t, strings.Join(lines, "\n"), `
jaeger-rpc.http_requests.component_jaeger.endpoint_GET-/cart.status_code_2xx 1
jaeger-rpc.http_requests.component_jaeger.endpoint_GET-/cart.status_code_3xx 0
jaeger-rpc.http_requests.component_jaeger.endpoint_GET-/cart.status_code_4xx 0
jaeger-rpc.http_requests.component_jaeger.endpoint_GET-/cart.status_code_5xx 1
jaeger-rpc.request_latency.component_jaeger.endpoint_GET-/cart.error_false.p50 0.02
jaeger-rpc.request_latency.component_jaeger.endpoint_GET-/cart.error_true.p50 0.02
jaeger-rpc.requests.component_jaeger.endpoint_GET-/cart.error_false 1
jaeger-rpc.requests.component_jaeger.endpoint_GET-/cart.error_true 1
`)
}

func TestRPCMetricstest(t *testing.T) {
	factory := metricstest.NewFactory(0)
	defer factory.Stop()
	serve(t, factory)
	tags := map[string]string{"component": "jaeger", "endpoint": "GET-/cart", "error": "true"}
	factory.AssertCounterMetrics(t, metricstest.ExpectedMetric{Name: "jaeger-rpc.requests", Tags: tags, Value: 1})
}
