// SPDX-License-Identifier: Apache-2.0

// Customsampler keeps the traces in which a span failed or took long, as a whole.
//
//	go run ./examples/customsampler
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/agenttest"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/sampler"
	"github.com/jaegerkit/jaeger/transport"
)

// troubles decides late; without state, it is the Late of every trace.
type troubles struct{ slow time.Duration }

func (t troubles) Sample(model.TraceID, string) sampler.Decision { return sampler.Decision{Later: t} }

func (t troubles) Ask(e sampler.Event) sampler.Decision {
	if e.Kind == sampler.Tagged && e.Tag == model.Bool("error", true) || e.Kind == sampler.Finished && e.Duration >= t.slow {
		return sampler.Decision{Sample: true, Tags: sampler.NewTags(model.String("sampler.type", "troubles"))}
	}
	return sampler.Decision{Later: t} // no, if the local root finishes with this
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "customsampler:", err)
		os.Exit(1)
	}
}

func run() error {
	agent, err := agenttest.Start()
	if err != nil {
		return err
	}
	defer agent.Close()
	udp, err := transport.NewUDP(agent.Addr())
	if err != nil {
		return err
	}
	tracer, err := jaeger.New("shop", reporter.NewRemote(udp), jaeger.WithSampler(troubles{time.Second}))
	if err != nil {
		return err
	}
	request(tracer, "fine", 20*time.Millisecond, false)
	request(tracer, "failed", 20*time.Millisecond, true)
	request(tracer, "slow", 3*time.Second, false)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := tracer.Shutdown(ctx); err != nil {
		return err
	}
	spans, err := agent.WaitSpans(ctx, 4)
	for _, span := range spans {
		fmt.Printf("%-9s trace %x, %v\n", span.OperationName, uint64(span.TraceIdLow), time.Duration(span.Duration)*time.Microsecond)
	}
	return err
}

// request is a span with a query in it; how long it took is made up.
func request(tracer opentracing.Tracer, name string, took time.Duration, failed bool) {
	begin := time.Now()
	root := tracer.StartSpan(name, opentracing.StartTime(begin))
	tracer.StartSpan(name+".db", opentracing.ChildOf(root.Context()), opentracing.StartTime(begin)).Finish()
	root.SetTag("error", failed)
	root.FinishWithOptions(opentracing.FinishOptions{FinishTime: begin.Add(took)})
}
