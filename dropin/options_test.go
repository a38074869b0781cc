// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
	"github.com/opentracing/opentracing-go/log"

	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/internal/baggage"
	"github.com/uber/jaeger-client-go/internal/native"
)

func TestOptions(t *testing.T) {
	o := jaeger.TracerOptions
	at := time.Unix(5, 0)
	for _, test := range []struct {
		name    string
		options []jaeger.TracerOption
		got     func(*jaeger.Tracer, *jaeger.Span) string
		want    string
	}{
		{"nothing", nil, func(_ *jaeger.Tracer, s *jaeger.Span) string {
			c := s.SpanContext()
			return fmt.Sprint(c.TraceID().High, c.TraceID().Low == uint64(c.SpanID()), c.ParentID(), c.Flags())
		}, "0 true 0000000000000000 1"},
		{"RandomNumber", []jaeger.TracerOption{o.RandomNumber(func() uint64 { return 7 })}, func(_ *jaeger.Tracer, s *jaeger.Span) string { return s.String() }, "0000000000000007:0000000000000007:0000000000000000:1"},
		{"HighTraceIDGenerator", []jaeger.TracerOption{o.Gen128Bit(true), o.HighTraceIDGenerator(func() uint64 { return 9 })}, func(_ *jaeger.Tracer, s *jaeger.Span) string { return fmt.Sprint(s.SpanContext().TraceID().High) }, "9"},
		{"HighTraceIDGenerator alone", []jaeger.TracerOption{o.HighTraceIDGenerator(func() uint64 { return 9 })}, func(_ *jaeger.Tracer, s *jaeger.Span) string { return fmt.Sprint(s.SpanContext().TraceID().High) }, "0"},
		{"the last counts", []jaeger.TracerOption{o.Gen128Bit(true), o.Gen128Bit(false)}, func(_ *jaeger.Tracer, s *jaeger.Span) string { return fmt.Sprint(s.SpanContext().TraceID().High) }, "0"},
		{"TimeNow", []jaeger.TracerOption{o.TimeNow(func() time.Time { return at })}, func(_ *jaeger.Tracer, s *jaeger.Span) string {
			s.LogFields(log.Int("a", 1))
			s.Finish()
			return fmt.Sprint(s.StartTime().Unix(), s.Duration(), s.Logs()[0].Timestamp.Unix())
		}, "5 0s 5"},
		{"debug", nil, func(_ *jaeger.Tracer, s *jaeger.Span) string {
			s.SetTag("sampling.priority", uint16(1))
			return fmt.Sprint(s.SpanContext().Flags())
		}, "3"},
		{"NoDebugFlagOnForcedSampling", []jaeger.TracerOption{o.NoDebugFlagOnForcedSampling(true)}, func(_ *jaeger.Tracer, s *jaeger.Span) string {
			s.SetTag("sampling.priority", uint16(1))
			return fmt.Sprint(s.SpanContext().Flags())
		}, "1"},
		{"MaxLogsPerSpan", []jaeger.TracerOption{o.MaxLogsPerSpan(4)}, func(_ *jaeger.Tracer, s *jaeger.Span) string {
			for i := range 10 {
				s.LogFields(log.Int("i", i))
			}
			live := fmt.Sprint(s.Logs())
			s.Finish()
			if fmt.Sprint(s.Logs()) != live {
				return "logs differ after Finish"
			}
			list := []string{}
			for _, l := range s.Logs() {
				list = append(list, fmt.Sprint(l.Fields))
			}
			return strings.Join(list, " ")
		}, "[i:0] [event:dropped Span logs dropped_log_count:7 component:jaeger-client] [i:8] [i:9]"},
		{"MaxTagValueLength", []jaeger.TracerOption{o.MaxTagValueLength(3)}, func(_ *jaeger.Tracer, s *jaeger.Span) string {
			s.SetTag("k", "abcdef")
			return fmt.Sprint(s.Tags()["k"], *jaeger.BuildJaegerThrift(s).Tags[2].VStr)
		}, "abcdefabc"},
		{"Tag", []jaeger.TracerOption{o.Tag("a", 1), o.Tag("ip", "1.2.3.4"), o.Tag("hostname", "h")}, func(tr *jaeger.Tracer, _ *jaeger.Span) string { return fmt.Sprint(tr.Tags()[:3]) }, "[{a 1} {ip 1.2.3.4} {hostname h}]"},
		{"HostIPv4", []jaeger.TracerOption{o.HostIPv4(0x01020304)}, func(tr *jaeger.Tracer, _ *jaeger.Span) string { return fmt.Sprint(tr.Tags()[0]) }, "{ip 1.2.3.4}"},
		{"HostIPv4 beside a tag", []jaeger.TracerOption{o.HostIPv4(0x01020304), o.Tag("ip", "4.4.4.4")}, func(tr *jaeger.Tracer, _ *jaeger.Span) string { return fmt.Sprint(tr.Tags()[0]) }, "{ip 4.4.4.4}"},
		{"one span an RPC", []jaeger.TracerOption{o.ZipkinSharedRPCSpan(true)}, func(tr *jaeger.Tracer, _ *jaeger.Span) string {
			c, _ := jaeger.ContextFromString("1:2:3:1")
			s := start(t, tr, "op", opentracing.ChildOf(c), ext.SpanKindRPCServer)
			return s.String() + fmt.Sprint(s.Tags())
		}, "0000000000000001:0000000000000002:0000000000000003:1map[span.kind:server]"},
		{"sampler tags stay with many tags", nil, func(tr *jaeger.Tracer, _ *jaeger.Span) string {
			s := start(t, tr, "op", opentracing.Tags{"a": 1, "b": 2, "c": 3, "d": 4})
			return fmt.Sprint(s.Tags())
		}, "map[a:1 b:2 c:3 d:4 sampler.param:true sampler.type:const]"},
		{"without recording", []jaeger.TracerOption{native.WithoutRecording.(jaeger.TracerOption)}, func(tr *jaeger.Tracer, s *jaeger.Span) string {
			s.SetBaggageItem("k", "v")
			carrier := opentracing.TextMapCarrier{}
			err := tr.Inject(s.Context(), opentracing.TextMap, carrier)
			return fmt.Sprint(s.SpanContext().Flags(), carrier["uberctx-k"], err)
		}, "0v<nil>"},
		{"priority of any type", nil, func(tr *jaeger.Tracer, s *jaeger.Span) string {
			s.SetTag("sampling.priority", 0)
			return fmt.Sprint(s.SpanContext().Flags())
		}, "0"},
		{"debug taken back", nil, func(tr *jaeger.Tracer, s *jaeger.Span) string {
			s.SetTag("sampling.priority", 1).SetTag("sampling.priority", 0)
			return fmt.Sprint(s.SpanContext().Flags())
		}, "0"},
	} {
		tracer, reporter := traced(t, jaeger.NewConstSampler(true), test.options...)
		if got := test.got(tracer, start(t, tracer, "op")); got != test.want {
			t.Errorf("%s: got %s, want %s (%d spans)", test.name, got, test.want, reporter.SpansSubmitted())
		}
	}
}

// strict allows one key.
type strict struct{ notes }

func (s *strict) GetRestriction(service, key string) *baggage.Restriction {
	s.add("%s/%s", service, key)
	if key == "nil" {
		return nil
	}
	return baggage.NewRestriction(key == "ok", 3)
}

func (s *strict) Close() error { s.add("close"); return nil }

func TestBaggageRestrictions(t *testing.T) {
	m := &strict{}
	f := newFactory()
	tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(true), jaeger.NewInMemoryReporter(),
		jaeger.TracerOptions.BaggageRestrictionManager(m), jaeger.TracerOptions.Metrics(jaeger.NewMetrics(f, nil)))
	s := start(t, tracer, "op")
	s.SetBaggageItem("ok", "abcdef").SetBaggageItem("bad", "v").SetBaggageItem("nil", "v")
	if got, want := fmt.Sprint(s.BaggageItem("ok"), s.BaggageItem("bad"), s.BaggageItem("nil")), "abc"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for i, want := range []string{
		"[event:baggage key:ok value:abc truncated:true]", "[event:baggage key:bad value:v invalid:true]", "[event:baggage key:nil value:v invalid:true]",
	} {
		if got := fmt.Sprint(s.Logs()[i].Fields); got != want {
			t.Errorf("log %d: got %s, want %s", i, got, want)
		}
	}
	closer.Close()
	closer.Close()
	m.want(t, "svc/ok, svc/bad, svc/nil, close")
	if got, want := f.String(), "baggage_truncations|=1\nbaggage_updates|result=err=2\nbaggage_updates|result=ok=1"; !strings.HasPrefix(got, want) {
		t.Errorf("got %s, want it to begin with %s", got, want)
	}
}

// miser allows no debug trace.
type miser struct {
	notes
	process jaeger.Process
}

func (m *miser) IsAllowed(operation string) bool   { m.add("%s", operation); return false }
func (m *miser) SetProcess(process jaeger.Process) { m.process = process }
func (m *miser) Close() error                      { m.add("close"); return nil }

func TestDebugThrottler(t *testing.T) {
	m := &miser{}
	tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(false), jaeger.NewNullReporter(), jaeger.TracerOptions.DebugThrottler(m))
	s := start(t, tracer, "op")
	s.SetTag("sampling.priority", uint16(1))
	c, err := tracer.Extract(opentracing.TextMap, opentracing.TextMapCarrier{"jaeger-debug-id": "x"})
	if err != nil {
		t.Fatal(err)
	}
	forced := start(t, tracer, "debug", opentracing.ChildOf(c))
	if s.SpanContext().Flags() != 0 || forced.SpanContext().Flags() != 0 {
		t.Errorf("got flags %d and %d, want none", s.SpanContext().Flags(), forced.SpanContext().Flags())
	}
	closer.Close()
	m.want(t, "op, debug, close")
	if p := m.process; p.Service != "svc" || p.UUID == "" || len(p.Tags) < 2 {
		t.Errorf("got process %+v", p)
	}
}
