// SPDX-License-Identifier: Apache-2.0

package sampler_test

import (
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/sampler"
)

// TestSamplingURL: what an address may be is tested with internal/fetch.
func TestSamplingURL(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, server, want string }{
		{"default", sampler.DefaultServer, "http://127.0.0.1:5778/sampling?service=shop"},
		{"query", "https://collector:14268/api/sampling?key=1", "https://collector:14268/api/sampling?key=1&service=shop"},
		{"host:port", "agent:5778", "http://agent:5778/sampling?service=shop"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got, err := sampler.SamplingURL(test.server, "shop"); err != nil || got != test.want {
				t.Errorf("got %s, %v, want %s", got, err, test.want)
			}
		})
	}
	want := `sampling server "agent": want host:port, or an http or https URL`
	if _, err := sampler.SamplingURL("agent", "shop"); err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}
