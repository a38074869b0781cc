// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/agenttest"
	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/log"
	"github.com/uber/jaeger-client-go/transport"
)

func patience(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// tripper counts what goes through it.
type tripper struct{ requests []*http.Request }

func (r *tripper) RoundTrip(q *http.Request) (*http.Response, error) {
	r.requests = append(r.requests, q)
	return http.DefaultTransport.RoundTrip(q)
}

func TestHTTPTransport(t *testing.T) {
	t.Parallel()
	trip := &tripper{}
	for _, test := range []struct {
		name    string
		opts    []transport.HTTPOption
		header  string // of a request
		want    string
		batches int // at least
	}{
		{"default", nil, "Content-Type", "application/x-thrift", 1},
		{"basic auth", []transport.HTTPOption{transport.HTTPBasicAuth("user", "secret"), transport.HTTPHeaders(map[string]string{"Authorization": "other"})}, "Authorization", "Basic dXNlcjpzZWNyZXQ=", 1},
		{"headers", []transport.HTTPOption{transport.HTTPHeaders(map[string]string{"X-Scope-OrgID": "7", "Content-Length": "1", "Transfer-Encoding": "x"})}, "X-Scope-OrgID", "7", 1},
		{"batches", []transport.HTTPOption{transport.HTTPBatchSize(2)}, "Content-Type", "application/x-thrift", 3},
		{"batches of none", []transport.HTTPOption{transport.HTTPBatchSize(-1)}, "Content-Type", "application/x-thrift", 5},
		{"odd options", []transport.HTTPOption{nil, transport.HTTPTimeout(-1), transport.HTTPBasicAuth("", ""), transport.HTTPRoundTripper(nil), transport.HTTPHeaders(nil)}, "Authorization", "", 1},
		{"round tripper", []transport.HTTPOption{transport.HTTPRoundTripper(trip), transport.HTTPTimeout(time.Second)}, "Content-Type", "application/x-thrift", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			collector := agenttest.NewCollector(t)
			sender := transport.NewHTTPTransport(collector.Endpoint(), test.opts...)
			tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(true), jaeger.NewRemoteReporter(sender))
			for range 5 {
				tracer.StartSpan("work").Finish()
			}
			closer.Close()
			spans, err := collector.WaitSpans(patience(t), 5)
			if err != nil || len(spans) != 5 {
				t.Fatalf("got %d spans, %v, want 5", len(spans), err)
			}
			requests := collector.Requests()
			if len(requests) < test.batches {
				t.Errorf("got %d requests, want %d or more", len(requests), test.batches)
			}
			if got := requests[0].Header.Get(test.header); got != test.want {
				t.Errorf("got %s %q, want %q", test.header, got, test.want)
			}
		})
	}
	if len(trip.requests) == 0 {
		t.Error("got no request through the round tripper")
	}
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
}

// TestHTTPTransportCalled: Append and Flush as others call them.
func TestHTTPTransportCalled(t *testing.T) {
	t.Parallel()
	collector := agenttest.NewCollector(t)
	sender := transport.NewHTTPTransport(collector.Endpoint(), transport.HTTPBatchSize(2))
	memory := jaeger.NewInMemoryReporter()
	tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(true), memory)
	defer closer.Close()
	for range 3 {
		tracer.StartSpan("work").Finish()
	}
	total := 0
	for i, s := range memory.GetSpans() {
		n, err := sender.Append(s.(*jaeger.Span))
		if err != nil || n != i/1%2*2 {
			t.Errorf("span %d: got %d, %v", i, n, err)
		}
		total += n
	}
	n, err := sender.Flush()
	if err != nil || total+n != 3 {
		t.Errorf("got %d and %d, %v, want 3", total, n, err)
	}
	if n, err := sender.Append(nil); n != 0 || err != nil {
		t.Errorf("got %d, %v of no span", n, err)
	}
	if spans, err := collector.WaitSpans(patience(t), 3); err != nil {
		t.Errorf("got %d spans, %v", len(spans), err)
	}
	collector.Fail(-1, agenttest.Status(400, nil, "no"))
	_, _ = sender.Append(memory.GetSpans()[0].(*jaeger.Span))
	if n, err := sender.Flush(); n != 1 || err == nil {
		t.Errorf("got %d, %v of a collector that refuses, want 1 lost", n, err)
	}
	for range 2 {
		if err := sender.Close(); err != nil {
			t.Errorf("got %v of Close", err)
		}
	}
}

// TestHTTPTransportNotMade: a bad URL and the zero value lose spans, and say so.
func TestHTTPTransportNotMade(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		sender *transport.HTTPTransport
		want   string
	}{
		{"url", transport.NewHTTPTransport("collector:14268"), "want http://host:port"},
		{"zero", &transport.HTTPTransport{}, "not made by NewHTTPTransport"},
		{"nil", nil, "transport was not made"},
	} {
		logger := &log.BytesBufferLogger{}
		tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(true), jaeger.NewRemoteReporter(test.sender, jaeger.ReporterOptions.Logger(logger)))
		span := tracer.StartSpan("work")
		span.Finish()
		closer.Close()
		if got := logger.String(); !strings.Contains(got, test.want) {
			t.Errorf("%s: got %q, want %q in it", test.name, got, test.want)
		}
		test.sender.Append(span.(*jaeger.Span))
		test.sender.Flush()
		if err := test.sender.Close(); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// changed is a transport of the program's own that embeds one of ours.
type changed struct {
	*transport.HTTPTransport
	appended int
}

func (c *changed) Append(span *jaeger.Span) (int, error) {
	c.appended++
	return c.HTTPTransport.Append(span)
}

// TestEmbeddedTransport: what it changes is not passed by.
func TestEmbeddedTransport(t *testing.T) {
	t.Parallel()
	collector := agenttest.NewCollector(t)
	sender := &changed{HTTPTransport: transport.NewHTTPTransport(collector.Endpoint())}
	tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(true), jaeger.NewRemoteReporter(sender))
	tracer.StartSpan("work").Finish()
	closer.Close()
	if _, err := collector.WaitSpans(patience(t), 1); err != nil || sender.appended != 1 {
		t.Errorf("got %d spans appended, %v, want 1", sender.appended, err)
	}
}
