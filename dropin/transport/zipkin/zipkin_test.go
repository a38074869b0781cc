// SPDX-License-Identifier: Apache-2.0

package zipkin_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go/ext"

	"github.com/jaegerkit/jaeger/agenttest"
	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/log"
	"github.com/uber/jaeger-client-go/thrift"
	"github.com/uber/jaeger-client-go/thrift-gen/zipkincore"
	"github.com/uber/jaeger-client-go/transport/zipkin"
)

// first is a server of version 1 that decodes what it gets; the first requests
// get the given statuses.
type first struct {
	*httptest.Server
	mu       sync.Mutex
	statuses []int
	spans    []*zipkincore.Span
	requests []string
}

func newFirst(t *testing.T, statuses ...int) *first {
	f := &first{statuses: statuses}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

func (f *first) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests = append(f.requests, fmt.Sprint(r.Method, " ", r.URL.Path, " ", r.Header.Get("Content-Type"), " ", r.Header.Get("Authorization")))
	if len(f.statuses) > 0 {
		status := f.statuses[0]
		f.statuses = f.statuses[1:]
		http.Error(w, "busy", status)
		return
	}
	body, _ := io.ReadAll(r.Body)
	memory := thrift.NewTMemoryBuffer()
	memory.Write(body)
	p, ctx := thrift.NewTBinaryProtocolTransport(memory), context.Background()
	kind, n, err := p.ReadListBegin(ctx)
	if err != nil || kind != thrift.STRUCT {
		http.Error(w, fmt.Sprint(kind, err), 400)
		return
	}
	for range n {
		s := zipkincore.NewSpan()
		if err := s.Read(ctx, p); err != nil {
			http.Error(w, err.Error(), 400)
			return
		}
		f.spans = append(f.spans, s)
	}
	w.WriteHeader(http.StatusAccepted)
}

func describe(s *zipkincore.Span) string {
	var parts []string
	for _, a := range s.Annotations {
		parts = append(parts, a.Value)
	}
	for _, b := range s.BinaryAnnotations {
		if b.Key != "jaeger.version" && b.Key != "hostname" {
			parts = append(parts, b.Key+"="+string(b.Value))
		}
	}
	return s.Name + " " + strings.Join(parts, " ")
}

func TestFirstVersion(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		statuses []int
		opts     []zipkin.HTTPOption
		requests int
		line     string
	}{
		{"at once", nil, nil, 1, "POST /api/v1/spans application/x-thrift "},
		{"again", []int{503, 429}, []zipkin.HTTPOption{zipkin.HTTPBasicAuth("user", "secret"), zipkin.HTTPTimeout(time.Second), nil}, 3, "POST /api/v1/spans application/x-thrift Basic dXNlcjpzZWNyZXQ="},
		{"one each", nil, []zipkin.HTTPOption{zipkin.HTTPBatchSize(0), zipkin.HTTPLogger(nil), zipkin.HTTPRoundTripper(nil)}, 2, "POST /api/v1/spans application/x-thrift "},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := newFirst(t, test.statuses...)
			sender, err := zipkin.NewHTTPTransport(server.URL+"/api/v1/spans", test.opts...)
			if err != nil {
				t.Fatal(err)
			}
			tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(true), jaeger.NewRemoteReporter(sender))
			root := tracer.StartSpan("call", ext.SpanKindRPCClient).SetTag("peer.service", "db").SetTag("n", 7)
			root.LogKV("event", "retry")
			root.Finish()
			tracer.StartSpan("local").Finish()
			closer.Close()
			if len(server.spans) != 2 || len(server.requests) != test.requests || server.requests[0] != test.line {
				t.Fatalf("got %d spans in %q, want 2 in %d of %q", len(server.spans), server.requests, test.requests, test.line)
			}
			slices.SortFunc(server.spans, func(a, b *zipkincore.Span) int { return strings.Compare(a.Name, b.Name) })
			if got, want := describe(server.spans[0]), "call cs cr retry sa=\x01 sampler.type=const sampler.param=\x01 n=7"; !strings.HasPrefix(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
			if got, want := describe(server.spans[1]), "local lc=svc sampler.type=const sampler.param=\x01"; !strings.HasPrefix(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
			if e := server.spans[0].Annotations[0].Host; e.ServiceName != "svc" || e.Ipv4 == 0 {
				t.Errorf("got endpoint %v, want the service and its address", e)
			}
		})
	}
}

// TestFirstVersionFails: refusals are told, Close ends what hangs.
func TestFirstVersionFails(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		url  func() string
		want string
	}{
		{"refused", func() string { return newFirst(t, 400).URL }, "answers 400"},
		{"redirected", func() string {
			s := httptest.NewServer(http.RedirectHandler("/elsewhere", http.StatusFound))
			t.Cleanup(s.Close)
			return s.URL
		}, "answers 302"},
	} {
		logger := &log.BytesBufferLogger{}
		sender, err := zipkin.NewHTTPTransport(test.url() + "/api/v1/spans")
		if err != nil {
			t.Fatal(err)
		}
		tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(true), jaeger.NewRemoteReporter(sender, jaeger.ReporterOptions.Logger(logger)))
		tracer.StartSpan("x").Finish()
		closer.Close()
		if got := logger.String(); !strings.Contains(got, test.want) {
			t.Errorf("%s: got %q, want %q in it", test.name, got, test.want)
		}
	}
	for _, url := range []string{"", "zipkin:9411", "ftp://zipkin/", "http://", "http://zipkin:99999/api/v2/spans", "http://[::1"} {
		if _, err := zipkin.NewHTTPTransport(url); err == nil {
			t.Errorf("got no error of URL %q", url)
		}
	}
	var none *zipkin.HTTPTransport
	for _, sender := range []*zipkin.HTTPTransport{none, {}} {
		_, _ = sender.Append(nil)
		_, _ = sender.Flush()
		if err := sender.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestSecondVersion(t *testing.T) {
	t.Parallel()
	collector := agenttest.NewCollector(t)
	sender, err := zipkin.NewHTTPTransport(collector.ZipkinEndpoint())
	if err != nil {
		t.Fatal(err)
	}
	tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(true), jaeger.NewRemoteReporter(sender))
	tracer.StartSpan("call", ext.SpanKindRPCClient).Finish()
	closer.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	spans, err := collector.WaitZipkinSpans(ctx, 1)
	if err != nil || spans[0].Name != "call" || spans[0].Kind != "CLIENT" {
		t.Errorf("got %v, %v", spans, err)
	}
}

// TestAppended: as others call it.
func TestAppended(t *testing.T) {
	t.Parallel()
	server := newFirst(t)
	sender, err := zipkin.NewHTTPTransport(server.URL+"/api/v1/spans", zipkin.HTTPBatchSize(2))
	if err != nil {
		t.Fatal(err)
	}
	memory := jaeger.NewInMemoryReporter()
	tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(true), memory)
	defer closer.Close()
	for range 3 {
		tracer.StartSpan("x").Finish()
	}
	total := 0
	for _, s := range memory.GetSpans() {
		n, err := sender.Append(s.(*jaeger.Span))
		if err != nil {
			t.Error(err)
		}
		total += n
	}
	n, err := sender.Flush()
	if total != 2 || n != 1 || err != nil || len(server.spans) != 3 {
		t.Errorf("got %d, %d, %v and %d spans, want 2, 1 and 3", total, n, err, len(server.spans))
	}
	sender.Close()
	_, _ = sender.Append(memory.GetSpans()[0].(*jaeger.Span))
	if n, err := sender.Flush(); n != 1 || err == nil {
		t.Errorf("got %d, %v of a closed one, want 1 lost", n, err)
	}
}
