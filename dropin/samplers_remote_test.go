// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uber/jaeger-lib/metrics/metricstest"

	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/testutils"
	"github.com/uber/jaeger-client-go/thrift-gen/sampling"
)

var errFetch = errors.New("no route")

type fetcher func(service string) ([]byte, error)

func (f fetcher) Fetch(service string) ([]byte, error) { return f(service) }

// answers hands out one text a question; "" is an error.
func answers(texts ...string) fetcher {
	var mu sync.Mutex
	return func(string) ([]byte, error) {
		mu.Lock()
		defer mu.Unlock()
		if len(texts) == 0 || texts[0] == "" {
			if len(texts) > 0 {
				texts = texts[1:]
			}
			return nil, errFetch
		}
		text := texts[0]
		texts = texts[1:]
		return []byte(text), nil
	}
}

const (
	halfAnswer  = `{"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":0.5}}`
	threeAnswer = `{"strategyType":1,"rateLimitingSampling":{"maxTracesPerSecond":2.5}}`
	getAnswer   = `{"strategyType":0,"operationSampling":{"defaultSamplingProbability":0.25,"perOperationStrategies":[{"operation":"get","probabilisticSampling":{"samplingRate":1}},{"operation":"put"}]}}`
)

type remoteCase struct {
	name string
	opts []jaeger.SamplerOption
	want []string // behind each answer
}

// TestRemoteSampler: the native one, and those with a part of the program's own.
func TestRemoteSampler(t *testing.T) {
	t.Parallel()
	initial := jaeger.NewConstSampler(true)
	for _, test := range []remoteCase{
		{"native", nil, []string{"ConstSampler(decision=true)", "ProbabilisticSampler(samplingRate=0.5)", "RateLimitingSampler(maxTracesPerSecond=2.5)",
			"PerOperationSampler(defaultSampler=ProbabilisticSampler(samplingRate=0.25)", "PerOperationSampler(defaultSampler"}},
		{"own updater", []jaeger.SamplerOption{jaeger.SamplerOptions.Updaters(&picky{}, &jaeger.AdaptiveSamplerUpdater{}, &jaeger.ProbabilisticSamplerUpdater{}, &jaeger.RateLimitingSamplerUpdater{}, nil)},
			[]string{"ConstSampler(decision=true)", "picky", "RateLimitingSampler(maxTracesPerSecond=3)", "PerOperationSampler(defaultSampler=ProbabilisticSampler(samplingRate=0.25)", "PerOperationSampler(defaultSampler"}},
		{"own parser", []jaeger.SamplerOption{jaeger.SamplerOptions.SamplingStrategyParser(parser{})},
			[]string{"ConstSampler(decision=true)", "ProbabilisticSampler(samplingRate=0.125)", "ProbabilisticSampler(samplingRate=0.125)", "ProbabilisticSampler(samplingRate=0.125)", "ProbabilisticSampler(samplingRate=0.125)"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			factory := metricstest.NewFactory(0)
			asked := make(chan struct{}, 1)
			source, first := answers("", halfAnswer, threeAnswer, getAnswer, "{}"), true
			s := jaeger.NewRemotelyControlledSampler("svc", append([]jaeger.SamplerOption{
				jaeger.SamplerOptions.InitialSampler(initial),
				jaeger.SamplerOptions.Metrics(jaeger.NewMetrics(factory, nil)),
				jaeger.SamplerOptions.SamplingRefreshInterval(time.Hour),
				jaeger.SamplerOptions.Logger(jaeger.NullLogger),
				jaeger.SamplerOptions.SamplingStrategyFetcher(fetcher(func(service string) ([]byte, error) {
					if service != "svc" {
						t.Errorf("got service %q, want svc", service)
					}
					if first {
						first = false
						asked <- struct{}{}
					}
					return source(service)
				})),
			}, test.opts...)...)
			<-asked
			tracer, _ := traced(t, s)
			for i, want := range test.want {
				if i > 0 {
					s.UpdateSampler()
				}
				if got := fmt.Sprint(s.Sampler()); !strings.HasPrefix(got, want) {
					t.Errorf("answer %d: got %s, want %s", i, got, want)
				}
				if a, b := s.Sampler(), s.Sampler(); a != b {
					t.Errorf("answer %d: got %v and %v, want one sampler", i, a, b)
				}
				start(t, tracer, "get").Finish()
			}
			s.Close()
			s.Close()
			s.UpdateSampler()
			counters, _ := factory.Snapshot()
			good, bad := counters["jaeger.tracer.sampler_updates|result=ok"], counters["jaeger.tracer.sampler_queries|result=err"]
			if good < 3 || bad != 1 {
				t.Errorf("got %d good answers and %d failed questions, want 3 or more and 1: %v", good, bad, counters)
			}
		})
	}
}

// picky takes a share of a half for its own.
type picky struct{ jaeger.SamplerV2Base }

func (p *picky) Update(s jaeger.SamplerV2, strategy interface{}) (jaeger.SamplerV2, error) {
	r, ok := strategy.(*sampling.SamplingStrategyResponse)
	if !ok {
		return nil, fmt.Errorf("got a %T", strategy)
	}
	if p := r.GetProbabilisticSampling(); p != nil && p.SamplingRate == 0.5 {
		return &picky{}, nil
	}
	return nil, nil
}

func (p *picky) String() string { return "picky" }
func (p *picky) OnCreateSpan(span *jaeger.Span) jaeger.SamplingDecision {
	span.SetTag("asked", true) // asks the sampler in the midst of asking it
	return jaeger.SamplingDecision{Retryable: true}
}
func (p *picky) OnSetOperationName(*jaeger.Span, string) jaeger.SamplingDecision {
	return jaeger.SamplingDecision{Retryable: true}
}
func (p *picky) OnSetTag(*jaeger.Span, string, interface{}) jaeger.SamplingDecision {
	return jaeger.SamplingDecision{Retryable: true}
}
func (p *picky) OnFinishSpan(*jaeger.Span) jaeger.SamplingDecision {
	return jaeger.SamplingDecision{Sample: true, Tags: []jaeger.Tag{jaeger.NewTag("by", "picky")}}
}

type parser struct{}

func (parser) Parse([]byte) (interface{}, error) {
	return &sampling.SamplingStrategyResponse{ProbabilisticSampling: &sampling.ProbabilisticSamplingStrategy{SamplingRate: 0.125}}, nil
}

// TestRemoteSamplerOfSamplerV2: one to begin with sees spans.
func TestRemoteSamplerOfSamplerV2(t *testing.T) {
	t.Parallel()
	s := jaeger.NewRemotelyControlledSampler("svc", jaeger.SamplerOptions.InitialSampler(&picky{}),
		jaeger.SamplerOptions.SamplingStrategyFetcher(answers()))
	tracer, r := traced(t, s)
	start(t, tracer, "x").Finish()
	if got := r.SpansSubmitted(); got != 1 {
		t.Fatalf("got %d spans, want 1", got)
	}
	if got, want := fmt.Sprint(r.GetSpans()[0].(*jaeger.Span).Tags()), "map[asked:true by:picky]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestRemoteSamplerHostile: parts of the program's that panic, and addresses that
// make no sense, cost the question and nothing else.
func TestRemoteSamplerHostile(t *testing.T) {
	t.Parallel()
	panics := fetcher(func(string) ([]byte, error) { panic("fetcher") })
	for _, test := range []struct {
		name string
		opts []jaeger.SamplerOption
	}{
		{"fetcher panics", []jaeger.SamplerOption{jaeger.SamplerOptions.SamplingStrategyFetcher(panics)}},
		{"fetcher panics before an own parser", []jaeger.SamplerOption{jaeger.SamplerOptions.SamplingStrategyFetcher(panics), jaeger.SamplerOptions.SamplingStrategyParser(parser{})}},
		{"updater panics", []jaeger.SamplerOption{jaeger.SamplerOptions.SamplingStrategyFetcher(answers(halfAnswer, halfAnswer)), jaeger.SamplerOptions.Updaters(bomb{})}},
		{"no updater", []jaeger.SamplerOption{jaeger.SamplerOptions.SamplingStrategyFetcher(answers(halfAnswer, halfAnswer)), jaeger.SamplerOptions.Updaters([]jaeger.SamplerUpdater{nil}...)}},
		{"strategy without shares", []jaeger.SamplerOption{jaeger.SamplerOptions.SamplingStrategyFetcher(answers(`{}`, `{"operationSampling":{"perOperationStrategies":null}}`))}},
		{"url", []jaeger.SamplerOption{jaeger.SamplerOptions.SamplingServerURL("::")}},
		{"nil everything", []jaeger.SamplerOption{nil, jaeger.SamplerOptions.Metrics(nil), jaeger.SamplerOptions.Logger(nil), jaeger.SamplerOptions.InitialSampler(nil),
			jaeger.SamplerOptions.SamplingServerURL("127.0.0.1:1"), jaeger.SamplerOptions.MaxOperations(-1), jaeger.SamplerOptions.SamplingRefreshInterval(-1)}},
		{"empty metrics", []jaeger.SamplerOption{jaeger.SamplerOptions.Metrics(&jaeger.Metrics{}), jaeger.SamplerOptions.SamplingStrategyFetcher(answers())}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := jaeger.NewRemotelyControlledSampler("", test.opts...)
			s.UpdateSampler()
			if s.Sampler() == nil {
				t.Error("got no sampler")
			}
			s.Close()
		})
	}
	var none *jaeger.RemotelyControlledSampler
	none.UpdateSampler()
	none.Close()
	(&jaeger.RemotelyControlledSampler{}).Close()
	for _, u := range []jaeger.SamplerUpdater{&jaeger.ProbabilisticSamplerUpdater{}, &jaeger.RateLimitingSamplerUpdater{}, &jaeger.AdaptiveSamplerUpdater{}} {
		for _, strategy := range []any{nil, 1, (*sampling.SamplingStrategyResponse)(nil), &sampling.SamplingStrategyResponse{}} {
			if s, err := u.Update(nil, strategy); s != nil || err != nil {
				t.Errorf("%T: got %v, %v of %v, want nothing", u, s, err, strategy)
			}
		}
	}
}

type bomb struct{}

func (bomb) Update(jaeger.SamplerV2, interface{}) (jaeger.SamplerV2, error) { panic("updater") }

// TestRemoteSamplerAsksAServer: an agent as the old client's tests have it, over
// HTTP, through both paths.
func TestRemoteSamplerAsksAServer(t *testing.T) {
	t.Parallel()
	agent, err := testutils.StartMockAgent()
	if err != nil {
		t.Fatal(err)
	}
	defer agent.Close()
	agent.AddSamplingStrategy("svc", &sampling.SamplingStrategyResponse{
		StrategyType:         sampling.SamplingStrategyType_RATE_LIMITING,
		RateLimitingSampling: &sampling.RateLimitingSamplingStrategy{MaxTracesPerSecond: 7},
	})
	for _, updaters := range [][]jaeger.SamplerUpdater{nil, {&jaeger.RateLimitingSamplerUpdater{}}} {
		for _, url := range []string{agent.SamplingServerAddr(), "http://" + agent.SamplingServerAddr() + "/x?y=z"} {
			s := jaeger.NewRemotelyControlledSampler("svc", jaeger.SamplerOptions.SamplingServerURL(url), jaeger.SamplerOptions.Updaters(updaters...))
			s.UpdateSampler()
			if got, want := fmt.Sprint(s.Sampler()), "RateLimitingSampler(maxTracesPerSecond=7)"; got != want {
				t.Errorf("%s: got %s, want %s", url, got, want)
			}
			s.Close()
		}
	}
}
