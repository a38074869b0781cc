// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/config"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*config.Config)
		want   string // "" for valid
	}{
		{"valid", func(c *config.Config) {}, ""},
		{"no name", func(c *config.Config) { c.ServiceName = " " }, "service_name: no value, want the name of the service"},
		{"no name but disabled", func(c *config.Config) { c.ServiceName, c.Disabled = "", true }, ""},
		{"type", func(c *config.Config) { c.Sampler.Type = "lucky" }, `sampler.type: "lucky" is not accepted`},
		{"type spelling", func(c *config.Config) { c.Sampler.Type = "Rate_Limiting" }, ""},
		{"probability", func(c *config.Config) { c.Sampler = config.Sampler{Type: "probabilistic", Param: 1.5} },
			`sampler.param: "1.5" is not accepted, want a probability from 0 to 1 for the probabilistic sampler`},
		{"remote probability", func(c *config.Config) { c.Sampler.Param = 2 }, "for the remote sampler"},
		{"rate", func(c *config.Config) { c.Sampler = config.Sampler{Type: "ratelimiting", Param: 1e6} }, ""},
		{"negative rate", func(c *config.Config) { c.Sampler = config.Sampler{Type: "ratelimiting", Param: -1} }, `sampler.param: "-1" is not accepted`},
		{"NaN", func(c *config.Config) { c.Sampler.Param = math.NaN() }, `sampler.param: "NaN" is not accepted`},
		{"infinite", func(c *config.Config) { c.Sampler.Param = math.Inf(1) }, `"+Inf" is not accepted`},
		{"operations", func(c *config.Config) { c.Sampler.MaxOperations = -1 }, `sampler.max_operations: "-1" is not accepted`},
		{"server", func(c *config.Config) { c.Sampler.ServerURL = "a b" }, `sampler.sampling_server_url: "a b" is not accepted`},
		{"interval", func(c *config.Config) { c.Reporter.FlushInterval = -time.Second }, `reporter.buffer_flush_interval: "-1s" is not accepted`},
		{"nanosecond", func(c *config.Config) { c.Reporter.FlushInterval = 1 }, `"1ns" is not accepted`},
		{"port", func(c *config.Config) { c.Reporter.AgentPort = 65536 }, `reporter.agent_port: "65536" is not accepted`},
		{"small packet", func(c *config.Config) { c.Reporter.MaxPacketSize = 511 }, "want a whole number from 512 to 65507"},
		{"large packet", func(c *config.Config) { c.Reporter.MaxPacketSize = 65508 }, `"65508" is not accepted`},
		{"largest packet", func(c *config.Config) { c.Reporter.MaxPacketSize = 65507 }, ""},
		{"user alone", func(c *config.Config) { c.Reporter.User = "alice" }, `reporter.user: "alice" has no password, want both or neither`},
		{"password alone", func(c *config.Config) { c.Reporter.Password = "hunter2" }, "reporter.password: there is no user, want both or neither"},
		{"both", func(c *config.Config) { c.Reporter.User, c.Reporter.Password = "alice", "hunter2" }, ""},
		{"header value", func(c *config.Config) { c.Reporter.HTTPHeaders = map[string]string{"A": "hunter2\n"} }, `value of header "A": has a control character`},
		{"header name", func(c *config.Config) { c.Reporter.HTTPHeaders = map[string]string{"A:": "hunter2"} }, `"A:" is not a header name`},
		{"header", func(c *config.Config) { c.Headers.Trace = "my id" }, `headers.trace_context_header_name: "my id" is not accepted`},
		{"header in capitals", func(c *config.Config) { c.Headers.Trace = "MY-ID" }, ""},
		{"one header for two", func(c *config.Config) { c.Headers.DebugID = "Uber-Trace-Id" }, "headers.trace_context_header_name has it, want three different names"},
		{"header as baggage", func(c *config.Config) { c.Headers.BaggagePrefix = "uber-" }, `"uber-trace-id" is not accepted, it would be read as baggage`},
		{"format", func(c *config.Config) { c.Propagation = []string{"b4"} }, `propagation: "b4" is not accepted, want jaeger, w3c, b3 or b3single`},
		{"tag", func(c *config.Config) { c.Tags = []config.Tag{{Value: "v"}} }, `tags: the tag with value "v" has no key`},
		{"tag bytes", func(c *config.Config) { c.Tags = []config.Tag{{Key: "k", Value: "\xff"}} }, `tags: tag "k" is not UTF-8`},
		{"tags against the packet", func(c *config.Config) {
			c.Reporter.MaxPacketSize = 512
			c.Tags = []config.Tag{{Key: "k", Value: strings.Repeat("v", 300)}}
		}, "tags: with the service name they take 310 bytes of each packet, want at most half of reporter.max_packet_size, 512"},
		{"user and token", func(c *config.Config) {
			c.Reporter.User, c.Reporter.Password, c.Reporter.AuthToken = "alice", "hunter2", "hunter2"
		},
			"reporter.auth_token: there is a user, too, want one of them"},
		{"token with a space", func(c *config.Config) { c.Reporter.AuthToken = "Bearer hunter2" },
			"reporter.auth_token: the value (not shown) is not accepted, want a token of printable ASCII without spaces"},
		{"token and header", func(c *config.Config) {
			c.Reporter.AuthToken, c.Reporter.HTTPHeaders = "hunter2", map[string]string{"authorization": "hunter2"}
		}, `reporter.http_headers: "authorization" says who calls, and so do reporter.user or reporter.auth_token`},
		{"header of the transport", func(c *config.Config) { c.Reporter.HTTPHeaders = map[string]string{"Content-Length": "1"} },
			`reporter.http_headers: http header "Content-Length": set by the transport only, want a mapping`},
		{"two endpoints", func(c *config.Config) { c.Reporter.Endpoint, c.Reporter.ZipkinEndpoint = "http://a", "http://b" },
			"reporter.zipkin_endpoint: there is a collector_endpoint, too, want one of them"},
		{"endpoint with port 0", func(c *config.Config) { c.Reporter.Endpoint = "http://a:0" }, `reporter.collector_endpoint: "http://a:0" is not accepted`},
		{"endpoint with a password alone", func(c *config.Config) { c.Reporter.Endpoint = "http://:hunter2@a" }, `"http://:xxxxx@a" is not accepted`},
		{"cert without key", func(c *config.Config) { c.Reporter.Endpoint, c.Reporter.TLS.Cert = "https://a", "c.pem" },
			`reporter.tls.cert: "c.pem" has no reporter.tls.key, want both or neither`},
		{"key without cert", func(c *config.Config) { c.Reporter.Endpoint, c.Reporter.TLS.Key = "https://a", "k.pem" },
			`reporter.tls.key: "k.pem" has no reporter.tls.cert, want both or neither`},
		{"tls in the clear", func(c *config.Config) { c.Reporter.Endpoint, c.Reporter.TLS.CA = "http://u:hunter2@a", "c.pem" },
			`reporter.tls: "http://u:xxxxx@a" is not an https URL`},
		{"tls to the agent", func(c *config.Config) { c.Reporter.TLS.SkipHostVerify = true }, "reporter.tls: spans go to the agent over UDP, which has no TLS"},
		{"tls", func(c *config.Config) { c.Reporter.Endpoint, c.Reporter.TLS.CA = "HTTPS://a", "c.pem" }, ""},
		{"debug traces", func(c *config.Config) { c.MaxDebugTraces = -1 }, `max_debug_traces_per_second: "-1" is not accepted, want a number, 0 or more`},
		{"format twice", func(c *config.Config) { c.Propagation = []string{"b3", "B3"} }, `propagation: "b3,B3" is not accepted`},
		{"throttler", func(c *config.Config) { c.Throttler.HostPort = "a:0" }, `throttler.host_port: "a:0" is not accepted`},
		{"logs", func(c *config.Config) { c.MaxLogsPerSpan = -1 }, `max_logs_per_span: "-1" is not accepted`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := &config.Config{ServiceName: "s"}
			test.change(c)
			before := c.String()
			err := c.Validate()
			switch {
			case test.want == "" && err != nil:
				t.Errorf("got %v, want no error", err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("got  %v\nwant %s", err, test.want)
			case err != nil && strings.Contains(err.Error(), "hunter2"):
				t.Errorf("the secret is in %v", err)
			}
			if got := c.String(); got != before {
				t.Errorf("Validate changed %s\nto %s", before, got)
			}
		})
	}
}

// What Validate finds is often written in a file or a variable, and it says where.
func TestValidateNamesTheSource(t *testing.T) {
	t.Parallel()
	c := parse(t, "sampler:\n  type: probabilistic\n  param: 1.5\nreporter: {password: hunter2}\n")
	const want = `config: 3 problems:
	service_name: no value, want the name of the service (also JAEGER_SERVICE_NAME)
	line 3: sampler.param: "1.5" is not accepted, want a probability from 0 to 1 for the probabilistic sampler
	line 4: reporter.password: there is no user, want both or neither (also JAEGER_USER, JAEGER_PASSWORD)`
	if err := c.Validate(); err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}

	c, err := c.FromEnvOf(map[string]string{"JAEGER_SAMPLER_PARAM": "7", "JAEGER_SERVICE_NAME": "s", "JAEGER_USER": "alice"})
	if err != nil {
		t.Fatal(err)
	}
	wantLine := `config: JAEGER_SAMPLER_PARAM: sampler.param: "7" is not accepted, want a probability from 0 to 1 for the probabilistic sampler`
	if err := c.Validate(); err == nil || err.Error() != wantLine {
		t.Errorf("got  %v\nwant %s", err, wantLine)
	}

	c.Sampler.Param = 8 // code is to blame now, not the variable
	wantLine = strings.Replace(wantLine, "JAEGER_SAMPLER_PARAM: ", "", 1)
	wantLine = strings.Replace(wantLine, `"7"`, `"8"`, 1)
	if err := c.Validate(); err == nil || err.Error() != wantLine {
		t.Errorf("got  %v\nwant %s", err, wantLine)
	}
}

// A wrong host is told once, not once more for each address beside it.
func TestAgentHostIsRefusedOnce(t *testing.T) {
	err := (&config.Config{ServiceName: "s", Reporter: config.Reporter{AgentHost: "1.2.3"}}).Validate()
	if err == nil || !strings.HasPrefix(err.Error(), `config: reporter.agent_host: "1.2.3" is not accepted`) {
		t.Errorf("got %v, want one problem", err)
	}
}

func TestNilConfig(t *testing.T) {
	t.Parallel()
	var c *config.Config
	if err := c.Validate(); err == nil || !strings.Contains(err.Error(), "service_name") {
		t.Errorf("got %v, want the service name asked for", err)
	}
}
