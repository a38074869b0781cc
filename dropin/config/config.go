// SPDX-License-Identifier: Apache-2.0

// Package config makes a tracer of a struct, which may be read from YAML and the
// environment.
//
//	cfg, err := config.FromEnv()
//	if err != nil {
//		return err // names all variables that make no sense
//	}
//	tracer, closer, err := cfg.NewTracer(config.Logger(jaeger.StdLogger))
//	defer closer.Close()
//
// What it promises: keys, variables, defaults and precedence of the old client; a
// setting that makes no sense is an error, never a panic.
package config

import (
	"time"

	"github.com/opentracing/opentracing-go"

	"github.com/uber/jaeger-client-go"
)

// Configuration is everything there is to set. Each field says which environment
// variable FromEnv reads into it, over what is there.
type Configuration struct {
	// ServiceName names the service: JAEGER_SERVICE_NAME. It must not be empty,
	// unless Disabled.
	ServiceName string `yaml:"serviceName"`

	// Disabled makes a tracer that passes contexts and baggage on and records
	// nothing: JAEGER_DISABLED.
	Disabled bool `yaml:"disabled"`

	// RPCMetrics counts requests into the factory of the option Metrics:
	// JAEGER_RPC_METRICS.
	RPCMetrics bool `yaml:"rpc_metrics"`

	// Gen128Bit makes trace ids of 128 bits: JAEGER_TRACEID_128BIT.
	Gen128Bit bool `yaml:"traceid_128bit"`

	// Tags describe the process: JAEGER_TAGS, as in a=b,c=${VARIABLE:default},
	// which replaces all of them.
	Tags []opentracing.Tag `yaml:"tags"`

	Sampler             *SamplerConfig             `yaml:"sampler"`
	Reporter            *ReporterConfig            `yaml:"reporter"`
	Headers             *jaeger.HeadersConfig      `yaml:"headers"`
	BaggageRestrictions *BaggageRestrictionsConfig `yaml:"baggage_restrictions"`
	Throttler           *ThrottlerConfig           `yaml:"throttler"`
}

// SamplerConfig says which traces are recorded.
type SamplerConfig struct {
	// Type is const, probabilistic, rateLimiting or remote, in any case:
	// JAEGER_SAMPLER_TYPE. Empty is remote.
	Type string `yaml:"type"`

	// Param is 0 or 1 for const, a share from 0 to 1 for probabilistic, traces per
	// second for rateLimiting, and for remote the share until the server answers,
	// where 0 stands for 0.001: JAEGER_SAMPLER_PARAM.
	Param float64 `yaml:"param"`

	// SamplingServerURL is where remote asks, a URL or host:port:
	// JAEGER_SAMPLING_ENDPOINT, else JAEGER_SAMPLER_MANAGER_HOST_PORT, else port
	// 5778 of JAEGER_AGENT_HOST. Default http://127.0.0.1:5778/sampling.
	SamplingServerURL string `yaml:"samplingServerURL"`

	// SamplingRefreshInterval is how often remote asks; default a minute:
	// JAEGER_SAMPLER_REFRESH_INTERVAL.
	SamplingRefreshInterval time.Duration `yaml:"samplingRefreshInterval"`

	// MaxOperations is how many operations have a sampler of their own with
	// remote; default 2000: JAEGER_SAMPLER_MAX_OPERATIONS.
	MaxOperations int `yaml:"maxOperations"`

	// OperationNameLateBinding is jaeger.PerOperationSamplerParams' of that name.
	OperationNameLateBinding bool `yaml:"operationNameLateBinding"`

	// Options are for remote, on top of what is set above.
	Options []jaeger.SamplerOption
}

// ReporterConfig says where spans go.
type ReporterConfig struct {
	// QueueSize is how many spans may wait. Default is no number: their memory is
	// bounded, by 32 MiB. JAEGER_REPORTER_MAX_QUEUE_SIZE.
	QueueSize int `yaml:"queueSize"`

	// BufferFlushInterval is how long a span waits at most; default a second:
	// JAEGER_REPORTER_FLUSH_INTERVAL.
	BufferFlushInterval time.Duration

	// LogSpans writes a line for each span to the option Logger:
	// JAEGER_REPORTER_LOG_SPANS.
	LogSpans bool `yaml:"logSpans"`

	// LocalAgentHostPort is the agent; default localhost:6831: JAEGER_AGENT_HOST
	// and JAEGER_AGENT_PORT.
	LocalAgentHostPort string `yaml:"localAgentHostPort"`

	// DisableAttemptReconnecting looks the agent's name up again only when it cannot
	// be reached: JAEGER_REPORTER_ATTEMPT_RECONNECTING_DISABLED.
	DisableAttemptReconnecting bool `yaml:"disableAttemptReconnecting"`

	// AttemptReconnectInterval is how often it is looked up otherwise; default 30
	// seconds: JAEGER_REPORTER_ATTEMPT_RECONNECT_INTERVAL.
	AttemptReconnectInterval time.Duration

	// CollectorEndpoint is a collector's URL, to which spans go rather than to an
	// agent: JAEGER_ENDPOINT.
	CollectorEndpoint string `yaml:"collectorEndpoint"`

	// User and Password are for the collector: JAEGER_USER and JAEGER_PASSWORD,
	// both or neither.
	User     string `yaml:"user"`
	Password string `yaml:"password"`

	// HTTPHeaders are added to each request to the collector.
	HTTPHeaders map[string]string `yaml:"http_headers"`
}

// BaggageRestrictionsConfig has a server say which baggage may be set.
type BaggageRestrictionsConfig struct {
	// DenyBaggageOnInitializationFailure allows none until it has answered.
	DenyBaggageOnInitializationFailure bool `yaml:"denyBaggageOnInitializationFailure"`

	// HostPort of the server; default localhost:5778.
	HostPort string `yaml:"hostPort"`

	// RefreshInterval is how often it is asked; default a minute.
	RefreshInterval time.Duration `yaml:"refreshInterval"`
}

// ThrottlerConfig has a server say how many debug traces there may be.
type ThrottlerConfig struct {
	// HostPort of the server; default localhost:5778.
	HostPort string `yaml:"hostPort"`

	// RefreshInterval is how often it is asked; default five seconds.
	RefreshInterval time.Duration `yaml:"refreshInterval"`

	// SynchronousInitialization is accepted and not used: it made spans wait for
	// the server.
	SynchronousInitialization bool `yaml:"synchronousInitialization"`
}
