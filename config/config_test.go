// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/config"
)

var update = flag.Bool("update", false, "rewrite the golden texts and the table of the README")

func parse(t *testing.T, document string) *config.Config {
	t.Helper()
	c, err := config.Parse([]byte(document))
	if err != nil {
		t.Fatalf("Parse(%q): %v", document, err)
	}
	return c
}

// checkGolden compares got with a file of testdata, or rewrites the file with -update.
func checkGolden(t *testing.T, file, got string) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s\ngot  %s\nwant %s", file, got, want)
	}
}

func TestFilesOfOtherClients(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"tutorial", "go-client", "python-client", "anchors"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := config.ReadFile(filepath.Join("testdata", name+".yaml"))
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Validate(); err != nil {
				t.Error(err)
			}
			checkGolden(t, name+".golden", c.String())
		})
	}
}

func TestBadFiles(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"bad", "bad-reporter", "syntax"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := config.ReadFile(filepath.Join("testdata", name+".yaml"))
			if c != nil || err == nil {
				t.Fatalf("got %v, %v, want an error alone", c, err)
			}
			checkGolden(t, name+".golden", filepath.ToSlash(err.Error())+"\n")
		})
	}
}

func TestTutorialFields(t *testing.T) {
	t.Parallel()
	got, err := config.ReadFile("testdata/tutorial.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if got.ServiceName != "your-app-name" || got.Sampler.Type != "const" || got.Sampler.Param != 1 || !got.Logging {
		t.Errorf("got %+v", got)
	}
}

// Every field that a file can set must also keep what code sets: nothing a table row
// writes may be shared with another row by mistake.
func TestEveryFieldHasItsRow(t *testing.T) {
	t.Parallel()
	c, err := config.ReadFile("testdata/go-client.yaml")
	if err != nil {
		t.Fatal(err)
	}
	more := parse(t, `
sampler: {type: const, param: 1}
logging: true
disabled: true
propagation: [w3c, b3]
max_tag_value_length: 11
max_log_value_length: 12
max_logs_per_span: 13
no_debug_flag: true
max_debug_traces: 17
one_span_per_rpc: true
reporter: {zipkin_endpoint: 'http://z', auth_token: t, gzip: true, retry_timeout: 18s, tls: {ca: a, cert: b, key: c, server_name: d, skip_host_verify: true}, queue_bytes: 14, disable_reconnect: yes, max_packet_size: 1500, batch_size: 15, http_timeout: 16s}
`)
	var unset []string
	var walk func(path string, a, b reflect.Value)
	walk = func(path string, a, b reflect.Value) {
		for i := range a.NumField() {
			f := a.Type().Field(i)
			switch {
			case !f.IsExported() || f.Name == "Logger" || f.Name == "Metrics" || f.Name == "ReportTo":
			case f.Type.Kind() == reflect.Struct:
				walk(path+f.Name+".", a.Field(i), b.Field(i))
			case a.Field(i).IsZero() && b.Field(i).IsZero():
				unset = append(unset, path+f.Name)
			}
		}
	}
	walk("", reflect.ValueOf(*c), reflect.ValueOf(*more))
	if len(unset) > 0 {
		t.Errorf("fields that no key sets: %v", unset)
	}
}

func TestPathsAndVariablesAreUnique(t *testing.T) {
	t.Parallel()
	for _, names := range [][]string{config.Paths(), config.Variables()} {
		var folded []string
		for _, name := range names {
			folded = append(folded, strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(name)))
		}
		slices.Sort(folded)
		if got := len(slices.Compact(folded)); got != len(names) {
			t.Errorf("got %d different names, want %d: %v", got, len(names), names)
		}
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   config.Config
		get  func(*config.Config) any
		want any
	}{
		{"sampler type", config.Config{}, func(c *config.Config) any { return c.Sampler.Type }, "remote"},
		{"remote starts at 0.001", config.Config{}, func(c *config.Config) any { return c.Sampler.Param }, 0.001},
		{"remote by name", config.Config{Sampler: config.Sampler{Type: "Remote"}}, func(c *config.Config) any { return c.Sampler.Param }, 0.001},
		{"const 0 is never", config.Config{Sampler: config.Sampler{Type: "const"}}, func(c *config.Config) any { return c.Sampler.Param }, 0.0},
		{"probabilistic 0", config.Config{Sampler: config.Sampler{Type: "probabilistic"}}, func(c *config.Config) any { return c.Sampler.Param }, 0.0},
		{"sampling server", config.Config{}, func(c *config.Config) any { return c.Sampler.ServerURL }, "http://localhost:5778/sampling"},
		{"sampling server of the agent", config.Config{Reporter: config.Reporter{AgentHost: "[::1]"}},
			func(c *config.Config) any { return c.Sampler.ServerURL }, "http://[::1]:5778/sampling"},
		{"sampling server by zone", config.Config{Reporter: config.Reporter{AgentHost: "fe80::1%eth0"}},
			func(c *config.Config) any { return c.Sampler.ServerURL }, "http://[fe80::1%25eth0]:5778/sampling"},
		{"agent host", config.Config{Reporter: config.Reporter{AgentHost: "[::1]"}}, func(c *config.Config) any { return c.Reporter.AgentHost }, "::1"},
		{"agent port", config.Config{}, func(c *config.Config) any { return c.Reporter.AgentPort }, 6831},
		{"queue size", config.Config{}, func(c *config.Config) any { return c.Reporter.QueueSize }, 0},
		{"queue bytes", config.Config{}, func(c *config.Config) any { return c.Reporter.QueueBytes }, 32 << 20},
		{"flush interval", config.Config{}, func(c *config.Config) any { return c.Reporter.FlushInterval }, time.Second},
		{"packet size", config.Config{}, func(c *config.Config) any { return c.Reporter.MaxPacketSize }, 65000},
		{"tag value length", config.Config{}, func(c *config.Config) any { return c.MaxTagValueLength }, 256},
		{"log value length", config.Config{}, func(c *config.Config) any { return c.MaxLogValueLength }, 16384},
		{"logs per span", config.Config{}, func(c *config.Config) any { return c.MaxLogsPerSpan }, 1000},
		{"batch size", config.Config{}, func(c *config.Config) any { return c.Reporter.BatchSize }, 1000},
		{"http timeout", config.Config{}, func(c *config.Config) any { return c.Reporter.HTTPTimeout }, 5 * time.Second},
		{"retry timeout", config.Config{}, func(c *config.Config) any { return c.Reporter.RetryTimeout }, 30 * time.Second},
		{"switches are off", config.Config{}, func(c *config.Config) any {
			return c.Disabled || c.Logging || c.RPCMetrics || c.TraceID128Bit || c.NoDebugFlag || c.ZipkinSharedSpans ||
				c.Reporter.LogSpans || c.Reporter.DisableReconnect || c.Reporter.Gzip || c.Sampler.OperationNameLateBinding
		}, false},
		{"debug traces", config.Config{}, func(c *config.Config) any { return c.MaxDebugTraces }, 0.0},
		{"no endpoint, no secrets, no tls", config.Config{}, func(c *config.Config) any {
			r := c.Reporter
			return r.Endpoint + r.ZipkinEndpoint + r.User + r.Password + r.AuthToken + r.TLS.CA + r.TLS.Cert + r.TLS.Key + r.TLS.ServerName
		}, ""},
		{"agent of the throttler", config.Config{Reporter: config.Reporter{AgentHost: "::1"}}, func(c *config.Config) any { return c.Throttler.HostPort }, "[::1]:5778"},
		{"agent of the restrictions, port alone", config.Config{Reporter: config.Reporter{AgentHost: "a"}, BaggageRestrictions: config.BaggageRestrictions{HostPort: ":1"}},
			func(c *config.Config) any { return c.BaggageRestrictions.HostPort }, "a:1"},
		{"reconnect interval", config.Config{}, func(c *config.Config) any { return c.Reporter.ReconnectInterval }, 30 * time.Second},
		{"sampling refresh", config.Config{}, func(c *config.Config) any { return c.Sampler.RefreshInterval }, time.Minute},
		{"operations", config.Config{}, func(c *config.Config) any { return c.Sampler.MaxOperations }, 2000},
		{"throttler", config.Config{}, func(c *config.Config) any { return c.Throttler },
			config.Throttler{HostPort: "localhost:5778", RefreshInterval: 5 * time.Second}},
		{"baggage restrictions", config.Config{}, func(c *config.Config) any { return c.BaggageRestrictions },
			config.BaggageRestrictions{HostPort: "localhost:5778", RefreshInterval: time.Minute}},
		{"headers", config.Config{}, func(c *config.Config) any { return c.Headers },
			config.Headers{Trace: "uber-trace-id", BaggagePrefix: "uberctx-", DebugID: "jaeger-debug-id", Baggage: "jaeger-baggage"}},
		{"propagation", config.Config{}, func(c *config.Config) any { return strings.Join(c.Propagation, " ") }, "jaeger"},
		{"headers are lower case", config.Config{Headers: config.Headers{Trace: "X-Trace"}},
			func(c *config.Config) any { return c.Headers.Trace }, "x-trace"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.in.ServiceName = "s"
			full, err := test.in.Complete()
			if err != nil {
				t.Fatal(err)
			}
			if got := test.get(full); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// The table of the README is the table that the code parses. Rewrite it with go generate.
func TestSettingsInREADME(t *testing.T) {
	const path, begin, end = "../README.md", "<!-- settings -->\n", "<!-- /settings -->"
	readme, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(readme), begin)
	table, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("README.md lacks the lines %q and %q around its table of settings", strings.TrimSpace(begin), end)
	}
	want := "\n" + config.SettingsTable() + "\n"
	if table == want {
		return
	}
	if !*update {
		t.Fatal("the settings in README.md are not those of the code: run go generate ./config")
	}
	if err := os.WriteFile(path, []byte(before+begin+want+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
