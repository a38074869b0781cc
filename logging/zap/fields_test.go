// SPDX-License-Identifier: Apache-2.0

package zap_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/log"
	uber "go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/logging/zap"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/sampler"
)

var begin = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

// newTracer returns a tracer whose ids count from 1.
func newTracer(t testing.TB, sampled bool, opts ...jaeger.Option) *jaeger.Tracer {
	t.Helper()
	var n uint64
	ids := func() uint64 { n++; return n }
	tracer, err := jaeger.New("svc", reporter.NewDiscard(), append([]jaeger.Option{
		jaeger.WithSampler(sampler.NewConst(sampled)), jaeger.WithIDs(ids),
	}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tracer.Close() })
	return tracer
}

// with returns a context with a span, whose trace id is low.
func with(t testing.TB, low uint64) context.Context {
	parent := model.NewSpanContext(model.SpanContextConfig{TraceID: model.TraceID{Low: low}, SpanID: model.SpanID(low + 1), Flags: 1})
	return opentracing.ContextWithSpan(context.Background(), newTracer(t, true).StartSpan("op", jaeger.SelfRef(parent)))
}

// line is what a JSON logger writes of a field, after the message.
func line(field uber.Field) string {
	c := zapcore.EncoderConfig{MessageKey: "m", EncodeTime: zapcore.EpochNanosTimeEncoder, EncodeDuration: zapcore.StringDurationEncoder}
	b, err := zapcore.NewJSONEncoder(c).EncodeEntry(zapcore.Entry{}, []uber.Field{field})
	if err != nil {
		return err.Error()
	}
	return strings.TrimPrefix(strings.TrimSpace(b.String()), `{"m":""`)
}

func TestTrace(t *testing.T) {
	t.Parallel()
	unsampled := opentracing.ContextWithSpan(context.Background(), newTracer(t, false).StartSpan("op"))
	noop := opentracing.ContextWithSpan(context.Background(), opentracing.NoopTracer{}.StartSpan("op"))
	tests := []struct {
		name string
		ctx  context.Context
		want string
	}{
		{"no context", nil, "}"},
		{"no span", context.Background(), "}"},
		{"another tracer's", noop, "}"},
		{"sampled", with(t, 1), `,"trace":{"span":"0000000000000002","trace":"0000000000000001","sampled":true}}`},
		{"unsampled", unsampled, `,"trace":{"span":"0000000000000001","trace":"0000000000000001","sampled":false}}`},
	}
	for _, test := range tests {
		if got := line(zap.Trace(test.ctx)); got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, got, test.want)
		}
	}
}

func TestContext(t *testing.T) {
	t.Parallel()
	sc := model.NewSpanContext(model.SpanContextConfig{
		TraceID: model.TraceID{High: 1, Low: 2}, SpanID: 3, ParentID: 4, Flags: model.FlagSampled | model.FlagDebug | model.FlagFirehose,
		Baggage: []model.BaggageItem{{Key: "user", Value: "žofie"}, {Key: "k", Value: ""}},
	})
	tests := []struct {
		name string
		sc   model.SpanContext
		want string
	}{
		{"all", sc, `,"context":{"trace":"00000000000000010000000000000002","span":"0000000000000003","parent":"0000000000000004",` +
			`"debug":true,"sampled":true,"firehose":true,"baggage":[{"key":"user","value":"žofie"},{"key":"k","value":""}]}}`},
		{"zero", model.SpanContext{}, `,"context":{"trace":"0000000000000000","span":"0000000000000000","parent":"0000000000000000",` +
			`"debug":false,"sampled":false,"firehose":false,"baggage":[]}}`},
	}
	for _, test := range tests {
		if got := line(zap.Context(test.sc)); got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, got, test.want)
		}
	}
}

func TestSpan(t *testing.T) {
	t.Parallel()
	tracer := newTracer(t, true, jaeger.WithClock(func() time.Time { return begin.Add(time.Second) }))
	caller := tracer.StartSpan("call")
	span := tracer.StartSpan("op", opentracing.ChildOf(caller.Context()), opentracing.StartTime(begin))
	field := zap.Span(span) // shows what is there when the line is written
	span.SetTag("n", 1).SetTag("f", 0.5).SetTag("b", true).SetTag("raw", []byte("abc")).SetTag("s", "first").SetTag("s", "last")
	span.LogFields(log.String("event", "got"), log.Int("size", 7))
	context := `"context":{"trace":"0000000000000001","span":"%s","parent":"%s","debug":false,"sampled":%t,"firehose":false,"baggage":[]}`
	child := fmt.Sprintf(context, span.Context().(model.SpanContext).SpanID(), "0000000000000001", true)
	want := `,"span":{` + child + `,"operation_name":"op","start_time":1782907200000000000,` +
		`"logs":[{"ts":1782907201000000000,"fields":{"event":"got","size":7}}],` +
		`"tags":{"n":1,"f":0.5,"b":true,"raw":"YWJj","s":"last"},` +
		`"span_refs":[{"type":"child_of","span":"0000000000000001","trace":"0000000000000001"}]}}`
	if got := line(field); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	span.Finish()
	if got, want := line(field), `,"span":{`+child+`,"operation_name":"op"}}`; got != want {
		t.Errorf("finished:\ngot  %s\nwant %s", got, want)
	}

	follower := tracer.StartSpan("later", opentracing.FollowsFrom(caller.Context()))
	if got, want := line(zap.Span(follower)), `"span_refs":[{"type":"follows_from",`; !strings.Contains(got, want) {
		t.Errorf("got %s, want in it %s", got, want)
	}
	bare := newTracer(t, false).StartSpan("quiet")
	bare.SetTag("n", 1)
	want = `,"span":{` + fmt.Sprintf(context, "0000000000000001", "0000000000000000", false) + `,"operation_name":"quiet"}}`
	if got := line(zap.Span(bare)); got != want {
		t.Errorf("unsampled:\ngot  %s\nwant %s", got, want)
	}
	for _, other := range []opentracing.Span{nil, opentracing.NoopTracer{}.StartSpan("x")} {
		if got := line(zap.Span(other)); got != "}" {
			t.Errorf("got %s for %T, want nothing", got, other)
		}
	}
}
