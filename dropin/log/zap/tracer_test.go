// SPDX-License-Identifier: Apache-2.0

package zap_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/opentracing/opentracing-go"
	uber "go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/log/zap"
)

// output is a logger and what it wrote.
func output() (*uber.Logger, *bytes.Buffer) {
	var b bytes.Buffer
	c := uber.NewProductionEncoderConfig()
	c.TimeKey = ""
	return uber.New(zapcore.NewCore(zapcore.NewJSONEncoder(c), zapcore.AddSync(&b), zapcore.DebugLevel)), &b
}

func traced(t *testing.T) opentracing.Tracer {
	id := uint64(0xf) // the first id is the client's
	tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(true), jaeger.NewInMemoryReporter(),
		jaeger.TracerOptions.RandomNumber(func() uint64 { id++; return id }))
	t.Cleanup(func() { closer.Close() })
	return tracer
}

func TestFields(t *testing.T) {
	t.Parallel()
	tracer := traced(t)
	span := tracer.StartSpan("work").SetBaggageItem("user", "7")
	other := tracer.StartSpan("other", opentracing.ChildOf(span.Context()), opentracing.FollowsFrom(span.Context())).SetTag("k", 1)
	defer span.Finish()
	defer other.Finish()
	noop := opentracing.NoopTracer{}.StartSpan("")
	with := func(s opentracing.Span) context.Context { return opentracing.ContextWithSpan(context.Background(), s) }
	var none context.Context // as callers pass it
	for _, test := range []struct {
		name  string
		field zapcore.Field
		want  string // in the line
	}{
		{"trace", zap.Trace(with(span)), `"trace":{"span":"0000000000000011","trace":"0000000000000011","sampled":true}`},
		{"no span", zap.Trace(context.Background()), `"trace":{}`},
		{"another tracer's", zap.Trace(with(noop)), `"trace":{}`},
		{"no ids", zap.Trace(with(&jaeger.Span{})), `"traceError":"the span has no ids`},
		{"no context", zap.Trace(none), `{"level":"info","msg":"x"}`},
		{"context", zap.Context(span.Context().(jaeger.SpanContext)), `"context":{"trace":"0000000000000011","span":"0000000000000011","parent":"0000000000000000","debug":false,"sampled":true,"firehose":false,"baggage":[{"key":"user","value":"7"}]}`},
		{"zero context", zap.Context(jaeger.SpanContext{}), `"sampled":false,"firehose":false,"baggage":[]}`},
		{"span", zap.Span(other), `"operation_name":"other"`},
		{"span's tags", zap.Span(other), `"tags":{"k":1}`},
		{"span's logs", zap.Span(span), `"fields":[{"key":"event","value":"baggage"}`},
		{"span's references", zap.Span(other), `"span_refs":[{"type":"child_of","span":"0000000000000011","trace":"0000000000000011"},{"type":"follows_from",`},
		{"zero span", zap.Span(&jaeger.Span{}), `"operation_name":""`},
		{"nil span", zap.Span(nil), `"err":"nil span"`},
		{"nil pointer", zap.Span((*jaeger.Span)(nil)), `"operation_name":""`},
		{"noop span", zap.Span(noop), `"err":"non jaeger span"`},
	} {
		logger, got := output()
		logger.Info("x", test.field)
		if !strings.Contains(got.String(), test.want) || !json.Valid(got.Bytes()) {
			t.Errorf("%s:\ngot  %swant %s in it", test.name, got, test.want)
		}
	}
}

// TestLoggingTracer: every call is told and passed on.
func TestLoggingTracer(t *testing.T) {
	t.Parallel()
	logger, got := output()
	behind := traced(t)
	tracer := zap.NewLoggingTracer(logger, behind)
	span := tracer.StartSpan("work")
	span.SetTag("k", 1)
	span.SetOperationName("better")
	span.SetBaggageItem("user", "7")
	span.LogKV("event", "e")
	span.LogFields()
	span.LogEvent("e")
	span.LogEventWithPayload("e", 1)
	span.Log(opentracing.LogData{Event: "e"})
	if got := fmt.Sprint(span.BaggageItem("user"), span.Tracer() == behind); got != "7true" {
		t.Errorf("got %s, want 7true", got)
	}
	carrier := opentracing.TextMapCarrier{}
	if err := tracer.Inject(span.Context(), opentracing.TextMap, carrier); err != nil {
		t.Error(err)
	}
	sc, err := tracer.Extract(opentracing.TextMap, carrier)
	if err != nil || fmt.Sprint(sc) != fmt.Sprint(span.Context()) {
		t.Errorf("got %v, %v, want %v", sc, err, span.Context())
	}
	if _, err := tracer.Extract(opentracing.TextMap, opentracing.TextMapCarrier{}); err != opentracing.ErrSpanContextNotFound {
		t.Errorf("got %v, want %v", err, opentracing.ErrSpanContextNotFound)
	}
	if err := tracer.Inject(opentracing.NoopTracer{}.StartSpan("").Context(), opentracing.TextMap, carrier); err == nil {
		t.Error("got no error of another tracer's context")
	}
	span.FinishWithOptions(opentracing.FinishOptions{})
	span.Finish()
	for _, want := range []string{"logging tracer made", "StartSpan", "SetTag", "SetOperationName", "SetBaggageItem", "LogKV", "LogFields", "LogEvent", "LogEventWithPayload",
		`"msg":"Log"`, "BaggageItem", `"msg":"Tracer"`, "Context", "Inject", "not Jaeger's", "Extract succeeded", "Extract failed", "FinishWithOptions", `"msg":"Finish"`} {
		if !strings.Contains(got.String(), want) {
			t.Errorf("got no %s in\n%s", want, got)
		}
	}
}

func TestLoggingTracerHostile(t *testing.T) {
	t.Parallel()
	zap.NewLoggingTracer(nil, nil).StartSpan("x").Finish()
	logger, got := output()
	tracer := zap.NewLoggingTracer(logger, opentracing.NoopTracer{})
	tracer.StartSpan("x").Finish()
	if _, err := tracer.Extract(opentracing.TextMap, nil); err == nil {
		t.Error("got no error")
	}
	if !strings.Contains(got.String(), "not Jaeger's") {
		t.Errorf("got %s", got)
	}
	zap.NewLoggingTracer(logger, &jaeger.Tracer{}).StartSpan("x").Finish()
}
