// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	lib "github.com/uber/jaeger-lib/metrics"

	"github.com/jaegerkit/jaeger/agenttest"
	"github.com/jaegerkit/jaeger/transport"
)

// What the settings say reaches the part that it is for, where no other test would see it
// lost on the way.

// agentNamed is the transport to an agent whose name is looked up by lookup.
func agentNamed(t *testing.T, section string, log *buffer, lookup func() ([]netip.Addr, error)) {
	t.Helper()
	cfg := parse(t, sampled+"reporter: {"+section+"}")
	cfg.Logger = slog.NewTextHandler(log, nil)
	opts, err := cfg.UDPOptions()
	if err != nil {
		t.Fatal(err)
	}
	opts = append(opts, transport.WithLookup(func(context.Context, string) ([]netip.Addr, error) { return lookup() }))
	udp, err := transport.NewUDP("agent.invalid", opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { udp.Close() })
}

// The agent's name is looked up again after the interval, and not at all if that is said.
func TestReconnectInForce(t *testing.T) {
	t.Parallel()
	count := func(section string) *atomic.Int64 {
		n := new(atomic.Int64)
		agentNamed(t, section, new(buffer), func() ([]netip.Addr, error) {
			n.Add(1)
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
		})
		return n
	}
	const often = "attempt_reconnect_interval: 100ms"
	usual, disabled, frequent := count(""), count(often+", disable_attempt_reconnecting: true"), count(often)
	eventually(t, "three look-ups", func() bool { return frequent.Load() >= 3 })
	eventually(t, "the first ones", func() bool { return usual.Load() >= 1 && disabled.Load() >= 1 })
	if u, d := usual.Load(), disabled.Load(); u != 1 || d != 1 {
		t.Errorf("got %d look-ups by default and %d without reconnecting, want 1 and 1", u, d)
	}
}

// A span waits as long as the setting says: one that began to wait sooner, for a day, is
// still there when one has come that waited for the default, a second.
func TestFlushIntervalInForce(t *testing.T) {
	t.Parallel()
	collector := agenttest.NewCollector(t)
	for _, test := range []struct{ name, interval string }{{"patient", ", flush_interval: 24h"}, {"usual", ""}} {
		tracer, _ := build(t, sampled+"reporter: {endpoint: '"+collector.Endpoint()+"'"+test.interval+"}", nil)
		tracer.StartSpan(test.name).Finish()
	}
	spans, err := collector.WaitSpans(soon(t), 1)
	if err != nil || len(spans) != 1 || spans[0].OperationName != "usual" {
		t.Errorf("got %v, %v, want the span with the default alone", spans, err)
	}
}

// broken is a factory of metrics that panics.
type broken struct{ lib.Factory }

// Each part tells its troubles to the configured logger.
func TestEveryPartHasTheLogger(t *testing.T) {
	t.Parallel()
	collector, server := agenttest.NewCollector(t), agenttest.NewConfigServer(t)
	collector.Fail(1, agenttest.Status(http.StatusServiceUnavailable, nil, "busy"))
	collector.Fail(1, agenttest.Status(http.StatusBadRequest, nil, "no"))
	server.Fail(-1, agenttest.Status(http.StatusInternalServerError, nil, "sorry"))
	cfg := parse(t, "service_name: shop\nlogging: true\nsampler: {server_url: '"+server.SamplingURL()+"', param: 1}\n"+
		"baggage_restrictions: {host_port: '"+hostPort(server)+"'}\nthrottler: {host_port: '"+hostPort(server)+"'}\n"+
		"reporter: {endpoint: '"+collector.Endpoint()+"'}")
	log := new(buffer)
	cfg.Metrics, cfg.Logger = broken{}, slog.NewTextHandler(log, nil)
	tracer, err := cfg.NewTracer()
	if err != nil {
		t.Fatal(err)
	}
	defer tracer.Close()
	debugs(t, tracer, "op") // a span that is never finished
	tracer.StartSpan("op").Finish()
	if err := tracer.Flush(soon(t)); err != nil {
		t.Log(err)
	}
	for part, want := range map[string]string{
		"sampler":   "no sampling strategy from the server",
		"baggage":   "no baggage restrictions from the server",
		"throttler": "no credits for debug spans from the server",
		"transport": "spans cannot be sent now, they are kept for another try",
		"reporter":  "msg=\"jaeger: spans lost\" dropped=1",
		"metrics":   "metrics panicked",
	} {
		eventually(t, "the line of the "+part, func() bool { return strings.Contains(log.String(), want) })
	}
	if err := tracer.Close(); err != nil {
		t.Log(err)
	}
	if want := "msg=\"jaeger: closed\" started=2 never_finished=1"; !strings.Contains(log.String(), want) {
		t.Errorf("got the log\n%s\nwant %s of the tracer", log, want)
	}

	udp := new(buffer)
	agentNamed(t, "", udp, func() ([]netip.Addr, error) { return nil, errors.New("no such host") })
	eventually(t, "the line of the way to the agent", func() bool { return strings.Contains(udp.String(), "cannot be resolved") })
}
