// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/config"
	"github.com/jaegerkit/jaeger/reporter"
)

// The settings hold for a reporter of one's own, too, and no other is made.
func TestReportTo(t *testing.T) {
	t.Parallel()
	log := new(buffer)
	memory := reporter.NewMemory()
	cfg := config.Config{ServiceName: "s", Logging: true, MaxTagValueLength: 3, ReportTo: memory, Sampler: config.Sampler{Type: "const", Param: 1}}
	cfg.Logger = slog.NewTextHandler(log, nil)
	tracer, err := cfg.NewTracer()
	if err != nil {
		t.Fatal(err)
	}
	tracer.StartSpan("op").SetTag("k", "abcdef").Finish()
	if err := tracer.Close(); err != nil {
		t.Error(err)
	}
	spans := memory.Spans()
	if len(spans) != 1 || spans[0].Tags[len(spans[0].Tags)-1].Str() != "abc" {
		t.Errorf("got %d spans, want one with its tag cut", len(spans))
	}
	if !strings.Contains(log.String(), "op") || strings.Contains(log.String(), "6831") {
		t.Errorf("want the span logged and no agent named:\n%s", log)
	}
}
