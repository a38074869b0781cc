// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
	"github.com/opentracing/opentracing-go/log"

	"github.com/uber/jaeger-client-go"
)

// notes is a list of what happened, written to by types of the program's own.
type notes struct {
	mu   sync.Mutex
	list []string
}

func (n *notes) add(format string, args ...any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.list = append(n.list, fmt.Sprintf(format, args...))
}

func (n *notes) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Join(n.list, ", ")
}

func (n *notes) want(t *testing.T, want string) {
	t.Helper()
	if got := n.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// byName is a Sampler that keeps traces of one name.
type byName struct {
	notes
	name string
}

func (b *byName) IsSampled(id jaeger.TraceID, operation string) (bool, []jaeger.Tag) {
	b.add("%s %t", operation, id.IsValid())
	return operation == b.name, []jaeger.Tag{jaeger.NewTag("sampler.type", "by name"), jaeger.NewTag("n", 7)}
}
func (b *byName) Close()                    { b.add("close") }
func (b *byName) Equal(jaeger.Sampler) bool { return false }

func TestUserSampler(t *testing.T) {
	for _, reporter := range []jaeger.Reporter{jaeger.NewNullReporter(), jaeger.NewInMemoryReporter()} {
		s := &byName{name: "good"}
		tracer, closer := jaeger.NewTracer("svc", s, reporter)
		good := start(t, tracer, "good")
		start(t, tracer, "child", opentracing.ChildOf(good.Context())).Finish()
		bad := start(t, tracer, "bad")
		if !contextOf(t, good).IsSampled() || contextOf(t, bad).IsSampled() || !contextOf(t, bad).IsSamplingFinalized() {
			t.Errorf("good %v, bad %v: want the first sampled only", good, bad)
		}
		if got, want := fmt.Sprint(good.Tags()), "map[n:7 sampler.type:by name]"; got != want {
			t.Errorf("tags: got %s, want %s", got, want)
		}
		good.Finish()
		bad.Finish()
		for range 2 {
			if err := closer.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		}
		s.want(t, "good true, bad true, close")
	}
}

// overriding embeds a built-in sampler and must be asked itself.
type overriding struct{ *jaeger.ConstSampler }

func (overriding) IsSampled(jaeger.TraceID, string) (bool, []jaeger.Tag) { return true, nil }
func (overriding) OnCreateSpan(*jaeger.Span) jaeger.SamplingDecision {
	return jaeger.SamplingDecision{Sample: true}
}

func TestEmbeddedSampler(t *testing.T) {
	tracer, _ := traced(t, overriding{jaeger.NewConstSampler(false)})
	if s := start(t, tracer, "op"); !contextOf(t, s).IsSampled() {
		t.Error("a sampler that embeds a built-in one was not asked itself")
	}
}

// late is a SamplerV2 that answers when a tag comes, and uses its span.
type late struct {
	jaeger.SamplerV2Base
	notes
	t *testing.T // nil where several goroutines use a trace
}

type lateKey struct{}

func (l *late) note(what string, s *jaeger.Span) {
	n := s.SpanContext().ExtendedSamplingState(lateKey{}, func() interface{} { return new(atomic.Int32) }).(*atomic.Int32)
	l.add("%s %s %d", what, s.OperationName(), n.Add(1))
}

func (l *late) OnCreateSpan(s *jaeger.Span) jaeger.SamplingDecision {
	l.note("create", s)
	if l.t != nil && (s.SpanContext().IsSamplingFinalized() || s.SpanContext().IsSampled()) {
		l.t.Errorf("%s: asked about a decided trace", s.OperationName())
	}
	return jaeger.SamplingDecision{Retryable: true}
}

func (l *late) OnSetOperationName(s *jaeger.Span, name string) jaeger.SamplingDecision {
	l.note("name", s)
	return jaeger.SamplingDecision{Retryable: name != "drop"}
}

func (l *late) OnSetTag(s *jaeger.Span, key string, value interface{}) jaeger.SamplingDecision {
	l.note("tag "+key, s)
	if key == "keep" {
		return jaeger.SamplingDecision{Sample: true, Tags: []jaeger.Tag{jaeger.NewTag("why", value)}}
	}
	return jaeger.SamplingDecision{Retryable: true}
}

func (l *late) OnFinishSpan(s *jaeger.Span) jaeger.SamplingDecision {
	l.note("finish", s)
	return jaeger.SamplingDecision{Retryable: true}
}

func (l *late) Close() { l.add("close") }

func TestUserSamplerV2(t *testing.T) {
	s := &late{t: t}
	tracer, reporter := traced(t, s)
	if got := tracer.Sampler(); got != jaeger.SamplerV2(s) {
		t.Errorf("Tracer.Sampler: got %T, want the one given", got)
	}
	root := start(t, tracer, "root", opentracing.Tag{Key: "first", Value: int8(1)})
	early := start(t, tracer, "early", opentracing.ChildOf(root.Context()))
	early.SetTag("e", true)
	early.Finish() // before the answer: it waits
	if n := reporter.SpansSubmitted(); n != 0 {
		t.Errorf("undecided: got %d spans, want 0", n)
	}
	root.SetOperationName("renamed")
	root.SetTag("keep", "me")
	root.SetTag("after", struct{ A int }{2})
	if c := contextOf(t, root); !c.IsSampled() || !c.IsSamplingFinalized() {
		t.Errorf("got %v, want sampled and final", c)
	}
	root.Finish()
	s.want(t, "create root 1, tag first root 2, create early 3, tag e early 4, finish early 5, name renamed 6, tag keep renamed 7")
	spans := reporter.GetSpans()
	if len(spans) != 2 {
		t.Fatalf("got %d spans, want both", len(spans))
	}
	waited := spans[0].(*jaeger.Span)
	if got, want := fmt.Sprintf("%s %v %s %t", waited.OperationName(), waited.Tags(), waited.SpanContext(), waited.Tracer() == tracer), "early map[e:true] "+contextOf(t, early).String()+" true"; got != want {
		t.Errorf("waited: got %s, want %s", got, want)
	}
	if waited.StartTime().IsZero() || len(waited.References()) != 1 || waited.SetTag("x", 1) != opentracing.Span(waited) {
		t.Errorf("waited: start %v, references %v", waited.StartTime(), waited.References())
	}
	if spans[1] != opentracing.Span(root) {
		t.Errorf("got another span than the program's own")
	}
	if got, want := fmt.Sprintf("%#v", root.Tags()["after"]), "struct { A int }{A:2}"; got != want {
		t.Errorf("raw value: got %s, want %s", got, want)
	}
	if got := root.Tags(); got["why"] != "me" || got["first"] != int8(1) || got["keep"] != "me" {
		t.Errorf("got tags %v", got)
	}

	// A no is final, and a trace of another process is not asked about.
	dropped := start(t, tracer, "x")
	dropped.SetOperationName("drop").SetTag("late", 1)
	dropped.Finish()
	remote, err := jaeger.ContextFromString("1:2:0:1")
	if err != nil {
		t.Fatal(err)
	}
	before := s.String()
	start(t, tracer, "forced").SetTag("sampling.priority", uint16(1)).Finish()
	if got, want := s.String()[len(before):], ", create forced 1"; got != want {
		t.Errorf("forced: got %q, want %q", got, want)
	}
	before = s.String()
	start(t, tracer, "joined", opentracing.ChildOf(remote)).Finish()
	if got := s.String(); got != before {
		t.Errorf("remote parent: sampler was asked: %s", got[len(before):])
	}
	carried, err := tracer.Extract(opentracing.TextMap, opentracing.TextMapCarrier{"uberctx-k": "v"})
	if err != nil {
		t.Fatal(err)
	}
	before = s.String()
	start(t, tracer, "carried", opentracing.ChildOf(carried)).SetTag("k", 1)
	if got, want := s.String()[len(before):], ", create carried 1, tag k carried 2"; got != want {
		t.Errorf("baggage only: got %q, want %q", got, want)
	}
	if n := reporter.SpansSubmitted(); n != 4 || len(dropped.Tags()) != 0 {
		t.Errorf("got %d spans and tags %v, want 4 and none", n, dropped.Tags())
	}
}

// keeper is a Reporter that keeps spans and asks them much later.
type keeper struct {
	notes
	spans []*jaeger.Span
}

func (k *keeper) Report(s *jaeger.Span) {
	k.add("report %s", s.OperationName())
	k.spans = append(k.spans, s.Retain())
}
func (k *keeper) Close() { k.add("close") }

func TestUserReporter(t *testing.T) {
	k := &keeper{}
	tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(true), k)
	began := time.Unix(1000, 0)
	root := start(t, tracer, "root", opentracing.StartTime(began), opentracing.Tags{"int": 1, "nil": nil})
	child := start(t, tracer, "child", opentracing.FollowsFrom(root.Context()), ext.SpanKindRPCClient)
	child.LogFields(log.Int("n", 3), log.Object("o", began))
	child.LogKV("odd")
	child.SetBaggageItem("k", "v")
	child.Finish()
	root.FinishWithOptions(opentracing.FinishOptions{
		FinishTime: began.Add(3 * time.Second), LogRecords: []opentracing.LogRecord{{Timestamp: began, Fields: []log.Field{log.Bool("bulk", true)}}},
	})
	root.Finish()
	root.SetTag("late", 1)
	root.LogFields(log.Int("late", 1))
	if err := closer.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	k.want(t, "report child, report root, close")
	for _, test := range []struct{ name, got, want string }{
		{"tags", fmt.Sprintf("%v", root.Tags()), "map[int:1 nil:<nil> sampler.param:true sampler.type:const]"},
		{"type of a tag", fmt.Sprintf("%T", child.Tags()["span.kind"]), "ext.SpanKindEnum"},
		{"duration", root.Duration().String(), "3s"},
		{"start", root.StartTime().UTC().String(), began.UTC().String()},
		{"logs of FinishOptions", fmt.Sprint(root.Logs()), fmt.Sprint([]opentracing.LogRecord{{Timestamp: began, Fields: []log.Field{log.Bool("bulk", true)}}})},
		{"logs", fmt.Sprint(child.Logs()[0].Fields), fmt.Sprint([]log.Field{log.Int("n", 3), log.Object("o", began)})},
		{"logs in number", fmt.Sprint(len(child.Logs())), "3"},
		{"log of baggage", fmt.Sprint(child.Logs()[2].Fields), fmt.Sprint([]log.Field{log.String("event", "baggage"), log.String("key", "k"), log.String("value", "v")})},
		{"references", fmt.Sprint(child.References()), fmt.Sprint([]opentracing.SpanReference{{Type: opentracing.FollowsFromRef, ReferencedContext: root.Context()}})},
		{"references of a root", fmt.Sprint(root.References()), "[]"},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, test.got, test.want)
		}
	}
}

func TestTracerSampler(t *testing.T) {
	yes := jaeger.NewConstSampler(true)
	first := &byName{name: "good"}
	for _, test := range []struct {
		name    string
		sampler jaeger.Sampler
		want    bool // for a span that is named good
	}{{"built in", yes, true}, {"of the first kind", first, true}, {"none", nil, false}} {
		tracer, closer := jaeger.NewTracer("svc", test.sampler, jaeger.NewNullReporter())
		s := tracer.(*jaeger.Tracer).Sampler()
		if got := s == jaeger.SamplerV2(yes); got != (test.sampler == jaeger.Sampler(yes)) {
			t.Errorf("%s: got %T", test.name, s)
		}
		span := start(t, tracer, "good")
		for i, d := range []jaeger.SamplingDecision{s.OnCreateSpan(span), s.OnSetOperationName(span, "good"), s.OnSetTag(span, "k", 1), s.OnFinishSpan(span)} {
			if named := i < 2; d.Sample != (test.want && named) || d.Retryable == named {
				t.Errorf("%s: got %+v of question %d, want sample %t", test.name, d, i, test.want)
			}
		}
		s.OnCreateSpan(nil)
		s.Close()
		closer.Close()
	}
}
