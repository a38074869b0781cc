// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/e2e"
)

// startCollector is an OpenTelemetry Collector for one test alone. What it logged is printed if the test fails.
func startCollector(t *testing.T) *e2e.Collector {
	t.Helper()
	c, err := e2e.StartCollector(patient(t), backends, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Stop()
		if t.Failed() {
			t.Logf("what the collector logged:\n%s", c.Logs())
		}
	})
	return c
}

// TestCollectorHarness sends a span that this test wrote by hand, so that a failure here is the harness's own.
func TestCollectorHarness(t *testing.T) {
	t.Parallel()
	ctx, c := patient(t), startCollector(t)
	const span = `[{"traceId":"0000000000001122","id":"0000000000001122","name":"op","kind":"SERVER","timestamp":1700000000000000,` +
		`"duration":1500,"localEndpoint":{"serviceName":"by-hand"},"tags":{"answer":"42"}}]`
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+string(c.Zipkin)+"/api/v2/spans", strings.NewReader(span))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusAccepted {
		t.Fatalf("status %d, want 202", resp.StatusCode)
	}
	spans, err := c.Spans(ctx, func(spans []e2e.OTLPSpan) error {
		if len(spans) != 1 {
			return fmt.Errorf("%d spans, want 1", len(spans))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	got := spans[0]
	if got.Name != "op" || got.Kind != 2 || got.Service != `{"stringValue":"by-hand"}` || !strings.Contains(got.Attributes["answer"], "42") ||
		!strings.HasSuffix(got.TraceID, "0000000000001122") || got.Start != "1700000000000000000" || got.End != "1700000000001500000" {
		t.Errorf("got %+v", got)
	}
}
