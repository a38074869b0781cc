// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"math"
	"sync"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
	"github.com/opentracing/opentracing-go/log"

	"github.com/uber/jaeger-client-go"
)

// every calls every method of a span and everything that takes one.
func every(s *jaeger.Span) {
	s.SetOperationName("x").SetTag("k", nil).SetBaggageItem("a", "b")
	s.SetTag("sampling.priority", uint16(1))
	s.LogFields()
	s.LogFields(log.Field{}, log.Lazy(nil), log.Lazy(func(log.Encoder) { panic("lazy") }))
	s.LogKV()
	s.LogKV(nil, 1)
	s.LogEvent("")
	s.LogEventWithPayload("", nil)
	s.Log(opentracing.LogData{})
	_ = s.BaggageItem("a")
	_, _, _, _, _ = s.Context(), s.SpanContext(), s.Tracer(), s.StartTime(), s.Duration()
	_, _, _, _, _ = s.Tags(), s.Logs(), s.References(), s.OperationName(), s.String()
	s.Retain().Release()
	s.Release()
	jaeger.EnableFirehose(s)
	jaeger.BuildJaegerThrift(s)
	jaeger.BuildJaegerProcessThrift(s)
	jaeger.BuildZipkinThrift(s)
	s.FinishWithOptions(opentracing.FinishOptions{FinishTime: time.Unix(math.MinInt32, 0), BulkLogData: []opentracing.LogData{{}}, LogRecords: []opentracing.LogRecord{{}}})
	s.Finish()
}

// everyOf calls every method of a tracer.
func everyOf(t *jaeger.Tracer) {
	s := t.StartSpan("", nil, (*panicking)(nil), opentracing.ChildOf(nil), opentracing.FollowsFrom((*jaeger.SpanContext)(nil)),
		opentracing.SpanReference{Type: 42, ReferencedContext: jaeger.SpanContext{}}, jaeger.SelfRef(jaeger.SpanContext{}),
		opentracing.ChildOf(opentracing.NoopTracer{}.StartSpan("").Context()), opentracing.ChildOf((*jaeger.Span)(nil).Context()),
		ext.RPCServerOption(nil), opentracing.Tags(nil))
	every(s.(*jaeger.Span))
	every(s.(*jaeger.Span))
	for _, format := range []any{opentracing.TextMap, opentracing.HTTPHeaders, opentracing.Binary, jaeger.SpanContextFormat, jaeger.ZipkinSpanFormat, nil, []int{}, 7} {
		for _, carrier := range []any{nil, 1, opentracing.TextMapCarrier(nil), (*jaeger.SpanContext)(nil)} {
			if m, ok := carrier.(opentracing.TextMapCarrier); ok && m == nil {
				carrier = opentracing.TextMapCarrier{}
			}
			for _, c := range []opentracing.SpanContext{nil, jaeger.SpanContext{}, (*jaeger.SpanContext)(nil), s.Context()} {
				_ = t.Inject(c, format, carrier)
			}
			_, _ = t.Extract(format, carrier)
		}
	}
	t.Tags()
	t.Sampler()
	t.Close()
	t.Close()
	every(t.StartSpan("after Close").(*jaeger.Span))
}

type panicking struct{}

func (p *panicking) Apply(*opentracing.StartSpanOptions) { panic("option") }

func TestNothing(t *testing.T) {
	every(nil)
	every(&jaeger.Span{})
	everyOf(nil)
	everyOf(&jaeger.Tracer{})
	c := &jaeger.SpanContext{}
	c.CopyFrom(nil)
	(*jaeger.SpanContext)(nil).CopyFrom(c)
	c.SetFirehose()
	c.ForeachBaggageItem(nil)
	if c.IsSampled() || c.IsDebug() || c.IsFirehose() || c.IsValid() || c.IsSamplingFinalized() || c.Flags() != 0 {
		t.Errorf("zero context: got %s, flags %d", c, c.Flags())
	}
	if got := c.ExtendedSamplingState("k", nil); got != nil {
		t.Errorf("extended state: got %v, want nil", got)
	}
	if got := c.WithBaggageItem("", "").WithBaggageItem("k", "v"); got.IsValid() {
		t.Errorf("baggage only: got %s, want no ids", got)
	}
	(*jaeger.HeadersConfig)(nil).ApplyDefaults()
	jaeger.NewBinaryPropagator(nil)
	for _, p := range []interface {
		jaeger.Injector
		jaeger.Extractor
	}{
		&jaeger.TextMapPropagator{}, &jaeger.BinaryPropagator{},
		jaeger.NewTextMapPropagator(nil, jaeger.Metrics{}), jaeger.NewHTTPHeaderPropagator(&jaeger.HeadersConfig{TraceContextHeaderName: "\x00"}, jaeger.Metrics{}),
	} {
		_ = p.Inject(*c, nil)
		_, _ = p.Extract(opentracing.TextMapCarrier{"uber-trace-id": "damaged"})
	}
	jaeger.ConvertLogsToJaegerTags(nil)
	jaeger.ConvertLogsToJaegerTags([]log.Field{{}, log.Lazy(nil), log.Lazy(func(log.Encoder) { panic("lazy") }), log.Object("o", nil)})
	jaeger.NullLogger.Infof("%d")
}

func TestHostileTracers(t *testing.T) {
	o := jaeger.TracerOptions
	options := [][]jaeger.TracerOption{
		nil,
		{nil, o.Metrics(nil), o.Logger(nil), o.CustomHeaderKeys(nil), o.TimeNow(nil), o.RandomNumber(nil), o.HighTraceIDGenerator(nil), o.Gen128Bit(true),
			o.MaxTagValueLength(-1), o.MaxLogsPerSpan(-1), o.Tag("", nil), o.Tag("ip", 7), o.BaggageRestrictionManager(nil), o.DebugThrottler(nil)},
		{o.Observer(nil), o.ContribObserver(nil), o.MaxLogsPerSpan(1), o.MaxTagValueLength(1), o.HostIPv4(1), o.ZipkinSharedRPCSpan(true), o.RandomNumber(func() uint64 { return 0 })},
	}
	var typed *jaeger.ConstSampler
	for _, s := range []jaeger.Sampler{nil, typed, jaeger.NewConstSampler(true), &byName{}, &late{}, &jaeger.PerOperationSampler{}, jaeger.SamplerV2Base{}} {
		for _, r := range []jaeger.Reporter{nil, (*jaeger.InMemoryReporter)(nil), jaeger.NewNullReporter(), jaeger.NewInMemoryReporter(), jaeger.NewCompositeReporter()} {
			for _, opts := range options {
				tracer, closer := jaeger.NewTracer("", s, r, opts...)
				for _, late := range opts {
					if late != nil {
						late(tracer.(*jaeger.Tracer))
						late(nil)
					}
				}
				if got := jaeger.BuildJaegerProcessThrift(tracer.StartSpan("op").(*jaeger.Span)).ServiceName; got != "unnamed" {
					t.Errorf("got service %q, want one that servers take", got)
				}
				everyOf(tracer.(*jaeger.Tracer))
				closer.Close()
			}
		}
	}
}

func TestConcurrent(t *testing.T) {
	for _, s := range []jaeger.Sampler{jaeger.NewConstSampler(true), &late{}} {
		w := &watcher{}
		tracer, _ := traced(t, s, jaeger.TracerOptions.ContribObserver(w), jaeger.TracerOptions.MaxLogsPerSpan(3))
		root := start(t, tracer, "root")
		var group sync.WaitGroup
		for range 4 {
			group.Add(1)
			go func() {
				defer group.Done()
				for i := range 20 {
					child := tracer.StartSpan("child", opentracing.ChildOf(root.Context()))
					root.Lock() // the program's own, and no method waits for it
					root.SetTag("i", i).SetBaggageItem("k", "v")
					root.LogKV("i", i)
					_, _, _ = root.Tags(), root.Logs(), root.String()
					root.Unlock()
					child.SetTag("i", i)
					child.Finish()
				}
				root.Finish()
			}()
		}
		group.Wait()
		if n := len(root.Logs()); n > 3 {
			t.Errorf("got %d logs, want at most 3", n)
		}
	}
}
