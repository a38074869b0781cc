// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/opentracing/opentracing-go"

	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/thrift-gen/sampling"
)

func probabilistic(t testing.TB, rate float64) *jaeger.ProbabilisticSampler {
	t.Helper()
	s, err := jaeger.NewProbabilisticSampler(rate)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func guaranteed(bound, rate float64) *jaeger.GuaranteedThroughputProbabilisticSampler {
	s, _ := jaeger.NewGuaranteedThroughputProbabilisticSampler(bound, rate)
	return s
}

// operations has shares for "get" (all) and "put" (none).
func operations(bound float64) *sampling.PerOperationSamplingStrategies {
	return &sampling.PerOperationSamplingStrategies{
		DefaultLowerBoundTracesPerSecond: bound,
		PerOperationStrategies: []*sampling.OperationSamplingStrategy{
			{Operation: "get", ProbabilisticSampling: &sampling.ProbabilisticSamplingStrategy{SamplingRate: 1}},
			{Operation: "put", ProbabilisticSampling: &sampling.ProbabilisticSamplingStrategy{}},
			{Operation: "nothing known"}, nil,
		},
	}
}

func samplerTagsOf(s *jaeger.Span) string {
	tags := s.Tags()
	if tags["sampler.type"] == nil {
		return ""
	}
	return fmt.Sprint(tags["sampler.type"], " ", tags["sampler.param"])
}

// TestSamplersDecide: what the tracer does by a sampler, twice.
func TestSamplersDecide(t *testing.T) {
	t.Parallel()
	late := jaeger.NewPerOperationSampler(jaeger.PerOperationSamplerParams{Strategies: operations(0), OperationNameLateBinding: true})
	for _, test := range []struct {
		name    string
		sampler jaeger.Sampler
		want    string // of operations get, get, put
	}{
		{"const", jaeger.NewConstSampler(true), "const true, const true, const true"},
		{"const no", jaeger.NewConstSampler(false), "no, no, no"},
		{"const literal", &jaeger.ConstSampler{Decision: true}, "yes, yes, yes"},
		{"probabilistic", probabilistic(t, 1), "probabilistic 1, probabilistic 1, probabilistic 1"},
		{"probabilistic no", probabilistic(t, 0), "no, no, no"},
		{"rate limiting", jaeger.NewRateLimitingSampler(1e-6), "ratelimiting 1e-06, no, no"},
		{"rate limiting below 0", jaeger.NewRateLimitingSampler(-1), "no, no, no"},
		{"rate limiting NaN", jaeger.NewRateLimitingSampler(math.NaN()), "no, no, no"},
		{"lower bound", guaranteed(1e-6, 0), "lowerbound 0, no, no"},
		{"guaranteed share", guaranteed(1e-6, 7), "probabilistic 1, probabilistic 1, probabilistic 1"},
		{"per operation", jaeger.NewPerOperationSampler(jaeger.PerOperationSamplerParams{Strategies: operations(1e-6)}), "probabilistic 1, probabilistic 1, lowerbound 0"},
		{"per operation, nil", jaeger.NewPerOperationSampler(jaeger.PerOperationSamplerParams{}), "no, no, no"},
		{"late binding", late, "probabilistic 1, probabilistic 1, no"},
		{"zero probabilistic", &jaeger.ProbabilisticSampler{}, "no, no, no"},
		{"zero rate limiting", &jaeger.RateLimitingSampler{}, "no, no, no"},
		{"zero guaranteed", &jaeger.GuaranteedThroughputProbabilisticSampler{}, "no, no, no"},
		{"zero per operation", &jaeger.PerOperationSampler{}, "no, no, no"},
		{"zero remote", &jaeger.RemotelyControlledSampler{}, "no, no, no"},
		{"nil const", (*jaeger.ConstSampler)(nil), "no, no, no"},
		{"nil remote", (*jaeger.RemotelyControlledSampler)(nil), "no, no, no"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			tracer, _ := traced(t, test.sampler)
			var got []string
			for _, name := range []string{"get", "get", "put"} {
				span := start(t, tracer, name)
				sampled := span.SpanContext().IsSampled()
				span.Finish()
				switch tags := samplerTagsOf(span); {
				case !sampled:
					got = append(got, "no")
				case tags == "":
					got = append(got, "yes")
				default:
					got = append(got, tags)
				}
			}
			if got := strings.Join(got, ", "); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestSamplersAsked: as a SamplerV2 of the program's own asks them.
func TestSamplersAsked(t *testing.T) {
	t.Parallel()
	tracer, _ := traced(t, jaeger.NewConstSampler(true))
	root := start(t, tracer, "get")
	child := start(t, tracer, "get", childOf(root))
	defer child.Finish()
	defer root.Finish()
	perOperation := jaeger.NewPerOperationSampler(jaeger.PerOperationSamplerParams{Strategies: operations(0), OperationNameLateBinding: true})
	remote := jaeger.NewRemotelyControlledSampler("svc", jaeger.SamplerOptions.InitialSampler(jaeger.NewConstSampler(true)),
		jaeger.SamplerOptions.SamplingStrategyFetcher(fetcher(func(string) ([]byte, error) { return nil, errFetch })))
	defer remote.Close()
	for _, test := range []struct {
		name string
		s    jaeger.SamplerV2
		span *jaeger.Span
		want string // of start, name, tag, end
	}{
		{"const", jaeger.NewConstSampler(true), root, "{true false [sampler.type=const sampler.param=true]} {true false [sampler.type=const sampler.param=true]} {false true []} {false true []}"},
		{"probabilistic", probabilistic(t, 0), root, "{false false [sampler.type=probabilistic sampler.param=0]} {false false [sampler.type=probabilistic sampler.param=0]} {false true []} {false true []}"},
		{"rate limiting", jaeger.NewRateLimitingSampler(1), nil, "{false false []} {false false []} {false true []} {false true []}"},
		{"per operation", perOperation, root, "{true true [sampler.type=probabilistic sampler.param=1]} {false false []} {false true []} {false true []}"},
		{"per operation, child", perOperation, child, "{false true []} {false false []} {false true []} {false true []}"},
		{"remote", remote, root, "{true false [sampler.type=const sampler.param=true]} {true false [sampler.type=const sampler.param=true]} {false true []} {false true []}"},
		{"zero", &jaeger.ProbabilisticSampler{}, root, "{false false []} {false false []} {false true []} {false true []}"},
		{"zero remote", &jaeger.RemotelyControlledSampler{}, root, "{false false []} {false false []} {false false []} {false false []}"},
	} {
		var got []string
		for _, d := range []jaeger.SamplingDecision{
			test.s.OnCreateSpan(test.span), test.s.OnSetOperationName(test.span, "put"), test.s.OnSetTag(test.span, "k", 1), test.s.OnFinishSpan(test.span),
		} {
			got = append(got, decision(d))
		}
		if got := strings.Join(got, " "); got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, got, test.want)
		}
	}
}

func decision(d jaeger.SamplingDecision) string {
	var tags []string
	for _, tag := range d.Tags {
		text := fmt.Sprintf("%v", tag) // {key value}
		tags = append(tags, strings.Replace(strings.Trim(text, "{}"), " ", "=", 1))
	}
	return fmt.Sprintf("{%t %t %v}", d.Sample, d.Retryable, tags)
}

func TestSamplersCompared(t *testing.T) {
	t.Parallel()
	rate := probabilistic(t, 0.5)
	limit := jaeger.NewRateLimitingSampler(2)
	for _, test := range []struct {
		name string
		got  bool
		want bool
	}{
		{"const", jaeger.NewConstSampler(true).Equal(jaeger.NewConstSampler(true)), true},
		{"const differs", jaeger.NewConstSampler(true).Equal(jaeger.NewConstSampler(false)), false},
		{"const and nil", jaeger.NewConstSampler(true).Equal(nil), false},
		{"probabilistic", rate.Equal(probabilistic(t, 0.5)), true},
		{"kinds differ", rate.Equal(limit), false},
		{"limit", limit.Equal(jaeger.NewRateLimitingSampler(2)), true},
		{"guaranteed", guaranteed(1, 1).Equal(guaranteed(1, 1)), false},
		{"per operation", (&jaeger.PerOperationSampler{}).Equal(&jaeger.PerOperationSampler{}), false},
		{"remote", (&jaeger.RemotelyControlledSampler{}).Equal(&jaeger.RemotelyControlledSampler{}), false},
		{"base", jaeger.SamplerV2Base{}.Equal(nil), false},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %t, want %t", test.name, test.got, test.want)
		}
	}
}

func TestSamplersDescribed(t *testing.T) {
	t.Parallel()
	adaptive, err := jaeger.NewAdaptiveSampler(operations(2), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		got  any
		want string
	}{
		{jaeger.NewConstSampler(true), "ConstSampler(decision=true)"},
		{probabilistic(t, 0.25), "ProbabilisticSampler(samplingRate=0.25)"},
		{jaeger.NewRateLimitingSampler(2), "RateLimitingSampler(maxTracesPerSecond=2)"},
		{*guaranteed(2, 0.5), "GuaranteedThroughputProbabilisticSampler(lowerBound=2.000000, samplingRate=0.500000)"},
		{adaptive, "PerOperationSampler(defaultSampler=ProbabilisticSampler(samplingRate=0), lowerBound=2.000000, maxOperations=2000, operationNameLateBinding=false, numOperations=2,\n" +
			"samplers=[\n(operationName=get, samplingRate=1)\n(operationName=put, samplingRate=0)])"},
		{&jaeger.PerOperationSampler{}, "PerOperationSampler()"},
	} {
		if got := fmt.Sprint(test.got); got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
}

// TestSamplersUpdated: a tracer follows what Update does.
func TestSamplersUpdated(t *testing.T) {
	t.Parallel()
	for _, rate := range []float64{-0.1, 1.1, math.NaN()} {
		if _, err := jaeger.NewProbabilisticSampler(rate); err == nil {
			t.Errorf("got no error of rate %v", rate)
		}
	}
	s := probabilistic(t, 0)
	tracer, _ := traced(t, s)
	sampled := func() bool {
		span := start(t, tracer, "x")
		defer span.Finish()
		return span.SpanContext().IsSampled()
	}
	if sampled() {
		t.Error("got yes, want no")
	}
	if err := s.Update(2); err == nil || s.SamplingRate() != 0 {
		t.Errorf("got %v and rate %v, want an error and 0", err, s.SamplingRate())
	}
	if err := s.Update(1); err != nil || !sampled() {
		t.Errorf("got %v, or no", err)
	}
	limited := jaeger.NewRateLimitingSampler(1e-6)
	if yes, _ := limited.IsSampled(jaeger.TraceID{Low: 1}, "x"); !yes {
		t.Error("got no, want the first trace")
	}
	limited.Update(2e-6)
	if yes, tags := limited.IsSampled(jaeger.TraceID{Low: 1}, "x"); yes || fmt.Sprint(tags) != "[{sampler.type ratelimiting} {sampler.param 2e-06}]" {
		t.Errorf("got %t %v: want what was used up to stay so, and the new tags", yes, tags)
	}
}

func childOf(s *jaeger.Span) opentracing.StartSpanOption { return opentracing.ChildOf(s.Context()) }
