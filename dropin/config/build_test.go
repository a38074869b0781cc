// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"

	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/config"
	"github.com/uber/jaeger-client-go/zipkin"
)

// TestEnv: what variables make of a configuration.
func TestEnv(t *testing.T) {
	whole := func(c *config.Configuration) string {
		return fmt.Sprintf("%q %t %t %t %v", c.ServiceName, c.Disabled, c.RPCMetrics, c.Gen128Bit, c.Tags)
	}
	sampler := func(c *config.Configuration) string { return fmt.Sprintf("%+v", *c.Sampler) }
	reporter := func(c *config.Configuration) string { return fmt.Sprintf("%+v", *c.Reporter) }
	for _, test := range []struct {
		name string
		env  []string
		over *config.Configuration
		show func(*config.Configuration) string
		want string
	}{
		{"nothing", nil, nil, whole, `"" false false false []`},
		{"whole", []string{"JAEGER_SERVICE_NAME=shop", "JAEGER_DISABLED=T", "JAEGER_RPC_METRICS=1", "JAEGER_TRACEID_128BIT=true"}, nil, whole, `"shop" true true true []`},
		{"over", []string{"JAEGER_SERVICE_NAME=shop", "JAEGER_DISABLED=false", "JAEGER_TAGS=a=b"}, &config.Configuration{ServiceName: "x", Disabled: true, Gen128Bit: true, Tags: []opentracing.Tag{{Key: "c"}}}, whole, `"shop" false false true [{a b}]`},
		{"tags", []string{"JAEGER_TAGS= a = b ,c=d=e,f=${HOUSE_UNSET:def:ault},g=${HOUSE_SET:x},h=${HOUSE_UNSET:},i=${x", "HOUSE_SET=set"}, nil, whole,
			`"" false false false [{a b} {c d=e} {f def:ault} {g set} {h } {i ${x}]`},
		{"no sampler", nil, nil, sampler, `{Type: Param:0 SamplingServerURL: SamplingRefreshInterval:0s MaxOperations:0 OperationNameLateBinding:false Options:[]}`},
		{"sampler", []string{"JAEGER_SAMPLER_TYPE=remote", "JAEGER_SAMPLER_PARAM=0.5", "JAEGER_SAMPLING_ENDPOINT=http://a/s", "JAEGER_SAMPLER_MANAGER_HOST_PORT=b:1", "JAEGER_AGENT_HOST=c",
			"JAEGER_SAMPLER_MAX_OPERATIONS=7", "JAEGER_SAMPLER_REFRESH_INTERVAL=2m"}, nil, sampler,
			`{Type:remote Param:0.5 SamplingServerURL:http://a/s SamplingRefreshInterval:2m0s MaxOperations:7 OperationNameLateBinding:false Options:[]}`},
		{"manager", []string{"JAEGER_SAMPLER_MANAGER_HOST_PORT=b:1", "JAEGER_AGENT_HOST=c"}, nil, func(c *config.Configuration) string { return c.Sampler.SamplingServerURL }, "b:1"},
		{"agent's sampling", []string{"JAEGER_AGENT_HOST=c"}, nil, func(c *config.Configuration) string { return c.Sampler.SamplingServerURL }, "http://c:5778/sampling"},
		{"agent's sampling, ipv6", []string{"JAEGER_AGENT_HOST=::1"}, nil, func(c *config.Configuration) string { return c.Sampler.SamplingServerURL }, "http://[::1]:5778/sampling"},
		{"no reporter", nil, nil, reporter, `{QueueSize:0 BufferFlushInterval:0s LogSpans:false LocalAgentHostPort:localhost:6831 DisableAttemptReconnecting:false AttemptReconnectInterval:0s CollectorEndpoint: User: Password: HTTPHeaders:map[]}`},
		{"reporter", []string{"JAEGER_REPORTER_MAX_QUEUE_SIZE=10", "JAEGER_REPORTER_FLUSH_INTERVAL=2s", "JAEGER_REPORTER_LOG_SPANS=true", "JAEGER_AGENT_HOST=a", "JAEGER_AGENT_PORT=7", "JAEGER_REPORTER_ATTEMPT_RECONNECT_INTERVAL=5s"}, nil, reporter,
			`{QueueSize:10 BufferFlushInterval:2s LogSpans:true LocalAgentHostPort:a:7 DisableAttemptReconnecting:false AttemptReconnectInterval:5s CollectorEndpoint: User: Password: HTTPHeaders:map[]}`},
		{"agent, ipv6 in brackets", []string{"JAEGER_AGENT_HOST=[::1]"}, nil, func(c *config.Configuration) string { return c.Reporter.LocalAgentHostPort }, "[::1]:6831"},
		{"port alone", []string{"JAEGER_AGENT_PORT=7"}, &config.Configuration{Reporter: &config.ReporterConfig{LocalAgentHostPort: "x:1"}}, func(c *config.Configuration) string { return c.Reporter.LocalAgentHostPort }, "localhost:7"},
		{"address of the struct", nil, &config.Configuration{Reporter: &config.ReporterConfig{LocalAgentHostPort: "x:1"}}, func(c *config.Configuration) string { return c.Reporter.LocalAgentHostPort }, "x:1"},
		{"no reconnecting", []string{"JAEGER_REPORTER_ATTEMPT_RECONNECTING_DISABLED=true", "JAEGER_REPORTER_ATTEMPT_RECONNECT_INTERVAL=bad"}, nil, reporter,
			`{QueueSize:0 BufferFlushInterval:0s LogSpans:false LocalAgentHostPort:localhost:6831 DisableAttemptReconnecting:true AttemptReconnectInterval:0s CollectorEndpoint: User: Password: HTTPHeaders:map[]}`},
		{"collector", []string{"JAEGER_ENDPOINT=http://c:1/api/traces", "JAEGER_USER=u", "JAEGER_PASSWORD=p", "JAEGER_AGENT_PORT=bad"}, nil, reporter,
			`{QueueSize:0 BufferFlushInterval:0s LogSpans:false LocalAgentHostPort: DisableAttemptReconnecting:false AttemptReconnectInterval:0s CollectorEndpoint:http://c:1/api/traces User:u Password:p HTTPHeaders:map[]}`},
		{"collector takes the user away", []string{"JAEGER_ENDPOINT=http://c"}, &config.Configuration{Reporter: &config.ReporterConfig{User: "u", Password: "p"}}, func(c *config.Configuration) string { return c.Reporter.User }, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			setenv(t, test.env...)
			c, err := config.FromEnv()
			if test.over != nil {
				c, err = test.over.FromEnv()
				if c != test.over {
					t.Error("got another struct")
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := test.show(c); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestEnvErrors(t *testing.T) {
	for _, test := range []struct{ env, want string }{
		{"JAEGER_DISABLED=maybe", `environment variable JAEGER_DISABLED="maybe": invalid syntax`},
		{"JAEGER_TAGS=novalue", `tag "novalue": want key=value`},
		{"JAEGER_TAGS=a=${NODEFAULT}", `tag "a=${NODEFAULT}": want ${VARIABLE:default}`},
		{"JAEGER_TAGS=a=b,", `want key=value`},
		{"JAEGER_SAMPLER_PARAM=lots", `JAEGER_SAMPLER_PARAM="lots"`},
		{"JAEGER_SAMPLER_MAX_OPERATIONS=1.5", "JAEGER_SAMPLER_MAX_OPERATIONS"},
		{"JAEGER_SAMPLER_REFRESH_INTERVAL=5", "JAEGER_SAMPLER_REFRESH_INTERVAL"},
		{"JAEGER_REPORTER_MAX_QUEUE_SIZE=x", "JAEGER_REPORTER_MAX_QUEUE_SIZE"},
		{"JAEGER_REPORTER_FLUSH_INTERVAL=x", "JAEGER_REPORTER_FLUSH_INTERVAL"},
		{"JAEGER_REPORTER_LOG_SPANS=x", "JAEGER_REPORTER_LOG_SPANS"},
		{"JAEGER_AGENT_PORT=x", "JAEGER_AGENT_PORT"},
		{"JAEGER_ENDPOINT=NOT A URL", "JAEGER_ENDPOINT"},
		{"JAEGER_REPORTER_ATTEMPT_RECONNECTING_DISABLED=x", "JAEGER_REPORTER_ATTEMPT_RECONNECTING_DISABLED"},
		{"JAEGER_REPORTER_ATTEMPT_RECONNECT_INTERVAL=x", "JAEGER_REPORTER_ATTEMPT_RECONNECT_INTERVAL"},
	} {
		setenv(t, test.env)
		c, err := config.FromEnv()
		if c != nil || err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %s", test.env, err, test.want)
		}
		name, _, _ := strings.Cut(test.env, "=")
		t.Setenv(name, "")
	}
	setenv(t, "JAEGER_ENDPOINT=http://c", "JAEGER_USER=u", "JAEGER_RPC_METRICS=x", "JAEGER_TRACEID_128BIT=x")
	_, err := config.FromEnv()
	for _, want := range []string{"both or neither", "JAEGER_RPC_METRICS", "JAEGER_TRACEID_128BIT"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s in it", err, want)
		}
	}
}

func TestNewSampler(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		config *config.SamplerConfig
		want   string
	}{
		{&config.SamplerConfig{Type: "const", Param: 1}, "ConstSampler(decision=true)"},
		{&config.SamplerConfig{Type: "Const"}, "ConstSampler(decision=false)"},
		{&config.SamplerConfig{Type: "probabilistic", Param: 0.5}, "ProbabilisticSampler(samplingRate=0.5)"},
		{&config.SamplerConfig{Type: "rateLimiting", Param: 3}, "RateLimitingSampler(maxTracesPerSecond=3)"},
		{&config.SamplerConfig{Type: "RATELIMITING", Param: -3}, "RateLimitingSampler(maxTracesPerSecond=0)"},
		{&config.SamplerConfig{Type: "remote", Param: 0.5}, "remote ProbabilisticSampler(samplingRate=0.5)"},
		{&config.SamplerConfig{}, "remote ProbabilisticSampler(samplingRate=0.001)"},
		{nil, "remote ProbabilisticSampler(samplingRate=0.001)"},
		{&config.SamplerConfig{Options: []jaeger.SamplerOption{nil, jaeger.SamplerOptions.InitialSampler(jaeger.NewConstSampler(true))}}, "remote ConstSampler(decision=true)"},
		{&config.SamplerConfig{Type: "probabilistic", Param: 2}, "error probability"},
		{&config.SamplerConfig{Type: "remote", Param: -1}, "error probability"},
		{&config.SamplerConfig{Type: "random"}, `error unknown sampler type "random"`},
	} {
		if test.config != nil {
			test.config.SamplingServerURL = "127.0.0.1:1"
			test.config.SamplingRefreshInterval = time.Hour
		}
		s, err := test.config.NewSampler("svc", nil)
		if want, isError := strings.CutPrefix(test.want, "error "); isError {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%+v: got %v, want %s", test.config, err, want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%+v: %v", test.config, err)
			continue
		}
		got := fmt.Sprint(s)
		if r, ok := s.(*jaeger.RemotelyControlledSampler); ok {
			got = fmt.Sprint("remote ", r.Sampler())
		}
		if got != test.want {
			t.Errorf("%+v: got %s, want %s", test.config, got, test.want)
		}
		s.Close()
	}
}

// TestNewTracerErrors leave nothing behind: TestMain looks for goroutines.
func TestNewTracerErrors(t *testing.T) {
	t.Parallel()
	bad := config.Configuration{ServiceName: "svc", Reporter: &config.ReporterConfig{LocalAgentHostPort: "a:b:c"}}
	for name, c := range map[string]config.Configuration{
		"no service name": {}, "unknown sampler type": {ServiceName: "svc", Sampler: &config.SamplerConfig{Type: "x"}}, "localAgentHostPort": bad,
	} {
		if _, _, err := c.NewTracer(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want %s", err, name)
		}
		if _, err := c.InitGlobalTracer(""); err == nil {
			t.Errorf("%s: got no error of InitGlobalTracer", name)
		}
	}
	var none *config.ReporterConfig
	r, err := none.NewReporter("svc", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
}

// TestOptions: each of them changes what the tracer does.
func TestOptions(t *testing.T) {
	t.Parallel()
	memory := jaeger.NewInMemoryReporter()
	b3 := zipkin.NewZipkinB3HTTPHeaderPropagator()
	n := uint64(0)
	tracer, closer, err := config.Configuration{ServiceName: "svc", Tags: []opentracing.Tag{{Key: "a", Value: 1}}}.New("other",
		config.Reporter(memory), config.Sampler(jaeger.NewConstSampler(true)), config.Metrics(nil), config.Logger(nil), config.PoolSpans(true), config.Gen128Bit(true),
		config.ZipkinSharedRPCSpan(true), config.MaxTagValueLength(4), config.NoDebugFlagOnForcedSampling(true), config.Tag("b", "c"), config.Observer(nil), config.ContribObserver(nil),
		config.Injector(opentracing.TextMap, b3), config.Extractor(opentracing.TextMap, b3), config.Injector([]int{1}, b3), config.WithRandomNumber(func() uint64 { n++; return n }))
	if err != nil {
		t.Fatal(err)
	}
	span := tracer.StartSpan("x").SetTag("sampling.priority", 1).SetTag("long", "abcdefgh").(*jaeger.Span)
	carrier := opentracing.TextMapCarrier{}
	if err := tracer.Inject(span.Context(), opentracing.TextMap, carrier); err != nil || carrier["x-b3-sampled"] != "1" {
		t.Errorf("got %v, %v, want B3's headers", carrier, err)
	}
	sc := span.SpanContext()
	if sc.IsDebug() || sc.TraceID().High == 0 || sc.TraceID().Low > 10 {
		t.Errorf("got context %v, want an id of our own of 128 bits and no debug flag", sc)
	}
	remote, err := tracer.Extract(opentracing.TextMap, carrier)
	if err != nil {
		t.Fatal(err)
	}
	if shared := tracer.StartSpan("y", opentracing.ChildOf(remote), opentracing.Tag{Key: "span.kind", Value: "server"}).(*jaeger.Span); shared.SpanContext().SpanID() != sc.SpanID() {
		t.Errorf("got %v, want the ids of %v", shared, sc)
	}
	span.Finish()
	if got, want := fmt.Sprint(tracer.(*jaeger.Tracer).Tags()), "[{b c} {a 1} "; !strings.HasPrefix(got, want) {
		t.Errorf("got tags %s, want %s first", got, want)
	}
	if got := jaeger.BuildJaegerProcessThrift(span); got.ServiceName != "other" {
		t.Errorf("got service %s, want other", got.ServiceName)
	}
	for _, tag := range jaeger.BuildJaegerThrift(span).Tags {
		if tag.Key == "long" && tag.GetVStr() != "abcd" {
			t.Errorf("got %v, want a value of 4 bytes", tag)
		}
	}
	closer.Close()
}
