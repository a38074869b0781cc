// SPDX-License-Identifier: Apache-2.0

package jaeger

import "log"

// Logger takes what the client has to say. It is called from several goroutines
// and must not block.
type Logger interface {
	// Error takes a message about something that failed.
	Error(msg string)

	// Infof takes a message in the manner of fmt.Printf.
	Infof(msg string, args ...interface{})
}

// StdLogger writes to the standard library's default logger.
var StdLogger = &stdLogger{}

type stdLogger struct{}

func (l *stdLogger) Error(msg string) { log.Print("ERROR: " + msg) }

func (l *stdLogger) Infof(msg string, args ...interface{}) { log.Printf(msg, args...) }

// NullLogger writes nothing.
var NullLogger = &nullLogger{}

type nullLogger struct{}

func (l *nullLogger) Error(msg string) {}

func (l *nullLogger) Infof(msg string, args ...interface{}) {}
