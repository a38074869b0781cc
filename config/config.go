// SPDX-License-Identifier: Apache-2.0

// Package config is the front door: it turns a YAML file, the JAEGER_* environment
// variables, or a struct built in code into a tracer.
//
//	cfg, err := config.ReadFile("jaeger.yaml")
//	if err != nil { ... }           // every mistake in the file, each with its line
//	cfg, err = cfg.FromEnv()        // optional: set variables win over the file
//	if err != nil { ... }
//	fmt.Println(cfg)                // the settings in effect, secrets masked
//	err = cfg.Validate()            // building a tracer does this too
//
// It promises that files written for jaeger-client-go and for jaeger-client-python
// load, whatever the case, underscores and hyphens of their keys; that what is set later
// wins, and only what is set; that an unknown key, a wrong type or a bad value is an
// error and never a panic; and that one error lists everything wrong, each with its line
// or variable, the value, what is accepted and, for a key, the nearest known one.
//
// In a file:
//   - a duration is a Go duration ("500ms", "1m"); a number without a unit is seconds;
//   - a value that is empty or null counts as unset, as an empty variable does;
//   - zero, as in the struct, asks for the default;
//   - numbers and booleans may be quoted; yes, no, on and off are booleans;
//   - anchors, aliases and merges work, and top-level keys that start with x- are skipped
//     so that anchors have a place;
//   - dotted keys work too (sampler.type: const), and the whole may stand under one
//     top-level key named config or jaeger.
//
// Every key, variable and default stands in one table (settings.go), which also prints
// the table of the README.
package config

import (
	"log/slog"
	"time"

	"github.com/uber/jaeger-lib/metrics"

	"github.com/jaegerkit/jaeger/reporter"
)

//go:generate go test . -run TestSettingsInREADME -update

// Config holds every setting of a tracer. The zero value of a field asks for its default;
// a Config that is valid needs a ServiceName and nothing else. It is a plain value: copy
// it freely, but do not change one copy from several goroutines.
type Config struct {
	// ServiceName names this process in Jaeger. Required unless Disabled.
	ServiceName string
	// Disabled makes a tracer that still propagates contexts and baggage, and records,
	// asks and counts nothing: it reads no files, runs no goroutine and leaves Metrics
	// alone. Mistakes in the settings are errors all the same.
	Disabled bool
	// Logging writes each finished span and the tracer's own messages to Logger.
	Logging bool
	// RPCMetrics counts requests and their latency by endpoint, into Metrics. Without
	// Metrics they are counted nowhere, and a line in the log says so.
	RPCMetrics bool
	// TraceID128Bit makes 128-bit trace ids for new traces; otherwise they have 64 bits.
	TraceID128Bit bool
	// Tags ride on the process, so on every span, in this order.
	Tags []Tag
	// Propagation lists the formats of carried contexts: "jaeger", "w3c", "b3" (several
	// headers), "b3single". The first that a request has is read, all are written.
	// Default jaeger alone.
	Propagation []string
	// MaxTagValueLength cuts longer tag values, in bytes. Default 256.
	MaxTagValueLength int
	// MaxLogValueLength cuts longer values of log fields, in bytes. Default 16384.
	MaxLogValueLength int
	// MaxLogsPerSpan is how many log records a span keeps. Default 1000.
	MaxLogsPerSpan int

	// NoDebugFlag makes sampling.priority force sampling without the debug flag, so that
	// samplers behind this service are not overruled.
	NoDebugFlag bool
	// MaxDebugTraces is how many traces a second may be forced by debug ids or
	// sampling.priority in this process; ten seconds' worth, at least 10, may come at
	// once. Default 0, no limit. See Throttler for what it means beside that.
	MaxDebugTraces float64
	// ZipkinSharedSpans makes a server's span share the id of its client's, as Zipkin's
	// model of one span per call has it.
	ZipkinSharedSpans bool

	Sampler             Sampler
	Reporter            Reporter
	Headers             Headers
	BaggageRestrictions BaggageRestrictions
	Throttler           Throttler

	// ReportTo takes the finished spans instead of an agent or a collector, and the tracer
	// closes it: a reporter.Memory in a test, or one's own. With Logging they are logged as
	// well. It can be set in code only.
	ReportTo reporter.Reporter
	// Metrics receives the tracer's counters once a second, under the names of
	// jaeger-client-go, and those of RPCMetrics. Nil is nowhere: Tracer.Stats has the
	// same numbers. It can be set in code only.
	Metrics metrics.Factory
	// Logger receives what the tracer has to say. Nil is the handler of slog.Default at
	// the time the tracer is built. It can be set in code only.
	Logger slog.Handler

	// origin says where settings came from, by key, so that Validate can name the line.
	origin map[string]origin
}

// Tag is one tag of the process.
type Tag struct {
	Key string
	// Value is a text, a number or a boolean, as in a file, where quotes make a text of
	// the others; from a variable it is always a text. Other types are converted as by
	// Span.SetTag.
	Value any
}

// Sampler says which traces are recorded.
type Sampler struct {
	// Type is "const", "probabilistic", "ratelimiting" or "remote", in any spelling of
	// case, underscores and hyphens. Default remote.
	Type string
	// Param depends on Type: const samples everything unless it is 0; probabilistic
	// takes the probability, 0 to 1; ratelimiting takes traces per second; remote takes
	// the probability used until the first answer. For remote alone 0 asks for the
	// default, 0.001.
	Param float64
	// ServerURL is where the remote sampler asks: an http or https URL, or host:port,
	// or :port. Parts left out are the agent's host, port 5778 and path /sampling.
	ServerURL string
	// RefreshInterval is the time between two questions. Default 1 minute.
	RefreshInterval time.Duration
	// MaxOperations is how many operations may have a sampler of their own. Default 2000.
	MaxOperations int
	// OperationNameLateBinding lets a later SetOperationName decide the sampling.
	OperationNameLateBinding bool
}

// Reporter says where finished spans go, and how many may wait.
type Reporter struct {
	// QueueSize is how many finished spans may wait to be sent. By default QueueBytes
	// alone bounds them.
	QueueSize int
	// QueueBytes is how much memory they may take, estimated. Default 32 MiB.
	QueueBytes int
	// FlushInterval is how long a span may wait for its batch to fill. Default 1 second.
	FlushInterval time.Duration
	// LogSpans writes each finished span to Logger, as Config.Logging does.
	LogSpans bool
	// AgentHost is the name or the IPv4 or IPv6 address of the agent. Default localhost.
	AgentHost string
	// AgentPort is the agent's UDP port for compact Thrift. Default 6831.
	AgentPort int
	// MaxPacketSize is the largest datagram, 512 to 65507 bytes. Default 65000.
	MaxPacketSize int
	// DisableReconnect looks AgentHost up again only after a failure.
	DisableReconnect bool
	// ReconnectInterval is the time between two look-ups of AgentHost. Default 30 seconds.
	ReconnectInterval time.Duration
	// Endpoint is the http or https URL of a collector. When set, spans go there over
	// HTTP and no agent is used.
	Endpoint string
	// ZipkinEndpoint is the http or https URL of a server that takes Zipkin's format (JSON,
	// version 2). When set, spans go there instead.
	ZipkinEndpoint string
	// User and Password are for HTTP Basic authentication at either endpoint: both or
	// neither.
	User, Password string
	// AuthToken is a bearer token for either endpoint, instead of a user.
	AuthToken string
	// HTTPHeaders are added to each request to either endpoint. Authorization may be one
	// of them where neither User nor AuthToken is set.
	HTTPHeaders map[string]string
	// TLS is for an https endpoint; without one it is an error, as spans to the agent go
	// in the clear.
	TLS TLS
	// Gzip compresses requests. A collector of Jaeger 1 refuses that for its own format;
	// OpenTelemetry's and Zipkin's servers take it.
	Gzip bool
	// RetryTimeout bounds how long one batch is tried again after failures that may pass.
	// Default 30 seconds; 1 millisecond is in practice for a single try.
	RetryTimeout time.Duration
	// BatchSize is the largest number of spans in one request to an endpoint; datagrams are
	// bounded by MaxPacketSize alone. Default 1000.
	BatchSize int
	// HTTPTimeout bounds one try of a request to an endpoint. Default 5 seconds.
	HTTPTimeout time.Duration
}

// TLS names files in PEM, read once when the tracer is built.
type TLS struct {
	// CA has the certificates to trust instead of the system's.
	CA string
	// Cert and Key identify this client: both or neither.
	Cert, Key string
	// ServerName is the name to expect in the server's certificate, by default the
	// endpoint's host.
	ServerName string
	// SkipHostVerify trusts whoever answers. For tests.
	SkipHostVerify bool
}

// Headers names the headers of the jaeger propagation format. They are used in lower case
// and must be tokens of RFC 9110, section 5.6.2.
type Headers struct {
	// Trace carries the span context. Default uber-trace-id.
	Trace string
	// BaggagePrefix starts the name of each baggage header. Default uberctx-.
	BaggagePrefix string
	// Baggage carries baggage written by hand, "k1=v1,k2=v2". Default jaeger-baggage.
	Baggage string
	// DebugID carries a correlation id that forces sampling. Default jaeger-debug-id.
	DebugID string
}

// BaggageRestrictions makes the agent say which baggage keys may be set. In YAML the
// presence of the section enables it.
type BaggageRestrictions struct {
	Enabled bool
	// Deny refuses all baggage until the agent has answered for the first time.
	Deny bool
	// HostPort is the agent's HTTP server; host or port may be left out. Default port
	// 5778 of the agent's host.
	HostPort string
	// RefreshInterval is the time between two questions. Default 1 minute.
	RefreshInterval time.Duration
}

// Throttler makes the agent limit how many traces may be forced, by granting credits to
// each operation. Jaeger's own agent has never granted any: as long as it has not spoken
// of an operation, MaxDebugTraces holds, or 1 a second if that is 0. In YAML the presence
// of the section enables it. The agent knows the process by its tag client-uuid, which is
// made up unless Tags has one.
type Throttler struct {
	Enabled bool
	// HostPort is the agent's HTTP server; host or port may be left out. Default port
	// 5778 of the agent's host.
	HostPort string
	// RefreshInterval is the time between two questions. Default 5 seconds.
	RefreshInterval time.Duration
	// SynchronousInitialization allows no debug trace of an operation before the agent
	// has granted one, whatever MaxDebugTraces says; so none at all with Jaeger's own.
	SynchronousInitialization bool
}
