// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/config"
)

func TestEnv(t *testing.T) {
	t.Parallel()
	type vars map[string]string
	tests := []struct {
		name string
		base string
		vars vars
		want string // a part of String
	}{
		{"nothing", "", nil, "sampler:\n  type: remote\n  param: 0.001\n"},
		{"empty is unset", "service_name: shop", vars{"JAEGER_SERVICE_NAME": " "}, "service_name: shop\n"},
		{"wins over the file", "service_name: shop", vars{"JAEGER_SERVICE_NAME": "cart"}, "service_name: cart\n"},
		{"leaves the rest", "service_name: shop", vars{"JAEGER_DISABLED": "TRUE"}, "service_name: shop\ndisabled: true\n"},
		{"false wins too", "disabled: true", vars{"JAEGER_DISABLED": "0"}, "disabled: false\n"},
		{"rpc metrics", "", vars{"JAEGER_RPC_METRICS": "t"}, "rpc_metrics: true\n"},
		{"128 bit", "", vars{"JAEGER_TRACEID_128BIT": "true"}, "traceid_128bit: true\n"},
		{"sampler", "", vars{"JAEGER_SAMPLER_TYPE": "rateLimiting", "JAEGER_SAMPLER_PARAM": "2.5"}, "type: ratelimiting\n  param: 2.5\n"},
		{"sampler type alone", "", vars{"JAEGER_SAMPLER_TYPE": "const"}, "type: const\n  param: 0\n"},
		{"sampler rest", "", vars{"JAEGER_SAMPLER_REFRESH_INTERVAL": "90", "JAEGER_SAMPLER_MAX_OPERATIONS": "7"},
			"sampling_refresh_interval: 1m30s\n  max_operations: 7\n"},
		{"sampling endpoint", "", vars{"JAEGER_SAMPLING_ENDPOINT": "http://a/s", "JAEGER_SAMPLER_MANAGER_HOST_PORT": "b:1", "JAEGER_AGENT_HOST": "c"},
			"sampling_server_url: http://a/s\n"},
		{"manager", "", vars{"JAEGER_SAMPLER_MANAGER_HOST_PORT": "b:1", "JAEGER_AGENT_HOST": "c"}, "sampling_server_url: http://b:1/sampling\n"},
		{"manager v6", "", vars{"JAEGER_SAMPLER_MANAGER_HOST_PORT": "[::1]:1"}, "sampling_server_url: \"http://[::1]:1/sampling\"\n"},
		{"manager as url", "", vars{"JAEGER_SAMPLER_MANAGER_HOST_PORT": "http://b:1/x"}, "sampling_server_url: http://b:1/x\n"},
		{"sampling at the agent", "", vars{"JAEGER_AGENT_HOST": "c"}, "sampling_server_url: http://c:5778/sampling\n"},
		{"reporter", "", vars{"JAEGER_REPORTER_MAX_QUEUE_SIZE": "5", "JAEGER_REPORTER_FLUSH_INTERVAL": "2s", "JAEGER_REPORTER_LOG_SPANS": "1"},
			"queue_size: 5\n  queue_bytes: 33554432\n  buffer_flush_interval: 2s\n  log_spans: true\n"},
		{"agent v6", "", vars{"JAEGER_AGENT_HOST": "::1", "JAEGER_AGENT_PORT": "1"}, "agent_host: \"::1\"\n  agent_port: 1\n"},
		{"agent port alone", "reporter: {local_agent_host_port: 'a:1'}", vars{"JAEGER_AGENT_PORT": "2"}, "agent_host: a\n  agent_port: 2\n"},
		{"reconnecting", "", vars{"JAEGER_REPORTER_ATTEMPT_RECONNECTING_DISABLED": "true", "JAEGER_REPORTER_ATTEMPT_RECONNECT_INTERVAL": "10s"},
			"disable_attempt_reconnecting: true\n  attempt_reconnect_interval: 10s\n"},
		{"collector", "", vars{"JAEGER_ENDPOINT": "https://c/api", "JAEGER_USER": "alice", "JAEGER_PASSWORD": "hunter2"},
			"collector_endpoint: https://c/api\n  user: alice\n  password: xxxxx\n"},
		{"tags", "tags: {old: 1}", vars{"JAEGER_TAGS": "a=1, b = x=y ,,c=,"},
			"tags:\n  - {key: a, value: \"1\"}\n  - {key: b, value: \"x=y\"}\n  - {key: c, value: \"\"}\n"},
		{"tags by variable", "", vars{"JAEGER_TAGS": "a=${A:one},b=${B:two,three},c=${C},d=${D:},e=x${A}", "C": "see"},
			"tags:\n  - {key: a, value: one}\n  - {key: b, value: \"two,three\"}\n  - {key: c, value: see}\n  - {key: d, value: \"\"}\n  - {key: e, value: \"x${A}\"}\n"},
		{"tags by empty variable", "", vars{"JAEGER_TAGS": "a=${A:one}", "A": ""}, "tags:\n  - {key: a, value: one}\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			base := parse(t, test.base)
			c, err := base.FromEnvOf(test.vars)
			if err != nil {
				t.Fatal(err)
			}
			if c != base {
				t.Error("got another Config, want the one overlaid")
			}
			if got := c.String(); !strings.Contains(got, test.want) {
				t.Errorf("got %s\nwant it to contain %s", got, test.want)
			}
		})
	}
}

func TestEnvErrors(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, value, want string }{
		{"JAEGER_DISABLED", "maybe", `disabled: "maybe" is not accepted, want true or false`},
		{"JAEGER_SAMPLER_TYPE", "lucky", "want const, probabilistic, ratelimiting or remote"},
		{"JAEGER_SAMPLER_PARAM", "-1", `sampler.param: "-1" is not accepted, want a number, 0 or more`},
		{"JAEGER_SAMPLING_ENDPOINT", "ftp://a", "want an absolute http or https URL, host:port"},
		{"JAEGER_SAMPLER_MANAGER_HOST_PORT", "a:b", `"a:b" is not accepted`},
		{"JAEGER_SAMPLER_REFRESH_INTERVAL", "soon", "want a duration"},
		{"JAEGER_AGENT_PORT", "tcp://10.0.0.1:6831", "enableServiceLinks: false"},
		{"JAEGER_AGENT_HOST", "http://agent", "want a host name or an IP address"},
		{"JAEGER_ENDPOINT", "collector:14268", "want an absolute http or https URL"},
		{"JAEGER_PASSWORD", "hunter2\n", "the value (not shown) is not accepted, want a text of one line (has a control character)"},
		{"JAEGER_TAGS", "foo", `"foo" has no =`},
		{"JAEGER_TAGS", "a=1,foo", `"foo" has no =`},
		{"JAEGER_TAGS", "=1", `has no key`},
		{"JAEGER_TAGS", "a=${X}", `"${X}" has no value and no default, as in ${X:default}`},
		{"JAEGER_TAGS", "a=${X", `"${X" does not end with its closing brace`},
		{"JAEGER_TAGS", "a=${X,b=1", `"${X,b=1" lacks its closing brace`},
		{"JAEGER_TAGS", "a=${X:1}b", `"${X:1}b" does not end with its closing brace`},
		{"JAEGER_TAGS", "a=${}", `"${}" names no variable`},
		{"JAEGER_TAGS", "a=${:b}", `"${:b}" names no variable`},
	}
	for _, test := range tests {
		t.Run(test.name+"="+test.value, func(t *testing.T) {
			t.Parallel()
			base := parse(t, "service_name: shop")
			before := base.String()
			c, err := base.FromEnvOf(map[string]string{test.name: test.value, "JAEGER_SERVICE_NAME": "cart"})
			if c != nil || err == nil {
				t.Fatalf("got %v, %v, want an error alone", c, err)
			}
			if got := err.Error(); !strings.HasPrefix(got, "config: "+test.name+": ") || !strings.Contains(got, test.want) ||
				strings.Contains(got, "hunter2") {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if got := base.String(); got != before {
				t.Errorf("after an error got %s\nwant what was there before, %s", got, before)
			}
		})
	}
}

func TestEnvErrorsAllAtOnce(t *testing.T) {
	t.Parallel()
	_, err := new(config.Config).FromEnvOf(map[string]string{
		"JAEGER_AGENT_PORT": "many", "JAEGER_TAGS": "foo", "JAEGER_DISABLED": "maybe",
	})
	const want = `config: 3 problems:
	JAEGER_DISABLED: disabled: "maybe" is not accepted, want true or false
	JAEGER_TAGS: tags: "foo" is not accepted, want a mapping of texts or a list of {key, value}, in a variable k=v,k2=${VAR:default} ("foo" has no =)
	JAEGER_AGENT_PORT: reporter.agent_port: "many" is not accepted, want a port from 1 to 65535, or 0 for the default`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestEnvOfTheProcess(t *testing.T) {
	for _, name := range config.Variables() {
		t.Setenv(name, "")
	}
	t.Setenv("JAEGER_SERVICE_NAME", "cart")
	t.Setenv("REGION", "test")
	t.Setenv("JAEGER_TAGS", "region=${REGION:none}")
	c, err := config.FromEnv()
	if err != nil {
		t.Fatal(err)
	}
	if c.ServiceName != "cart" || len(c.Tags) != 1 || c.Tags[0] != (config.Tag{Key: "region", Value: "test"}) {
		t.Errorf("got %s", c)
	}
	var none *config.Config
	if c, err := none.FromEnv(); err != nil || c.ServiceName != "cart" {
		t.Errorf("of a nil Config got %v, %v", c, err)
	}
}
