// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"encoding/json"
	"net"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger/config"
)

// 50,000 spans a second for 4 seconds, with default settings, to an agent in
// another process: none is lost, by either side's count.
func TestNothingLostUnderLoad(t *testing.T) {
	const (
		perSecond = 50_000
		total     = 4 * perSecond
		tick      = 2 * time.Millisecond
	)
	addr, finish := serve(t, os.Environ(), build(t, ".", "./cmd/sink"), strconv.Itoa(total))
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	cfg := config.Config{ServiceName: "load", Sampler: config.Sampler{Type: "const", Param: 1}}
	cfg.Reporter.AgentHost = host
	cfg.Reporter.AgentPort, _ = strconv.Atoi(port)
	tracer, err := cfg.NewTracer()
	if err != nil {
		t.Fatal(err)
	}
	defer tracer.Close()

	start := time.Now()
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for sent := 0; sent < total; <-ticker.C {
		due := min(int(time.Since(start)*perSecond/time.Second), total)
		for ; sent < due; sent++ {
			span := tracer.StartSpan("GET /customers")
			span.SetTag("http.method", "GET").SetTag("http.url", "/api/v1/customers/42").SetTag("http.status_code", 200)
			span.SetTag("cached", true).SetTag("ratio", 0.25)
			span.LogFields(log.String("event", "cache miss"), log.Int("size", 42))
			span.Finish()
		}
	}
	took := time.Since(start)
	if err := tracer.Close(); err != nil {
		t.Error(err)
	}
	var seen struct {
		Spans, Lost       int64
		Packets, Rejected int
	}
	if err := json.Unmarshal(finish(), &seen); err != nil {
		t.Fatal(err)
	}
	stats := tracer.Stats()
	if stats.Reporter.Sent != total || stats.Reporter.Dropped.Total() != 0 {
		t.Errorf("the client counts %+v, want %d sent and none dropped", stats, total)
	}
	if seen.Spans != total || seen.Lost != 0 || seen.Rejected != 0 {
		t.Errorf("the agent counts %+v, want %d spans and none lost", seen, total)
	}
	t.Logf("%d spans in %v arrived in %d packets", seen.Spans, took.Round(time.Millisecond), seen.Packets)
}
