// SPDX-License-Identifier: Apache-2.0

package reporter

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jaegerkit/jaeger/model"
)

// Logging writes one line for each span: operation, ids, duration, tags and
// logs. The line is written on the goroutine that finishes the span, so the
// handler should be quick; meant for development.
type Logging struct {
	logger *slog.Logger
	count  atomic.Uint64
}

// NewLogging returns a reporter that logs to l at level Info; nil means
// slog.Default().
func NewLogging(l *slog.Logger) *Logging {
	if l == nil {
		l = slog.Default()
	}
	return &Logging{logger: l}
}

// Report implements Reporter.
func (l *Logging) Report(span *model.Span) {
	l.count.Add(1)
	if l.logger.Enabled(context.Background(), slog.LevelInfo) {
		l.logger.LogAttrs(context.Background(), slog.LevelInfo, "span", spanAttrs(span)...)
	}
	span.Release()
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
		logs := make([]slog.Attr, len(s.Logs))
		for i := range s.Logs {
			at := time.Duration(s.Logs[i].Time - s.Start)
			logs[i] = slog.Attr{Key: "+" + at.String(), Value: tagsValue(s.Logs[i].Fields)}
		}
		attrs = append(attrs, slog.Attr{Key: "logs", Value: slog.GroupValue(logs...)})
	}
	return attrs
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
