// SPDX-License-Identifier: Apache-2.0

package metrics_test

import (
	"context"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	lib "github.com/uber/jaeger-lib/metrics"
	"go.uber.org/goleak"

	"github.com/jaegerkit/jaeger/metrics"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// never is an interval that no test sees the end of.
const never = 1000 * time.Hour

// counts is a source whose numbers a test sets.
type counts struct {
	mu sync.Mutex
	s  metrics.Snapshot
}

func (c *counts) set(s metrics.Snapshot) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.s = s
}

func (c *counts) get() metrics.Snapshot {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.s
}

func start(t *testing.T, b *backend, c *counts, opts ...metrics.Option) *metrics.Exporter {
	t.Helper()
	e, err := metrics.New(b.factory(), c.get, append([]metrics.Option{metrics.WithInterval(never)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

func push(t *testing.T, e *metrics.Exporter) {
	t.Helper()
	if err := e.Push(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// names are the old client's, as its users know them, and those of our own.
const names = `
jaeger.tracer.baggage_restrictions_updates{result=err}
jaeger.tracer.baggage_restrictions_updates{result=ok}
jaeger.tracer.baggage_truncations{}
jaeger.tracer.baggage_updates{result=err}
jaeger.tracer.baggage_updates{result=ok}
jaeger.tracer.finished_spans{sampled=delayed}
jaeger.tracer.finished_spans{sampled=n}
jaeger.tracer.finished_spans{sampled=y}
jaeger.tracer.late_calls{}
jaeger.tracer.open_spans{}
jaeger.tracer.reporter_dropped_spans{cause=closed}
jaeger.tracer.reporter_dropped_spans{cause=encode}
jaeger.tracer.reporter_dropped_spans{cause=queue_full}
jaeger.tracer.reporter_dropped_spans{cause=too_large}
jaeger.tracer.reporter_dropped_spans{cause=transport}
jaeger.tracer.reporter_queue_length{}
jaeger.tracer.reporter_reduced_spans{}
jaeger.tracer.reporter_spans{result=dropped}
jaeger.tracer.reporter_spans{result=err}
jaeger.tracer.reporter_spans{result=ok}
jaeger.tracer.sampler_queries{result=err}
jaeger.tracer.sampler_queries{result=ok}
jaeger.tracer.sampler_updates{result=err}
jaeger.tracer.sampler_updates{result=ok}
jaeger.tracer.span_context_decoding_errors{}
jaeger.tracer.started_spans{sampled=delayed}
jaeger.tracer.started_spans{sampled=n}
jaeger.tracer.started_spans{sampled=y}
jaeger.tracer.throttled_debug_spans{}
jaeger.tracer.throttler_updates{result=err}
jaeger.tracer.throttler_updates{result=ok}
jaeger.tracer.traces{sampled=delayed,state=joined}
jaeger.tracer.traces{sampled=delayed,state=started}
jaeger.tracer.traces{sampled=n,state=joined}
jaeger.tracer.traces{sampled=n,state=started}
jaeger.tracer.traces{sampled=y,state=joined}
jaeger.tracer.traces{sampled=y,state=started}
`

func TestEverySeriesStandsAtZeroFromTheStart(t *testing.T) {
	t.Parallel()
	b := newBackend()
	start(t, b, &counts{})
	if got, want := strings.Join(b.names(), "\n"), strings.TrimSpace(names); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := b.state(); got != "" {
		t.Errorf("got %s, want only zeros", got)
	}
}

// Each field of a Snapshot shows in the series that its doc names, alone.
func TestEveryFieldHasItsSeries(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"TracesStartedSampled":     "traces{sampled=y,state=started} 7",
		"TracesStartedUnsampled":   "traces{sampled=n,state=started} 7",
		"TracesStartedDelayed":     "traces{sampled=delayed,state=started} 7",
		"TracesJoinedSampled":      "traces{sampled=y,state=joined} 7",
		"TracesJoinedUnsampled":    "traces{sampled=n,state=joined} 7",
		"TracesJoinedDelayed":      "traces{sampled=delayed,state=joined} 7",
		"SpansStartedSampled":      "started_spans{sampled=y} 7",
		"SpansStartedUnsampled":    "started_spans{sampled=n} 7",
		"SpansStartedDelayed":      "started_spans{sampled=delayed} 7",
		"SpansFinishedSampled":     "finished_spans{sampled=y} 7",
		"SpansFinishedUnsampled":   "finished_spans{sampled=n} 7",
		"SpansFinishedDelayed":     "finished_spans{sampled=delayed} 7",
		"SpansOpen":                "open_spans{} 7",
		"LateCalls":                "late_calls{} 7",
		"DecodingErrors":           "span_context_decoding_errors{} 7",
		"ReporterSent":             "reporter_spans{result=ok} 7",
		"ReporterDroppedQueueFull": "reporter_dropped_spans{cause=queue_full} 7 reporter_spans{result=dropped} 7",
		"ReporterDroppedClosed":    "reporter_dropped_spans{cause=closed} 7 reporter_spans{result=dropped} 7",
		"ReporterDroppedTooLarge":  "reporter_dropped_spans{cause=too_large} 7 reporter_spans{result=err} 7",
		"ReporterDroppedEncode":    "reporter_dropped_spans{cause=encode} 7 reporter_spans{result=err} 7",
		"ReporterDroppedTransport": "reporter_dropped_spans{cause=transport} 7 reporter_spans{result=err} 7",
		"ReporterReduced":          "reporter_reduced_spans{} 7",
		"ReporterQueueLength":      "reporter_queue_length{} 7",
		"SamplerQueriesOK":         "sampler_queries{result=ok} 7",
		"SamplerQueriesErr":        "sampler_queries{result=err} 7",
		"SamplerUpdatesOK":         "sampler_updates{result=ok} 7",
		"SamplerUpdatesErr":        "sampler_updates{result=err} 7",
		"BaggageUpdatesOK":         "baggage_updates{result=ok} 7",
		"BaggageUpdatesErr":        "baggage_updates{result=err} 7",
		"BaggageTruncated":         "baggage_truncations{} 7",
		"BaggageRestrictionsOK":    "baggage_restrictions_updates{result=ok} 7",
		"BaggageRestrictionsErr":   "baggage_restrictions_updates{result=err} 7",
		"DebugSpansThrottled":      "throttled_debug_spans{} 7",
		"ThrottlerUpdatesOK":       "throttler_updates{result=ok} 7",
		"ThrottlerUpdatesErr":      "throttler_updates{result=err} 7",
	}
	fields := reflect.TypeOf(metrics.Snapshot{})
	if fields.NumField() != len(tests) {
		t.Errorf("got %d fields, want the %d of the table", fields.NumField(), len(tests))
	}
	for i := range fields.NumField() {
		name := fields.Field(i).Name
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, c := newBackend(), &counts{}
			var s metrics.Snapshot
			reflect.ValueOf(&s).Elem().FieldByName(name).SetUint(7)
			c.set(s)
			push(t, start(t, b, c))
			got := strings.ReplaceAll(strings.ReplaceAll(b.state(), "\n", " "), "jaeger.tracer.", "")
			if want := tests[name]; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func TestDifferencesArePushed(t *testing.T) {
	t.Parallel()
	b, c := newBackend(), &counts{}
	e := start(t, b, c)
	steps := []struct {
		name string
		now  metrics.Snapshot
		want string
	}{
		{"first push has all so far", metrics.Snapshot{SpansStartedUnsampled: 5, ReporterQueueLength: 3},
			"jaeger.tracer.reporter_queue_length{} 3\njaeger.tracer.started_spans{sampled=n} 5"},
		{"grows", metrics.Snapshot{SpansStartedUnsampled: 9, ReporterQueueLength: 4},
			"jaeger.tracer.reporter_queue_length{} 4\njaeger.tracer.started_spans{sampled=n} 9"},
		{"a count that falls stands still, a gauge falls", metrics.Snapshot{SpansStartedUnsampled: 8, ReporterQueueLength: 1},
			"jaeger.tracer.reporter_queue_length{} 1\njaeger.tracer.started_spans{sampled=n} 9"},
		{"until it has caught up", metrics.Snapshot{SpansStartedUnsampled: 11},
			"jaeger.tracer.started_spans{sampled=n} 11"},
		{"below zero is not a count", metrics.Snapshot{SpansStartedUnsampled: ^uint64(0), ReporterQueueLength: ^uint64(0)},
			"jaeger.tracer.started_spans{sampled=n} 11"},
		{"and does not stay", metrics.Snapshot{SpansStartedUnsampled: 12},
			"jaeger.tracer.started_spans{sampled=n} 12"},
	}
	for _, step := range steps {
		c.set(step.now)
		push(t, e)
		if got := b.state(); got != step.want {
			t.Errorf("%s:\ngot  %s\nwant %s", step.name, got, step.want)
		}
	}
}

func TestWithTags(t *testing.T) {
	t.Parallel()
	b, c := newBackend(), &counts{}
	given := map[string]string{"svc": "a", "sampled": "mine"}
	opt := metrics.WithTags(given)
	given["svc"] = "changed later"
	c.set(metrics.Snapshot{SpansStartedSampled: 1, BaggageTruncated: 2})
	push(t, start(t, b, c, opt))
	want := "jaeger.tracer.baggage_truncations{sampled=mine,svc=a} 2\njaeger.tracer.started_spans{sampled=y,svc=a} 1"
	if got := b.state(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestPushesOnItsOwn(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{})
	e, err := metrics.New(lib.NullFactory, func() metrics.Snapshot {
		select {
		case asked <- struct{}{}:
		default:
		}
		return metrics.Snapshot{}
	}, metrics.WithInterval(time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	<-asked
	<-asked
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}

func TestCloseHasTheLastWord(t *testing.T) {
	t.Parallel()
	b, c := newBackend(), &counts{}
	e := start(t, b, c)
	c.set(metrics.Snapshot{ReporterSent: 3})
	for range 2 {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}
	want := "jaeger.tracer.reporter_spans{result=ok} 3"
	if got := b.state(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	c.set(metrics.Snapshot{ReporterSent: 4})
	push(t, e) // nothing happens after Close
	if got := b.state(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestBadSettings(t *testing.T) {
	t.Parallel()
	source := func() metrics.Snapshot { return metrics.Snapshot{} }
	tests := []struct {
		name    string
		factory lib.Factory
		source  func() metrics.Snapshot
		opts    []metrics.Option
		want    string
	}{
		{"all at once", nil, nil, []metrics.Option{metrics.WithInterval(-time.Second)},
			"metrics: no factory\nmetrics: no source of counts\nmetrics: interval \"-1s\" is not above zero"},
		{"no interval", lib.NullFactory, source, []metrics.Option{nil, metrics.WithInterval(0)},
			"metrics: interval \"0s\" is not above zero"},
	}
	for _, test := range tests {
		e, err := metrics.New(test.factory, test.source, test.opts...)
		if e != nil || err == nil || err.Error() != test.want {
			t.Errorf("%s: got %v, %v, want %s", test.name, e, err, test.want)
		}
	}
}
