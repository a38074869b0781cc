// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/agenttest"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

// Settings that are numbers reach the part they are for.

func TestIntervals(t *testing.T) {
	t.Parallel()
	server := agenttest.NewConfigServer(t)
	server.SetBaggageRestrictions("shop")
	server.SetCredits("shop", "op", 1)
	at := "host_port: '" + hostPort(server) + "', refresh_interval: 2ms}"
	tracer, _ := build(t, sampled+"baggage_restrictions: {"+at+"\nthrottler: {"+at, nil)
	eventually(t, "many questions", func() bool {
		debugs(t, tracer, "op")
		return len(server.Queries("/baggageRestrictions")) >= 8 && len(server.Queries("/credits")) >= 8
	})
}

func TestMaxOperations(t *testing.T) {
	t.Parallel()
	server := agenttest.NewConfigServer(t)
	server.SetPerOperation("shop", agenttest.PerOperation{Rates: map[string]float64{"a": 1, "b": 1}})
	tracer, _ := build(t, "service_name: shop\nsampler: {param: 1e-9, max_operations: 1, server_url: '"+server.SamplingURL()+"'}", nil)
	remote := tracer.Sampler().(*sampler.Remote)
	eventually(t, "the strategy", func() bool { return remote.Stats().UpdatesOK > 0 })
	got := 0
	for _, operation := range []string{"a", "b"} {
		if tracer.StartSpan(operation).Context().(model.SpanContext).IsSampled() {
			got++
		}
	}
	if got != 1 {
		t.Errorf("got %d operations with a sampler of their own, want 1", got)
	}
}

func TestSpanLimits(t *testing.T) {
	t.Parallel()
	agent := agenttest.New(t)
	tracer, _ := build(t, sampled+"max_logs_per_span: 3\nmax_log_value_length: 2\nmax_tag_value_length: 4\ntraceid_128bit: true\n"+
		"reporter: {local_agent_host_port: '"+agent.Addr()+"'}", nil)
	span := tracer.StartSpan("op").SetTag("k", "123456")
	for range 10 {
		span.LogKV("k", "123456")
	}
	span.Finish()
	tracer.Close()
	spans, err := agent.WaitSpans(soon(t), 1)
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintln(len(spans[0].Logs) <= 4, agenttest.Tags(spans[0].Tags)["k"], agenttest.Tags(spans[0].Logs[0].Fields)["k"], spans[0].TraceIdHigh != 0)
	if want := "true 1234 12 true\n"; got != want {
		t.Errorf("got few logs, tag, field, wide id: %s, want %s", got, want)
	}
}

func TestQueueSize(t *testing.T) {
	t.Parallel()
	collector := agenttest.NewCollector(t)
	collector.Fail(1000, agenttest.Hang())
	tracer, _ := build(t, sampled+"reporter: {queue_size: 5, retry_timeout: 1ms, http_timeout: 10s, endpoint: '"+collector.Endpoint()+"'}", nil)
	for range 100 {
		tracer.StartSpan("op").Finish()
	}
	if got := tracer.Stats().Reporter.Dropped.QueueFull; got < 50 {
		t.Errorf("got %d spans dropped, want most of 100", got)
	}
}

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
