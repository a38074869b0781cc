// SPDX-License-Identifier: Apache-2.0

package sampler_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"
)

// lines is a log handler that keeps what it is told, without times.
type lines struct {
	mu   sync.Mutex
	all  []string
	more chan struct{} // closed and replaced when a line comes
}

func newLines() *lines { return &lines{more: make(chan struct{})} }

func (l *lines) logger() *slog.Logger { return slog.New(l) }

func (l *lines) Enabled(context.Context, slog.Level) bool { return true }
func (l *lines) WithAttrs([]slog.Attr) slog.Handler       { return l }
func (l *lines) WithGroup(string) slog.Handler            { return l }

func (l *lines) Handle(_ context.Context, r slog.Record) error {
	text := fmt.Sprint(r.Level, " ", r.Message)
	r.Attrs(func(a slog.Attr) bool {
		text += fmt.Sprintf(" %s=%v", a.Key, a.Value)
		return true
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, text)
	close(l.more)
	l.more = make(chan struct{})
	return nil
}

// take returns the lines that came since the last take.
func (l *lines) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := l.all
	l.all = nil
	return all
}

// await returns when a line that begins with prefix is there.
func (l *lines) await(tb testing.TB, prefix string) {
	tb.Helper()
	for timeout := time.After(patience); ; {
		l.mu.Lock()
		all, more := l.all, l.more
		l.mu.Unlock()
		for _, line := range all {
			if strings.HasPrefix(line, prefix) {
				return
			}
		}
		select {
		case <-more:
		case <-timeout:
			tb.Fatalf("no line %s, only %q", prefix, all)
		}
	}
}
