// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
	"github.com/uber/jaeger-lib/metrics/metricstest"
	"gopkg.in/yaml.v3"

	"github.com/jaegerkit/jaeger/agenttest"
	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/config"
	"github.com/uber/jaeger-client-go/log"
)

func patience(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// setenv sets these variables, and unsets all others of Jaeger's.
func setenv(t *testing.T, pairs ...string) {
	t.Helper()
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "JAEGER_") {
			t.Setenv(name, "")
		}
	}
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		t.Setenv(name, value)
	}
}

func hostAndPort(addr string) (host, port string) {
	i := strings.LastIndex(addr, ":")
	return addr[:i], addr[i+1:]
}

// TestQuickStart is what the old client's documentation begins with, over UDP and
// over HTTP.
func TestQuickStart(t *testing.T) {
	agent, collector := agenttest.New(t), agenttest.NewCollector(t)
	host, port := hostAndPort(agent.Addr())
	for _, test := range []struct {
		name string
		env  []string
		wait func(context.Context, int) error
	}{
		{"udp", []string{"JAEGER_AGENT_HOST=" + host, "JAEGER_AGENT_PORT=" + port},
			func(ctx context.Context, n int) error { _, err := agent.WaitSpans(ctx, n); return err }},
		{"http", []string{"JAEGER_ENDPOINT=" + collector.Endpoint(), "JAEGER_USER=user", "JAEGER_PASSWORD=secret"},
			func(ctx context.Context, n int) error { _, err := collector.WaitSpans(ctx, n); return err }},
	} {
		t.Run(test.name, func(t *testing.T) {
			setenv(t, append(test.env, "JAEGER_SERVICE_NAME=shop", "JAEGER_SAMPLER_TYPE=const", "JAEGER_SAMPLER_PARAM=1",
				"JAEGER_REPORTER_LOG_SPANS=true", "JAEGER_RPC_METRICS=true", "JAEGER_TAGS=region=eu")...)
			cfg, err := config.FromEnv()
			if err != nil {
				t.Fatal(err)
			}
			factory, logger := metricstest.NewFactory(0), &log.BytesBufferLogger{}
			tracer, closer, err := cfg.NewTracer(config.Logger(logger), config.Metrics(factory), nil)
			if err != nil {
				t.Fatal(err)
			}
			const spans = 100
			for i := range spans {
				tracer.StartSpan("get", ext.SpanKindRPCServer).SetTag("i", i).Finish()
			}
			if err := closer.Close(); err != nil {
				t.Error(err)
			}
			if err := closer.Close(); err != nil {
				t.Error(err)
			}
			if err := test.wait(patience(t), spans); err != nil {
				t.Fatal(err)
			}
			counters, _ := factory.Snapshot()
			for _, name := range []string{"jaeger.tracer.reporter_spans|result=ok", "jaeger.tracer.started_spans|sampled=y", "jaeger.tracer.finished_spans|sampled=y",
				"jaeger.tracer.traces|sampled=y|state=started", "jaeger-rpc.requests|component=jaeger|endpoint=get|error=false"} {
				if counters[name] != spans {
					t.Errorf("got %s %d, want %d", name, counters[name], spans)
				}
			}
			if got := strings.Count(logger.String(), `operation="get"`); got != spans {
				t.Errorf("got %d spans logged, want %d", got, spans)
			}
		})
	}
	if p := agent.Process(); p.ServiceName != "shop" || agenttest.Tags(p.Tags)["region"] != "eu" {
		t.Errorf("got process %v", p)
	}
	if got, want := collector.Requests()[0].Header.Get("Authorization"), "Basic dXNlcjpzZWNyZXQ="; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestRemoteSampler: what config builds asks, counts and logs.
func TestRemoteSampler(t *testing.T) {
	server := agenttest.NewConfigServer(t)
	server.SetProbabilistic("shop", 1)
	for _, test := range []struct {
		name string
		env  string
	}{
		{"url", "JAEGER_SAMPLING_ENDPOINT=" + server.SamplingURL()},
		{"host and port", "JAEGER_SAMPLER_MANAGER_HOST_PORT=" + server.Addr()},
	} {
		setenv(t, test.env)
		cfg, err := config.FromEnv()
		if err != nil {
			t.Fatal(err)
		}
		memory := jaeger.NewInMemoryReporter()
		tracer, closer, err := cfg.New("shop", config.Reporter(memory))
		if err != nil {
			t.Fatal(err)
		}
		remote := tracer.(*jaeger.Tracer).Sampler().(*jaeger.RemotelyControlledSampler)
		remote.UpdateSampler()
		span := tracer.StartSpan("x")
		if got, want := fmt.Sprint(remote.Sampler()), "ProbabilisticSampler(samplingRate=1)"; got != want || !span.(*jaeger.Span).SpanContext().IsSampled() {
			t.Errorf("%s: got %s, want %s", test.name, got, want)
		}
		span.Finish()
		if err := closer.Close(); err != nil {
			t.Error(err)
		}
	}
	setenv(t)
	gone := agenttest.NewConfigServer(t)
	if err := gone.Close(); err != nil {
		t.Fatal(err)
	}
	factory, logger := metricstest.NewFactory(0), &log.BytesBufferLogger{}
	cfg := config.Configuration{ServiceName: "shop", Sampler: &config.SamplerConfig{SamplingServerURL: gone.URL()}, Reporter: &config.ReporterConfig{}}
	tracer, closer, err := cfg.NewTracer(config.Metrics(factory), config.Logger(logger), config.Reporter(jaeger.NewNullReporter()))
	if err != nil {
		t.Fatal(err)
	}
	remote := tracer.(*jaeger.Tracer).Sampler().(*jaeger.RemotelyControlledSampler)
	remote.UpdateSampler()
	if got, want := fmt.Sprint(remote.Sampler()), "ProbabilisticSampler(samplingRate=0.001)"; got != want {
		t.Errorf("got %s to begin with, want %s", got, want)
	}
	closer.Close()
	counters, _ := factory.Snapshot()
	if counters["jaeger.tracer.sampler_queries|result=err"] == 0 || !strings.Contains(logger.String(), "sampling") {
		t.Errorf("got %v and log %q, want failures counted and told", counters, logger)
	}
}

// TestDisabled passes contexts and baggage on and records nothing.
func TestDisabled(t *testing.T) {
	setenv(t, "JAEGER_DISABLED=true", "JAEGER_AGENT_PORT=1")
	cfg, err := config.FromEnv()
	if err != nil {
		t.Fatal(err)
	}
	memory := jaeger.NewInMemoryReporter()
	cfg.Headers = &jaeger.HeadersConfig{TraceContextHeaderName: "x-trace"}
	tracer, closer, err := cfg.NewTracer(config.Reporter(memory))
	if err != nil {
		t.Fatal(err)
	}
	defer closer.Close()
	sc, err := tracer.Extract(opentracing.HTTPHeaders, opentracing.HTTPHeadersCarrier{"X-Trace": {"1:2:0:1"}, "Uberctx-User": {"7"}})
	if err != nil {
		t.Fatal(err)
	}
	span := tracer.StartSpan("x", opentracing.ChildOf(sc))
	header := http.Header{}
	if err := tracer.Inject(span.Context(), opentracing.HTTPHeaders, opentracing.HTTPHeadersCarrier(header)); err != nil {
		t.Fatal(err)
	}
	if got := header.Get("x-trace"); !strings.HasPrefix(got, "0000000000000001:") || !strings.HasSuffix(got, ":1") || header.Get("Uberctx-User") != "7" {
		t.Errorf("got %v, want the caller's trace, sampled, and its baggage", header)
	}
	span.Finish()
	if got := memory.SpansSubmitted(); got != 0 {
		t.Errorf("got %d spans, want none", got)
	}
	global, err := cfg.InitGlobalTracer("")
	if err != nil {
		t.Fatal(err)
	}
	global.Close()
	opentracing.SetGlobalTracer(opentracing.NoopTracer{})
}

// TestServers: baggage restrictions and the throttler, over the servers they ask.
func TestServers(t *testing.T) {
	setenv(t)
	server := agenttest.NewConfigServer(t)
	server.SetBaggageRestrictions("shop", agenttest.BaggageRestriction{Key: "user", MaxValueLength: 3})
	server.SetCredits("shop", "debugged", 1)
	factory, logger := metricstest.NewFactory(0), &log.BytesBufferLogger{}
	cfg := config.Configuration{
		ServiceName: "shop", Sampler: &config.SamplerConfig{Type: "CONST"},
		BaggageRestrictions: &config.BaggageRestrictionsConfig{HostPort: server.Addr(), RefreshInterval: time.Millisecond, DenyBaggageOnInitializationFailure: true},
		Throttler:           &config.ThrottlerConfig{HostPort: server.Addr(), RefreshInterval: time.Hour, SynchronousInitialization: true},
	}
	tracer, closer, err := cfg.NewTracer(config.Metrics(factory), config.Logger(logger), config.Reporter(jaeger.NewNullReporter()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := server.WaitQueries(patience(t), "/baggageRestrictions", 3); err != nil { // two answers are in force
		t.Fatal(err)
	}
	span := tracer.StartSpan("x").SetBaggageItem("user", "1234567").SetBaggageItem("other", "x")
	if got, want := span.BaggageItem("user")+span.BaggageItem("other"), "123"; got != want {
		t.Errorf("got baggage %q, want %q", got, want)
	}
	span.Finish()
	debugged := tracer.StartSpan("debugged")
	ext.SamplingPriority.Set(debugged, 1)
	queries, err := server.WaitQueries(patience(t), "/credits", 1)
	if err != nil {
		t.Fatal(err)
	}
	if queries[0].UUID == "" {
		t.Errorf("got query %v, want who asks", queries[0])
	}
	debugged.Finish()
	closer.Close()
	closer.Close()
	counters, _ := factory.Snapshot()
	if counters["jaeger.tracer.baggage_restrictions_updates|result=ok"] < 2 || counters["jaeger.tracer.baggage_updates|result=err"] != 1 || counters["jaeger.tracer.baggage_truncations"] != 1 {
		t.Errorf("got %v", counters)
	}
	// Addresses that make no sense leave a tracer that traces.
	cfg.BaggageRestrictions.HostPort, cfg.Throttler.HostPort = "::", "::"
	tracer, closer, err = cfg.NewTracer(config.Logger(logger), config.Reporter(jaeger.NewNullReporter()))
	if err != nil {
		t.Fatal(err)
	}
	tracer.StartSpan("x").SetBaggageItem("k", "v").Finish()
	closer.Close()
	if got := logger.String(); !strings.Contains(got, "baggage is not restricted") || !strings.Contains(got, "debug traces are not throttled") {
		t.Errorf("got log %s", got)
	}
}

// TestYAML: the old client's keys, those without a tag included.
func TestYAML(t *testing.T) {
	t.Parallel()
	const text = `
serviceName: shop
disabled: true
rpc_metrics: true
traceid_128bit: true
tags: [{key: region, value: eu}]
sampler: {type: rateLimiting, param: 2.5, samplingServerURL: "http://a:1/s", samplingRefreshInterval: 2m, maxOperations: 9, operationNameLateBinding: true}
reporter: {queueSize: 5, bufferflushinterval: 2s, logSpans: true, localAgentHostPort: "a:1", disableAttemptReconnecting: true, attemptreconnectinterval: 3s,
  collectorEndpoint: "http://c", user: u, password: p, http_headers: {X: y}}
headers: {jaegerDebugHeader: d, jaegerBaggageHeader: b, TraceContextHeaderName: t, traceBaggageHeaderPrefix: p}
baggage_restrictions: {denyBaggageOnInitializationFailure: true, hostPort: "b:1", refreshInterval: 4s}
throttler: {hostPort: "t:1", refreshInterval: 5s, synchronousInitialization: true}
`
	var got config.Configuration
	decoder := yaml.NewDecoder(strings.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&got); err != nil {
		t.Fatal(err)
	}
	want := config.Configuration{
		ServiceName: "shop", Disabled: true, RPCMetrics: true, Gen128Bit: true, Tags: []opentracing.Tag{{Key: "region", Value: "eu"}},
		Sampler: &config.SamplerConfig{Type: "rateLimiting", Param: 2.5, SamplingServerURL: "http://a:1/s", SamplingRefreshInterval: 2 * time.Minute, MaxOperations: 9, OperationNameLateBinding: true},
		Reporter: &config.ReporterConfig{QueueSize: 5, BufferFlushInterval: 2 * time.Second, LogSpans: true, LocalAgentHostPort: "a:1", DisableAttemptReconnecting: true, AttemptReconnectInterval: 3 * time.Second,
			CollectorEndpoint: "http://c", User: "u", Password: "p", HTTPHeaders: map[string]string{"X": "y"}},
		Headers:             &jaeger.HeadersConfig{JaegerDebugHeader: "d", JaegerBaggageHeader: "b", TraceContextHeaderName: "t", TraceBaggageHeaderPrefix: "p"},
		BaggageRestrictions: &config.BaggageRestrictionsConfig{DenyBaggageOnInitializationFailure: true, HostPort: "b:1", RefreshInterval: 4 * time.Second},
		Throttler:           &config.ThrottlerConfig{HostPort: "t:1", RefreshInterval: 5 * time.Second, SynchronousInitialization: true},
	}
	show := func(c config.Configuration) string {
		return fmt.Sprintf("%+v %+v %+v %+v %+v %+v", c.Tags, *c.Sampler, *c.Reporter, *c.Headers, *c.BaggageRestrictions, *c.Throttler)
	}
	if show(got) != show(want) || got.ServiceName != "shop" || !got.Disabled || !got.RPCMetrics || !got.Gen128Bit {
		t.Errorf("got  %s\nwant %s", show(got), show(want))
	}
}
