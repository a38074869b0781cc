// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"fmt"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
)

// A tracer for tests keeps its spans in memory.
func Example() {
	kept := reporter.NewMemory()
	tracer, err := jaeger.New("checkout", kept)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer tracer.Close()

	parent := tracer.StartSpan("POST /orders")
	child := tracer.StartSpan("charge", opentracing.ChildOf(parent.Context()))
	child.SetTag("amount", 12.5).SetTag("retries", 0)
	child.LogKV("event", "card accepted")
	child.Finish()
	parent.Finish()

	for _, span := range kept.Spans() {
		fmt.Println(span.Operation, "has a parent:", span.ParentID != 0)
	}
	amount, _ := kept.Spans()[0].Tag("amount")
	fmt.Println(amount.Kind(), amount.Text())
	// Output:
	// charge has a parent: true
	// POST /orders has a parent: false
	// float64 12.5
}

// The context of a span is a model.SpanContext, whose ids belong in a log line.
func ExampleSpan_Context() {
	tracer, _ := jaeger.New("checkout", reporter.NewDiscard())
	defer tracer.Close()
	sc := model.NewSpanContext(model.SpanContextConfig{
		TraceID: model.TraceID{Low: 0xabc}, SpanID: 0xdef, Flags: model.FlagSampled,
	})
	span := tracer.StartSpan("op", opentracing.ChildOf(sc))
	defer span.Finish()
	c := span.Context().(model.SpanContext)
	fmt.Println(c.TraceID(), c.ParentID(), c.IsSampled())
	// Output: 0000000000000abc 0000000000000def true
}

// Stats account for every span.
func ExampleTracer_Stats() {
	tracer, _ := jaeger.New("checkout", reporter.NewMemory())
	tracer.StartSpan("a").Finish()
	tracer.StartSpan("b").SetTag("sampling.priority", 0).Finish()
	tracer.StartSpan("never finished")
	tracer.Close()
	s := tracer.Stats()
	fmt.Println(s.Started, s.Unsampled, s.Reporter.Sent, s.Open)
	// Output: 3 1 1 1
}
