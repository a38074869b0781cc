// SPDX-License-Identifier: Apache-2.0

package zap_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/slogtest"

	uber "go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/jaegerkit/jaeger/logging"
	"github.com/jaegerkit/jaeger/logging/zap"
)

// observed returns a logger and what it took, a line each: level, name, message,
// fields.
func observed(level zapcore.Level) (*uber.Logger, func() string) {
	core, logs := observer.New(level)
	return uber.New(core), func() string {
		var lines []string
		for _, e := range logs.TakeAll() {
			fields, err := json.Marshal(e.ContextMap())
			if err != nil {
				fields = []byte(err.Error())
			}
			lines = append(lines, fmt.Sprintf("%s %s[%s] %s%s", e.Level, e.LoggerName, e.Message, fields, e.Stack))
		}
		return strings.Join(lines, "\n")
	}
}

func TestHandler(t *testing.T) {
	t.Parallel()
	l, lines := observed(uber.InfoLevel)
	log := slog.New(zap.NewHandler(l.Named("tracing").With(uber.String("pod", "a"))))
	log.Debug("one")
	log.Info("two", "n", 1)
	log.WithGroup("g").With("x", 1.5).Warn("three", "y", "z")
	log.Error("four")
	want := `info tracing[two] {"n":1,"pod":"a"}
warn tracing[three] {"g":{"x":1.5,"y":"z"},"pod":"a"}
error tracing[four] {"pod":"a"}`
	if got := lines(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	slog.New(zap.NewHandler(nil)).Error("five")
}

// The handler that adds ids works in front of this one.
func TestHandlerWithIDs(t *testing.T) {
	t.Parallel()
	l, lines := observed(uber.InfoLevel)
	log := slog.New(logging.NewHandler(zap.NewHandler(l)))
	log.WithGroup("g").InfoContext(with(t, 1), "m", "a", 1)
	want := `info [m] {"g":{"a":1},"span_id":"0000000000000002","trace_id":"0000000000000001"}`
	if got := lines(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	var b *bytes.Buffer
	slogtest.Run(t, func(*testing.T) slog.Handler {
		b = &bytes.Buffer{}
		c := uber.NewProductionEncoderConfig()
		c.TimeKey, c.LevelKey, c.MessageKey = slog.TimeKey, slog.LevelKey, slog.MessageKey
		return zap.NewHandler(uber.New(zapcore.NewCore(zapcore.NewJSONEncoder(c), zapcore.AddSync(b), uber.DebugLevel)))
	}, func(t *testing.T) map[string]any {
		var m map[string]any
		if err := json.Unmarshal(b.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		return m
	})
}
