// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"fmt"
	"testing"

	"github.com/jaegerkit/jaeger/config"
	"github.com/jaegerkit/jaeger/e2e"
)

// TestGzip has an OpenTelemetry Collector take compressed requests in both formats, as the documentation says it does.
func TestGzip(t *testing.T) {
	t.Parallel()
	c := startCollector(t)
	for i, set := range []func(*config.Reporter){
		func(r *config.Reporter) { r.ZipkinEndpoint = "http://" + string(c.Zipkin) },
		func(r *config.Reporter) { r.Endpoint = "http://" + string(c.Jaeger) },
	} {
		ctx := patient(t)
		cfg := config.Config{ServiceName: "gzip", Sampler: config.Sampler{Type: "const", Param: 1}, Reporter: config.Reporter{Gzip: true}}
		set(&cfg.Reporter)
		tracer, err := cfg.NewTracer()
		if err != nil {
			t.Fatal(err)
		}
		const spans = 100
		for range spans {
			tracer.StartSpan("op").SetTag("way", i).Finish()
		}
		if err := tracer.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		want := (i + 1) * spans
		if _, err := c.Spans(ctx, func(got []e2e.OTLPSpan) error {
			if len(got) != want {
				return fmt.Errorf("%d spans, want %d", len(got), want)
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
	}
}
