// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
	"github.com/uber/jaeger-lib/metrics"

	"github.com/uber/jaeger-client-go"
)

// factory is a metrics.Factory that remembers what was counted.
type factory struct {
	metrics.Factory
	name   string
	counts *sync.Map // name|tags -> *counter
}

func newFactory() factory { return factory{metrics.NullFactory, "", &sync.Map{}} }

func (f factory) Namespace(o metrics.NSOptions) metrics.Factory {
	f.name += o.Name + "."
	return f
}

func (f factory) Counter(o metrics.Options) metrics.Counter {
	tags := []string{}
	for k, v := range o.Tags {
		tags = append(tags, k+"="+v)
	}
	slices.Sort(tags)
	c, _ := f.counts.LoadOrStore(f.name+o.Name+"|"+strings.Join(tags, ","), &counter{})
	return c.(*counter)
}

// counter is not comparable as a value, and used as a pointer.
type counter struct {
	mu sync.Mutex
	n  int64
	_  []int
}

func (c *counter) Inc(n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += n
}

// String lists what is not zero, short names, sorted.
func (f factory) String() string {
	list := []string{}
	f.counts.Range(func(k, v any) bool {
		c := v.(*counter)
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.n != 0 {
			list = append(list, fmt.Sprintf("%s=%d", strings.TrimPrefix(k.(string), "jaeger.tracer."), c.n))
		}
		return true
	})
	slices.Sort(list)
	return strings.Join(list, "\n")
}

func TestMetrics(t *testing.T) {
	remote, err := jaeger.ContextFromString("1:2:0:1")
	if err != nil {
		t.Fatal(err)
	}
	spans := func(tracer opentracing.Tracer) {
		root := tracer.StartSpan("root")
		tracer.StartSpan("child", opentracing.ChildOf(root.Context()), ext.SpanKindRPCServer).Finish() // joins nothing
		tracer.StartSpan("joined", opentracing.ChildOf(remote), ext.SpanKindRPCServer).Finish()
		root.SetBaggageItem("k", "v")
		root.Finish()
		_, _ = tracer.Extract(opentracing.TextMap, opentracing.TextMapCarrier{"uber-trace-id": "damaged"})
	}
	always := []string{"baggage_updates|result=ok=1", "span_context_decoding_errors|=1", "traces|sampled=y,state=joined=1"}
	for _, test := range []struct {
		name     string
		sampler  jaeger.Sampler
		reporter jaeger.Reporter
		want     []string
	}{
		{"sampled", jaeger.NewConstSampler(true), jaeger.NewNullReporter(), []string{
			"finished_spans|sampled=y=3", "started_spans|sampled=y=3", "traces|sampled=y,state=started=1",
		}},
		{"sampled, kept", jaeger.NewConstSampler(true), &keeper{}, []string{
			"finished_spans|sampled=y=3", "started_spans|sampled=y=3", "traces|sampled=y,state=started=1",
		}},
		{"unsampled", jaeger.NewConstSampler(false), jaeger.NewNullReporter(), []string{
			"finished_spans|sampled=n=2", "finished_spans|sampled=y=1", "started_spans|sampled=n=2", "started_spans|sampled=y=1",
			"traces|sampled=n,state=started=1",
		}},
		{"SamplerV2 at once", overriding{jaeger.NewConstSampler(true)}, jaeger.NewNullReporter(), []string{
			"finished_spans|sampled=y=3", "started_spans|sampled=y=3", "traces|sampled=y,state=started=1",
		}},
		{"SamplerV2 later", &late{t: t}, jaeger.NewNullReporter(), []string{
			"finished_spans|sampled=delayed=1", "finished_spans|sampled=n=1", "finished_spans|sampled=y=1", "started_spans|sampled=delayed=2", "started_spans|sampled=y=1",
			"traces|sampled=delayed,state=started=1",
		}},
	} {
		f := newFactory()
		tracer, closer := jaeger.NewTracer("svc", test.sampler, test.reporter, jaeger.TracerOptions.Metrics(jaeger.NewMetrics(f, nil)))
		spans(tracer)
		closer.Close()
		want := append(test.want, always...)
		slices.Sort(want)
		if got := f.String(); got != strings.Join(want, "\n") {
			t.Errorf("%s: got\n%s\nwant\n%s", test.name, got, strings.Join(want, "\n"))
		}
	}
}

func TestMetricsOfNobody(t *testing.T) {
	for _, m := range []*jaeger.Metrics{nil, {}, jaeger.NewNullMetrics(), jaeger.NewMetrics(nil, nil), jaeger.NewMetrics(metrics.NullFactory, map[string]string{"a": "b"})} {
		tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(true), jaeger.NewNullReporter(), jaeger.TracerOptions.Metrics(m))
		tracer.StartSpan("op").Finish()
		if err := closer.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
}

func TestGlobalTags(t *testing.T) {
	f := newFactory()
	jaeger.NewMetrics(f, map[string]string{"host": "a"}).DecodingErrors.Inc(1)
	if got, want := f.String(), "span_context_decoding_errors|host=a=1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
