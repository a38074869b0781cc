// SPDX-License-Identifier: Apache-2.0

package rpcmetrics_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
	"github.com/uber/jaeger-lib/metrics/metricstest"

	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/rpcmetrics"
	"github.com/uber/jaeger-client-go/x"
)

// counts are the counters that are not zero.
func counts(f *metricstest.Factory) string {
	counters, _ := f.Snapshot()
	var out []string
	for _, name := range slices.Sorted(maps.Keys(counters)) {
		if counters[name] != 0 {
			out = append(out, fmt.Sprint(name, " ", counters[name]))
		}
	}
	return strings.Join(out, ", ")
}

func TestObserver(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		span func(t opentracing.Tracer) opentracing.Span
		want string
	}{
		{"ok", func(t opentracing.Tracer) opentracing.Span {
			return t.StartSpan("get user", ext.SpanKindRPCServer).SetTag("http.status_code", 200)
		}, "http_requests|endpoint=get-user|status_code=2xx 1, requests|endpoint=get-user|error=false 1"},
		{"failed", func(t opentracing.Tracer) opentracing.Span {
			return t.StartSpan("a/b", opentracing.Tag{Key: "span.kind", Value: "server"}).SetTag("error", "true").SetTag("http.status_code", uint16(503))
		}, "http_requests|endpoint=a/b|status_code=5xx 1, requests|endpoint=a/b|error=true 1"},
		{"renamed", func(t opentracing.Tracer) opentracing.Span {
			return t.StartSpan("x").SetTag("span.kind", ext.SpanKindRPCServerEnum).SetOperationName("y")
		}, "requests|endpoint=y|error=false 1"},
		{"client", func(t opentracing.Tracer) opentracing.Span { return t.StartSpan("x", ext.SpanKindRPCClient) }, ""},
		{"local", func(t opentracing.Tracer) opentracing.Span { return t.StartSpan("x") }, ""},
		{"nameless", func(t opentracing.Tracer) opentracing.Span { return t.StartSpan("", ext.SpanKindRPCServer) }, ""},
	} {
		for name, parts := range map[string]func() (jaeger.Sampler, jaeger.Reporter){
			"sampled": func() (jaeger.Sampler, jaeger.Reporter) {
				return jaeger.NewConstSampler(true), jaeger.NewNullReporter()
			},
			"unsampled": func() (jaeger.Sampler, jaeger.Reporter) {
				return jaeger.NewConstSampler(false), jaeger.NewNullReporter()
			},
			"own reporter": func() (jaeger.Sampler, jaeger.Reporter) {
				return jaeger.NewConstSampler(true), jaeger.NewInMemoryReporter()
			},
			"unsampled, kept": func() (jaeger.Sampler, jaeger.Reporter) {
				return jaeger.NewConstSampler(false), jaeger.NewInMemoryReporter()
			},
			"own sampler": func() (jaeger.Sampler, jaeger.Reporter) { return x.NewPrioritySampler(), jaeger.NewNullReporter() },
		} {
			t.Run(test.name+" "+name, func(t *testing.T) {
				t.Parallel()
				factory := metricstest.NewFactory(0)
				sampler, reporter := parts()
				tracer, closer := jaeger.NewTracer("svc", sampler, reporter,
					jaeger.TracerOptions.Observer(rpcmetrics.NewObserver(factory, rpcmetrics.DefaultNameNormalizer)))
				defer closer.Close()
				span := test.span(tracer)
				span.Finish()
				span.Finish()
				if got := counts(factory); got != test.want {
					t.Errorf("got  %s\nwant %s", got, test.want)
				}
			})
		}
	}
}

// TestSpanObserver: as an observer of the program's own uses it.
func TestSpanObserver(t *testing.T) {
	t.Parallel()
	factory := metricstest.NewFactory(0)
	observer := rpcmetrics.NewObserver(factory, nil)
	begin := time.Now()
	for i := range 203 {
		so := observer.OnStartSpan("x", opentracing.StartSpanOptions{StartTime: begin})
		so.OnSetOperationName(fmt.Sprint("op", i))
		so.OnSetTag("span.kind", "server")
		so.OnFinish(opentracing.FinishOptions{FinishTime: begin.Add(time.Second)})
	}
	got := counts(factory)
	if n := strings.Count(got, "requests|"); n != 201 || !strings.Contains(got, "requests|endpoint=other|error=false 3") {
		t.Errorf("got %d endpoints, want 200 and other with 3: %s", n, got)
	}
}

func TestNormalizer(t *testing.T) {
	t.Parallel()
	own := &rpcmetrics.SimpleNameNormalizer{SafeSets: []rpcmetrics.SafeCharacterSet{&rpcmetrics.Range{From: 'a', To: 'c'}, &rpcmetrics.Char{Val: '!'}, nil}, Replacement: '_'}
	for _, test := range []struct {
		by         rpcmetrics.NameNormalizer
		name, want string
	}{
		{rpcmetrics.DefaultNameNormalizer, "AZaz09-_/.", "AZaz09-_/."},
		{rpcmetrics.DefaultNameNormalizer, "get user?é", "get-user---"},
		{rpcmetrics.DefaultNameNormalizer, "", ""},
		{own, "abcd!", "abc_!"},
		{&rpcmetrics.SimpleNameNormalizer{Replacement: 'x'}, "ab", "xx"},
	} {
		if got := test.by.Normalize(test.name); got != test.want {
			t.Errorf("%q: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestHostile(t *testing.T) {
	t.Parallel()
	var none *rpcmetrics.Observer
	for _, so := range []jaeger.SpanObserver{
		none.OnStartSpan("x", opentracing.StartSpanOptions{}), (&rpcmetrics.Observer{}).OnStartSpan("x", opentracing.StartSpanOptions{}),
		rpcmetrics.NewSpanObserver(nil, "x", opentracing.StartSpanOptions{}), &rpcmetrics.SpanObserver{}, (*rpcmetrics.SpanObserver)(nil),
		rpcmetrics.NewObserver(nil, nil).OnStartSpan("x", opentracing.StartSpanOptions{}),
	} {
		so.OnSetOperationName("y")
		so.OnSetTag("error", nil)
		so.OnFinish(opentracing.FinishOptions{})
	}
}
