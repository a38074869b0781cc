// SPDX-License-Identifier: Apache-2.0

package logging

import (
	"context"
	"log/slog"
)

// Logger is what many loggers have, jaeger-client-go's among them. Infof formats
// as fmt.Sprintf does. A logger that also has Debugf or Warnf of the same shape
// gets the records of these levels there.
type Logger interface {
	Infof(format string, args ...any)
	Error(msg string)
}

// FromLogger returns a handler that writes to l, one call a record: the message
// and then key=value, groups as group.key=value, text with blanks or quotes in
// quotes, so that a record is one line. Time and source are left to l.
//
// Without Warnf warnings go to Infof. Without Debugf what is below
// slog.LevelInfo is not enabled. A nil l takes nothing.
func FromLogger(l Logger) slog.Handler {
	h := &printer{to: l}
	if d, ok := l.(interface{ Debugf(string, ...any) }); ok {
		h.debugf = d.Debugf
	}
	if w, ok := l.(interface{ Warnf(string, ...any) }); ok {
		h.warnf = w.Warnf
	}
	return h
}

// printer formats records as lines.
type printer struct {
	to            Logger
	debugf, warnf func(string, ...any) // nil where l has none
	prefix        string               // of keys: the open groups, each with a dot
	attrs         []byte               // of WithAttrs, formatted; never changed in place
}

func (p *printer) Enabled(_ context.Context, level slog.Level) bool {
	return p.to != nil && (level >= slog.LevelInfo || p.debugf != nil)
}

func (p *printer) Handle(ctx context.Context, r slog.Record) error {
	if !p.Enabled(ctx, r.Level) {
		return nil
	}
	b := make([]byte, 0, 256)
	b = appendMessage(b, r.Message)
	b = append(b, p.attrs...)
	r.Attrs(func(a slog.Attr) bool {
		b = appendAttr(b, p.prefix, a)
		return true
	})
	switch line := string(b); {
	case r.Level >= slog.LevelError:
		p.to.Error(line)
	case r.Level >= slog.LevelWarn && p.warnf != nil:
		p.warnf("%s", line)
	case r.Level >= slog.LevelInfo:
		p.to.Infof("%s", line)
	default:
		p.debugf("%s", line)
	}
	return nil
}

func (p *printer) WithAttrs(attrs []slog.Attr) slog.Handler {
	n := *p
	n.attrs = append([]byte(nil), p.attrs...)
	for _, a := range attrs {
		n.attrs = appendAttr(n.attrs, p.prefix, a)
	}
	return &n
}

func (p *printer) WithGroup(name string) slog.Handler {
	if name == "" {
		return p
	}
	n := *p
	n.prefix += name + "."
	return &n
}
