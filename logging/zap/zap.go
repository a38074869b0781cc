// SPDX-License-Identifier: Apache-2.0

// Package zap lets the library log to zap, and zap's lines name the span they
// belong to.
//
//	import jaegerzap "github.com/jaegerkit/jaeger/logging/zap"
//
//	handler := jaegerzap.NewHandler(logger) // for each WithLogger: slog.New(handler)
//	cfg := config.Config{ServiceName: "checkout", Logger: handler}
//	tracer, err := cfg.NewTracer()
//	...
//	logger.Info("paid", jaegerzap.Trace(ctx)) // "trace":{"span":"00f0...","trace":"4bf9...","sampled":true}
//
// What it promises: the fields have jaeger-client-go's names, so that searches in
// old and new logs are the same; a context without a span adds nothing; values
// keep their types.
package zap

import (
	"log/slog"
	"math"

	uber "go.uber.org/zap"
	"go.uber.org/zap/exp/zapslog"
)

// NewHandler returns a handler that writes to l's core under l's name, with the
// levels below slog.LevelInfo as debug and those above slog.LevelError as error.
// Lines have no stack trace, because they tell of networks and settings, not of
// code. A nil l takes nothing.
func NewHandler(l *uber.Logger) slog.Handler {
	if l == nil {
		l = uber.NewNop()
	}
	return zapslog.NewHandler(l.Core(), zapslog.WithName(l.Name()), zapslog.AddStacktraceAt(math.MaxInt))
}
