// SPDX-License-Identifier: Apache-2.0

package reporter

import (
	"context"
	"log/slog"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/jaegerkit/jaeger/model"
)

// Logging writes one line for each span: operation, ids, duration, tags and
// logs. The line is written on the goroutine that finishes the span, which
// therefore waits for the handler: meant for development.
type Logging struct {
	logger *slog.Logger // nil means slog.Default() at the time of the line
	count  atomic.Uint64
}

// NewLogging returns a reporter that logs to l at level Info; nil means
// slog.Default(), whichever that is when a span finishes.
func NewLogging(l *slog.Logger) *Logging { return &Logging{logger: l} }

// Report implements Reporter.
func (l *Logging) Report(span *model.Span) {
	if span == nil {
		return
	}
	l.count.Add(1)
	logger := l.logger
	if logger == nil {
		logger = slog.Default()
	}
	write(logger, span)
	span.Release()
}

// write keeps a handler that panics from doing so in the service's Finish.
func write(logger *slog.Logger, span *model.Span) {
	defer func() { _ = recover() }()
	if logger.Enabled(context.Background(), slog.LevelInfo) {
		logger.LogAttrs(context.Background(), slog.LevelInfo, "span", spanAttrs(span)...)
	}
}

// Close does nothing.
func (l *Logging) Close() error { return nil }

// Stats implements Counter; a logged span counts as sent.
func (l *Logging) Stats() Stats {
	n := l.count.Load()
	return Stats{Reported: n, Sent: n}
}

func spanAttrs(s *model.Span) []slog.Attr {
	attrs := make([]slog.Attr, 0, 8)
	attrs = append(attrs,
		slog.String("operation", s.Operation),
		slog.String("trace_id", s.TraceID.String()),
		slog.String("span_id", s.ID.String()),
	)
	if s.ParentID != 0 {
		attrs = append(attrs, slog.String("parent_id", s.ParentID.String()))
	}
	attrs = append(attrs, slog.Duration("duration", s.Duration))
	if len(s.Tags) > 0 {
		attrs = append(attrs, slog.Attr{Key: "tags", Value: tagsValue(s.Tags)})
	}
	if len(s.Logs) > 0 {
		attrs = append(attrs, slog.Attr{Key: "logs", Value: logsValue(s)})
	}
	return attrs
}

// logsValue keys each event by its time since the span began. Events of the same
// time in a row are numbered: readers of JSON keep one value a key.
func logsValue(s *model.Span) slog.Value {
	logs := make([]slog.Attr, len(s.Logs))
	same := 1
	for i := range s.Logs {
		log := &s.Logs[i]
		key := time.Duration(log.Time - s.Start).String()
		if log.Time >= s.Start {
			key = "+" + key
		}
		if i > 0 && log.Time == s.Logs[i-1].Time {
			same++
			key += "#" + strconv.Itoa(same)
		} else {
			same = 1
		}
		logs[i] = slog.Attr{Key: key, Value: tagsValue(log.Fields)}
	}
	return slog.GroupValue(logs...)
}

func tagsValue(tags []model.Tag) slog.Value {
	attrs := make([]slog.Attr, len(tags))
	for i := range tags {
		t := &tags[i]
		attrs[i].Key = t.Key
		switch t.Kind() {
		case model.KindInt64:
			attrs[i].Value = slog.Int64Value(t.Int64())
		case model.KindFloat64:
			attrs[i].Value = slog.Float64Value(t.Float64())
		case model.KindBool:
			attrs[i].Value = slog.BoolValue(t.Bool())
		default:
			attrs[i].Value = slog.StringValue(t.Text())
		}
	}
	return slog.GroupValue(attrs...)
}
