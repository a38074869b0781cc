// SPDX-License-Identifier: Apache-2.0

package zap

import (
	"time"

	"github.com/opentracing/opentracing-go"
	uber "go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
)

// maxValueLength is what a line shows of a tag's value, in bytes.
const maxValueLength = 1024

// NewObserver returns an observer for jaeger.WithObserver that writes a debug
// line for each start, name, tag and end of a span, with the field "context".
// It is for finding out what a service does with its spans. While l is not
// enabled for debug, spans that start are not watched and cost nothing.
func NewObserver(l *uber.Logger) jaeger.Observer {
	if l == nil {
		l = uber.NewNop()
	}
	return observer{l}
}

type observer struct{ to *uber.Logger }

func (o observer) OnStartSpan(s *jaeger.Span, operation string, opts opentracing.StartSpanOptions) (jaeger.SpanObserver, bool) {
	line := o.to.Check(zapcore.DebugLevel, "span started")
	if line == nil {
		return nil, false
	}
	given := make(tags, 0, len(opts.Tags))
	for k, v := range opts.Tags {
		given = append(given, model.Any(k, v, maxValueLength))
	}
	line.Write(Context(s.SpanContext()), uber.String("operation_name", operation), uber.Object("tags", given))
	return &watch{to: o.to, span: s, start: opts.StartTime}, true
}

// watch writes the lines of one span.
type watch struct {
	to    *uber.Logger
	span  *jaeger.Span
	start time.Time
}

func (w *watch) write(msg string, field uber.Field) {
	if line := w.to.Check(zapcore.DebugLevel, msg); line != nil {
		line.Write(Context(w.span.SpanContext()), field)
	}
}

func (w *watch) OnSetOperationName(name string) {
	w.write("span named", uber.String("operation_name", name))
}

func (w *watch) OnSetTag(key string, value any) {
	if w.to.Core().Enabled(zapcore.DebugLevel) {
		w.write("span tagged", uber.Object("tags", tags{model.Any(key, value, maxValueLength)}))
	}
}

func (w *watch) OnFinish(o opentracing.FinishOptions) {
	w.write("span finished", uber.Duration("duration", max(o.FinishTime.Sub(w.start), 0)))
}
