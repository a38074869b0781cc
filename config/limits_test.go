// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/agenttest"
	"github.com/jaegerkit/jaeger/model"
)

// eventually waits for something that another goroutine brings about.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !is() {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
		runtime.Gosched()
	}
}

// hostPort is where a server listens.
func hostPort(server *agenttest.ConfigServer) string {
	return strings.TrimPrefix(server.URL(), "http://")
}

// carries reports whether a span takes a baggage item, and what of it.
func carries(tracer *jaeger.Tracer, key, value string) string {
	return tracer.StartSpan("op").SetBaggageItem(key, value).BaggageItem(key)
}

// debugs reports whether a debug id makes a debug trace.
func debugs(t *testing.T, tracer *jaeger.Tracer, operation string) bool {
	t.Helper()
	sc, err := tracer.Extract(opentracing.TextMap, opentracing.TextMapCarrier{"jaeger-debug-id": "find me"})
	if err != nil {
		t.Fatal(err)
	}
	return tracer.StartSpan(operation, opentracing.ChildOf(sc)).Context().(model.SpanContext).IsDebug()
}

func TestBaggageRestrictions(t *testing.T) {
	t.Parallel()
	server := agenttest.NewConfigServer(t)
	server.SetBaggageRestrictions("shop", agenttest.BaggageRestriction{Key: "user", MaxValueLength: 3})
	tracer, _ := build(t, sampled+"baggage_restrictions: {host_port: '"+hostPort(server)+"', deny: true}", nil)
	eventually(t, "the list", func() bool { return carries(tracer, "user", "alice") == "ali" })
	if got := carries(tracer, "other", "v"); got != "" {
		t.Errorf("got %q under a key that is not listed", got)
	}
	if q := server.Queries("/baggageRestrictions"); q[0].Service != "shop" {
		t.Errorf("got %+v", q)
	}
}

// Until the first answer nothing is allowed, if that is asked for.
func TestBaggageBeforeTheFirstAnswer(t *testing.T) {
	t.Parallel()
	for _, deny := range []bool{false, true} {
		t.Run(fmt.Sprint(deny), func(t *testing.T) {
			t.Parallel()
			server := agenttest.NewConfigServer(t)
			server.Fail(1000, agenttest.Hang())
			tracer, _ := build(t, fmt.Sprintf("%sbaggage_restrictions: {host_port: '%s', deny: %v}", sampled, hostPort(server), deny), nil)
			if _, err := server.WaitQueries(soon(t), "/baggageRestrictions", 1); err != nil {
				t.Fatal(err)
			}
			if got := carries(tracer, "k", "v"); (got == "") != deny {
				t.Errorf("got %q", got)
			}
		})
	}
}

// A server that has no list denies nothing.
func TestBaggageWithoutAList(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]agenttest.Option{"Jaeger 1": nil, "Jaeger 2": {agenttest.WithJaegerV2()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := agenttest.NewConfigServer(t, opts...)
			tracer, _ := build(t, sampled+"baggage_restrictions: {host_port: '"+hostPort(server)+"', deny: true}", nil)
			eventually(t, "the news that there is no list", func() bool { return carries(tracer, "k", "v") == "v" })
		})
	}
}

// The agent's credits are spent one by one, and none is had before it grants one.
func TestCredits(t *testing.T) {
	t.Parallel()
	server := agenttest.NewConfigServer(t)
	server.SetCredits("shop", "op", 2)
	agent := agenttest.New(t)
	tracer, _ := build(t, "service_name: shop\nsampler: {type: const, param: 0}\nmax_debug_traces_per_second: 100\n"+
		"reporter: {local_agent_host_port: '"+agent.Addr()+"'}\n"+
		"throttler: {host_port: '"+hostPort(server)+"', synchronous_initialization: true}", nil)
	if debugs(t, tracer, "op") {
		t.Error("got a debug trace without a credit")
	}
	eventually(t, "a credit", func() bool { return debugs(t, tracer, "op") })
	if !debugs(t, tracer, "op") || debugs(t, tracer, "op") {
		t.Error("want two debug traces, and no third one")
	}
	queries := server.Queries("/credits")
	uuid := ""
	for _, tag := range tracer.Process().Tags {
		if tag.Key == "client-uuid" {
			if uuid != "" {
				t.Error("the tag client-uuid is there twice")
			}
			uuid = tag.Str()
		}
	}
	if q := queries[0]; q.UUID == "" || q.UUID != uuid || q.Service != "shop" {
		t.Errorf("got the question %+v, want it to name the client %q as its spans do", q, uuid)
	}
	if got := tracer.Stats().DebugThrottled; got < 2 {
		t.Errorf("got %d refused, want the one at the start and the third", got)
	}
}

// A client-uuid of the user's own is the one the agent hears of.
func TestOwnClientUUID(t *testing.T) {
	t.Parallel()
	server := agenttest.NewConfigServer(t)
	server.SetCredits("shop", "op", 2)
	tracer, _ := build(t, sampled+"tags: {client-uuid: 77}\nthrottler: {host_port: '"+hostPort(server)+"'}", nil)
	debugs(t, tracer, "op")
	queries, err := server.WaitQueries(soon(t), "/credits", 1)
	if err != nil || queries[0].UUID != "77" {
		t.Errorf("got %+v, %v, want the client 77", queries, err)
	}
}

// The rate of this process holds alone, and where the agent has no credits to give.
func TestLocalDebugLimit(t *testing.T) {
	t.Parallel()
	server := agenttest.NewConfigServer(t)
	at := "{host_port: '" + hostPort(server) + "'}"
	tests := []struct {
		name, document string
		want           int // of 30 debug ids
	}{
		{"no limit", "", 30},
		{"limit", "max_debug_traces_per_second: 0.001", 10},
		{"larger limit", "max_debug_traces_per_second: 0.002\nno_debug_flag: true", 10},
		{"no credits", "max_debug_traces: 0.001\nthrottler: " + at, 10},
		{"no credits, nothing before", "max_debug_traces: 100\nthrottler: {synchronous_initialization: true, host_port: '" + hostPort(server) + "'}", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			tracer, _ := build(t, sampled+test.document, nil)
			got := 0
			for range 30 {
				if debugs(t, tracer, "op") {
					got++
				}
			}
			if got != test.want {
				t.Errorf("got %d debug traces, want %d", got, test.want)
			}
		})
	}
}

func TestNoDebugFlag(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		document string
		want     bool
	}{{"", true}, {"no_debug_flag_on_forced_sampling: true", false}} {
		tracer, _ := build(t, "service_name: s\nsampler: {type: const, param: 0}\n"+test.document, nil)
		span := tracer.StartSpan("op").SetTag("sampling.priority", 1)
		if sc := span.Context().(model.SpanContext); !sc.IsSampled() || sc.IsDebug() != test.want {
			t.Errorf("%q: got %v, want it sampled and debug %v", test.document, sc, test.want)
		}
	}
}

func TestZipkinSharedSpans(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		document string
		want     bool
	}{{"", false}, {"zipkin_shared_rpc_span: true", true}, {"one_span_per_rpc: true", true}} {
		tracer, _ := build(t, sampled+test.document, nil)
		sc, err := tracer.Extract(opentracing.TextMap, opentracing.TextMapCarrier{"uber-trace-id": "1:2:0:1"})
		if err != nil {
			t.Fatal(err)
		}
		span := tracer.StartSpan("op", opentracing.ChildOf(sc), opentracing.Tag{Key: "span.kind", Value: "server"})
		if got := span.Context().(model.SpanContext).SpanID() == 2; got != test.want {
			t.Errorf("%q: got shared %v, want %v", test.document, got, test.want)
		}
	}
}

func TestLateBinding(t *testing.T) {
	t.Parallel()
	server := agenttest.NewConfigServer(t)
	server.SetPerOperation("shop", agenttest.PerOperation{Rates: map[string]float64{"good": 1}})
	for _, late := range []bool{false, true} {
		t.Run(fmt.Sprint(late), func(t *testing.T) {
			t.Parallel()
			document := fmt.Sprintf("service_name: shop\nsampler: {param: 1e-9, server_url: '%s', operation_name_late_binding: %v}", server.SamplingURL(), late)
			tracer, _ := build(t, document, nil)
			eventually(t, "the strategy", func() bool { return tracer.StartSpan("good").Context().(model.SpanContext).IsSampled() })
			span := tracer.StartSpan("bad").SetOperationName("good")
			if got := span.Context().(model.SpanContext).IsSampled(); got != late {
				t.Errorf("got sampled %v, want %v", got, late)
			}
		})
	}
}

// IPv6 addresses with a zone make a URL, too.
func TestZoneOfTheAgent(t *testing.T) {
	t.Parallel()
	build(t, "service_name: s\nreporter: {agent_host: 'fe80::1%eth0'}\nthrottler: {}\nbaggage_restrictions: {}", nil)
}
