// SPDX-License-Identifier: Apache-2.0

package x_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/x"
)

func traced(t *testing.T, s jaeger.Sampler) (*jaeger.Tracer, *jaeger.InMemoryReporter) {
	t.Helper()
	r := jaeger.NewInMemoryReporter()
	tracer, closer := jaeger.NewTracer("svc", s, r)
	t.Cleanup(func() { closer.Close() })
	return tracer.(*jaeger.Tracer), r
}

const strategy = `{"key":"tenant","matchers":[{"value":"acme","firehose":true},{"value":42},{"value":true},{"value":"both"}],"values":{"both":{"firehose":true},"old":{}}}`

func TestTagMatching(t *testing.T) {
	t.Parallel()
	s, err := x.NewTagMatchingSamplerFromStrategyJSON([]byte(strategy))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name  string
		key   string
		value any
		want  string
	}{
		{"string", "tenant", "acme", "9 TagMatchingSampler tenant=acme"},
		{"int", "tenant", 42, "1 TagMatchingSampler tenant=42"},
		{"uint16", "tenant", uint16(42), "1 TagMatchingSampler tenant=42"},
		{"float", "tenant", 42.0, "1 TagMatchingSampler tenant=42"},
		{"bool", "tenant", true, "1 TagMatchingSampler tenant=true"},
		{"values go before matchers", "tenant", "both", "9 TagMatchingSampler tenant=both"},
		{"old form", "tenant", "old", "1 TagMatchingSampler tenant=old"},
		{"another value", "tenant", "emca", "no"},
		{"text of a number", "tenant", "42", "no"},
		{"no value", "tenant", nil, "no"},
		{"cannot be compared", "tenant", []int{1}, "no"},
		{"another key", "customer", "acme", "no"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			tracer, r := traced(t, s)
			span := tracer.StartSpan("work").SetTag("before", 1)
			span.SetTag(test.key, test.value)
			span.Finish()
			got := "no"
			if spans := r.GetSpans(); len(spans) == 1 {
				s := spans[0].(*jaeger.Span)
				tags := s.Tags()
				got = fmt.Sprint(s.SpanContext().Flags(), " ", tags["sampler.type"], " ", tags["sampler.param"])
				if tags["before"] != 1 {
					t.Errorf("got tags %v, want what was set before the decision", tags)
				}
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	for _, bad := range []string{"", "[]", `{"key":1}`} {
		if _, err := x.NewTagMatchingSamplerFromStrategyJSON([]byte(bad)); err == nil {
			t.Errorf("got no error of %q", bad)
		}
	}
}

// script answers as it is told and notes what it is asked.
type script struct {
	jaeger.SamplerV2Base
	asked   []string
	answers []jaeger.SamplingDecision
	closed  int
}

func (s *script) next(what string) jaeger.SamplingDecision {
	s.asked = append(s.asked, what)
	if len(s.answers) == 0 {
		return jaeger.SamplingDecision{Retryable: true}
	}
	a := s.answers[0]
	s.answers = s.answers[1:]
	return a
}

func (s *script) OnCreateSpan(*jaeger.Span) jaeger.SamplingDecision { return s.next("start") }
func (s *script) OnSetOperationName(_ *jaeger.Span, n string) jaeger.SamplingDecision {
	return s.next("name " + n)
}
func (s *script) OnSetTag(_ *jaeger.Span, k string, v interface{}) jaeger.SamplingDecision {
	return s.next(fmt.Sprint("tag ", k, "=", v))
}
func (s *script) OnFinishSpan(*jaeger.Span) jaeger.SamplingDecision { return s.next("end") }
func (s *script) Close()                                            { s.closed++ }

func TestPriority(t *testing.T) {
	t.Parallel()
	yes := jaeger.SamplingDecision{Sample: true, Tags: []jaeger.Tag{jaeger.NewTag("by", "script")}}
	later, no := jaeger.SamplingDecision{Retryable: true}, jaeger.SamplingDecision{}
	for _, test := range []struct {
		name    string
		answers [][]jaeger.SamplingDecision
		want    []string // what each was asked
		sampled bool
	}{
		{"first decides", [][]jaeger.SamplingDecision{{yes}, {yes}}, []string{"start", ""}, true},
		{"second decides", [][]jaeger.SamplingDecision{{later}, {yes}}, []string{"start", "start"}, true},
		{"no is for good", [][]jaeger.SamplingDecision{{no}, {later, later, yes}}, []string{"start", "start, name b, tag k=1"}, true},
		{"all say no", [][]jaeger.SamplingDecision{{no}, {no}}, []string{"start", "start"}, false},
		{"nobody decides", [][]jaeger.SamplingDecision{{}, {}}, []string{"start, name b, tag k=1, end", "start, name b, tag k=1, end"}, false},
		{"at the end", [][]jaeger.SamplingDecision{{later, later, later, yes}}, []string{"start, name b, tag k=1, end"}, true},
		{"none", nil, nil, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var scripts []*script
			delegates := []jaeger.SamplerV2{nil}
			for _, a := range test.answers {
				scripts = append(scripts, &script{answers: a})
				delegates = append(delegates, scripts[len(scripts)-1])
			}
			r := jaeger.NewInMemoryReporter()
			tracer, closer := jaeger.NewTracer("svc", x.NewPrioritySampler(delegates...), r)
			span := tracer.StartSpan("a")
			span.SetOperationName("b").SetTag("k", 1)
			span.Finish()
			if got := r.SpansSubmitted() == 1; got != test.sampled {
				t.Errorf("got sampled %t, want %t", got, test.sampled)
			}
			closer.Close()
			for i, s := range scripts {
				if got := strings.Join(s.asked, ", "); got != test.want[i] || s.closed != 1 {
					t.Errorf("sampler %d: got %q and %d closes, want %q and 1", i, got, s.closed, test.want[i])
				}
			}
		})
	}
}

// TestPriorityNested: one in the other, with samplers of the root package.
func TestPriorityNested(t *testing.T) {
	t.Parallel()
	inner := x.NewPrioritySampler(x.NewTagMatchingSampler("a", []x.TagMatcher{{TagValue: 1}}), jaeger.NewConstSampler(false))
	tracer, r := traced(t, x.NewPrioritySampler(inner, x.NewTagMatchingSampler("b", []x.TagMatcher{{TagValue: 2}})))
	for _, key := range []string{"a", "b", "c"} {
		tracer.StartSpan(key).SetTag("a", key == "a").SetTag(key, map[string]int{"a": 1, "b": 2}[key]).Finish()
	}
	var got []string
	for _, s := range r.GetSpans() {
		got = append(got, s.(*jaeger.Span).OperationName())
	}
	if got, want := strings.Join(got, " "), "a b"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	var none *x.PrioritySampler
	none.Close()
	_ = none.OnCreateSpan(nil)
	_ = (*x.TagMatchingSampler)(nil).OnSetTag(nil, "k", 1)
	_ = x.NewTagMatchingSampler("k", []x.TagMatcher{{TagValue: 1, Firehose: true}}).OnSetTag(nil, "k", 1)
	_ = (&x.PrioritySampler{}).OnFinishSpan(&jaeger.Span{})
	_ = x.NewPrioritySampler(jaeger.NewConstSampler(true)).OnCreateSpan(&jaeger.Span{})
}
