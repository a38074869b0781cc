// SPDX-License-Identifier: Apache-2.0

package log_test

import (
	"bytes"
	"fmt"
	stdlog "log"
	"os"
	"sync"
	"testing"

	"github.com/uber/jaeger-client-go/log"
)

// plain is a user's logger without Debugf.
type plain struct{ lines []string }

func (p *plain) Error(msg string) { p.lines = append(p.lines, "error "+msg) }
func (p *plain) Infof(msg string, args ...any) {
	p.lines = append(p.lines, "info "+fmt.Sprintf(msg, args...))
}

func TestBytesBufferLogger(t *testing.T) {
	t.Parallel()
	var l log.BytesBufferLogger
	l.Error("100%")
	l.Infof("%d spans", 3)
	l.Debugf("no arguments")
	if got, want := l.String(), "ERROR: 100%\nINFO: 3 spans\nDEBUG: no arguments\n"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	l.Flush()
	if got := l.String(); got != "" {
		t.Errorf("after Flush: got %q, want nothing", got)
	}
}

// logging is an argument whose method logs: a lock held over it would hang.
type logging struct{ to log.Logger }

func (l logging) String() string { l.to.Error("inner"); return "outer" }

func TestBytesBufferLoggerReenters(t *testing.T) {
	t.Parallel()
	var l log.BytesBufferLogger
	l.Infof("%v", logging{&l})
	if got, want := l.String(), "ERROR: inner\nINFO: outer\n"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestBytesBufferLoggerConcurrently(t *testing.T) {
	t.Parallel()
	var l log.BytesBufferLogger
	var wait sync.WaitGroup
	for range 8 {
		wait.Add(1)
		go func() { defer wait.Done(); l.Infof("x"); _ = l.String() }()
	}
	wait.Wait()
	if got, want := len(l.String()), 8*len("INFO: x\n"); got != want {
		t.Errorf("got %d bytes, want %d", got, want)
	}
}

func TestStdLogger(t *testing.T) {
	var b bytes.Buffer
	flags := stdlog.Flags()
	stdlog.SetOutput(&b)
	stdlog.SetFlags(0)
	defer func() { stdlog.SetOutput(os.Stderr); stdlog.SetFlags(flags) }()
	log.StdLogger.Error("50%d")
	log.StdLogger.Infof("%d", 1)
	log.StdLogger.Debugf("%d", 2)
	log.NullLogger.Error("x")
	log.NullLogger.Infof("x")
	log.NullLogger.Debugf("x")
	if got, want := b.String(), "ERROR: 50%d\n1\nDEBUG: 2\n"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestDebugLogAdapter(t *testing.T) {
	t.Parallel()
	if got := log.DebugLogAdapter(nil); got != nil {
		t.Errorf("nil: got %v, want nil", got)
	}
	full := &log.BytesBufferLogger{}
	if got := log.DebugLogAdapter(full); got != log.DebugLogger(full) {
		t.Errorf("got %v, want the logger itself", got)
	}
	p := &plain{}
	l := log.DebugLogAdapter(p)
	l.Debugf("gone %d", 1)
	l.Infof("kept %d", 2)
	l.Error("too")
	if got, want := fmt.Sprint(p.lines), "[info kept 2 error too]"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
