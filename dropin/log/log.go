// SPDX-License-Identifier: Apache-2.0

// Package log is how the client tells what goes wrong with it.
//
//	tracer, closer, err := cfg.NewTracer(config.Logger(log.StdLogger))
//
// What it promises: any type with Error and Infof is a Logger; one that also has
// Debugf gets more detail. The loggers here may be used from any goroutine.
package log

import (
	"bytes"
	"fmt"
	"log"
	"sync"
)

// Logger takes messages. It is called from several goroutines and must not block.
type Logger interface {
	// Error takes a message about something that failed.
	Error(msg string)

	// Infof takes a message in the manner of fmt.Printf.
	Infof(msg string, args ...interface{})
}

// DebugLogger is a Logger that wants details too.
type DebugLogger interface {
	Logger

	// Debugf is as Infof.
	Debugf(msg string, args ...interface{})
}

// StdLogger writes to the standard library's default logger.
var StdLogger = &stdLogger{}

type stdLogger struct{}

func (l *stdLogger) Error(msg string) { log.Print("ERROR: " + msg) }

func (l *stdLogger) Infof(msg string, args ...interface{}) { log.Printf(msg, args...) }

func (l *stdLogger) Debugf(msg string, args ...interface{}) { log.Printf("DEBUG: "+msg, args...) }

// NullLogger writes nothing.
var NullLogger = &nullLogger{}

type nullLogger struct{}

func (l *nullLogger) Error(msg string) {}

func (l *nullLogger) Infof(msg string, args ...interface{}) {}

func (l *nullLogger) Debugf(msg string, args ...interface{}) {}

// BytesBufferLogger keeps what is written, for tests. Its zero value is ready.
type BytesBufferLogger struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Error implements Logger.
func (l *BytesBufferLogger) Error(msg string) { l.line("ERROR: ", "%s", msg) }

// Infof implements Logger.
func (l *BytesBufferLogger) Infof(msg string, args ...interface{}) { l.line("INFO: ", msg, args...) }

// Debugf implements DebugLogger.
func (l *BytesBufferLogger) Debugf(msg string, args ...interface{}) { l.line("DEBUG: ", msg, args...) }

// String returns all lines since the last Flush.
func (l *BytesBufferLogger) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// Flush forgets them.
func (l *BytesBufferLogger) Flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.buf.Reset()
}

func (l *BytesBufferLogger) line(level, msg string, args ...interface{}) {
	text := fmt.Sprintf(msg, args...) // runs methods of args, which may log
	l.mu.Lock()
	defer l.mu.Unlock()
	l.buf.WriteString(level + text + "\n")
}

// DebugLogAdapter returns logger itself if it is a DebugLogger, nil if it is
// nil, and else one that leaves details out. Unlike the old client it does not
// say so in the log each time.
func DebugLogAdapter(logger Logger) DebugLogger {
	switch l := logger.(type) {
	case nil:
		return nil
	case DebugLogger:
		return l
	}
	return withoutDebug{logger}
}

type withoutDebug struct{ Logger }

func (withoutDebug) Debugf(msg string, args ...interface{}) {}
