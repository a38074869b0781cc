// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/config"
)

func TestStringHidesSecrets(t *testing.T) {
	t.Parallel()
	c := config.Config{
		ServiceName: "shop",
		Sampler:     config.Sampler{ServerURL: "http://hunter2@agent.example:5778/sampling"},
		Reporter: config.Reporter{
			Endpoint:    "https://alice:hunter2@collector.example/api/traces?format=jaeger.thrift&api_key=hunter2",
			User:        "alice",
			Password:    "hunter2",
			HTTPHeaders: map[string]string{"Authorization": "Bearer hunter2", "X-Api": "hunter2"},
		},
	}
	for _, format := range []string{"%s", "%v", "%+v"} {
		for _, value := range []any{c, &c} {
			got := fmt.Sprintf(format, value)
			if strings.Contains(got, "hunter2") {
				t.Errorf("%s of %T shows the secret: %s", format, value, got)
			}
			for _, want := range []string{
				`sampling_server_url: "http://xxxxx@agent.example:5778/sampling"`,
				`collector_endpoint: "https://alice:xxxxx@collector.example/api/traces?format=jaeger.thrift&api_key=xxxxx"`,
				"user: alice\n  password: xxxxx\n",
				"http_headers:\n    Authorization: xxxxx\n    X-Api: xxxxx\n",
			} {
				if !strings.Contains(got, want) {
					t.Errorf("%s of %T: got %s\nwant it to contain %s", format, value, got, want)
				}
			}
		}
	}
	if c.Reporter.Password != "hunter2" || c.Reporter.HTTPHeaders["X-Api"] != "hunter2" {
		t.Error("String changed the Config")
	}
}

// A Config that is wrong still prints, so that the mistake can be seen.
func TestStringOfWrongConfig(t *testing.T) {
	t.Parallel()
	c := config.Config{ServiceName: "a\nb\xff", Sampler: config.Sampler{Type: "lucky", Param: -1}, Reporter: config.Reporter{AgentPort: 70000}}
	got := c.String()
	for _, want := range []string{`service_name: "a\nb` + "\uFFFD" + `"`, "type: lucky\n", `param: "-1"`, "agent_port: 70000\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s\nwant it to contain %s", got, want)
		}
	}
}

func TestSettingsTable(t *testing.T) {
	t.Parallel()
	got := config.SettingsTable()
	for _, want := range []string{
		"| Key | Also | Variable | Default | Meaning |\n|---|---|---|---|---|\n| `service_name` |  | `JAEGER_SERVICE_NAME` | none | ",
		"| `reporter.max_packet_size` |  |  | 65000 bytes | ",
		"`JAEGER_SAMPLING_ENDPOINT`, `JAEGER_SAMPLER_MANAGER_HOST_PORT`",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s\nwant it to contain %s", got, want)
		}
	}
	for i, line := range strings.Split(strings.TrimSpace(got), "\n") {
		if n := strings.Count(line, "|"); n != 6 {
			t.Errorf("line %d has %d bars, want 6: %s", i+1, n, line)
		}
	}
}
