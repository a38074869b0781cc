// SPDX-License-Identifier: Apache-2.0

// Package zap connects the client with go.uber.org/zap: the client's own messages
// go to a zap logger, and ids of spans become fields of log lines.
//
//	tracer, closer, err := cfg.NewTracer(config.Logger(zap.NewLogger(logger)))
//
// What it promises: zap is compiled into a program only if the program imports
// this package.
package zap

import "go.uber.org/zap"

// Logger is a log.DebugLogger that writes to zap. Its zero value writes nothing.
type Logger struct{ to *zap.SugaredLogger }

// NewLogger returns one for logger; nil writes nothing.
func NewLogger(logger *zap.Logger) *Logger {
	if logger == nil {
		return &Logger{}
	}
	return &Logger{logger.WithOptions(zap.AddCallerSkip(1)).Sugar()}
}

// Error writes at zap's level error.
func (l *Logger) Error(msg string) {
	if l.to != nil {
		l.to.Error(msg)
	}
}

// Infof writes at zap's level info.
func (l *Logger) Infof(msg string, args ...interface{}) {
	if l.to != nil {
		l.to.Infof(msg, args...)
	}
}

// Debugf writes at zap's level debug.
func (l *Logger) Debugf(msg string, args ...interface{}) {
	if l.to != nil {
		l.to.Debugf(msg, args...)
	}
}
