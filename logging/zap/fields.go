// SPDX-License-Identifier: Apache-2.0

package zap

import (
	"context"
	"time"

	"github.com/opentracing/opentracing-go"
	uber "go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/jaegerkit/jaeger/logging"
	"github.com/jaegerkit/jaeger/model"
)

// Trace returns the field "trace" with the ids of the span in ctx and whether it
// is sampled, a field that adds nothing where there is no span of this library.
func Trace(ctx context.Context) uber.Field {
	sc := logging.SpanContext(ctx)
	if !sc.IsValid() {
		return uber.Skip()
	}
	return uber.Object("trace", trace(sc))
}

// Context returns the field "context" with all that a span context carries: ids,
// flags and baggage.
func Context(sc model.SpanContext) uber.Field {
	return uber.Object("context", spanContext(sc))
}

// Span returns the field "span" with the context of a span and what it has
// recorded when the line is written: of one that is not sampled, or is
// finished, no more than its name. A span of another tracer adds nothing.
func Span(s opentracing.Span) uber.Field {
	r, ok := s.(recorder)
	if !ok {
		return uber.Skip()
	}
	return uber.Object("span", span{r})
}

// recorder is what is asked of a *jaeger.Span, or of a span that embeds one.
type recorder interface {
	opentracing.Span
	OperationName() string
	Snapshot() *model.Span
}

type trace model.SpanContext

func (t trace) MarshalLogObject(e zapcore.ObjectEncoder) error {
	sc := model.SpanContext(t)
	e.AddString("span", sc.SpanID().String())
	e.AddString("trace", sc.TraceID().String())
	e.AddBool("sampled", sc.IsSampled())
	return nil
}

type spanContext model.SpanContext

func (c spanContext) MarshalLogObject(e zapcore.ObjectEncoder) error {
	sc := model.SpanContext(c)
	e.AddString("trace", sc.TraceID().String())
	e.AddString("span", sc.SpanID().String())
	e.AddString("parent", sc.ParentID().String())
	e.AddBool("debug", sc.IsDebug())
	e.AddBool("sampled", sc.IsSampled())
	e.AddBool("firehose", sc.IsFirehose())
	return e.AddArray("baggage", zapcore.ArrayMarshalerFunc(func(a zapcore.ArrayEncoder) (err error) {
		sc.ForeachBaggageItem(func(k, v string) bool {
			err = a.AppendObject(zapcore.ObjectMarshalerFunc(func(e zapcore.ObjectEncoder) error {
				e.AddString("key", k)
				e.AddString("value", v)
				return nil
			}))
			return err == nil
		})
		return err
	}))
}

type span struct{ recorder }

func (s span) MarshalLogObject(e zapcore.ObjectEncoder) error {
	ctx := opentracing.ContextWithSpan(context.Background(), s.recorder)
	if err := e.AddObject("context", spanContext(logging.SpanContext(ctx))); err != nil {
		return err
	}
	e.AddString("operation_name", s.OperationName())
	r := s.Snapshot()
	if r == nil {
		return nil
	}
	e.AddTime("start_time", r.StartTime())
	if err := e.AddArray("logs", logs(r.Logs)); err != nil {
		return err
	}
	if err := e.AddObject("tags", tags(r.Tags)); err != nil {
		return err
	}
	return e.AddArray("span_refs", references(r.References))
}

type tags []model.Tag

// MarshalLogObject writes the last tag of each key: the one that was set last.
func (t tags) MarshalLogObject(e zapcore.ObjectEncoder) error {
	last := make(map[string]int, len(t))
	for i := range t {
		last[t[i].Key] = i
	}
	for i := range t {
		if tag := &t[i]; last[tag.Key] == i {
			addTag(e, tag)
		}
	}
	return nil
}

func addTag(e zapcore.ObjectEncoder, tag *model.Tag) {
	switch tag.Kind() {
	case model.KindInt64:
		e.AddInt64(tag.Key, tag.Int64())
	case model.KindFloat64:
		e.AddFloat64(tag.Key, tag.Float64())
	case model.KindBool:
		e.AddBool(tag.Key, tag.Bool())
	case model.KindBinary:
		e.AddBinary(tag.Key, []byte(tag.Str()))
	default:
		e.AddString(tag.Key, tag.Str())
	}
}

type logs []model.Log

func (l logs) MarshalLogArray(a zapcore.ArrayEncoder) error {
	for i := range l {
		err := a.AppendObject(zapcore.ObjectMarshalerFunc(func(e zapcore.ObjectEncoder) error {
			e.AddTime("ts", time.Unix(0, l[i].Time))
			return e.AddObject("fields", tags(l[i].Fields))
		}))
		if err != nil {
			return err
		}
	}
	return nil
}

type references []model.Reference

func (r references) MarshalLogArray(a zapcore.ArrayEncoder) error {
	for i := range r {
		err := a.AppendObject(zapcore.ObjectMarshalerFunc(func(e zapcore.ObjectEncoder) error {
			kind := "child_of"
			if r[i].Type == model.FollowsFrom {
				kind = "follows_from"
			}
			e.AddString("type", kind)
			e.AddString("span", r[i].SpanID.String())
			e.AddString("trace", r[i].TraceID.String())
			return nil
		}))
		if err != nil {
			return err
		}
	}
	return nil
}
