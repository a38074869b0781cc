// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"io"
	"log/slog"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/agenttest"
	"github.com/jaegerkit/jaeger/baggage"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

type never struct{}

func (never) Allow(string) bool { return false }

// What the caller brings wins over the settings, and what the settings brought ends.
func TestOptionsWin(t *testing.T) {
	server := agenttest.NewConfigServer(t)
	server.SetBaggageRestrictions("shop", agenttest.BaggageRestriction{Key: "theirs"})
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	list, err := baggage.NewList(map[string]int{"ours": 0})
	if err != nil {
		t.Fatal(err)
	}
	cfg := parse(t, "service_name: shop\nmax_debug_traces: 100\nsampler: {server_url: '"+server.SamplingURL()+"'}\n"+
		"throttler: {host_port: '"+hostPort(server)+"'}\nbaggage_restrictions: {host_port: '"+hostPort(server)+"'}")
	cfg.Metrics, cfg.Logger = newBackend(), slog.NewTextHandler(io.Discard, nil)
	tracer, err := cfg.NewTracer(jaeger.WithBaggageRestrictions(list), jaeger.WithDebugThrottler(never{}), jaeger.WithSampler(sampler.NewConst(true)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := server.WaitQueries(soon(t), "/baggageRestrictions", 1); err != nil {
		t.Error(err)
	}
	if debugs(t, tracer, "op") || carries(tracer, "ours", "v") != "v" || carries(tracer, "theirs", "v") != "" {
		t.Error("the settings won over the options")
	}
	if !tracer.StartSpan("op").Context().(model.SpanContext).IsSampled() {
		t.Error("the sampler of the settings won over the option")
	}
	if err := tracer.Close(); err != nil {
		t.Error(err)
	}
}

// Close may come several times and from everywhere; all is sent and ended by then.
func TestCloseOfEverything(t *testing.T) {
	server, agent := agenttest.NewConfigServer(t), agenttest.New(t)
	server.SetProbabilistic("shop", 1)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	cfg := parse(t, "service_name: shop\nrpc_metrics: true\nreporter: {local_agent_host_port: '"+agent.Addr()+"', flush_interval: 1h}\n"+
		"sampler: {param: 1e-9, server_url: '"+server.SamplingURL()+"'}\nthrottler: {host_port: '"+hostPort(server)+"'}\nbaggage_restrictions: {host_port: '"+hostPort(server)+"'}")
	metrics := newBackend()
	cfg.Metrics, cfg.Logger = metrics, slog.NewTextHandler(io.Discard, nil)
	tracer, err := cfg.NewTracer()
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the strategy", func() bool { return tracer.StartSpan("wait").Context().(model.SpanContext).IsSampled() })
	tracer.StartSpan("op").Finish()
	var all sync.WaitGroup
	for range 4 {
		all.Add(1)
		go func() {
			defer all.Done()
			if err := tracer.Close(); err != nil {
				t.Error(err)
			}
		}()
	}
	all.Wait()
	if _, err := agent.WaitSpans(soon(t), 1); err != nil {
		t.Error(err)
	}
	if got := metrics.value("jaeger.tracer.reporter_spans{result=ok}"); got != 1 {
		t.Errorf("got %d spans sent in the metrics after Close, want 1", got)
	}
}
