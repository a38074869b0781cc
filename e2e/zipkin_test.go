// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/e2e"
)

// What OTLP calls the kinds of spans.
const (
	kindInternal = 1
	kindServer   = 2
	kindClient   = 3
)

// TestZipkin has the two processes report in Zipkin's JSON to an OpenTelemetry Collector, which is asked what it
// understood; and straight to its Jaeger receiver over HTTP beside that, for the same trace's sake.
func TestZipkin(t *testing.T) {
	t.Parallel()
	frontend, backend := build(t, ".", "./cmd/frontend"), build(t, ".", "./cmd/backend")
	c := startCollector(t)
	nowhere := &e2e.Jaeger{Agent: "127.0.0.1:1"}
	for _, test := range []struct {
		name string
		env  []string
	}{
		{"zipkin", []string{"JAEGER_ZIPKIN_ENDPOINT=http://" + string(c.Zipkin) + "/api/v2/spans"}},
		{"thrift", []string{"JAEGER_ENDPOINT=http://" + string(c.Jaeger) + "/api/traces"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx, service := patient(t), "otel-"+test.name
			both := append(test.env, "JAEGER_SAMPLER_TYPE=const", "JAEGER_SAMPLER_PARAM=1", "JAEGER_REPORTER_FLUSH_INTERVAL=20ms")
			url, finish := serve(t, tracerEnv(nowhere, append(both, "JAEGER_SERVICE_NAME=backend-"+test.name)...), backend)
			checkStats(t, run(ctx, t, tracerEnv(nowhere, append(both, "JAEGER_SERVICE_NAME="+service)...), frontend, "-backend", url), 4, 2)
			checkStats(t, finish(), 3, 0)
			checkOTLP(t, spansOf(t, c, test.name), service, "backend-"+test.name)
		})
	}
}

// spansOf waits for the spans of the services whose name ends so.
func spansOf(t *testing.T, c *e2e.Collector, suffix string) map[string]e2e.OTLPSpan {
	t.Helper()
	const want = 7
	found := map[string]e2e.OTLPSpan{}
	_, err := c.Spans(patient(t), func(spans []e2e.OTLPSpan) error {
		clear(found)
		for _, s := range spans {
			if strings.HasSuffix(s.Service, "-"+suffix+`"}`) {
				found[s.Name] = s
			}
		}
		if len(found) != want {
			return fmt.Errorf("%d spans, want %d", len(found), want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// checkOTLP compares what both formats carry.
func checkOTLP(t *testing.T, spans map[string]e2e.OTLPSpan, frontend, backend string) {
	t.Helper()
	for _, want := range []struct {
		name, parent, service string
		kind                  int
		attributes            map[string]string // their values contain this
	}{
		{"checkout", "", frontend, kindInternal, map[string]string{"customer": "Zoë", "items": "3", "express": "true"}},
		{"call-backend", "checkout", frontend, kindClient, map[string]string{"http.method": "GET", "http.status_code": "200"}},
		{"work", "call-backend", backend, kindServer, map[string]string{"http.status_code": "200"}},
		{"query", "work", backend, kindInternal, map[string]string{"user": "alice & bob"}},
		{"audit", "work", backend, kindInternal, nil},
		{"receipt", "checkout", frontend, kindInternal, nil},
		{"report", "checkout", frontend, kindInternal, nil},
	} {
		got, ok := spans[want.name]
		if !ok {
			t.Errorf("no span %s", want.name)
			continue
		}
		if got.ParentSpanID != spans[want.parent].SpanID || got.TraceID != spans["checkout"].TraceID {
			t.Errorf("%s: trace %s, parent %q, want the trace of checkout and the parent %q", want.name, got.TraceID, got.ParentSpanID, want.parent)
		}
		if got.Service != fmt.Sprintf(`{"stringValue":%q}`, want.service) {
			t.Errorf("%s: service %s, want %s", want.name, got.Service, want.service)
		}
		if got.Kind != want.kind && (got.Kind != 0 || want.kind != kindInternal) { // 0 is unspecified
			t.Errorf("%s: kind %d, want %d", want.name, got.Kind, want.kind)
		}
		for key, part := range want.attributes {
			if !strings.Contains(got.Attributes[key], part) {
				t.Errorf("%s: attribute %s is %s, want %q in it", want.name, key, got.Attributes[key], part)
			}
		}
		if got.Start == "" || got.End < got.Start {
			t.Errorf("%s: from %s to %s", want.name, got.Start, got.End)
		}
	}
	if got := spans["query"].Status.Code; got != 2 {
		t.Errorf("query: status %d, want an error", got)
	}
	if got := len(spans["checkout"].Events); got < 2 {
		t.Errorf("checkout: %d events, want its logs", got)
	}
}
