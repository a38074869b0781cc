// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
	lib "github.com/uber/jaeger-lib/metrics"
	"go.uber.org/goleak"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/agenttest"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

// backend is a metrics.Factory that keeps each series as "scope.name{k=v,k=v}".
type backend struct {
	scope string
	tags  map[string]string
	*values
}

type values struct {
	mu   sync.Mutex
	made map[string]int64
}

func newBackend() *backend { return &backend{values: &values{made: make(map[string]int64)}} }

func (v *values) value(series string) int64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.made[series]
}

func (v *values) names() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Sorted(maps.Keys(v.made))
}

// instrument is one series of any kind; a timer counts how often it was used.
type instrument struct {
	of   *values
	name string
}

func (i instrument) Inc(n int64) {
	i.of.mu.Lock()
	defer i.of.mu.Unlock()
	i.of.made[i.name] += n
}

func (i instrument) Update(n int64) {
	i.of.mu.Lock()
	defer i.of.mu.Unlock()
	i.of.made[i.name] = n
}

func (i instrument) Record(time.Duration) { i.Inc(1) }

func (b *backend) instrument(name string, tags map[string]string) instrument {
	all := maps.Clone(b.tags)
	if all == nil {
		all = make(map[string]string)
	}
	maps.Copy(all, tags)
	var pairs []string
	for _, k := range slices.Sorted(maps.Keys(all)) {
		pairs = append(pairs, k+"="+all[k])
	}
	i := instrument{b.values, fmt.Sprintf("%s%s{%s}", b.scope, name, strings.Join(pairs, ","))}
	i.Inc(0)
	return i
}

func (b *backend) Counter(o lib.Options) lib.Counter          { return b.instrument(o.Name, o.Tags) }
func (b *backend) Gauge(o lib.Options) lib.Gauge              { return b.instrument(o.Name, o.Tags) }
func (b *backend) Timer(o lib.TimerOptions) lib.Timer         { return b.instrument(o.Name, o.Tags) }
func (*backend) Histogram(lib.HistogramOptions) lib.Histogram { return lib.NullHistogram }

func (b *backend) Namespace(o lib.NSOptions) lib.Factory {
	tags := maps.Clone(b.tags)
	if tags == nil {
		tags = make(map[string]string)
	}
	maps.Copy(tags, o.Tags)
	return &backend{b.scope + o.Name + ".", tags, b.values}
}

// Each part's counts end in the series that jaeger-client-go had for them.
func TestMetrics(t *testing.T) {
	t.Parallel()
	server, collector := agenttest.NewConfigServer(t), agenttest.NewCollector(t)
	server.SetProbabilistic("shop", 1)
	server.SetBaggageRestrictions("shop", agenttest.BaggageRestriction{Key: "user", MaxValueLength: 3})
	server.SetCredits("shop", "op", 1)
	cfg := parse(t, "service_name: shop\nsampler: {server_url: '"+server.SamplingURL()+"', param: 1e-9}\nrpc_metrics: true\n"+
		"reporter: {endpoint: '"+collector.Endpoint()+"'}\nbaggage_restrictions: {host_port: '"+hostPort(server)+"'}\n"+
		"throttler: {host_port: '"+hostPort(server)+"', synchronous_initialization: true}")
	metrics := newBackend()
	cfg.Metrics, cfg.Logger = metrics, slog.NewTextHandler(io.Discard, nil)
	tracer, err := cfg.NewTracer()
	if err != nil {
		t.Fatal(err)
	}
	defer tracer.Close()
	eventually(t, "the strategy", func() bool { return tracer.StartSpan("wait").Context().(model.SpanContext).IsSampled() })
	eventually(t, "the list", func() bool { return carries(tracer, "user", "alice") == "ali" })
	eventually(t, "a credit", func() bool { return debugs(t, tracer, "op") })

	span := tracer.StartSpan("GET /item", ext.SpanKindRPCServer)
	ext.HTTPStatusCode.Set(span, 404)
	span.SetBaggageItem("other", "v")
	span.Finish()
	for _, id := range []string{"1:2:0:1", "1:2:0:0"} {
		sc, err := tracer.Extract(opentracing.TextMap, opentracing.TextMapCarrier{"uber-trace-id": id})
		if err != nil {
			t.Fatal(err)
		}
		tracer.StartSpan("op", opentracing.ChildOf(sc)).Finish()
	}
	if _, err := tracer.Extract(opentracing.TextMap, opentracing.TextMapCarrier{"uber-trace-id": "damaged"}); err == nil {
		t.Error("a damaged context was read")
	}
	if err := tracer.Close(); err != nil {
		t.Fatal(err)
	}
	stats := tracer.Stats()
	for series, want := range map[string]int64{
		"traces{sampled=y,state=joined}":          1,
		"traces{sampled=n,state=joined}":          1,
		"traces{sampled=y,state=started}":         int64(stats.TracesStarted.Sampled),
		"traces{sampled=n,state=started}":         int64(stats.TracesStarted.Unsampled),
		"started_spans{sampled=y}":                int64(stats.SpansStarted.Sampled),
		"finished_spans{sampled=y}":               2,
		"finished_spans{sampled=n}":               1,
		"span_context_decoding_errors{}":          1,
		"reporter_spans{result=ok}":               2,
		"reporter_spans{result=err}":              0,
		"reporter_queue_length{}":                 0,
		"sampler_queries{result=ok}":              1,
		"sampler_updates{result=ok}":              1,
		"baggage_updates{result=err}":             int64(stats.BaggageRefused),
		"baggage_truncations{}":                   int64(stats.BaggageTruncated),
		"baggage_restrictions_updates{result=ok}": 1,
		"throttled_debug_spans{}":                 int64(stats.DebugThrottled),
	} {
		if got := metrics.value("jaeger.tracer." + series); got != want {
			t.Errorf("got %s %d, want %d", series, got, want)
		}
	}
	if got := metrics.value("jaeger.tracer.throttler_updates{result=ok}"); got < 1 {
		t.Errorf("got %d credit updates, want some", got)
	}
	if stats.BaggageTruncated == 0 || stats.BaggageRefused == 0 || stats.DebugThrottled == 0 {
		t.Errorf("got %+v, want some of each", stats)
	}
	for _, series := range []string{
		"jaeger-rpc.requests{component=jaeger,endpoint=GET-/item,error=false}",
		"jaeger-rpc.http_requests{component=jaeger,endpoint=GET-/item,status_code=4xx}",
		"jaeger-rpc.request_latency{component=jaeger,endpoint=GET-/item,error=false}",
	} {
		if got := metrics.value(series); got != 1 {
			t.Errorf("got %s %d, want 1; there are\n%s", series, got, strings.Join(metrics.names(), "\n"))
		}
	}
}

// A remote sampler that the caller brings is counted in place of the settings' own.
func TestMetricsOfOwnSampler(t *testing.T) {
	t.Parallel()
	server := agenttest.NewConfigServer(t)
	server.SetProbabilistic("shop", 1)
	own, err := sampler.NewRemote("shop", sampler.WithServer(server.SamplingURL()), sampler.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil))))
	if err != nil {
		t.Fatal(err)
	}
	cfg := parse(t, "service_name: shop\nsampler: {type: const}")
	metrics := newBackend()
	cfg.Metrics, cfg.Logger = metrics, slog.NewTextHandler(io.Discard, nil)
	tracer, err := cfg.NewTracer(jaeger.WithSampler(own))
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the strategy", func() bool { return own.Stats().UpdatesOK == 1 })
	tracer.Close()
	if got := metrics.value("jaeger.tracer.sampler_updates{result=ok}"); got != 1 {
		t.Errorf("got %d updates, want 1", got)
	}
}

// Without a factory there is a line in the log, and no more.
func TestRPCMetricsWithoutFactory(t *testing.T) {
	t.Parallel()
	_, log := build(t, sampled, map[string]string{"JAEGER_RPC_METRICS": "true"})
	if want := "rpc_metrics is set, but requests are counted nowhere"; !strings.Contains(log.String(), want) {
		t.Errorf("got the log %q, want %s", log, want)
	}
	if _, log := build(t, sampled, nil); log.String() != "" {
		t.Errorf("got the log %q, want none", log)
	}
}

// Metrics without rpc_metrics do not count requests.
func TestMetricsWithoutRPCMetrics(t *testing.T) {
	t.Parallel()
	cfg := parse(t, sampled)
	metrics := newBackend()
	cfg.Metrics, cfg.Logger = metrics, slog.NewTextHandler(io.Discard, nil)
	tracer, err := cfg.NewTracer()
	if err != nil {
		t.Fatal(err)
	}
	tracer.StartSpan("op", ext.SpanKindRPCServer).Finish()
	tracer.Close()
	for _, name := range metrics.names() {
		if strings.HasPrefix(name, "jaeger-rpc") {
			t.Errorf("got %s", name)
		}
	}
}

// A disabled tracer reads no file, asks nobody, counts nothing and runs nothing.
func TestDisabledDoesNothing(t *testing.T) {
	server := agenttest.NewConfigServer(t)
	running := goleak.IgnoreCurrent()
	cfg := parse(t, "disabled: true\nrpc_metrics: true\nmax_debug_traces: 1\nreporter: {endpoint: https://collector.invalid, tls: {ca: none.pem}, log_spans: true}\n"+
		"sampler: {server_url: '"+server.SamplingURL()+"'}\npropagation: [w3c]\n"+
		"throttler: {host_port: '"+hostPort(server)+"'}\nbaggage_restrictions: {host_port: '"+hostPort(server)+"', deny: true}")
	metrics := newBackend()
	cfg.Metrics, cfg.Logger = metrics, slog.NewTextHandler(io.Discard, nil)
	tracer, err := cfg.NewTracer()
	if err != nil {
		t.Fatal(err)
	}
	if err := goleak.Find(running); err != nil {
		t.Error(err)
	}
	sc, err := tracer.Extract(opentracing.HTTPHeaders, allFormats)
	if err != nil || sc.(model.SpanContext).TraceID().Low != 0xb2 {
		t.Errorf("got %v, %v, want the trace of w3c", sc, err)
	}
	span := tracer.StartSpan("op", ext.RPCServerOption(sc)).SetBaggageItem("k", "v")
	if span.BaggageItem("k") != "v" {
		t.Error("baggage was refused")
	}
	span.Finish()
	if err := tracer.Close(); err != nil {
		t.Error(err)
	}
	if names, n := metrics.names(), server.RequestCount(); len(names) > 0 || n > 0 {
		t.Errorf("got the series %v and %d questions, want none", names, n)
	}
}
