// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/jaegerkit/jaeger/config"
)

func TestSpellings(t *testing.T) {
	t.Parallel()
	for _, document := range []string{
		"reporter: {buffer_flush_interval: 500ms}",
		"reporter: {bufferFlushInterval: 500ms}",
		"reporter: {bufferflushinterval: 500ms}",
		"Reporter: {Buffer-Flush-Interval: 500ms}",
		"REPORTER: {BUFFER_FLUSH_INTERVAL: '0.5'}",
		"reporter: {flush_interval: 0.5}",
		"reporter_flush_interval: 0.5",
		"reporterFlushInterval: 500ms",
		"reporter.flush_interval: 500ms",
		"config: {reporter_flush_interval: 0.5}",
		"jaeger: {reporter: {flushInterval: 500ms}}",
	} {
		t.Run(document, func(t *testing.T) {
			t.Parallel()
			if got, want := parse(t, document).Reporter.FlushInterval, 500*time.Millisecond; got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestEmptyIsUnset(t *testing.T) {
	t.Parallel()
	want := new(config.Config).String()
	for _, document := range []string{"", "\n", "# nothing\n", "---\n", "null", "~", "{}", "sampler:", "sampler: {}", "sampler: ~",
		"service_name:", "service_name: null", `sampler: {param: ""}`, "tags:", "tags: []", "tags: {}", "propagation: []",
		"throttler:", "reporter: {http_headers: {}}", "\ufeff# mark\n", "x-anchors: {a: 1}", "config: {}"} {
		t.Run(document, func(t *testing.T) {
			t.Parallel()
			if got := parse(t, document).String(); got != want {
				t.Errorf("got %s\nwant %s", got, want)
			}
		})
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, document, want string }{
		{"quoted number", `sampler: {type: const, param: "1"}`, "param: 1"},
		{"boolean param", `sampler: {type: const, param: yes}`, "param: 1"},
		{"exponent", `sampler: {type: const, param: 1e-7}`, "param: 1e-07"},
		{"type", `sampler: {type: rate-LIMITING, param: 1}`, "type: ratelimiting"},
		{"no param", `sampler: {type: const, param: off}`, "param: 0\n"},
		{"quoted boolean", `logging: "true"`, "logging: true"},
		{"yaml 1.1 boolean", `logging: On`, "logging: true"},
		{"inverse", `enabled: off`, "disabled: true"},
		{"name that looks like a number", `service_name: 1.10`, "service_name: 1.10"},
		{"name that looks like null", `service_name: "null"`, `service_name: "null"`},
		{"spaces around", `service_name: " shop "`, "service_name: shop"},
		{"one format", `propagation: B3`, "propagation:\n  - b3\n"},
		{"formats", `propagation: [w3c, jaeger]`, "propagation:\n  - w3c\n  - jaeger\n"},
		{"formats in a line", `propagation: w3c, jaeger`, "propagation:\n  - w3c\n  - jaeger\n"},
		{"tag order", `tags: {z: 1, a: 2, m: }`, "tags:\n  - {key: z, value: 1}\n  - {key: a, value: 2}\n  - {key: m, value: \"\"}\n"},
		{"agent", `reporter: {localAgentHostPort: "agent.example:1"}`, "agent_host: agent.example\n  agent_port: 1\n"},
		{"agent host", `reporter: {localAgentHostPort: agent.example}`, "agent_host: agent.example\n  agent_port: 6831\n"},
		{"agent port", `reporter: {localAgentHostPort: ":1"}`, "agent_host: localhost\n  agent_port: 1\n"},
		{"agent v6", `reporter: {localAgentHostPort: "[::1]:1"}`, "agent_host: \"::1\"\n  agent_port: 1\n"},
		{"agent v6 alone", `reporter: {localAgentHostPort: "::1"}`, "agent_host: \"::1\"\n  agent_port: 6831\n"},
		{"agent v6 in brackets", `reporter: {agent_host: "[fe80::1%eth0]"}`, "agent_host: \"fe80::1%eth0\"\n"},
		{"sampling port", `local_agent: {reporting_host: a, sampling_port: 1}`, "sampling_server_url: http://a:1/sampling"},
		{"sampling host and port", `sampler: {samplingServerURL: "b:1"}`, "sampling_server_url: http://b:1/sampling"},
		{"sampling host", `sampler: {samplingServerURL: b}`, "sampling_server_url: http://b:5778/sampling"},
		{"sampling url", `sampler: {samplingServerURL: "https://b/x"}`, "sampling_server_url: https://b/x"},
		{"throttler at the agent", "throttler: {}\nlocal_agent: {reporting_host: a}", "throttler:\n  enabled: true\n  host_port: a:5778\n"},
		{"throttler port", "throttler: {port: 1}", "throttler:\n  enabled: true\n  host_port: localhost:1\n"},
		{"throttler by dots", "throttler.port: 1", "throttler:\n  enabled: true\n  host_port: localhost:1\n"},
		{"throttler off", "throttler: {port: 1, enabled: false}", "throttler:\n  enabled: false\n  host_port: localhost:1\n"},
		{"baggage", "baggage_restrictions: {deny: true}", "enabled: true\n  deny_baggage_on_initialization_failure: true\n"},
		{"without effect", "metrics: false\nlocal_agent: {enabled: true}", "disabled: false"},
		{"zero is the default", "max_tag_value_length: 0\nreporter: {flush_interval: 0, agent_port: 0}", "agent_port: 6831"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := parse(t, test.document).String(); !strings.Contains(got, test.want) {
				t.Errorf("got %s\nwant it to contain %s", got, test.want)
			}
		})
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, document, want string }{
		{"text", "shop", "line 1: a single value is not accepted, want a mapping of settings"},
		{"list", "\n- shop", "line 2: a list is not accepted, want a mapping of settings"},
		{"two documents", "service_name: a\n---\nservice_name: b", "line 2: a second document is not accepted, want one"},
		{"second document damaged", "service_name: a\n---\n[", "line 3: did not find expected node content"},
		{"unknown anchor", "service_name: a\ntags: *no", "line 2: unknown anchor 'no' referenced"},
		{"control character", "service_name: a\n\nlogging: \x01", "line 3: control characters are not allowed"},
		{"not UTF-8", "service_name: a\nlogging: \xff", "line 2: "},
		{"tab", "sampler:\n\ttype: const", "line 2: found character that cannot start any token"},
		{"open quote", "service_name: a\ntags: {a: \"b}\nlogging: true", "line 2: found unexpected end of stream"},
		{"list as key", "? [a]\n: b", "line 1: a list is not accepted as a key"},
		{"same key", "logging: true\nlogging: true", `line 2: key "logging" repeats "logging" of line 1`},
		{"same key, other spelling", "serviceName: a\nservice_name: a", `line 2: key "service_name" repeats "serviceName" of line 1`},
		{"same section", "sampler: {}\nSampler: {}", `line 2: key "Sampler" repeats "sampler" of line 1`},
		{"same setting", "sampling_refresh_interval: 1\nsampler: {refresh_interval: 2}", "line 2: sampler.refresh_interval sets what sampling_refresh_interval of line 1 has set"},
		{"same tag", "tags: {a: 1, a: 2}", `key "a" repeats "a" of line 1`},
		{"tag without key", "tags: [{value: 1}]", "line 1: tags: line 1: the tag has no key"},
		{"tag with empty key", `tags: {"": 1}`, "has no key"},
		{"tag with more", "tags: [{key: a, values: 1}]", `unknown key "values", known here: key, value`},
		{"tag as text", "tags: [a=b]", "an entry is a single value"},
		{"tags as text", "tags: a=b", "line 1: tags: it is a single value, want a mapping of texts or a list of {key, value}"},
		{"huge tags", "tags: {a: " + strings.Repeat("x", 70000) + "}", "tags: more than 60000 bytes in all"},
		{"headers as list", "reporter: {http_headers: [a]}", "http_headers: it is a list"},
		{"headers twice", "reporter: {http_headers: {x-a: 1, X-A: 2}}", `header "X-A" stands there twice`},
		{"header value", `reporter: {http_headers: {x-a: "1\r\nx-b: 2"}}`, `value of header "X-A": has a control character`},
		{"dotted typo", "sampler.prama: 1", `line 1: unknown key "sampler.prama", nearest known key "sampler.param"`},
		{"wrong place", "sampler: {queueSize: 1}", `nearest known key "reporter.queue_size"`},
		{"nothing near", "reporter: {colour: blue}", `unknown key "reporter.colour", known here: queue_size, queue_bytes,`},
		{"long key", strings.Repeat("k", 100) + ": 1", `unknown key "` + strings.Repeat("k", 80) + `...", known here`},
		{"merge of text", "sampler: {<<: a}", "line 1: a single value cannot be merged, want a mapping"},
		{"merge of itself", "sampler: &s\n  <<: *s", "more than 100000 keys and values, or no end"},
		{"long name", "service_name: " + strings.Repeat("x", 5000), `(5000 bytes, at most 4096)`},
		{"custom tag", "service_name: !shop a", `the YAML tag "!shop" is not accepted`},
		{"infinite", "sampler: {param: .inf}", `".inf" is not accepted, want a number, 0 or more`},
		{"not a number", "sampler: {param: NaN}", `"NaN" is not accepted`},
		{"overflow", "sampler: {param: 1e999}", `"1e999" is not accepted`},
		{"negative", "sampler: {param: -1}", `"-1" is not accepted`},
		{"tiny", "reporter_flush_interval: 1e-9", `"1e-9" is not accepted`},
		{"long", "reporter_flush_interval: 25h", `"25h" is not accepted`},
		{"hexadecimal", "reporter: {queue_size: 0x10}", `"0x10" is not accepted`},
		{"kubernetes", "reporter: {agent_port: 'tcp://10.0.0.1:6831'}", "enableServiceLinks: false"},
		{"host with port", "reporter: {agent_host: 'a:1'}", `"a:1" is not accepted, want a host name or an IP address, without a port`},
		{"host of numbers", "reporter: {agent_host: 1.2.3}", `line 1: reporter.agent_host: "1.2.3" is not accepted, want a host name or an IP address, without a port (numbers that are no IP address)`},
		{"host of numbers with port", "reporter: {local_agent_host_port: '1.2.3.4.5:6831'}", `(numbers that are no IP address)`},
		{"host with zone", "reporter: {agent_host: 'a%1'}", `"a%1" is not accepted`},
		{"open bracket", "reporter: {local_agent_host_port: '[::1'}", `"[::1" is not accepted`},
		{"no port", "reporter: {local_agent_host_port: 'a:'}", `"a:" is not accepted`},
		{"endpoint without scheme", "reporter: {endpoint: 'a:1/api'}", `"a:1/api" is not accepted, want an absolute http or https URL`},
		{"endpoint without host", "reporter: {endpoint: 'http:///api'}", `"http:///api" is not accepted`},
		{"endpoint port", "reporter: {endpoint: 'http://a:70000'}", `"http://a:70000" is not accepted`},
		{"long list", "propagation: [" + strings.Repeat("b3, ", 101) + "]", "a list of more than 100 is not accepted"},
		{"list in a list", "propagation: [[b3]]", "propagation: a list is not accepted"},
		{"keys of a tag", "tags: [{key: a, Key: b}]", `key "Key" repeats "key" of line 1`},
		{"list as tag", "tags: [{key: [a]}]", `"key": a list is not accepted`},
		{"huge headers", hugeHeaders(), "more than 60000 bytes in all"},
		{"not a host", "reporter: {agent_host: '[a]'}", `"[a]" is not accepted`},
		{"not an address", "reporter: {agent_host: 'a:b:c'}", `"a:b:c" is not accepted`},
		{"host with a space", "reporter: {agent_host: 'a b'}", `"a b" is not accepted`},
		{"long header name", "trace_id_header: " + strings.Repeat("x", 257), "want a header name"},
		{"long unknown key, cut between runes", strings.Repeat("é", 50) + "x: 1", `unknown key "` + strings.Repeat("é", 40) + `..."`},
		{"format", "propagation: [jaeger, jaeger]", `"jaeger,jaeger" is not accepted, want jaeger, w3c, b3 or b3single`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Parse([]byte(test.document))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

func hugeHeaders() string {
	var b strings.Builder
	b.WriteString("reporter:\n  http_headers:\n")
	for i := range 20 {
		fmt.Fprintf(&b, "    h%d: %s\n", i, strings.Repeat("x", 4000))
	}
	return b.String()
}

func TestErrorsOneByOne(t *testing.T) {
	t.Parallel()
	var document strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&document, "key%d: 1\n", i)
	}
	_, err := config.Parse([]byte(document.String()))
	var many interface{ Unwrap() []error }
	if !errors.As(err, &many) || len(many.Unwrap()) != 50 {
		t.Fatalf("got %v, want 50 errors", err)
	}
	if got, want := err.Error(), "\n\tand 950 more"; !strings.HasSuffix(got, want) {
		t.Errorf("got %q, want it to end in %q", got, want)
	}
	if got, want := many.Unwrap()[49].Error(), `line 50: unknown key "key49"`; !strings.HasPrefix(got, want) {
		t.Errorf("got %q, want it to begin with %q", got, want)
	}
}

func TestReadFileErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := config.ReadFile(filepath.Join(dir, "none.yaml")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want os.ErrNotExist", err)
	}
	if _, err := config.ReadFile(dir); err == nil {
		t.Error("a folder was read as a file")
	}
}

func TestUnmarshalInLargerFile(t *testing.T) {
	t.Parallel()
	var file struct {
		Port    int
		Tracing *config.Config
	}
	document := "port: 80\ntracing:\n  service_name: shop\n  sampler: {type: const, param: 1}\n"
	if err := yaml.Unmarshal([]byte(document), &file); err != nil {
		t.Fatal(err)
	}
	if file.Tracing.ServiceName != "shop" || file.Tracing.Sampler.Param != 1 || file.Port != 80 {
		t.Errorf("got %+v", file)
	}

	before := file.Tracing.String()
	err := yaml.Unmarshal([]byte("port: 80\ntracing:\n  service_name: other\n  logging: perhaps\n"), &file)
	if want := `config: line 4: logging: "perhaps" is not accepted, want true or false`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if got := file.Tracing.String(); got != before {
		t.Errorf("after an error got %s\nwant what was there before, %s", got, before)
	}

	// What a document does not set stays.
	if err := yaml.Unmarshal([]byte("logging: true"), file.Tracing); err != nil {
		t.Fatal(err)
	}
	if file.Tracing.ServiceName != "shop" || !file.Tracing.Logging {
		t.Errorf("got %s", file.Tracing)
	}
}
