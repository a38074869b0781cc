// SPDX-License-Identifier: Apache-2.0

package zap_test

import (
	"strings"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"
	uber "go.uber.org/zap"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/logging/zap"
)

func TestObserver(t *testing.T) {
	t.Parallel()
	for _, level := range []struct {
		name string
		uber uber.AtomicLevel
		want string
	}{
		{"debug", uber.NewAtomicLevelAt(uber.DebugLevel), `debug [span started] {%,"operation_name":"op","tags":{"a":1}}
debug [span tagged] {%,"tags":{"b":"two"}}
debug [span named] {%,"operation_name":"other"}
debug [span finished] {%,"duration":1000000000}`},
		{"info", uber.NewAtomicLevelAt(uber.InfoLevel), ""},
	} {
		l, lines := observed(level.uber.Level())
		tracer := newTracer(t, true, jaeger.WithObserver(zap.NewObserver(l)))
		span := tracer.StartSpan("op", opentracing.StartTime(begin), opentracing.Tag{Key: "a", Value: 1})
		span.SetTag("b", "two").SetOperationName("other")
		span.FinishWithOptions(opentracing.FinishOptions{FinishTime: begin.Add(time.Second)})
		span.SetTag("late", true)
		context := `"context":{"baggage":[],"debug":false,"firehose":false,"parent":"0000000000000000",` +
			`"sampled":true,"span":"0000000000000001","trace":"0000000000000001"}`
		if got, want := lines(), strings.ReplaceAll(level.want, "%", context); got != want {
			t.Errorf("%s:\ngot\n%s\nwant\n%s", level.name, got, want)
		}
	}
	if _, watched := zap.NewObserver(nil).OnStartSpan(nil, "op", opentracing.StartSpanOptions{}); watched {
		t.Error("watched for no logger")
	}
}
