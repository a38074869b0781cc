// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
	"github.com/opentracing/opentracing-go/log"

	"github.com/uber/jaeger-client-go"
	j "github.com/uber/jaeger-client-go/thrift-gen/jaeger"
	z "github.com/uber/jaeger-client-go/thrift-gen/zipkincore"
)

// text is a Jaeger tag on one line.
func text(tags []*j.Tag) string {
	list := make([]string, len(tags))
	for i, t := range tags {
		var v any
		switch t.VType {
		case j.TagType_STRING:
			v = *t.VStr
		case j.TagType_LONG:
			v = *t.VLong
		case j.TagType_DOUBLE:
			v = *t.VDouble
		case j.TagType_BOOL:
			v = *t.VBool
		case j.TagType_BINARY:
			v = t.VBinary
		}
		list[i] = fmt.Sprintf("%s=%s %v", t.Key, t.VType, v)
	}
	return strings.Join(list, ", ")
}

func TestBuildJaegerThrift(t *testing.T) {
	began := time.Unix(1, 5000)
	for _, test := range []struct {
		name     string
		reporter jaeger.Reporter
		ended    bool
		want     string
	}{
		{"kept, ended", jaeger.NewInMemoryReporter(), true, "op 1 1000005 2 [k=STRING abcd, n=LONG 7] 1 1 true"},
		{"kept, live", jaeger.NewInMemoryReporter(), false, "op 1 1000005 0 [k=STRING abcd, n=LONG 7] 1 1 true"},
		{"native, live", jaeger.NewNullReporter(), false, "op 1 1000005 0 [k=STRING abcd, n=LONG 7] 1 1 true"},
		{"native, ended", jaeger.NewNullReporter(), true, "op 1 1000005 0 [] 0 0 true"},
	} {
		tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(true), test.reporter, jaeger.TracerOptions.MaxTagValueLength(4))
		parent := start(t, tracer, "parent")
		s := start(t, tracer, "op", opentracing.ChildOf(parent.Context()), opentracing.StartTime(began), opentracing.Tag{Key: "k", Value: "abcdef"})
		s.SetTag("n", uint8(7))
		s.LogFields(log.Int("a", 1))
		if test.ended {
			s.FinishWithOptions(opentracing.FinishOptions{FinishTime: began.Add(2 * time.Microsecond)})
		}
		got := jaeger.BuildJaegerThrift(s)
		ids := got.TraceIdLow == int64(s.SpanContext().TraceID().Low) && got.SpanId == int64(s.SpanContext().SpanID()) && got.ParentSpanId == int64(parent.SpanContext().SpanID())
		line := fmt.Sprintf("%s %d %d %d [%s] %d %d %t", got.OperationName, got.Flags, got.StartTime, got.Duration, text(got.Tags), len(got.Logs), len(got.References), ids)
		if line != test.want {
			t.Errorf("%s: got %s, want %s", test.name, line, test.want)
		}
		p := jaeger.BuildJaegerProcessThrift(s)
		if p.ServiceName != "svc" || !strings.Contains(text(p.Tags), "client-uuid=STRING ") || !strings.Contains(text(p.Tags), "jaeger.version=STRING ") {
			t.Errorf("%s: got process %s %s", test.name, p.ServiceName, text(p.Tags))
		}
		s.Finish()
		closer.Close()
	}
}

func TestConvertLogs(t *testing.T) {
	t.Parallel()
	got := text(jaeger.ConvertLogsToJaegerTags([]log.Field{
		log.String("s", "x"), log.Bool("b", true), log.Int("i", 1), log.Int32("i32", 2), log.Int64("i64", 3), log.Uint32("u32", 4), log.Uint64("u64", math.MaxUint64),
		log.Float32("f32", 0.5), log.Float64("f64", 1.5), log.Error(errors.New("boom")), log.Object("o", struct{ A int }{1}),
		log.Lazy(func(e log.Encoder) { e.EmitString("lazy", "l") }),
	}))
	want := "s=STRING x, b=BOOL true, i=LONG 1, i32=LONG 2, i64=LONG 3, u32=LONG 4, u64=STRING 18446744073709551615, " +
		"f32=DOUBLE 0.5, f64=DOUBLE 1.5, error.object=STRING boom, o=STRING {A:1}, lazy=STRING l"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestOldLogs: the calls of OpenTracing's first version, and pairs that are none.
func TestOldLogs(t *testing.T) {
	t.Parallel()
	for _, reporter := range []jaeger.Reporter{jaeger.NewNullReporter(), jaeger.NewInMemoryReporter()} {
		tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(true), reporter)
		s := start(t, tracer, "op")
		s.LogEvent("e")
		s.LogEventWithPayload("p", 7)
		s.LogKV("odd")
		var got []string
		for _, l := range jaeger.BuildJaegerThrift(s).Logs {
			got = append(got, text(l.Fields))
		}
		if len(got) != 3 || got[0] != "event=STRING e" || got[1] != "event=STRING p, payload=LONG 7" || !strings.HasPrefix(got[2], "error=STRING ") {
			t.Errorf("got %q", got)
		}
		closer.Close()
	}
}

func TestBuildZipkinThrift(t *testing.T) {
	tracer, _ := traced(t, jaeger.NewConstSampler(true), jaeger.TracerOptions.Tag("ip", "10.0.0.1"), jaeger.TracerOptions.Tag("zone", "a"))
	began := time.Unix(1, 0)
	zipkin := func(opts ...opentracing.StartSpanOption) *z.Span {
		s := start(t, tracer, "op", append(opts, opentracing.StartTime(began))...)
		s.LogFields(log.String("event", "hello"))
		s.LogFields(log.String("event", "a"), log.Int("n", 1))
		s.FinishWithOptions(opentracing.FinishOptions{FinishTime: began.Add(time.Second)})
		first := jaeger.BuildZipkinThrift(s)
		again := jaeger.BuildZipkinThrift(s)
		if a, b := dump(t, first), dump(t, again); a != b {
			t.Errorf("the second differs:\n%s\n%s", a, b)
		}
		return first
	}
	parent := start(t, tracer, "parent")
	peer := opentracing.Tags{"peer.service": "db", "peer.ipv4": "1.2.3.4", "peer.port": uint16(80)}
	for _, test := range []struct {
		name string
		span *z.Span
		want []string
		not  []string
	}{
		{"client", zipkin(ext.SpanKindRPCClient, peer, opentracing.ChildOf(parent.Context())), []string{"@cs 1000000", "@cr 2000000", "sa:BOOL \x01 db/16909060/80"}, []string{"lc", "zone", "peer."}},
		{"server", zipkin(ext.SpanKindRPCServer, peer, opentracing.ChildOf(parent.Context())), []string{"@sr 1000000", "@ss 2000000", "ca:BOOL \x01 db/16909060/80", "zone:STRING a", "jaeger.version:STRING "}, []string{"lc", "peer.", "client-uuid"}},
		{"local root", zipkin(opentracing.Tags{"component": "c", "n": 1, "b": true, "f": 0.5}), []string{"lc:STRING c", "zone:STRING a", "n:STRING 1", "b:BOOL \x01", "f:STRING 0.5", "@hello"}, []string{"@c", "ip:"}},
		{"local child", zipkin(opentracing.ChildOf(parent.Context())), []string{"lc:STRING svc", `@{"event":"a","n":"1"}`}, []string{"zone"}},
	} {
		got := dump(t, test.span)
		for _, w := range test.want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: got %q, want it to have %q", test.name, got, w)
			}
		}
		for _, w := range test.not {
			if strings.Contains(got, w) {
				t.Errorf("%s: got %q, want it without %q", test.name, got, w)
			}
		}
		if test.span.Annotations[0].Host.Ipv4 != 0x0a000001 || *test.span.Duration != 1000000 {
			t.Errorf("%s: host %+v, duration %d", test.name, test.span.Annotations[0].Host, *test.span.Duration)
		}
	}
	wide := jaeger.NewSpanContext(jaeger.TraceID{High: 1, Low: 2}, 3, 4, true, nil)
	s := start(t, tracer, "op", jaeger.SelfRef(wide))
	if got := jaeger.BuildZipkinThrift(s); *got.TraceIDHigh != 1 || got.TraceID != 2 || got.ID != 3 || *got.ParentID != 4 || got.Debug {
		t.Errorf("ids: got %+v", got)
	}
}

func dump(t *testing.T, s *z.Span) string {
	t.Helper()
	list := []string{}
	for _, a := range s.Annotations {
		list = append(list, fmt.Sprintf("@%s %d", a.Value, a.Timestamp))
	}
	for _, b := range s.BinaryAnnotations {
		line := fmt.Sprintf("%s:%s %s", b.Key, b.AnnotationType, b.Value)
		if b.Host != nil {
			line += fmt.Sprintf(" %s/%d/%d", b.Host.ServiceName, b.Host.Ipv4, b.Host.Port)
		}
		list = append(list, line)
	}
	if _, err := json.Marshal(s); err != nil {
		t.Error(err)
	}
	return strings.Join(list, "|")
}
