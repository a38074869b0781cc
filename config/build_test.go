// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"
	"go.uber.org/goleak"

	"github.com/jaegerkit/jaeger/agenttest"
	"github.com/jaegerkit/jaeger/config"
	"github.com/jaegerkit/jaeger/model"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const tutorial = `
service_name: your-app-name
sampler: {type: const, param: 1}
logging: true
`

// buffer is a log destination for several goroutines.
type buffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func sentTo(t *testing.T, cfg *config.Config, agent *agenttest.Agent) *buffer {
	t.Helper()
	host, port, err := net.SplitHostPort(agent.Addr())
	if err != nil {
		t.Fatal(err)
	}
	cfg.Reporter.AgentHost = host
	cfg.Reporter.AgentPort, _ = strconv.Atoi(port)
	log := new(buffer)
	cfg.Logger = slog.NewTextHandler(log, nil)
	return log
}

func TestTutorialProgram(t *testing.T) {
	agent := agenttest.New(t)
	cfg, err := config.Parse([]byte(tutorial))
	if err != nil {
		t.Fatal(err)
	}
	log := sentTo(t, cfg, agent)
	defer opentracing.SetGlobalTracer(opentracing.NoopTracer{})

	tracer, err := cfg.InitTracer()
	if err != nil {
		t.Fatal(err)
	}
	if opentracing.GlobalTracer() != opentracing.Tracer(tracer) {
		t.Error("InitTracer did not set the global tracer")
	}
	span := opentracing.StartSpan("TestSpan")
	span.LogKV("event", "test message", "life", 42)
	span.Finish()
	if err := tracer.Close(); err != nil {
		t.Fatal(err)
	}

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	spans, err := agent.WaitSpans(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := agenttest.Tags(spans[0].Logs[0].Fields)["life"]; got != int64(42) {
		t.Errorf("got life=%v, want 42", got)
	}
	if got := agent.Process().ServiceName; got != "your-app-name" {
		t.Errorf("got service %q", got)
	}
	tags := agenttest.Tags(agent.Process().Tags)
	for _, key := range []string{"jaeger.version", "hostname", "ip", "client-uuid"} {
		if s, ok := tags[key].(string); !ok || s == "" {
			t.Errorf("got process tag %s=%v, want some text", key, tags[key])
		}
	}
	for _, want := range []string{
		`msg="jaeger: tracing" service=your-app-name sampler=const(true)`,
		"msg=span operation=TestSpan trace_id=", `event="test message"`, "life=42",
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %s:\n%s", want, log)
		}
	}
	if s := tracer.Stats(); s.Started != 1 || s.Reporter.Sent != 1 || s.Reporter.Dropped.Total() != 0 {
		t.Errorf("got %+v", s)
	}
}

// What is set later wins: the file, then the variables, then code.
func TestLaterWins(t *testing.T) {
	cfg, err := config.Parse([]byte("service_name: file\ntags: {from: file}\nmax_tag_value_length: 3\nsampler: {type: const, param: 0}"))
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("JAEGER_SERVICE_NAME", "variable")
	t.Setenv("JAEGER_SAMPLER_PARAM", "1")
	if cfg, err = cfg.FromEnv(); err != nil {
		t.Fatal(err)
	}
	agent := agenttest.New(t)
	sentTo(t, cfg, agent)
	cfg.ServiceName = "code"
	tracer, err := cfg.NewTracer()
	if err != nil {
		t.Fatal(err)
	}
	tracer.StartSpan("op").SetTag("k", "value").Finish()
	if err := tracer.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	spans, err := agent.WaitSpans(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := agent.Process().ServiceName; got != "code" {
		t.Errorf("got service %q, want code", got)
	}
	if got := agenttest.Tags(agent.Process().Tags)["from"]; got != "file" {
		t.Errorf("got tag from=%v, want file", got)
	}
	if got := agenttest.Tags(spans[0].Tags)["k"]; got != "val" {
		t.Errorf("got tag k=%v, want val", got)
	}
}

func TestDisabled(t *testing.T) {
	cfg, err := config.Parse([]byte("disabled: true\nlogging: true"))
	if err != nil {
		t.Fatal(err)
	}
	log := new(buffer)
	cfg.Logger = slog.NewTextHandler(log, nil)
	tracer, err := cfg.NewTracer()
	if err != nil {
		t.Fatal(err)
	}
	defer tracer.Close()
	in := opentracing.TextMapCarrier{"uber-trace-id": "1:2:0:1", "uberctx-user": "u1"}
	sc, err := tracer.Extract(opentracing.TextMap, in)
	if err != nil {
		t.Fatal(err)
	}
	span := tracer.StartSpan("op", opentracing.ChildOf(sc))
	out := opentracing.TextMapCarrier{}
	if err := tracer.Inject(span.Context(), opentracing.TextMap, out); err != nil {
		t.Fatal(err)
	}
	span.Finish()
	got := span.Context().(model.SpanContext)
	if got.TraceID().Low != 1 || got.ParentID() != 2 || !got.IsSampled() || out["uberctx-user"] != "u1" {
		t.Errorf("got %v and %v, want the trace and its baggage passed on", got, out)
	}
	if strings.Contains(log.String(), "msg=span") {
		t.Errorf("a span was recorded:\n%s", log)
	}
}

func TestCustomHeaders(t *testing.T) {
	cfg, err := config.Parse([]byte("service_name: s\nsampler: {type: const, param: 1}\nheaders: {TraceContextHeaderName: X-Trace, traceBaggageHeaderPrefix: X-Bag-}"))
	if err != nil {
		t.Fatal(err)
	}
	tracer, err := cfg.NewTracer()
	if err != nil {
		t.Fatal(err)
	}
	defer tracer.Close()
	span := tracer.StartSpan("op").SetBaggageItem("k", "v")
	header := opentracing.HTTPHeadersCarrier{}
	if err := tracer.Inject(span.Context(), opentracing.HTTPHeaders, header); err != nil {
		t.Fatal(err)
	}
	sc, err := tracer.Extract(opentracing.HTTPHeaders, header)
	if err != nil || sc.(model.SpanContext).BaggageItem("k") != "v" || header["X-Trace"] == nil {
		t.Errorf("got %v, %v from %v", sc, err, header)
	}
}

func TestInvalidBuildsNothing(t *testing.T) {
	if _, err := new(config.Config).InitTracer(); err == nil || !strings.Contains(err.Error(), "service_name") {
		t.Errorf("got %v, want an error about service_name", err)
	}
	var none *config.Config
	if _, err := none.NewTracer(); err == nil {
		t.Error("got no error from a nil Config")
	}
}

func TestDisabledIgnoresWhatItDoesNotUse(t *testing.T) {
	cfg, err := config.Parse([]byte("disabled: true\nreporter: {collectorEndpoint: 'http://c:14268/api/traces'}\nthrottler: {}"))
	if err != nil {
		t.Fatal(err)
	}
	tracer, err := cfg.NewTracer()
	if err != nil {
		t.Fatal(err)
	}
	tracer.Close()
}

func TestAllProblemsAtOnce(t *testing.T) {
	cfg := config.Config{}
	cfg.Sampler.Type = "foo"
	cfg.Reporter.AgentPort = 99999
	cfg.Reporter.User = "u"
	_, err := cfg.NewTracer()
	for _, want := range []string{"service_name", "sampler.type", `"99999"`, "has no password"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s named", err, want)
		}
	}
}

func TestSecretsStaySecret(t *testing.T) {
	cfg := config.Config{ServiceName: "s"}
	cfg.Reporter = config.Reporter{User: "u", Password: "hunter2", Endpoint: "http://u:hunter2@h/", HTTPHeaders: map[string]string{"Authorization": "hunter2"},
		AuthToken: "hunter2", ZipkinEndpoint: "http://hunter2@h/?api_key=hunter2"}
	log := new(buffer)
	slog.New(slog.NewJSONHandler(log, nil)).Info("start", "cfg", cfg, "reporter", cfg.Reporter)
	asJSON, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, printed := range []string{log.String(), string(asJSON), fmt.Sprintf("%v %+v %s %#v %#v", cfg, cfg, cfg.Reporter, cfg, &cfg.Reporter)} {
		if strings.Contains(printed, "hunter2") {
			t.Errorf("a secret in %s", printed)
		}
	}
}
