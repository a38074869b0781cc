// SPDX-License-Identifier: Apache-2.0

package rpcmetrics_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
	lib "github.com/uber/jaeger-lib/metrics"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/rpcmetrics"
	"github.com/jaegerkit/jaeger/sampler"
)

var begin = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

// serve takes a request of 30 ms through an observer, which need not see a span.
func serve(o *rpcmetrics.Observer, operation string, tags opentracing.Tags, then func(jaeger.SpanObserver)) {
	s, _ := o.OnStartSpan(nil, operation, opentracing.StartSpanOptions{StartTime: begin, Tags: tags})
	if then != nil {
		then(s)
	}
	s.OnFinish(opentracing.FinishOptions{FinishTime: begin.Add(30 * time.Millisecond)})
}

var server = opentracing.Tags{"span.kind": "server"}

func TestEndpointsSeriesStandAtZero(t *testing.T) {
	t.Parallel()
	b := newBackend()
	serve(rpcmetrics.NewObserver(b.factory()), "get", server, nil)
	want := strings.TrimSpace(`
jaeger-rpc.http_requests{component=jaeger,endpoint=get,status_code=2xx}
jaeger-rpc.http_requests{component=jaeger,endpoint=get,status_code=3xx}
jaeger-rpc.http_requests{component=jaeger,endpoint=get,status_code=4xx}
jaeger-rpc.http_requests{component=jaeger,endpoint=get,status_code=5xx}
jaeger-rpc.request_latency{component=jaeger,endpoint=get,error=false}
jaeger-rpc.request_latency{component=jaeger,endpoint=get,error=true}
jaeger-rpc.requests{component=jaeger,endpoint=get,error=false}
jaeger-rpc.requests{component=jaeger,endpoint=get,error=true}
`)
	if got := strings.Join(b.names(), "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	type code uint8
	type text string
	const good = "jaeger-rpc.request_latency{endpoint=get,error=false} [30ms]\njaeger-rpc.requests{endpoint=get,error=false} 1"
	const bad = "jaeger-rpc.request_latency{endpoint=get,error=true} [30ms]\njaeger-rpc.requests{endpoint=get,error=true} 1"
	http := func(class string) string {
		return "jaeger-rpc.http_requests{endpoint=get,status_code=" + class + "} 1\n" + good
	}
	set := func(pairs ...any) func(jaeger.SpanObserver) {
		return func(s jaeger.SpanObserver) {
			for i := 0; i < len(pairs); i += 2 {
				s.OnSetTag(pairs[i].(string), pairs[i+1])
			}
		}
	}
	tests := []struct {
		name      string
		operation string
		tags      opentracing.Tags
		then      func(jaeger.SpanObserver)
		want      string
	}{
		{"a server span", "get", server, nil, good},
		{"kind of ext's type", "get", opentracing.Tags{"span.kind": ext.SpanKindRPCServerEnum}, nil, good},
		{"kind later", "get", nil, set("span.kind", "server"), good},
		{"kind later, ext's type", "get", nil, set("span.kind", ext.SpanKindRPCServerEnum), good},
		{"a client span", "get", opentracing.Tags{"span.kind": "client"}, nil, ""},
		{"no kind", "get", nil, nil, ""},
		{"kind changed", "get", server, set("span.kind", "client"), ""},
		{"kind of no sense", "get", server, set("span.kind", 7), good},
		{"no name", "", server, nil, ""},
		{"name later", "", server, func(s jaeger.SpanObserver) { s.OnSetOperationName("get") }, good},
		{"renamed", "post", server, func(s jaeger.SpanObserver) { s.OnSetOperationName("get") }, good},
		{"name taken away", "get", server, func(s jaeger.SpanObserver) { s.OnSetOperationName("") }, ""},

		{"failed", "get", server, set("error", true), bad},
		{"failed, text", "get", server, set("error", "true"), bad},
		{"failed, own text", "get", server, set("error", text("true")), bad},
		{"failed at the start", "get", opentracing.Tags{"span.kind": "server", "error": true}, nil, bad},
		{"recovered", "get", server, set("error", true, "error", false), good},
		{"error of no sense", "get", server, set("error", "yes!", "error", 1, "error", nil), good},

		{"200 uint16", "get", server, set("http.status_code", uint16(200)), http("2xx")},
		{"299 int", "get", server, set("http.status_code", 299), http("2xx")},
		{"300 int64", "get", server, set("http.status_code", int64(300)), http("3xx")},
		{"404 text", "get", server, set("http.status_code", "404"), http("4xx")},
		{"599 uint32", "get", server, set("http.status_code", uint32(599)), http("5xx")},
		{"200 of own type", "get", server, set("http.status_code", code(200)), http("2xx")},
		{"a JSON number", "get", server, set("http.status_code", json.Number("500")), http("5xx")},
		{"the last one counts", "get", server, set("http.status_code", 500, "http.status_code", 200), http("2xx")},
		{"from the start", "get", opentracing.Tags{"span.kind": "server", "http.status_code": 302}, nil, http("3xx")},
		{"no class: 100", "get", server, set("http.status_code", 100), good},
		{"no class: 600", "get", server, set("http.status_code", 600), good},
		{"no class: 0", "get", server, set("http.status_code", 0), good},
		{"no code at all", "get", server, set("http.status_code", -200, "http.status_code", 65736, "http.status_code", uint64(1)<<63,
			"http.status_code", "two hundred", "http.status_code", 200.0, "http.status_code", nil), good},

		{"what is no code changes nothing", "get", server, set("http.status_code", 200, "http.status_code", -1, "http.status_code", 65736,
			"http.status_code", uint32(65736), "http.status_code", "65736"), http("2xx")},

		{"finished twice", "get", server, func(s jaeger.SpanObserver) {
			s.OnFinish(opentracing.FinishOptions{FinishTime: begin.Add(30 * time.Millisecond)})
		}, good},
		{"ends before it starts", "get", server, func(s jaeger.SpanObserver) {
			s.OnFinish(opentracing.FinishOptions{FinishTime: begin.Add(-time.Hour)})
		}, strings.ReplaceAll(good, "30ms", "0s")},
	}
	for _, test := range tests {
		b := newBackend()
		serve(rpcmetrics.NewObserver(b.factory()), test.operation, test.tags, test.then)
		if got := b.state(); got != test.want {
			t.Errorf("%s:\ngot\n%s\nwant\n%s", test.name, got, test.want)
		}
	}
}

// Times that nobody gives are read from the clock.
func TestOwnTimes(t *testing.T) {
	t.Parallel()
	b := newBackend()
	s, _ := rpcmetrics.NewObserver(b.factory()).OnStartSpan(nil, "get", opentracing.StartSpanOptions{Tags: server})
	s.OnFinish(opentracing.FinishOptions{})
	for name, times := range b.times {
		if len(times) != 1 || times[0] < 0 || times[0] > time.Hour {
			t.Errorf("%s: got %v, want the time this took", name, times)
		}
	}
	if len(b.times) != 1 {
		t.Errorf("got %v, want one latency", b.times)
	}
}

func TestEndpoints(t *testing.T) {
	t.Parallel()
	upper := rpcmetrics.WithNormalizer(strings.ToUpper)
	tests := []struct {
		name       string
		opts       []rpcmetrics.Option
		operations []string
		want       string
	}{
		{"normalized", []rpcmetrics.Option{nil}, []string{"GET /user/:id", "GET-/user/?id", "HTTP_1.1"}, "GET-/user/-id 2 HTTP_1.1 1"},
		{"one too many", []rpcmetrics.Option{rpcmetrics.WithMaxEndpoints(2)}, []string{"a", "b", "c", "d", "a"}, "a 2 b 1 other 2"},
		{"called other", []rpcmetrics.Option{rpcmetrics.WithMaxEndpoints(2)}, []string{"other", "a", "b", "c", "other"}, "a 1 b 1 other 3"},
		{"none of their own", []rpcmetrics.Option{rpcmetrics.WithMaxEndpoints(-1)}, []string{"a", "b"}, "other 2"},
		{"own normalizer", []rpcmetrics.Option{upper}, []string{"a b", "A B"}, "A B 2"},
		{"no normalizer", []rpcmetrics.Option{rpcmetrics.WithNormalizer(nil)}, []string{"a b"}, "a-b 1"},
		{"normalized away", []rpcmetrics.Option{rpcmetrics.WithNormalizer(func(string) string { return "" })}, []string{"a", "b"}, "other 2"},
		{"long", nil, []string{strings.Repeat("x", 1<<20), strings.Repeat("x", 1024)}, strings.Repeat("x", 1024) + " 2"},
	}
	for _, test := range tests {
		b := newBackend()
		o := rpcmetrics.NewObserver(b.factory(), test.opts...)
		for _, operation := range test.operations {
			serve(o, operation, server, nil)
		}
		var got []string
		for _, line := range strings.Split(b.state(), "\n") {
			if line, ok := strings.CutPrefix(line, "jaeger-rpc.requests{endpoint="); ok {
				got = append(got, strings.ReplaceAll(line, ",error=false}", ""))
			}
		}
		if got := strings.Join(got, " "); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

// Thousands of names, met by several goroutines, make 200 endpoints and one more,
// each of them once.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	b := newBackend()
	o := rpcmetrics.NewObserver(b.factory())
	const workers, each = 4, 2000
	var wg sync.WaitGroup
	for w := range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range each {
				serve(o, fmt.Sprintf("op-%d", i+w%2), server, nil)
			}
		}()
	}
	wg.Wait()
	if want := 8 * (rpcmetrics.DefaultMaxEndpoints + 1); len(b.counts) != want || b.made != want {
		t.Errorf("got %d series made %d times, want %d made once", len(b.counts), b.made, want)
	}
	total := int64(0)
	for name, n := range b.counts {
		if strings.HasPrefix(name, "jaeger-rpc.requests{") {
			total += n
		}
	}
	if total != workers*each {
		t.Errorf("got %d requests, want %d", total, workers*each)
	}
}

func TestBrokenFactories(t *testing.T) {
	t.Parallel()
	b := newBackend()
	b.broken = func(s string) {
		if !strings.Contains(s, "error=false") || !strings.Contains(s, ".requests{") {
			panic("duplicate registration")
		}
	}
	serve(rpcmetrics.NewObserver(b.factory()), "get", server, nil)
	if got, want := b.state(), "jaeger-rpc.requests{endpoint=get,error=false} 1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, f := range []lib.Factory{nil, struct{ lib.Factory }{}, nothing{lib.NullFactory}} {
		serve(rpcmetrics.NewObserver(f), "get", server, nil)
	}
}

// nothing is a factory that makes nil metrics.
type nothing struct{ lib.Factory }

func (nothing) Counter(lib.Options) lib.Counter       { return nil }
func (nothing) Timer(lib.TimerOptions) lib.Timer      { return nil }
func (n nothing) Namespace(lib.NSOptions) lib.Factory { return n }

// With a tracer, sampled or not, the requests are the same.
func TestWithTracer(t *testing.T) {
	t.Parallel()
	for _, sampled := range []bool{true, false} {
		b := newBackend()
		tracer, err := jaeger.New("svc", reporter.NewDiscard(), jaeger.WithSampler(sampler.NewConst(sampled)),
			jaeger.WithObserver(rpcmetrics.NewObserver(b.factory())))
		if err != nil {
			t.Fatal(err)
		}
		end := opentracing.FinishOptions{FinishTime: begin.Add(time.Second)}
		caller := tracer.StartSpan("call", ext.SpanKindRPCClient)
		span := tracer.StartSpan("GET", ext.RPCServerOption(caller.Context()), opentracing.StartTime(begin))
		ext.HTTPStatusCode.Set(span, 503)
		ext.Error.Set(span, true)
		span.SetOperationName("GET /pay")
		span.FinishWithOptions(end)
		span.FinishWithOptions(end)
		caller.Finish()
		if err := tracer.Close(); err != nil {
			t.Error(err)
		}
		want := `jaeger-rpc.http_requests{endpoint=GET-/pay,status_code=5xx} 1
jaeger-rpc.request_latency{endpoint=GET-/pay,error=true} [1s]
jaeger-rpc.requests{endpoint=GET-/pay,error=true} 1`
		if got := b.state(); got != want {
			t.Errorf("sampled %t:\ngot\n%s\nwant\n%s", sampled, got, want)
		}
	}
}

func TestAllocations(t *testing.T) {
	o := rpcmetrics.NewObserver(lib.NullFactory)
	start := opentracing.StartSpanOptions{StartTime: begin, Tags: server}
	end := opentracing.FinishOptions{FinishTime: begin.Add(time.Second)}
	got := testing.AllocsPerRun(100, func() {
		s, _ := o.OnStartSpan(nil, "GET /user/:id", start)
		s.OnSetTag("http.status_code", 200)
		s.OnFinish(end)
	})
	if got > 1 {
		t.Errorf("got %v allocations, want 1", got)
	}
}

func BenchmarkRequest(b *testing.B) {
	o := rpcmetrics.NewObserver(lib.NullFactory)
	start := opentracing.StartSpanOptions{StartTime: begin, Tags: server}
	end := opentracing.FinishOptions{FinishTime: begin.Add(time.Second)}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			s, _ := o.OnStartSpan(nil, "GET /user/:id", start)
			s.OnSetTag("http.status_code", 200)
			s.OnFinish(end)
		}
	})
}
