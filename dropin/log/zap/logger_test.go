// SPDX-License-Identifier: Apache-2.0

package zap_test

import (
	"fmt"
	"testing"

	uber "go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/uber/jaeger-client-go/log"
	"github.com/uber/jaeger-client-go/log/zap"
)

// lines is a zap core that keeps level, message and file of each line.
type lines struct{ got []string }

func (l *lines) Enabled(zapcore.Level) bool                 { return true }
func (l *lines) With([]zapcore.Field) zapcore.Core          { return l }
func (l *lines) Sync() error                                { return nil }
func (l *lines) Write(zapcore.Entry, []zapcore.Field) error { return nil }

func (l *lines) Check(e zapcore.Entry, c *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	return c.AddCore(e, writer{l})
}

type writer struct{ *lines }

func (w writer) Write(e zapcore.Entry, _ []zapcore.Field) error {
	w.got = append(w.got, fmt.Sprintf("%s %s %t", e.Level, e.Message, e.Caller.Defined && e.Caller.Function == "github.com/uber/jaeger-client-go/log/zap_test.TestLogger"))
	return nil
}

func TestLogger(t *testing.T) {
	t.Parallel()
	core := &lines{}
	for _, logger := range []*zap.Logger{zap.NewLogger(uber.New(core, uber.AddCaller())), zap.NewLogger(nil), {}} {
		var l log.DebugLogger = logger
		l.Error("100%")
		l.Infof("%d spans", 2)
		l.Debugf("no arguments")
	}
	if got, want := fmt.Sprintf("%q", core.got), `["error 100% true" "info 2 spans true" "debug no arguments true"]`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
