// SPDX-License-Identifier: Apache-2.0

// Package factories_test shows what users of jaeger-lib's factories see.
package factories_test

import (
	"context"
	"expvar"
	"io"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	prom "github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	lib "github.com/uber/jaeger-lib/metrics"
	jexpvar "github.com/uber/jaeger-lib/metrics/expvar"
	"github.com/uber/jaeger-lib/metrics/metricstest"
	jprom "github.com/uber/jaeger-lib/metrics/prometheus"

	"github.com/jaegerkit/jaeger/metrics"
)

// snapshot has another number in each field.
var snapshot = metrics.Snapshot{
	TracesStartedSampled: 1, TracesStartedUnsampled: 2, TracesStartedDelayed: 3,
	TracesJoinedSampled: 4, TracesJoinedUnsampled: 5, TracesJoinedDelayed: 6,
	SpansStartedSampled: 7, SpansStartedUnsampled: 8, SpansStartedDelayed: 9,
	SpansFinishedSampled: 10, SpansFinishedUnsampled: 11, SpansFinishedDelayed: 12,
	SpansOpen: 13, LateCalls: 14, DecodingErrors: 15,
	ReporterSent: 16, ReporterDroppedQueueFull: 17, ReporterDroppedClosed: 18, ReporterDroppedTooLarge: 19,
	ReporterDroppedEncode: 20, ReporterDroppedTransport: 21, ReporterReduced: 22, ReporterQueueLength: 23,
	SamplerQueriesOK: 24, SamplerQueriesErr: 25, SamplerUpdatesOK: 26, SamplerUpdatesErr: 27,
	BaggageUpdatesOK: 28, BaggageUpdatesErr: 29, BaggageTruncated: 30,
	BaggageRestrictionsOK: 31, BaggageRestrictionsErr: 32,
	DebugSpansThrottled: 33, ThrottlerUpdatesOK: 34, ThrottlerUpdatesErr: 35,
}

// export pushes snapshot twice, which must count once.
func export(t *testing.T, factory lib.Factory, opts ...metrics.Option) {
	t.Helper()
	e, err := metrics.New(factory, func() metrics.Snapshot { return snapshot },
		append([]metrics.Option{metrics.WithInterval(time.Hour)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Push(context.Background()); err != nil {
		t.Error(err)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}

// scrape returns what Prometheus reads, without help, in order.
func scrape(t *testing.T, registry *prom.Registry) string {
	t.Helper()
	answer := httptest.NewRecorder()
	handler := promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
	handler.ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, line := range strings.Split(strings.TrimSpace(string(body)), "\n") {
		if !strings.HasPrefix(line, "# HELP") {
			lines = append(lines, strings.TrimPrefix(line, "# TYPE "))
		}
	}
	return strings.Join(lines, "\n")
}

func compare(t *testing.T, got, want string) {
	t.Helper()
	if want = strings.TrimSpace(want); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestPrometheus(t *testing.T) {
	registry := prom.NewRegistry()
	export(t, jprom.New(jprom.WithRegisterer(registry)))
	compare(t, scrape(t, registry), `
jaeger_tracer_baggage_restrictions_updates_total counter
jaeger_tracer_baggage_restrictions_updates_total{result="err"} 32
jaeger_tracer_baggage_restrictions_updates_total{result="ok"} 31
jaeger_tracer_baggage_truncations_total counter
jaeger_tracer_baggage_truncations_total 30
jaeger_tracer_baggage_updates_total counter
jaeger_tracer_baggage_updates_total{result="err"} 29
jaeger_tracer_baggage_updates_total{result="ok"} 28
jaeger_tracer_finished_spans_total counter
jaeger_tracer_finished_spans_total{sampled="delayed"} 12
jaeger_tracer_finished_spans_total{sampled="n"} 11
jaeger_tracer_finished_spans_total{sampled="y"} 10
jaeger_tracer_late_calls_total counter
jaeger_tracer_late_calls_total 14
jaeger_tracer_open_spans gauge
jaeger_tracer_open_spans 13
jaeger_tracer_reporter_dropped_spans_total counter
jaeger_tracer_reporter_dropped_spans_total{cause="closed"} 18
jaeger_tracer_reporter_dropped_spans_total{cause="encode"} 20
jaeger_tracer_reporter_dropped_spans_total{cause="queue_full"} 17
jaeger_tracer_reporter_dropped_spans_total{cause="too_large"} 19
jaeger_tracer_reporter_dropped_spans_total{cause="transport"} 21
jaeger_tracer_reporter_queue_length gauge
jaeger_tracer_reporter_queue_length 23
jaeger_tracer_reporter_reduced_spans_total counter
jaeger_tracer_reporter_reduced_spans_total 22
jaeger_tracer_reporter_spans_total counter
jaeger_tracer_reporter_spans_total{result="dropped"} 35
jaeger_tracer_reporter_spans_total{result="err"} 60
jaeger_tracer_reporter_spans_total{result="ok"} 16
jaeger_tracer_sampler_queries_total counter
jaeger_tracer_sampler_queries_total{result="err"} 25
jaeger_tracer_sampler_queries_total{result="ok"} 24
jaeger_tracer_sampler_updates_total counter
jaeger_tracer_sampler_updates_total{result="err"} 27
jaeger_tracer_sampler_updates_total{result="ok"} 26
jaeger_tracer_span_context_decoding_errors_total counter
jaeger_tracer_span_context_decoding_errors_total 15
jaeger_tracer_started_spans_total counter
jaeger_tracer_started_spans_total{sampled="delayed"} 9
jaeger_tracer_started_spans_total{sampled="n"} 8
jaeger_tracer_started_spans_total{sampled="y"} 7
jaeger_tracer_throttled_debug_spans_total counter
jaeger_tracer_throttled_debug_spans_total 33
jaeger_tracer_throttler_updates_total counter
jaeger_tracer_throttler_updates_total{result="err"} 35
jaeger_tracer_throttler_updates_total{result="ok"} 34
jaeger_tracer_traces_total counter
jaeger_tracer_traces_total{sampled="delayed",state="joined"} 6
jaeger_tracer_traces_total{sampled="delayed",state="started"} 3
jaeger_tracer_traces_total{sampled="n",state="joined"} 5
jaeger_tracer_traces_total{sampled="n",state="started"} 2
jaeger_tracer_traces_total{sampled="y",state="joined"} 4
jaeger_tracer_traces_total{sampled="y",state="started"} 1
`)
}

// Tags of the user's and a namespace of the factory's own come along.
func TestPrometheusInANamespace(t *testing.T) {
	registry := prom.NewRegistry()
	factory := jprom.New(jprom.WithRegisterer(registry)).Namespace(lib.NSOptions{Name: "shop", Tags: map[string]string{"zone": "a"}})
	export(t, factory, metrics.WithTags(map[string]string{"svc": "cart"}))
	line := `shop_jaeger_tracer_reporter_spans_total{result="ok",svc="cart",zone="a"} 16`
	if got := scrape(t, registry); !slices.Contains(strings.Split(got, "\n"), line) {
		t.Errorf("got\n%s\nwant among them\n%s", got, line)
	}
}

// Two tracers of one process add up in a factory that they share. With a factory
// each on one registry, which Prometheus answers with a panic, the second goes
// without.
func TestPrometheusTwice(t *testing.T) {
	registry := prom.NewRegistry()
	shared := jprom.New(jprom.WithRegisterer(registry))
	export(t, shared)
	export(t, shared)
	export(t, jprom.New(jprom.WithRegisterer(registry)))
	line := `jaeger_tracer_reporter_spans_total{result="ok"} 32`
	if got := scrape(t, registry); !slices.Contains(strings.Split(got, "\n"), line) {
		t.Errorf("got\n%s\nwant among them\n%s", got, line)
	}
}

// variables lists the process's expvars below a prefix.
func variables(prefix string) string {
	var lines []string
	expvar.Do(func(v expvar.KeyValue) {
		if strings.HasPrefix(v.Key, prefix) {
			lines = append(lines, v.Key+" "+v.Value.String())
		}
	})
	return strings.Join(lines, "\n")
}

func TestExpvar(t *testing.T) {
	export(t, jexpvar.NewFactory(10))
	compare(t, variables("jaeger.tracer."), `
jaeger.tracer.baggage_restrictions_updates.result_err 32
jaeger.tracer.baggage_restrictions_updates.result_ok 31
jaeger.tracer.baggage_truncations 30
jaeger.tracer.baggage_updates.result_err 29
jaeger.tracer.baggage_updates.result_ok 28
jaeger.tracer.finished_spans.sampled_delayed 12
jaeger.tracer.finished_spans.sampled_n 11
jaeger.tracer.finished_spans.sampled_y 10
jaeger.tracer.late_calls 14
jaeger.tracer.open_spans 13
jaeger.tracer.reporter_dropped_spans.cause_closed 18
jaeger.tracer.reporter_dropped_spans.cause_encode 20
jaeger.tracer.reporter_dropped_spans.cause_queue_full 17
jaeger.tracer.reporter_dropped_spans.cause_too_large 19
jaeger.tracer.reporter_dropped_spans.cause_transport 21
jaeger.tracer.reporter_queue_length 23
jaeger.tracer.reporter_reduced_spans 22
jaeger.tracer.reporter_spans.result_dropped 35
jaeger.tracer.reporter_spans.result_err 60
jaeger.tracer.reporter_spans.result_ok 16
jaeger.tracer.sampler_queries.result_err 25
jaeger.tracer.sampler_queries.result_ok 24
jaeger.tracer.sampler_updates.result_err 27
jaeger.tracer.sampler_updates.result_ok 26
jaeger.tracer.span_context_decoding_errors 15
jaeger.tracer.started_spans.sampled_delayed 9
jaeger.tracer.started_spans.sampled_n 8
jaeger.tracer.started_spans.sampled_y 7
jaeger.tracer.throttled_debug_spans 33
jaeger.tracer.throttler_updates.result_err 35
jaeger.tracer.throttler_updates.result_ok 34
jaeger.tracer.traces.sampled_delayed.state_joined 6
jaeger.tracer.traces.sampled_delayed.state_started 3
jaeger.tracer.traces.sampled_n.state_joined 5
jaeger.tracer.traces.sampled_n.state_started 2
jaeger.tracer.traces.sampled_y.state_joined 4
jaeger.tracer.traces.sampled_y.state_started 1
`)
}

// metricstest is what other libraries' tests look at counters with.
func TestMetricstest(t *testing.T) {
	factory := metricstest.NewFactory(0)
	defer factory.Stop()
	export(t, factory)
	factory.AssertCounterMetrics(t,
		metricstest.ExpectedMetric{Name: "jaeger.tracer.reporter_spans", Tags: map[string]string{"result": "ok"}, Value: 16},
		metricstest.ExpectedMetric{Name: "jaeger.tracer.traces", Tags: map[string]string{"state": "joined", "sampled": "delayed"}, Value: 6})
	factory.AssertGaugeMetrics(t,
		metricstest.ExpectedMetric{Name: "jaeger.tracer.reporter_queue_length", Value: 23})
}
