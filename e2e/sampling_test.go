// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/config"
	"github.com/jaegerkit/jaeger/e2e"
	"github.com/jaegerkit/jaeger/sampler"
)

// What one service samples differs by operation; everything else gets nothing.
const strategies = `{
  "service_strategies": [{
    "service": "shop", "type": "probabilistic", "param": 0,
    "operation_strategies": [
      {"operation": "always", "type": "probabilistic", "param": 1},
      {"operation": "never", "type": "probabilistic", "param": 0}
    ]
  }, {"service": "limited", "type": "ratelimiting", "param": 3}],
  "default_strategy": {"type": "probabilistic", "param": 0}
}`

// TestRemoteSampling has tracers ask the real sampling endpoints, the agent's and the collector's, which answer in two
// spellings, and do what they say.
func TestRemoteSampling(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, e2e.StrategiesFile), []byte(strategies), 0o644); err != nil {
		t.Fatal(err)
	}
	j := startJaegerIn(t, dir)
	servers := map[string]string{
		"agent":        "http://" + string(j.AgentHTTP) + "/sampling",
		"agent as int": "http://" + string(j.AgentHTTP) + "/",
		"collector":    "http://" + string(j.CollectorHTTP) + "/api/sampling",
	}
	for name, server := range servers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := patient(t)
			shop := startAsking(ctx, t, "shop", server)
			for range 20 {
				if !sampledNow(shop, "always") || sampledNow(shop, "never") {
					t.Fatal("the strategies of the operations were not followed")
				}
			}
			if s := shop.Stats(); s.TracesStarted.Sampled == 0 || s.TracesStarted.Unsampled == 0 {
				t.Errorf("counts: %+v", s.TracesStarted)
			}
			limited := startAsking(ctx, t, "limited", server)
			n := 0
			for range 100 {
				if sampledNow(limited, "op") {
					n++
				}
			}
			if n == 0 || n > 10 { // 3 a second, and a burst of as many
				t.Errorf("rate limited: %d of 100 sampled", n)
			}
		})
	}
}

// startAsking waits until the tracer has a strategy of the server's.
func startAsking(ctx context.Context, t *testing.T, service, server string) *jaeger.Tracer {
	t.Helper()
	cfg := config.Config{ServiceName: service, Sampler: config.Sampler{ServerURL: server, RefreshInterval: 100 * time.Millisecond, Param: 1e-9}}
	cfg.Reporter.AgentPort = 1 // nobody is there
	tracer, err := cfg.NewTracer()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tracer.Close() })
	remote := tracer.Sampler().(*sampler.Remote)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		stats := remote.Stats()
		if !stats.Updated.IsZero() {
			return tracer
		}
		select {
		case <-ctx.Done():
			t.Fatal(fmt.Errorf("%s: no strategy: %w, last: %v", service, ctx.Err(), stats.LastError))
		case <-tick.C:
		}
	}
}

func sampledNow(tracer *jaeger.Tracer, operation string) bool {
	span := tracer.StartSpan(operation).(*jaeger.Span)
	defer span.Finish()
	return span.SpanContext().IsSampled()
}
