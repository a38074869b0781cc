// SPDX-License-Identifier: Apache-2.0

package logging_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/logging"
)

// plain has what every Logger has.
type plain struct{ lines []string }

func (p *plain) Infof(format string, args ...any) {
	p.lines = append(p.lines, "I "+fmt.Sprintf(format, args...))
}
func (p *plain) Error(msg string) { p.lines = append(p.lines, "E "+msg) }

// full has all that is looked for.
type full struct{ plain }

func (f *full) Debugf(format string, args ...any) {
	f.lines = append(f.lines, "D "+fmt.Sprintf(format, args...))
}
func (f *full) Warnf(format string, args ...any) {
	f.lines = append(f.lines, "W "+fmt.Sprintf(format, args...))
}

func TestLevels(t *testing.T) {
	t.Parallel()
	var p plain
	var f full
	for _, logger := range []logging.Logger{&p, &f, nil} {
		h := logging.FromLogger(logger)
		l := slog.New(h)
		l.Debug("one")
		l.Info("two %d")
		l.Warn("three")
		l.Error("four")
		l.Log(context.Background(), slog.LevelError+4, "five")
		if err := h.Handle(context.Background(), slog.Record{Level: slog.LevelDebug, Message: "six"}); err != nil {
			t.Error(err)
		}
	}
	if got, want := strings.Join(p.lines, "; "), "I two %d; I three; E four; E five"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := strings.Join(f.lines, "; "), "D one; I two %d; W three; E four; E five; D six"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

type panicking struct{}

func (panicking) String() string       { panic("no text") }
func (panicking) LogValue() slog.Value { panic("no value") }

type valuer struct{}

func (valuer) LogValue() slog.Value {
	return slog.GroupValue(slog.Int("x", 1), slog.String("y", "two"))
}

type stringer struct{ int }

func (s stringer) String() string { return fmt.Sprintf("<%d>", s.int) }

func TestLines(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 7, 1, 12, 0, 0, 5e6, time.UTC)
	tests := []struct {
		name string
		log  func(*slog.Logger)
		want string
	}{
		{"message only", func(l *slog.Logger) { l.Info("jaeger: it's \"fine\"") }, `jaeger: it's "fine"`},
		{"a message of two lines", func(l *slog.Logger) { l.Info("a\nERROR b") }, `"a\nERROR b"`},
		{"kinds", func(l *slog.Logger) {
			l.Info("m", "i", -1, "u", uint64(1)<<63, "f", 0.5, "b", true, "d", 1500*time.Millisecond, "t", at)
		}, "m i=-1 u=9223372036854775808 f=0.5 b=true d=1.5s t=2026-07-01T12:00:00.005Z"},
		{"text", func(l *slog.Logger) {
			l.Info("m", "plain", "a/b:c", "blank", "a b", "none", "", "quote", `a"b`, "equals", "a=b", "line", "a\nb", "bytes", "\xff", "wide", "žluť", "a key", 1)
		}, `m plain=a/b:c blank="a b" none="" quote="a\"b" equals="a=b" line="a\nb" bytes="\xff" wide=žluť "a key"=1`},
		{"any", func(l *slog.Logger) {
			l.Info("m", "err", errors.New("no route to host"), "nil", nil, "bytes", []byte("raw"), "list", []int{1, 2}, "s", stringer{3})
		}, `m err="no route to host" nil=<nil> bytes=raw list="[1 2]" s=<3>`},
		{"groups", func(l *slog.Logger) {
			l.With("a", 1).WithGroup("g").With("b", 2).WithGroup("h").Info("m", "c", 3, slog.Group("i", "d", 4), slog.Group("", "e", 5), slog.Group("none"))
		}, "m a=1 g.b=2 g.h.c=3 g.h.i.d=4 g.h.e=5"},
		{"values of their own", func(l *slog.Logger) { l.With("w", valuer{}).Info("m", "v", valuer{}) }, "m w.x=1 w.y=two v.x=1 v.y=two"},
		{"no attribute", func(l *slog.Logger) { l.Info("m", slog.Attr{}) }, "m"},
		{"no names", func(l *slog.Logger) { l = slog.New(l.Handler().WithGroup("").WithAttrs(nil)); l.Info("m", "", 1) }, `m ""=1`},
	}
	for _, test := range tests {
		var p plain
		test.log(slog.New(logging.FromLogger(&p)))
		if got, want := strings.Join(p.lines, "|"), "I "+test.want; got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, got, want)
		}
	}
}

// A value whose methods panic costs its own text.
func TestPanickingValues(t *testing.T) {
	t.Parallel()
	var p plain
	slog.New(logging.FromLogger(&p)).Info("m", "v", panicking{}, "s", struct{ fmt.Stringer }{panicking{}}, "a", 1)
	if len(p.lines) != 1 || !strings.HasPrefix(p.lines[0], "I m v=") || !strings.HasSuffix(p.lines[0], " a=1") {
		t.Errorf("got %q, want one line that begins with v and ends with a=1", p.lines)
	}
}

func TestLoggersOfOneHandlerKeepApart(t *testing.T) {
	t.Parallel()
	var p plain
	base := slog.New(logging.FromLogger(&p)).With("a", 1)
	one, two := base.With("b", 2), base.With("c", 3)
	one.Info("m")
	two.Info("m")
	base.Info("m")
	if got, want := strings.Join(p.lines, "; "), "I m a=1 b=2; I m a=1 c=3; I m a=1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
