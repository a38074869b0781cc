// SPDX-License-Identifier: Apache-2.0

package zap

import (
	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/log"
	"go.uber.org/zap"

	"github.com/uber/jaeger-client-go"
)

// NewLoggingTracer returns a tracer that tells logger of every call to it and to
// its spans, for finding out who does what. A nil logger is told nothing, a nil
// tracer traces nothing.
func NewLoggingTracer(logger *zap.Logger, tracer opentracing.Tracer) opentracing.Tracer {
	if logger == nil {
		logger = zap.NewNop()
	}
	if tracer == nil {
		tracer = opentracing.NoopTracer{}
	}
	if t, ok := tracer.(*jaeger.Tracer); ok {
		logger.Info("logging tracer made", zap.Any("sampler", t.Sampler()), zap.Any("tags", t.Tags()))
	} else {
		logger.Info("logging tracer made over a tracer that is not Jaeger's")
	}
	return loggingTracer{logger, tracer}
}

type loggingTracer struct {
	logger *zap.Logger
	tracer opentracing.Tracer
}

func (t loggingTracer) StartSpan(operationName string, opts ...opentracing.StartSpanOption) opentracing.Span {
	span := t.tracer.StartSpan(operationName, opts...)
	fields := []zap.Field{zap.Stack("stack"), zap.String("operation_name", operationName), zap.Any("opts", opts)}
	s, ok := span.(*jaeger.Span)
	if ok {
		fields = append(fields, Context(s.SpanContext()))
	}
	t.logger.Info("StartSpan", fields...)
	if !ok {
		return span
	}
	return loggingSpan{t.logger, span}
}

func (t loggingTracer) Inject(ctx opentracing.SpanContext, format interface{}, carrier interface{}) error {
	fields := []zap.Field{zap.Any("format", format), zap.Any("carrier", carrier)}
	if sc, ok := ctx.(jaeger.SpanContext); ok {
		fields = append(fields, Context(sc))
	} else {
		t.logger.Error("Inject of a context that is not Jaeger's")
	}
	t.logger.Debug("Inject", fields...)
	return t.tracer.Inject(ctx, format, carrier)
}

func (t loggingTracer) Extract(format interface{}, carrier interface{}) (opentracing.SpanContext, error) {
	t.logger.Debug("Extract", zap.Any("format", format), zap.Any("carrier", carrier))
	ctx, err := t.tracer.Extract(format, carrier)
	if err != nil {
		t.logger.Error("Extract failed", zap.Error(err))
		return ctx, err
	}
	if sc, ok := ctx.(jaeger.SpanContext); ok {
		t.logger.Debug("Extract succeeded", Context(sc))
	}
	return ctx, nil
}

// loggingSpan is a span that tells of its calls. Those that return a span return
// the one behind, as in the old client.
type loggingSpan struct {
	logger *zap.Logger
	span   opentracing.Span
}

func (s loggingSpan) Finish() {
	s.logger.Info("Finish", Span(s.span), zap.Stack("debug_stack"))
	s.span.Finish()
}

func (s loggingSpan) FinishWithOptions(opts opentracing.FinishOptions) {
	s.logger.Info("FinishWithOptions", Span(s.span))
	s.span.FinishWithOptions(opts)
}

func (s loggingSpan) Context() opentracing.SpanContext {
	s.logger.Debug("Context")
	return s.span.Context()
}

func (s loggingSpan) SetOperationName(operationName string) opentracing.Span {
	s.logger.Debug("SetOperationName", zap.String("operation_name", operationName))
	return s.span.SetOperationName(operationName)
}

func (s loggingSpan) SetTag(key string, value interface{}) opentracing.Span {
	s.logger.Debug("SetTag", zap.String("key", key), zap.Any("value", value))
	return s.span.SetTag(key, value)
}

func (s loggingSpan) LogFields(fields ...log.Field) {
	s.logger.Debug("LogFields", zap.Array("fields", list(fields, field)))
	s.span.LogFields(fields...)
}

func (s loggingSpan) LogKV(alternatingKeyValues ...interface{}) {
	s.logger.Debug("LogKV", zap.Any("keyValues", alternatingKeyValues))
	s.span.LogKV(alternatingKeyValues...)
}

func (s loggingSpan) SetBaggageItem(restrictedKey, value string) opentracing.Span {
	s.logger.Debug("SetBaggageItem", zap.String("key", restrictedKey), zap.String("value", value))
	return s.span.SetBaggageItem(restrictedKey, value)
}

func (s loggingSpan) BaggageItem(restrictedKey string) string {
	s.logger.Debug("BaggageItem", zap.String("key", restrictedKey))
	return s.span.BaggageItem(restrictedKey)
}

func (s loggingSpan) Tracer() opentracing.Tracer {
	s.logger.Debug("Tracer")
	return s.span.Tracer()
}

// LogEvent implements opentracing.Span.
//
// Deprecated: use LogFields or LogKV.
func (s loggingSpan) LogEvent(event string) {
	s.logger.Debug("LogEvent", zap.String("event", event))
	s.span.LogEvent(event)
}

// LogEventWithPayload implements opentracing.Span.
//
// Deprecated: use LogFields or LogKV.
func (s loggingSpan) LogEventWithPayload(event string, payload interface{}) {
	s.logger.Debug("LogEventWithPayload", zap.String("event", event), zap.Any("payload", payload))
	s.span.LogEventWithPayload(event, payload)
}

// Log implements opentracing.Span.
//
// Deprecated: use LogFields or LogKV.
func (s loggingSpan) Log(data opentracing.LogData) {
	s.logger.Debug("Log", zap.String("event", data.Event), zap.Time("ts", data.Timestamp), zap.Any("payload", data.Payload))
	s.span.Log(data)
}
