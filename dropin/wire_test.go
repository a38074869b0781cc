// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger/agenttest"

	"github.com/uber/jaeger-client-go"
)

// What arrives at the agent is the same whether spans run on the library behind
// alone, or are kept, watched or asked about on this side.
func TestSameOnTheWire(t *testing.T) {
	yes := jaeger.NewConstSampler(true)
	watched := jaeger.TracerOptions.ContribObserver(&silent{})
	var want string
	k := &keeper{}
	for _, test := range []struct {
		name    string
		sampler jaeger.Sampler
		around  func(jaeger.Reporter) jaeger.Reporter
		options []jaeger.TracerOption
	}{
		{"native", yes, nil, nil},
		{"kept too", yes, func(r jaeger.Reporter) jaeger.Reporter {
			return jaeger.NewCompositeReporter(jaeger.NewInMemoryReporter(), r, k)
		}, nil},
		{"wrapped", yes, func(r jaeger.Reporter) jaeger.Reporter { return wrapper{r} }, nil},
		{"watched", yes, nil, []jaeger.TracerOption{watched}},
		{"asked on this side", asked{yes}, nil, nil},
	} {
		agent := agenttest.New(t)
		udp, err := jaeger.NewUDPTransport(agent.Addr(), 0)
		if err != nil {
			t.Fatal(err)
		}
		reporter := jaeger.NewRemoteReporter(udp)
		if test.around != nil {
			reporter = test.around(reporter)
		}
		n := uint64(0)
		options := append([]jaeger.TracerOption{jaeger.TracerOptions.RandomNumber(func() uint64 { n++; return n })}, test.options...)
		tracer, closer := jaeger.NewTracer("svc", test.sampler, reporter, options...)
		scenario(tracer)
		if err := closer.Close(); err != nil {
			t.Errorf("%s: close: %v", test.name, err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		spans, err := agent.WaitSpans(ctx, 4)
		cancel()
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		list := []string{}
		for _, s := range spans {
			line := fmt.Sprintf("%s %x %x %x %d %d %d", s.OperationName, s.TraceIdLow, s.SpanId, s.ParentSpanId, s.Flags, s.StartTime, s.Duration)
			tags := []string{}
			for k, v := range agenttest.Tags(s.Tags) {
				tags = append(tags, fmt.Sprintf("%s=%T(%v)", k, v, v))
			}
			slices.Sort(tags)
			line += fmt.Sprint(tags)
			for _, l := range s.Logs {
				line += fmt.Sprint(" ", agenttest.Tags(l.Fields))
			}
			for _, r := range s.References {
				line += fmt.Sprintf(" %s %x", r.RefType, r.SpanId)
			}
			list = append(list, line)
		}
		slices.Sort(list)
		got := strings.Join(list, "\n")
		if want == "" {
			want = got
			if strings.Count(got, "\n") != 3 || !strings.Contains(got, "sampler.type=string(const)") {
				t.Fatalf("%s: got\n%s", test.name, got)
			}
		}
		if got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.name, got, want)
		}
	}
	// Spans that were kept are not touched by what is sent since.
	names := []string{}
	for _, s := range k.spans {
		names = append(names, jaeger.BuildJaegerThrift(s).OperationName)
	}
	if got, want := fmt.Sprint(names), "[renamed joined debug root]"; got != want {
		t.Errorf("kept: got %s, want %s", got, want)
	}
}

func scenario(tracer opentracing.Tracer) {
	at, end := time.Unix(100, 0), opentracing.FinishOptions{FinishTime: time.Unix(101, 0)}
	root := tracer.StartSpan("root", opentracing.StartTime(at), opentracing.Tags{"a": 1, "b": "x", "c": 2.5, "d": true})
	root.SetTag("error", fmt.Errorf("boom")).SetBaggageItem("k", "v")
	root.LogFields(log.String("event", "retry"), log.Int("n", 1))
	root.LogKV("odd")
	child := tracer.StartSpan("child", opentracing.StartTime(at), opentracing.FollowsFrom(root.Context()), ext.SpanKindRPCClient)
	child.SetOperationName("renamed").SetTag("late", []byte{1})
	c, _ := tracer.Extract(opentracing.TextMap, opentracing.TextMapCarrier{"uber-trace-id": "a:b:c:1", "uberctx-k": "v"})
	joined := tracer.StartSpan("joined", opentracing.StartTime(at), ext.RPCServerOption(c))
	c, _ = tracer.Extract(opentracing.TextMap, opentracing.TextMapCarrier{"jaeger-debug-id": "me"})
	debug := tracer.StartSpan("debug", opentracing.StartTime(at), opentracing.ChildOf(c))
	jaeger.EnableFirehose(debug.(*jaeger.Span))
	end.BulkLogData = []opentracing.LogData{{Timestamp: at, Event: "bulk"}}
	for _, s := range []opentracing.Span{child, joined, debug, root} {
		s.FinishWithOptions(end)
		s.SetTag("too", "late")
		s.Finish()
	}
}

// silent watches and says nothing.
type silent struct{}

func (silent) OnStartSpan(opentracing.Span, string, opentracing.StartSpanOptions) (jaeger.ContribSpanObserver, bool) {
	return silent{}, true
}
func (silent) OnSetOperationName(string)          {}
func (silent) OnSetTag(string, interface{})       {}
func (silent) OnFinish(opentracing.FinishOptions) {}

// wrapper is a reporter around another.
type wrapper struct{ jaeger.Reporter }

// asked is a built-in sampler as one of the program's own.
type asked struct{ *jaeger.ConstSampler }
