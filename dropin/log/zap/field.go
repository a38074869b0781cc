// SPDX-License-Identifier: Apache-2.0

package zap

import (
	"context"
	"errors"
	"fmt"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/log"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/uber/jaeger-client-go"
)

// Trace is a field "trace" with the ids of the span in ctx and whether it is
// sampled; it is empty where there is none of this client.
func Trace(ctx context.Context) zapcore.Field {
	if ctx == nil {
		return zap.Skip()
	}
	return zap.Object("trace", object(func(to zapcore.ObjectEncoder) error {
		span := opentracing.SpanFromContext(ctx)
		if span == nil {
			return nil
		}
		sc, ok := span.Context().(jaeger.SpanContext)
		switch {
		case !ok:
			return nil
		case !sc.IsValid():
			return fmt.Errorf("the span has no ids: %v", sc)
		}
		to.AddString("span", sc.SpanID().String())
		to.AddString("trace", sc.TraceID().String())
		to.AddBool("sampled", sc.IsSampled())
		return nil
	}))
}

// Context is a field "context" with all of sc.
func Context(sc jaeger.SpanContext) zapcore.Field { return zap.Object("context", contextOf(sc)) }

// Span is a field "span" with all of s. It is a field "err" where s is no span of
// this client.
func Span(s opentracing.Span) zapcore.Field {
	if s == nil {
		return zap.String("err", "nil span")
	}
	span, ok := s.(*jaeger.Span)
	if !ok {
		return zap.String("err", "non jaeger span")
	}
	return zap.Object("span", object(func(to zapcore.ObjectEncoder) error {
		err := to.AddObject("context", contextOf(span.SpanContext()))
		to.AddString("operation_name", span.OperationName())
		to.AddDuration("duration", span.Duration())
		to.AddTime("start_time", span.StartTime())
		return errors.Join(err,
			to.AddArray("logs", list(span.Logs(), record)),
			to.AddObject("tags", tags(span.Tags())),
			to.AddArray("span_refs", list(span.References(), reference)))
	}))
}

// object is written when the line is, if it is.
type object func(to zapcore.ObjectEncoder) error

func (o object) MarshalLogObject(to zapcore.ObjectEncoder) error { return o(to) }

type array func(to zapcore.ArrayEncoder) error

func (a array) MarshalLogArray(to zapcore.ArrayEncoder) error { return a(to) }

// list is an array of objects.
func list[T any](items []T, item func(T) object) array {
	return func(to zapcore.ArrayEncoder) (err error) {
		for _, i := range items {
			err = errors.Join(err, to.AppendObject(item(i)))
		}
		return err
	}
}

func contextOf(sc jaeger.SpanContext) object {
	return func(to zapcore.ObjectEncoder) error {
		to.AddString("trace", sc.TraceID().String())
		to.AddString("span", sc.SpanID().String())
		to.AddString("parent", sc.ParentID().String())
		to.AddBool("debug", sc.IsDebug())
		to.AddBool("sampled", sc.IsSampled())
		to.AddBool("firehose", sc.IsFirehose())
		return to.AddArray("baggage", array(func(to zapcore.ArrayEncoder) (err error) {
			sc.ForeachBaggageItem(func(k, v string) bool {
				err = errors.Join(err, to.AppendObject(pair(k, v)))
				return true
			})
			return err
		}))
	}
}

func pair(key, value string) object {
	return func(to zapcore.ObjectEncoder) error {
		to.AddString("key", key)
		to.AddString("value", value)
		return nil
	}
}

func record(r opentracing.LogRecord) object {
	return func(to zapcore.ObjectEncoder) error {
		to.AddTime("ts", r.Timestamp)
		return to.AddArray("fields", list(r.Fields, field))
	}
}

func field(f log.Field) object { return pair(f.Key(), fmt.Sprint(f.Value())) }

// tags are an object with their own keys. The old client wrote "key" and "value"
// for each, so that of several tags a reader saw one.
func tags(t opentracing.Tags) object {
	return func(to zapcore.ObjectEncoder) (err error) {
		for k, v := range t {
			err = errors.Join(err, to.AddReflected(k, v))
		}
		return err
	}
}

func reference(r opentracing.SpanReference) object {
	return func(to zapcore.ObjectEncoder) error {
		switch r.Type {
		case opentracing.ChildOfRef:
			to.AddString("type", "child_of")
		case opentracing.FollowsFromRef:
			to.AddString("type", "follows_from")
		default:
			to.AddString("type", fmt.Sprintf("unknown(%d)", r.Type))
		}
		if sc, ok := r.ReferencedContext.(jaeger.SpanContext); ok {
			to.AddString("span", sc.SpanID().String())
			to.AddString("trace", sc.TraceID().String())
		}
		return nil
	}
}
