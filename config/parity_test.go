// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/config"
)

// Every key and variable of the two old clients, as their documentation spells them, and
// those that other Jaeger clients have. What a key sets, its variable sets, too.
func TestKeysAndVariablesOfOtherClients(t *testing.T) {
	t.Parallel()
	tests := []struct{ key, variable, value string }{
		// jaeger-client-go
		{"serviceName", "JAEGER_SERVICE_NAME", "shop"},
		{"disabled", "JAEGER_DISABLED", "true"},
		{"rpc_metrics", "JAEGER_RPC_METRICS", "true"},
		{"traceid_128bit", "JAEGER_TRACEID_128BIT", "true"},
		{"tags", "JAEGER_TAGS", "k=v"},
		{"sampler.type", "JAEGER_SAMPLER_TYPE", "rateLimiting"},
		{"sampler.param", "JAEGER_SAMPLER_PARAM", "0.5"},
		{"sampler.samplingServerURL", "JAEGER_SAMPLING_ENDPOINT", "http://a:1/s"},
		{"sampler.samplingServerURL", "JAEGER_SAMPLER_MANAGER_HOST_PORT", "a:1"},
		{"sampler.samplingServerURL", "JAEGER_SAMPLER_MANAGER_HOST_PORT", "http://a:1/s"},
		{"sampler.samplingRefreshInterval", "JAEGER_SAMPLER_REFRESH_INTERVAL", "7s"},
		{"sampler.maxOperations", "JAEGER_SAMPLER_MAX_OPERATIONS", "7"},
		{"sampler.operationNameLateBinding", "", "true"},
		{"reporter.queueSize", "JAEGER_REPORTER_MAX_QUEUE_SIZE", "7"},
		{"reporter.bufferflushinterval", "JAEGER_REPORTER_FLUSH_INTERVAL", "7s"},
		{"reporter.logSpans", "JAEGER_REPORTER_LOG_SPANS", "true"},
		{"reporter.localAgentHostPort", "JAEGER_AGENT_HOST", "a"},
		{"reporter.localAgentHostPort", "JAEGER_AGENT_HOST", "::1"},
		{"local_agent.reporting_port", "JAEGER_AGENT_PORT", "7"},
		{"reporter.disableAttemptReconnecting", "JAEGER_REPORTER_ATTEMPT_RECONNECTING_DISABLED", "true"},
		{"reporter.attemptreconnectinterval", "JAEGER_REPORTER_ATTEMPT_RECONNECT_INTERVAL", "7s"},
		{"reporter.collectorEndpoint", "JAEGER_ENDPOINT", "http://c:14268/api/traces"},
		{"reporter.user", "JAEGER_USER", "alice"},
		{"reporter.password", "JAEGER_PASSWORD", "hunter2"},
		{"reporter.http_headers", "", "{a: b}"},
		{"headers.jaegerDebugHeader", "", "X-A"},
		{"headers.jaegerBaggageHeader", "", "X-A"},
		{"headers.TraceContextHeaderName", "", "X-A"},
		{"headers.traceBaggageHeaderPrefix", "", "X-A-"},
		{"baggage_restrictions.denyBaggageOnInitializationFailure", "", "true"},
		{"baggage_restrictions.hostPort", "", "a:1"},
		{"baggage_restrictions.refreshInterval", "", "7s"},
		{"throttler.hostPort", "", "a:1"},
		{"throttler.refreshInterval", "", "7s"},
		{"throttler.synchronousInitialization", "", "true"},
		// jaeger-client-python
		{"service_name", "", "shop"},
		{"enabled", "", "false"},
		{"logging", "", "true"},
		{"sampling_refresh_interval", "", "7"},
		{"max_operations", "", "7"},
		{"reporter_batch_size", "", "7"},
		{"reporter_queue_size", "", "7"},
		{"reporter_flush_interval", "", "7"},
		{"local_agent.reporting_host", "JAEGER_AGENT_HOST", "a"},
		{"local_agent.sampling_port", "", "7"},
		{"propagation", "", "b3"},
		{"max_tag_value_length", "", "7"},
		{"max_traceback_length", "", "7"},
		{"trace_id_header", "", "X-A"},
		{"baggage_header_prefix", "", "X-A-"},
		{"debug_id_header", "", "X-A"},
		{"generate_128bit_trace_id", "", "true"},
		{"throttler.port", "", "7"},
		{"throttler.refresh_interval", "", "7"},
		{"one_span_per_rpc", "", "true"},
		// what neither had
		{"propagation", "JAEGER_PROPAGATION", "b3,w3c"},
		{"reporter.auth_token", "JAEGER_AUTH_TOKEN", "abc"},
		{"reporter.zipkin_endpoint", "JAEGER_ZIPKIN_ENDPOINT", "http://z:9411"},
		{"reporter.tls.ca", "JAEGER_TLS_CA", "ca.pem"},
		{"reporter.tls.cert", "JAEGER_TLS_CERT", "cert.pem"},
		{"reporter.tls.key", "JAEGER_TLS_KEY", "key.pem"},
		{"reporter.tls.server_name", "JAEGER_TLS_SERVER_NAME", "a"},
		{"reporter.tls.skip_host_verify", "JAEGER_TLS_SKIP_HOST_VERIFY", "true"},
		{"zipkin_shared_rpc_span", "", "true"},
		{"no_debug_flag_on_forced_sampling", "", "true"},
		{"max_debug_traces_per_second", "", "7"},
		{"max_logs_per_span", "", "7"},
		{"reporter.max_packet_size", "", "7000"},
		{"reporter.http_timeout", "", "7s"},
		{"reporter.retry_timeout", "", "7s"},
		{"reporter.gzip", "", "true"},
	}
	unset := new(config.Config).String()
	variables := make(map[string]bool)
	for _, name := range config.Variables() {
		variables[name] = true
	}
	for _, test := range tests {
		delete(variables, test.variable)
		t.Run(test.key+"="+test.value, func(t *testing.T) {
			t.Parallel()
			value := test.value
			if test.key == "tags" {
				value = "{k: v}"
			} else if strings.Contains(value, "::") {
				value = `"` + value + `"`
			}
			section, name, nested := strings.Cut(test.key, ".")
			document := test.key + ": " + value
			if nested {
				document = section + ":\n  " + name + ": " + value
			}
			got := parse(t, document).String()
			if got == unset {
				t.Errorf("the key sets nothing")
			}
			if test.variable == "" {
				return
			}
			c, err := new(config.Config).FromEnvOf(map[string]string{test.variable: test.value})
			if err != nil {
				t.Fatal(err)
			}
			if byVariable := c.String(); byVariable != got {
				t.Errorf("by variable got %s\nwant what the key sets, %s", byVariable, got)
			}
		})
	}
	for name := range variables {
		t.Errorf("%s is not in this table", name)
	}
}

// Keys that are taken and change nothing.
func TestKeysWithoutEffect(t *testing.T) {
	t.Parallel()
	unset := new(config.Config).String()
	for _, document := range []string{"metrics: false", "local_agent: {enabled: false}"} {
		if got := parse(t, document).String(); got != unset {
			t.Errorf("%s: got %s\nwant %s", document, got, unset)
		}
	}
}
