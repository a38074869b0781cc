// SPDX-License-Identifier: Apache-2.0

package config

import (
	"strings"
	"sync"
)

// setting is one row of the table that drives the YAML reader, the environment, the
// defaults, the printed configuration and the table of the README. To add a setting, add
// a field to Config and a row here.
type setting struct {
	key     string   // canonical dotted path
	aliases []string // other paths with the same meaning
	env     []string // variables; the first that is set wins
	kind    kind
	unit    string // of the default, for the reader
	def     string // default as text; parsed like any other value unless resolve is set
	doc     string // one sentence without its full stop
	secret  bool   // never printed, not even in an error
	// field gives the place to write to; nil accepts a value and drops it.
	field func(*Config) any
	// sets names the settings this row writes when it has none of its own.
	sets []string
	// section turns the setting on when its section stands in the file.
	section bool
	// resolve turns the text of a setting ("" when unset) into the one in effect.
	resolve func(c *Config, text string) string
}

// targets names the settings that a value of this row sets.
func (s *setting) targets() []string {
	if s.sets != nil {
		return s.sets
	}
	return []string{s.key}
}

var settings = []setting{
	{key: "service_name", env: []string{"JAEGER_SERVICE_NAME"}, kind: text,
		doc:   "Name of the service; required unless disabled",
		field: func(c *Config) any { return &c.ServiceName }},
	{key: "disabled", env: []string{"JAEGER_DISABLED"}, kind: boolean, def: "false",
		doc:   "Propagate contexts and baggage, record nothing",
		field: func(c *Config) any { return &c.Disabled }},
	{key: "enabled", sets: []string{"disabled"}, kind: inverse, def: "true",
		doc:   "The opposite of `disabled`",
		field: func(c *Config) any { return &c.Disabled }},
	{key: "logging", kind: boolean, def: "false",
		doc:   "Log each finished span and the tracer's own messages",
		field: func(c *Config) any { return &c.Logging }},
	{key: "rpc_metrics", env: []string{"JAEGER_RPC_METRICS"}, kind: boolean, def: "false",
		doc:   "Count requests and their latency by endpoint, where Config.Metrics says",
		field: func(c *Config) any { return &c.RPCMetrics }},
	{key: "metrics", kind: boolean, def: "true",
		doc: "Accepted, without effect: counters are always kept, and go where Config.Metrics says"},
	{key: "traceid_128bit", aliases: []string{"generate_128bit_trace_id", "gen_128bit"}, env: []string{"JAEGER_TRACEID_128BIT"},
		kind: boolean, def: "false", doc: "128-bit ids for new traces",
		field: func(c *Config) any { return &c.TraceID128Bit }},
	{key: "tags", env: []string{"JAEGER_TAGS"}, kind: tagList,
		doc:   "Tags of the process: a mapping, or a list of `{key, value}`; the variable takes `k=v,k2=${VAR:default}` and replaces the list",
		field: func(c *Config) any { return &c.Tags }},
	{key: "propagation", env: []string{"JAEGER_PROPAGATION"}, kind: formats, def: "jaeger",
		doc:   "Formats of carried contexts, one or a list: `jaeger`, `w3c`, `b3`, `b3single`; the first that a request has is read, all are written",
		field: func(c *Config) any { return &c.Propagation }},
	{key: "max_tag_value_length", kind: number(1, 1<<24), unit: "bytes", def: "256",
		doc:   "Longer tag values are cut",
		field: func(c *Config) any { return &c.MaxTagValueLength }},
	{key: "max_log_value_length", aliases: []string{"max_traceback_length"}, kind: number(1, 1<<24), unit: "bytes", def: "16384",
		doc:   "Longer values of log fields are cut",
		field: func(c *Config) any { return &c.MaxLogValueLength }},
	{key: "max_logs_per_span", kind: number(1, 1<<24), def: "1000",
		doc:   "Log records kept by one span",
		field: func(c *Config) any { return &c.MaxLogsPerSpan }},
	{key: "no_debug_flag_on_forced_sampling", aliases: []string{"no_debug_flag"}, kind: boolean, def: "false",
		doc:   "The tag sampling.priority forces sampling without the debug flag",
		field: func(c *Config) any { return &c.NoDebugFlag }},
	{key: "max_debug_traces_per_second", aliases: []string{"max_debug_traces"}, kind: amount, def: "0",
		doc:   "Traces that debug ids and sampling.priority may force in this process, with `throttler` where the agent has not spoken; 0 is no limit",
		field: func(c *Config) any { return &c.MaxDebugTraces }},
	{key: "zipkin_shared_rpc_span", aliases: []string{"one_span_per_rpc", "zipkin_shared_spans"}, kind: boolean, def: "false",
		doc:   "A server's span has the id of its client's, as in Zipkin",
		field: func(c *Config) any { return &c.ZipkinSharedSpans }},

	{key: "sampler.type", env: []string{"JAEGER_SAMPLER_TYPE"}, kind: samplerType, def: "remote",
		doc:   "`const`, `probabilistic`, `ratelimiting` or `remote`",
		field: func(c *Config) any { return &c.Sampler.Type }},
	{key: "sampler.param", env: []string{"JAEGER_SAMPLER_PARAM"}, kind: amount, def: "0.001 for remote, else 0", resolve: samplerParam,
		doc:   "const: 0 never, else always; probabilistic: 0 to 1; ratelimiting: traces per second; remote: probability until the first answer",
		field: func(c *Config) any { return &c.Sampler.Param }},
	{key: "sampler.sampling_server_url", aliases: []string{"sampler.server_url"}, env: []string{"JAEGER_SAMPLING_ENDPOINT", "JAEGER_SAMPLER_MANAGER_HOST_PORT"},
		kind: serverURL, def: "http://AGENT_HOST:5778/sampling", resolve: samplingURL,
		doc:   "Where the remote sampler asks: a URL or host:port",
		field: func(c *Config) any { return &c.Sampler.ServerURL }},
	{key: "local_agent.sampling_port", sets: []string{"sampler.sampling_server_url"}, kind: portOnly, def: "5778",
		doc:   "Port of the agent's sampling server",
		field: func(c *Config) any { return &c.Sampler.ServerURL }},
	{key: "sampler.sampling_refresh_interval", aliases: []string{"sampler.refresh_interval", "sampling_refresh_interval"}, env: []string{"JAEGER_SAMPLER_REFRESH_INTERVAL"},
		kind: duration, def: "1m", doc: "Time between two questions of the remote sampler",
		field: func(c *Config) any { return &c.Sampler.RefreshInterval }},
	{key: "sampler.max_operations", aliases: []string{"max_operations"}, env: []string{"JAEGER_SAMPLER_MAX_OPERATIONS"}, kind: number(1, 1<<24), def: "2000",
		doc:   "Operations that may have a sampler of their own",
		field: func(c *Config) any { return &c.Sampler.MaxOperations }},
	{key: "sampler.operation_name_late_binding", kind: boolean, def: "false",
		doc:   "A later SetOperationName may decide the sampling",
		field: func(c *Config) any { return &c.Sampler.OperationNameLateBinding }},

	{key: "reporter.queue_size", aliases: []string{"reporter_queue_size"}, env: []string{"JAEGER_REPORTER_MAX_QUEUE_SIZE"},
		kind:  number(1, 1<<24),
		doc:   "Finished spans that may wait to be sent; one more is dropped and counted; unset, their memory alone is bounded",
		field: func(c *Config) any { return &c.Reporter.QueueSize }},
	{key: "reporter.queue_bytes", kind: number(1, 1<<30), unit: "bytes", def: "33554432",
		doc:   "Memory that waiting spans may take, estimated; one more is dropped and counted",
		field: func(c *Config) any { return &c.Reporter.QueueBytes }},
	{key: "reporter.buffer_flush_interval", aliases: []string{"reporter.flush_interval", "reporter_flush_interval"}, env: []string{"JAEGER_REPORTER_FLUSH_INTERVAL"},
		kind: duration, def: "1s", doc: "How long a span may wait for its batch to fill",
		field: func(c *Config) any { return &c.Reporter.FlushInterval }},
	{key: "reporter.log_spans", env: []string{"JAEGER_REPORTER_LOG_SPANS"}, kind: boolean, def: "false",
		doc:   "Log each finished span",
		field: func(c *Config) any { return &c.Reporter.LogSpans }},
	{key: "reporter.agent_host", aliases: []string{"local_agent.reporting_host"}, env: []string{"JAEGER_AGENT_HOST"}, kind: host, def: "localhost",
		doc:   "Name or address of the agent, IPv6 too",
		field: func(c *Config) any { return &c.Reporter.AgentHost }},
	{key: "reporter.agent_port", aliases: []string{"local_agent.reporting_port"}, env: []string{"JAEGER_AGENT_PORT"}, kind: port, def: "6831",
		doc:   "UDP port of the agent, compact Thrift",
		field: func(c *Config) any { return &c.Reporter.AgentPort }},
	{key: "reporter.local_agent_host_port", sets: []string{"reporter.agent_host", "reporter.agent_port"}, kind: agentAddress,
		doc:   "Both of them: `host`, `host:port`, `:port`, `[::1]:6831`",
		field: func(c *Config) any { return address{&c.Reporter.AgentHost, &c.Reporter.AgentPort} }},
	{key: "local_agent.enabled", kind: boolean, def: "true",
		doc: "Accepted, without effect"},
	{key: "reporter.max_packet_size", kind: number(512, 65507), unit: "bytes", def: "65000",
		doc:   "Largest datagram to the agent",
		field: func(c *Config) any { return &c.Reporter.MaxPacketSize }},
	{key: "reporter.disable_attempt_reconnecting", aliases: []string{"reporter.disable_reconnect"}, env: []string{"JAEGER_REPORTER_ATTEMPT_RECONNECTING_DISABLED"},
		kind: boolean, def: "false", doc: "Look the agent's name up again only after a failure",
		field: func(c *Config) any { return &c.Reporter.DisableReconnect }},
	{key: "reporter.attempt_reconnect_interval", aliases: []string{"reporter.reconnect_interval"}, env: []string{"JAEGER_REPORTER_ATTEMPT_RECONNECT_INTERVAL"},
		kind: duration, def: "30s", doc: "Time between two look-ups of the agent's name, at least 100 ms",
		field: func(c *Config) any { return &c.Reporter.ReconnectInterval }},
	{key: "reporter.collector_endpoint", aliases: []string{"reporter.endpoint"}, env: []string{"JAEGER_ENDPOINT"}, kind: endpoint,
		doc:   "URL of a collector; when set, spans go there over HTTP and not to the agent",
		field: func(c *Config) any { return &c.Reporter.Endpoint }},
	{key: "reporter.zipkin_endpoint", env: []string{"JAEGER_ZIPKIN_ENDPOINT"}, kind: endpoint,
		doc:   "URL of a server for Zipkin's JSON; when set, spans go there instead",
		field: func(c *Config) any { return &c.Reporter.ZipkinEndpoint }},
	{key: "reporter.user", env: []string{"JAEGER_USER"}, kind: userName,
		doc:   "For HTTP Basic at the collector, with the password or not at all",
		field: func(c *Config) any { return &c.Reporter.User }},
	{key: "reporter.password", env: []string{"JAEGER_PASSWORD"}, kind: password, secret: true,
		doc:   "For HTTP Basic at the collector, with the user or not at all",
		field: func(c *Config) any { return &c.Reporter.Password }},
	{key: "reporter.auth_token", env: []string{"JAEGER_AUTH_TOKEN"}, kind: token, secret: true,
		doc:   "Bearer token for the collector, instead of a user",
		field: func(c *Config) any { return &c.Reporter.AuthToken }},
	{key: "reporter.http_headers", kind: headerMap, secret: true,
		doc:   "A mapping of headers added to each request to the collector; Authorization only without user and token",
		field: func(c *Config) any { return &c.Reporter.HTTPHeaders }},
	{key: "reporter.batch_size", aliases: []string{"reporter_batch_size"}, kind: number(1, 1<<20), unit: "spans", def: "1000",
		doc:   "Spans in one request to the collector",
		field: func(c *Config) any { return &c.Reporter.BatchSize }},
	{key: "reporter.http_timeout", kind: duration, def: "5s",
		doc:   "Bound of one try of a request to the collector",
		field: func(c *Config) any { return &c.Reporter.HTTPTimeout }},
	{key: "reporter.retry_timeout", kind: duration, def: "30s",
		doc:   "How long a request is tried again after failures that may pass",
		field: func(c *Config) any { return &c.Reporter.RetryTimeout }},
	{key: "reporter.gzip", kind: boolean, def: "false",
		doc:   "Compress requests; a collector of Jaeger 1 takes that for Zipkin's format only",
		field: func(c *Config) any { return &c.Reporter.Gzip }},
	{key: "reporter.tls.ca", env: []string{"JAEGER_TLS_CA"}, kind: text,
		doc:   "File of the certificates to trust instead of the system's, PEM",
		field: func(c *Config) any { return &c.Reporter.TLS.CA }},
	{key: "reporter.tls.cert", env: []string{"JAEGER_TLS_CERT"}, kind: text,
		doc:   "File of this client's certificate, with the key or not at all",
		field: func(c *Config) any { return &c.Reporter.TLS.Cert }},
	{key: "reporter.tls.key", env: []string{"JAEGER_TLS_KEY"}, kind: text,
		doc:   "File of its private key",
		field: func(c *Config) any { return &c.Reporter.TLS.Key }},
	{key: "reporter.tls.server_name", env: []string{"JAEGER_TLS_SERVER_NAME"}, kind: text,
		doc:   "Name to expect in the collector's certificate instead of its URL's host",
		field: func(c *Config) any { return &c.Reporter.TLS.ServerName }},
	{key: "reporter.tls.skip_host_verify", aliases: []string{"reporter.tls.insecure_skip_verify"}, env: []string{"JAEGER_TLS_SKIP_HOST_VERIFY"}, kind: boolean, def: "false",
		doc:   "Trust whoever answers: for tests",
		field: func(c *Config) any { return &c.Reporter.TLS.SkipHostVerify }},

	{key: "headers.trace_context_header_name", aliases: []string{"headers.trace", "trace_id_header"}, kind: headerName, def: "uber-trace-id",
		doc:   "Header of the span context",
		field: func(c *Config) any { return &c.Headers.Trace }},
	{key: "headers.trace_baggage_header_prefix", aliases: []string{"headers.baggage_prefix", "baggage_header_prefix"}, kind: headerName, def: "uberctx-",
		doc:   "Start of the name of each baggage header",
		field: func(c *Config) any { return &c.Headers.BaggagePrefix }},
	{key: "headers.jaeger_debug_header", aliases: []string{"headers.debug_id", "debug_id_header"}, kind: headerName, def: "jaeger-debug-id",
		doc:   "Header of a correlation id that forces sampling",
		field: func(c *Config) any { return &c.Headers.DebugID }},
	{key: "headers.jaeger_baggage_header", aliases: []string{"headers.baggage"}, kind: headerName, def: "jaeger-baggage",
		doc:   "Header of baggage written by hand, `k1=v1,k2=v2`",
		field: func(c *Config) any { return &c.Headers.Baggage }},

	{key: "baggage_restrictions.enabled", kind: boolean, section: true, def: "true in a file that has the section, else false",
		doc:     "The agent says which baggage keys may be set",
		resolve: asIs("false"),
		field:   func(c *Config) any { return &c.BaggageRestrictions.Enabled }},
	{key: "baggage_restrictions.deny_baggage_on_initialization_failure", aliases: []string{"baggage_restrictions.deny"}, kind: boolean, def: "false",
		doc:   "No baggage until the agent has answered",
		field: func(c *Config) any { return &c.BaggageRestrictions.Deny }},
	{key: "baggage_restrictions.host_port", kind: hostPort, def: "AGENT_HOST:5778", resolve: besideAgent,
		doc:   "HTTP server of the agent; host or port may be left out",
		field: func(c *Config) any { return &c.BaggageRestrictions.HostPort }},
	{key: "baggage_restrictions.refresh_interval", kind: duration, def: "1m",
		doc:   "Time between two questions",
		field: func(c *Config) any { return &c.BaggageRestrictions.RefreshInterval }},

	{key: "throttler.enabled", kind: boolean, section: true, def: "true in a file that has the section, else false",
		doc:     "The agent limits traces forced by debug ids",
		resolve: asIs("false"),
		field:   func(c *Config) any { return &c.Throttler.Enabled }},
	{key: "throttler.host_port", kind: hostPort, def: "AGENT_HOST:5778", resolve: besideAgent,
		doc:   "HTTP server of the agent; host or port may be left out",
		field: func(c *Config) any { return &c.Throttler.HostPort }},
	{key: "throttler.port", sets: []string{"throttler.host_port"}, kind: portOnly, def: "5778",
		doc:   "Its port, on the agent's host",
		field: func(c *Config) any { return &c.Throttler.HostPort }},
	{key: "throttler.refresh_interval", kind: duration, def: "5s",
		doc:   "Time between two questions",
		field: func(c *Config) any { return &c.Throttler.RefreshInterval }},
	{key: "throttler.synchronous_initialization", kind: boolean, def: "false",
		doc:   "No debug trace of an operation before the agent has granted one",
		field: func(c *Config) any { return &c.Throttler.SynchronousInitialization }},
}

// index finds a row by the normalised form of any of its paths.
var index = sync.OnceValue(func() map[string]*setting {
	m := make(map[string]*setting)
	for i := range settings {
		s := &settings[i]
		for _, path := range append([]string{s.key}, s.aliases...) {
			m[normalize(path)] = s
		}
	}
	return m
})

var separators = strings.NewReplacer("_", "", "-", "")

// normalize takes case, underscores and hyphens out of a key.
func normalize(key string) string {
	return separators.Replace(strings.ToLower(key))
}

func asIs(unset string) func(*Config, string) string {
	return func(_ *Config, text string) string {
		if text == "" {
			return unset
		}
		return text
	}
}

// samplerParam reads 0 as unset for the remote sampler only: for the others 0 is a value.
func samplerParam(c *Config, text string) string {
	switch {
	case text != "":
		return text
	case c.Sampler.Type == "remote":
		return "0.001"
	}
	return "0"
}

func samplingURL(c *Config, text string) string {
	if strings.Contains(text, "://") {
		return text
	}
	if _, _, err := splitHostPort(text); text != "" && err != nil {
		return text
	}
	return agentURL(besideAgent(c, text), "/sampling")
}

// besideAgent fills what host:port leaves out: the agent's host, and the port of its HTTP
// server. What cannot be read stays as it is, for the check that follows.
func besideAgent(c *Config, text string) string {
	h, p, err := splitHostPort(text)
	if text != "" && err != nil {
		return text
	}
	if h == "" {
		h = strings.Trim(c.Reporter.AgentHost, "[]")
		if _, err := parseHost(h); err != nil { // unset, or refused where it stands
			h = "localhost"
		}
	}
	if p == 0 {
		p = 5778
	}
	return joinHostPort(h, p)
}
