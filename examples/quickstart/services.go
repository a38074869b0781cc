// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/config"
)

// testSpan is the first service: a span with a log, a child, and a call to the
// second service with the context in a carrier.
func testSpan(tracer opentracing.Tracer, cfg *config.Config) error {
	span := tracer.StartSpan("TestSpan", ext.SpanKindRPCClient)
	defer span.Finish()
	span.SetBaggageItem("customer", "42")
	span.LogKV("event", "test message", "life", 42)

	child := tracer.StartSpan("ChildSpan", opentracing.ChildOf(span.Context()))
	child.LogKV("event", "down below")
	time.Sleep(3 * time.Millisecond) // work
	child.Finish()

	carrier := opentracing.TextMapCarrier{}
	if err := tracer.Inject(span.Context(), opentracing.TextMap, carrier); err != nil {
		return err
	}
	return secondService(*cfg, carrier)
}

// secondService has a tracer of its own, as in another process, and knows of
// the first only what came in the carrier.
func secondService(cfg config.Config, carrier opentracing.TextMapCarrier) error {
	cfg.ServiceName = "second-service"
	tracer, err := cfg.NewTracer()
	if err != nil {
		return err
	}
	defer tracer.Close()
	caller, err := tracer.Extract(opentracing.TextMap, carrier)
	if err != nil {
		return err
	}
	span := tracer.StartSpan("Handle", ext.RPCServerOption(caller))
	span.SetTag("customer", span.BaggageItem("customer")).SetTag("cached", false)
	time.Sleep(2 * time.Millisecond) // work
	span.Finish()
	return closeAll(tracer)
}

// closeAll fails if the tracer could not hand over all it was given.
func closeAll(tracer *jaeger.Tracer) error {
	if err := tracer.Close(); err != nil {
		return err
	}
	if dropped := tracer.Stats().Reporter.Dropped; dropped.Total() > 0 {
		return fmt.Errorf("spans were dropped: %+v", dropped)
	}
	return nil
}
