// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uber/jaeger-lib/metrics/metricstest"

	"github.com/jaegerkit/jaeger/agenttest"
	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/log"
)

func patience(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// ownTransport sends nothing; it notes what it is called with.
type ownTransport struct {
	notes
	mu    sync.Mutex
	most  int // spans gathered before they are sent
	held  int
	fail  error
	block chan struct{} // Append waits for it
	panic bool
}

func (o *ownTransport) Append(s *jaeger.Span) (int, error) {
	if o.block != nil {
		<-o.block
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.panic {
		panic("transport")
	}
	o.add("append %s %v", s.OperationName(), s.Tags()["n"])
	if o.held++; o.held < o.most {
		return 0, nil
	}
	return o.send()
}

func (o *ownTransport) send() (int, error) {
	n := o.held
	o.held = 0
	return n, o.fail
}

func (o *ownTransport) Flush() (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.held > 0 {
		o.add("flush")
	}
	return o.send()
}

func (o *ownTransport) Close() error {
	o.add("close")
	return o.fail
}

// counted are the reporter's counters that are not zero.
func counted(f *metricstest.Factory) string {
	counters, _ := f.Snapshot()
	var out []string
	for _, result := range []string{"ok", "err", "dropped"} {
		if n := counters["jaeger.tracer.reporter_spans|result="+result]; n != 0 {
			out = append(out, fmt.Sprint(result, " ", n))
		}
	}
	return strings.Join(out, ", ")
}

func TestOwnTransport(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		transport *ownTransport
		calls     string
		counts    string
	}{
		{"gathers", &ownTransport{most: 2}, "append a 1, append b 2, append c 3, flush, close", "ok 3"},
		{"each at once", &ownTransport{}, "append a 1, append b 2, append c 3, close", "ok 3"},
		{"fails", &ownTransport{most: 2, fail: errors.New("down")}, "append a 1, append b 2, append c 3, flush, close", "err 3"},
		{"panics", &ownTransport{panic: true}, "close", "err 3"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			factory := metricstest.NewFactory(0)
			counts := jaeger.NewMetrics(factory, nil)
			reporter := jaeger.NewRemoteReporter(test.transport, jaeger.ReporterOptions.Metrics(counts),
				jaeger.ReporterOptions.BufferFlushInterval(time.Hour), jaeger.ReporterOptions.Logger(&log.BytesBufferLogger{}))
			tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(true), reporter)
			for i, name := range []string{"a", "b", "c"} {
				start(t, tracer, name).SetTag("n", i+1).Finish()
			}
			closer.Close()
			closer.Close()
			test.transport.want(t, test.calls)
			if got := counted(factory); got != test.counts {
				t.Errorf("got %s, want %s", got, test.counts)
			}
			start(t, tracer, "too late").Finish()
			reporter.Report(start(t, tracer, "too late"))
			if got, want := counted(factory), "dropped 1"; !strings.HasSuffix(got, want) && !strings.HasSuffix(got, "dropped 2") {
				t.Errorf("got %s of a closed reporter, want %s more", got, want)
			}
		})
	}
}

// TestOwnTransportOverflows: what finds no room is counted, and nobody waits.
func TestOwnTransportOverflows(t *testing.T) {
	t.Parallel()
	factory := metricstest.NewFactory(0)
	transport := &ownTransport{block: make(chan struct{})}
	reporter := jaeger.NewRemoteReporter(transport, jaeger.ReporterOptions.Metrics(jaeger.NewMetrics(factory, nil)), jaeger.ReporterOptions.QueueSize(2))
	tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(true), reporter)
	for range 20 {
		start(t, tracer, "x").Finish()
	}
	close(transport.block)
	closer.Close()
	counters, _ := factory.Snapshot()
	sent, dropped := counters["jaeger.tracer.reporter_spans|result=ok"], counters["jaeger.tracer.reporter_spans|result=dropped"]
	if sent < 2 || sent > 3 || sent+dropped != 20 {
		t.Errorf("got %d sent and %d dropped, want 2 or 3 and 20 in all", sent, dropped)
	}
}

// forwarding is a reporter of the program's own over one of ours.
type forwarding struct {
	notes
	to jaeger.Reporter
}

func (f *forwarding) Report(s *jaeger.Span) {
	f.add("%s %v", s.OperationName(), s.Tags()["n"])
	f.to.Report(s)
}
func (f *forwarding) Close() { f.to.Close() }

// TestRemoteReporterOverUDP: every way a span can take to an agent.
func TestRemoteReporterOverUDP(t *testing.T) {
	t.Parallel()
	memory := jaeger.NewInMemoryReporter()
	forward := &forwarding{}
	logger := &log.BytesBufferLogger{}
	for _, test := range []struct {
		name string
		wrap func(jaeger.Reporter) jaeger.Reporter
		then func()
	}{
		{"alone", func(r jaeger.Reporter) jaeger.Reporter { return r }, nil},
		{"with logging and null", func(r jaeger.Reporter) jaeger.Reporter {
			return jaeger.NewCompositeReporter(jaeger.NewNullReporter(), nil, jaeger.NewLoggingReporter(logger), r)
		}, func() {
			if got := logger.String(); strings.Count(got, "operation=\"work\"") != 10 || !strings.Contains(got, "tags=3") {
				t.Errorf("got %s, want a line for each of 10 spans", got)
			}
		}},
		{"with memory", func(r jaeger.Reporter) jaeger.Reporter { return jaeger.NewCompositeReporter(memory, r) }, nil},
		{"behind the program's own", func(r jaeger.Reporter) jaeger.Reporter { forward.to = r; return forward }, func() {
			if got, want := strings.Count(forward.String(), "work"), 10; got != want {
				t.Errorf("got %d spans, want %d", got, want)
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			agent := agenttest.New(t)
			sender, err := jaeger.NewUDPTransport(agent.Addr(), 0)
			if err != nil {
				t.Fatal(err)
			}
			factory := metricstest.NewFactory(0)
			reporter := test.wrap(jaeger.NewRemoteReporter(sender, nil, jaeger.ReporterOptions.Metrics(jaeger.NewMetrics(factory, nil)), jaeger.ReporterOptions.QueueSize(100)))
			tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(true), reporter, jaeger.TracerOptions.Tag("region", "eu"))
			for i := range 10 {
				start(t, tracer, "work").SetTag("n", i).Finish()
			}
			closer.Close()
			closer.Close()
			spans, err := agent.WaitSpans(patience(t), 10)
			if err != nil || len(spans) != 10 {
				t.Fatalf("got %d spans, %v, want 10", len(spans), err)
			}
			tags := agenttest.Tags(spans[3].Tags)
			if got, want := fmt.Sprint(tags["n"], tags["sampler.type"], tags["sampler.param"]), "3consttrue"; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			if p := agent.Process(); p.ServiceName != "svc" || agenttest.Tags(p.Tags)["region"] != "eu" {
				t.Errorf("got process %v", p)
			}
			if got, want := counted(factory), "ok 10"; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			if test.then != nil {
				test.then()
			}
		})
	}
}

// TestReportersHostile: nil and zero everywhere.
func TestReportersHostile(t *testing.T) {
	t.Parallel()
	tracer, _ := traced(t, jaeger.NewConstSampler(true))
	span := start(t, tracer, "x")
	span.Finish()
	for name, r := range map[string]jaeger.Reporter{
		"null": jaeger.NewNullReporter(), "logging": jaeger.NewLoggingReporter(nil), "memory": &jaeger.InMemoryReporter{},
		"composite": jaeger.NewCompositeReporter(nil), "none": jaeger.NewCompositeReporter(), "remote": jaeger.NewRemoteReporter(nil, jaeger.ReporterOptions.QueueSize(-1), jaeger.ReporterOptions.Metrics(&jaeger.Metrics{}), jaeger.ReporterOptions.Logger(nil)),
		"own": jaeger.NewRemoteReporter(&ownTransport{}, jaeger.ReporterOptions.BufferFlushInterval(-1)),
		"nil pointers": jaeger.NewCompositeReporter((*jaeger.InMemoryReporter)(nil), jaeger.NewLoggingReporter((*log.BytesBufferLogger)(nil)),
			jaeger.NewRemoteReporter((*ownTransport)(nil), jaeger.ReporterOptions.Logger((*log.BytesBufferLogger)(nil)))),
		"failing, nil logger": jaeger.NewRemoteReporter(&ownTransport{fail: errors.New("no")}, jaeger.ReporterOptions.Logger((*log.BytesBufferLogger)(nil))),
	} {
		t.Run(name, func(t *testing.T) {
			for _, s := range []*jaeger.Span{span, nil, {}} {
				r.Report(s)
			}
			r.Close()
			r.Close()
			r.Report(span)
		})
	}
}

func TestInMemoryReporter(t *testing.T) {
	t.Parallel()
	tracer, r := traced(t, jaeger.NewConstSampler(true))
	start(t, tracer, "a").SetTag("k", []int{1}).Finish()
	start(t, tracer, "b").Finish()
	spans := r.GetSpans()
	if len(spans) != 2 || r.SpansSubmitted() != 2 || spans[0].(*jaeger.Span).OperationName() != "a" {
		t.Fatalf("got %v", spans)
	}
	r.Reset()
	if got := r.SpansSubmitted(); got != 0 || len(spans) != 2 || r.GetSpans() == nil {
		t.Errorf("got %d spans after Reset, want 0 and the old slice as it was", got)
	}
}
