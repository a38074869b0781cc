// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger/agenttest"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

// Each kind of sampler is the one that a file names.
func TestSamplerTypes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ section, want string }{
		{"{type: const, param: 1}", "const(true)"},
		{"{type: const}", "const(false)"},
		{"{type: probabilistic, param: 0.25}", "probabilistic(0.25)"},
		{"{type: rateLimiting, param: 2.5}", "ratelimiting(2.5)"},
		{"{type: rate_limiting, param: 3}", "ratelimiting(3)"},
		{"{server_url: 'http://127.0.0.1:1'}", "remote(probabilistic(0.001))"},
		{"{type: remote, server_url: 'http://127.0.0.1:1', param: 0.5}", "remote(probabilistic(0.5))"},
	} {
		tracer, _ := build(t, "service_name: s\nsampler: "+test.section, nil)
		if got := fmt.Sprint(tracer.Sampler()); got != test.want {
			t.Errorf("%s: got %s, want %s", test.section, got, test.want)
		}
	}
}

// The remote sampler asks again after its interval, keeps its number of operations, and
// tells in the log what fails.
func TestRemoteSamplerSettings(t *testing.T) {
	t.Parallel()
	server := agenttest.NewConfigServer(t)
	server.SetPerOperation("shop", agenttest.PerOperation{Rates: map[string]float64{"a": 1, "b": 1, "c": 1}})
	tracer, _ := build(t, "service_name: shop\nsampler: {server_url: '"+server.SamplingURL()+"', max_operations: 2, sampling_refresh_interval: 1ms}", nil)
	if _, err := server.WaitQueries(soon(t), "/sampling", 3); err != nil {
		t.Error(err)
	}
	if got, want := tracer.Sampler().(*sampler.Remote).String(), "2 listed"; !strings.Contains(got, want) || !strings.Contains(got, "1 over the limit") {
		t.Errorf("got %s, want %s and 1 over the limit", got, want)
	}
	kept := 0
	for _, operation := range []string{"a", "b", "c"} {
		if tracer.StartSpan(operation).Context().(model.SpanContext).IsSampled() {
			kept++
		}
	}
	if kept != 2 {
		t.Errorf("got %d operations with a sampler of their own, want 2", kept)
	}

	server.Fail(1000, agenttest.Status(http.StatusInternalServerError, nil, "sorry"))
	other, log := build(t, "service_name: shop\nsampler: {server_url: '"+server.SamplingURL()+"', sampling_refresh_interval: 1ms}", nil)
	eventually(t, "a line", func() bool { return strings.Contains(log.String(), "no sampling strategy from the server") })
	if got := fmt.Sprint(other.Sampler()); got != "remote(probabilistic(0.001))" {
		t.Errorf("got %s, want the one before any answer", got)
	}
}

// What bounds the queue, a span and a packet does so.
func TestLimitsInForce(t *testing.T) {
	t.Parallel()
	agent := agenttest.New(t, agenttest.WithRawPackets())
	tracer, _ := build(t, sampled+"max_tag_value_length: 5\nmax_log_value_length: 6\nmax_logs_per_span: 3\ntraceid_128bit: true\n"+
		"reporter: {local_agent_host_port: '"+agent.Addr()+"', max_packet_size: 600, disable_attempt_reconnecting: true}", nil)
	for range 10 {
		span := tracer.StartSpan(strings.Repeat("o", 100)).SetTag("k", "0123456789")
		for i := range 5 {
			span.LogKV("n", i, "v", "0123456789")
		}
		span.Finish()
	}
	tracer.Close()
	spans, err := agent.WaitSpans(soon(t), 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range spans {
		last := agenttest.Tags(s.Logs[len(s.Logs)-1].Fields)
		if tags := agenttest.Tags(s.Tags); tags["k"] != "01234" || last["v"] != "012345" || len(s.Logs) != 3 || s.TraceIdHigh == 0 {
			t.Errorf("got tag %v, log %v, %d logs, high half %x, want 01234, 012345, 3 and some", tags["k"], last["v"], len(s.Logs), s.TraceIdHigh)
		}
	}
	for _, packet := range agent.RawPackets() {
		if len(packet) > 600 {
			t.Errorf("got a packet of %d bytes, want at most 600", len(packet))
		}
	}
}

func TestQueueInForce(t *testing.T) {
	t.Parallel()
	for _, limit := range []string{"queue_size: 2", "queue_bytes: 1"} {
		t.Run(limit, func(t *testing.T) {
			t.Parallel()
			collector := agenttest.NewCollector(t)
			collector.Fail(1, agenttest.Hang())
			tracer, _ := build(t, sampled+"reporter: {flush_interval: 1ms, http_timeout: 1s, endpoint: '"+collector.Endpoint()+"', "+limit+"}", nil)
			tracer.StartSpan("op").Finish()
			if _, err := collector.WaitRequests(soon(t), 1); err != nil {
				t.Fatal(err)
			}
			for range 200 {
				tracer.StartSpan("op").Finish()
			}
			if got := tracer.Stats().Reporter; got.Dropped.QueueFull == 0 {
				t.Errorf("got %+v, want spans dropped", got)
			}
		})
	}
}

// Spans are logged where one of the two keys asks for it.
func TestLogSpans(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]int{"": 0, "logging: true": 1, "reporter: {log_spans: true}": 1} {
		tracer, log := build(t, sampled+document, nil)
		tracer.StartSpan("op", opentracing.Tag{Key: "k", Value: "v"}).Finish()
		if got := strings.Count(log.String(), "msg=span operation=op"); got != want {
			t.Errorf("%q: got %d lines of the span, want %d:\n%s", document, got, want, log)
		}
	}
}

// Both ask the agent again after the interval of the settings.
func TestIntervalsInForce(t *testing.T) {
	t.Parallel()
	server := agenttest.NewConfigServer(t)
	server.SetBaggageRestrictions("shop", agenttest.BaggageRestriction{Key: "user"})
	server.SetCredits("shop", "op", 1)
	tracer, _ := build(t, sampled+"baggage_restrictions: {refresh_interval: 1ms, host_port: '"+hostPort(server)+"'}\n"+
		"throttler: {refresh_interval: 1ms, host_port: '"+hostPort(server)+"'}", nil)
	if _, err := server.WaitQueries(soon(t), "/baggageRestrictions", 3); err != nil {
		t.Error(err)
	}
	eventually(t, "questions for credits", func() bool {
		debugs(t, tracer, "op")
		return len(server.Queries("/credits")) >= 20
	})
}
