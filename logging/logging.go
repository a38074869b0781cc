// SPDX-License-Identifier: Apache-2.0

// Package logging joins logs and traces: a slog.Handler that adds the ids of the
// span in the context to each record, and one that lets the library log to
// anything with Infof and Error.
//
//	slog.SetDefault(slog.New(logging.NewHandler(slog.NewJSONHandler(os.Stderr, nil))))
//	...
//	ctx = opentracing.ContextWithSpan(ctx, span)
//	slog.InfoContext(ctx, "paid", "order", 7) // ... "order":7,"trace_id":"4bf9...","span_id":"00f0..."
//
// What it promises: a record without a span goes to the handler behind as it is,
// for no allocation; the ids stand at the top level, whatever groups are open,
// where log stores look for them.
//
// For zap there is the module github.com/jaegerkit/jaeger/logging/zap.
package logging

import (
	"context"
	"log/slog"
	"slices"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger/model"
)

const (
	// DefaultTraceKey and DefaultSpanKey are the names of the ids, as in
	// OpenTelemetry's logs.
	DefaultTraceKey = "trace_id"
	DefaultSpanKey  = "span_id"
)

// Handler adds trace_id and span_id to the records of a context with a span. It
// is safe wherever the handler behind it is.
//
// As long as no group is open, the ids are attributes of the record, behind its
// own. In a group they cannot be given to the handler behind any more, so a
// record with a span goes to that handler as it was before the first group, with
// what was opened and added since as nested group attributes: the same output,
// but formatted anew for each record.
type Handler struct {
	next slog.Handler // has all attributes and groups
	top  slog.Handler // next as it was before the first group
	open []group      // those groups, outermost first; never changed in place

	traceKey, spanKey string
	sampledKey        string // "" for none
}

// group is a group that was opened, and the attributes that were added while it
// was the innermost.
type group struct {
	name  string
	attrs []slog.Attr
}

// Option changes a default of NewHandler.
type Option func(*Handler)

// WithKeys renames the ids; defaults DefaultTraceKey and DefaultSpanKey. An id
// with the name "" is left out.
func WithKeys(trace, span string) Option {
	return func(h *Handler) { h.traceKey, h.spanKey = trace, span }
}

// WithSampled adds whether the trace is recorded, as a bool of this name, so that
// a reader knows whether there is a trace to look up; default "", which is not.
func WithSampled(key string) Option {
	return func(h *Handler) { h.sampledKey = key }
}

// NewHandler adds ids to what next gets. The ids are in hex, as in Jaeger's user
// interface.
func NewHandler(next slog.Handler, opts ...Option) *Handler {
	h := &Handler{next: next, top: next, traceKey: DefaultTraceKey, spanKey: DefaultSpanKey}
	for _, opt := range opts {
		if opt != nil {
			opt(h)
		}
	}
	return h
}

// Enabled implements slog.Handler.
func (h *Handler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

// Handle implements slog.Handler.
func (h *Handler) Handle(ctx context.Context, r slog.Record) error {
	sc := SpanContext(ctx)
	if !sc.IsValid() {
		return h.next.Handle(ctx, r)
	}
	var room [3]slog.Attr
	ids := room[:0]
	if h.traceKey != "" {
		ids = append(ids, slog.String(h.traceKey, sc.TraceID().String()))
	}
	if h.spanKey != "" {
		ids = append(ids, slog.String(h.spanKey, sc.SpanID().String()))
	}
	if h.sampledKey != "" {
		ids = append(ids, slog.Bool(h.sampledKey, sc.IsSampled()))
	}
	if len(h.open) == 0 {
		r = r.Clone()
	} else {
		grouped := slog.NewRecord(r.Time, r.Level, r.Message, r.PC)
		grouped.AddAttrs(h.nest(r))
		r = grouped
	}
	r.AddAttrs(ids...)
	return h.top.Handle(ctx, r)
}

// nest puts the record's attributes into the open groups.
func (h *Handler) nest(r slog.Record) slog.Attr {
	last := h.open[len(h.open)-1]
	attrs := make([]slog.Attr, 0, len(last.attrs)+r.NumAttrs())
	attrs = append(attrs, last.attrs...)
	r.Attrs(func(a slog.Attr) bool {
		attrs = append(attrs, a)
		return true
	})
	nested := slog.Attr{Key: last.name, Value: slog.GroupValue(attrs...)}
	for _, g := range slices.Backward(h.open[:len(h.open)-1]) {
		nested = slog.Attr{Key: g.name, Value: slog.GroupValue(append(slices.Clip(g.attrs), nested)...)}
	}
	return nested
}

// WithAttrs implements slog.Handler.
func (h *Handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	if len(attrs) == 0 {
		return h
	}
	n := *h
	n.next = h.next.WithAttrs(attrs)
	if len(h.open) == 0 {
		n.top = n.next
		return &n
	}
	n.open = slices.Clone(h.open)
	last := &n.open[len(n.open)-1]
	last.attrs = append(slices.Clip(last.attrs), attrs...)
	return &n
}

// WithGroup implements slog.Handler.
func (h *Handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	n := *h
	n.next = h.next.WithGroup(name)
	n.open = append(slices.Clip(h.open), group{name: name})
	return &n
}

// SpanContext returns the context of the span in ctx, the zero context where
// there is none or it is another tracer's. A span whose context wraps one of
// this library says so with a method JaegerContext() model.SpanContext.
func SpanContext(ctx context.Context) (sc model.SpanContext) {
	if ctx == nil {
		return sc
	}
	span := opentracing.SpanFromContext(ctx)
	if span == nil {
		return sc
	}
	// A nil pointer in the context, or a foreign span that fails, is no reason to
	// lose the line.
	defer func() {
		if recover() != nil {
			sc = model.SpanContext{}
		}
	}()
	switch c := span.Context().(type) {
	case model.SpanContext:
		return c
	case interface{ JaegerContext() model.SpanContext }:
		return c.JaegerContext()
	}
	return sc
}
