// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/agenttest"
)

// A server that is not who it should be gets nothing, and one that does not answer is told
// of with the time it had.
func TestUnfitServers(t *testing.T) {
	t.Parallel()
	collector := agenttest.NewCollector(t, agenttest.WithTLS())
	silent := agenttest.NewCollector(t)
	silent.Fail(1000, agenttest.Hang())
	t.Cleanup(func() {
		if got := collector.SpanCount(); got != 0 {
			t.Errorf("got %d spans at the wrong server", got)
		}
	})
	tests := []struct{ name, section, want string }{
		{"server name", fmt.Sprintf("endpoint: %q, tls: {ca: %q, server_name: other.invalid}", collector.Endpoint(), collector.CAFile()), "not other.invalid"},
		{"system's certificates", fmt.Sprintf("endpoint: %q", collector.Endpoint()), "unknown authority"},
		{"http timeout", fmt.Sprintf("endpoint: %q, http_timeout: 7ms", silent.Endpoint()), "no answer within 7ms"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			tracer, log := build(t, sampled+"reporter: {retry_timeout: 1ms, "+test.section+"}", nil)
			tracer.StartSpan("op").Finish()
			if err := tracer.Flush(soon(t)); err != nil {
				t.Log(err)
			}
			if got := tracer.Stats().Reporter; got.Sent != 0 || got.Dropped.Transport != 1 {
				t.Errorf("got %+v, want the span dropped", got)
			}
			if !strings.Contains(log.String(), test.want) {
				t.Errorf("got the log\n%s\nwant %s", log, test.want)
			}
		})
	}
}
