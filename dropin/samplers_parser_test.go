// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/thrift-gen/sampling"
)

var strategies = []struct{ text, want string }{
	{halfAnswer, "PROBABILISTIC 0.5"},
	{threeAnswer, "RATE_LIMITING 3/s"},
	{getAnswer, "PROBABILISTIC 0.25 get 1 put -"},
	{`{"strategyType":"RATE_LIMITING","rateLimitingSampling":{"maxTracesPerSecond":1e9}}`, "RATE_LIMITING 32767/s"},
	{`{"rateLimitingSampling":{"maxTracesPerSecond":-1}}`, "PROBABILISTIC 0/s"},
	{`{"rateLimitingSampling":{"maxTracesPerSecond":0.01}}`, "PROBABILISTIC 1/s"},
	{`{"strategyType":"SOMETHING NEW","probabilisticSampling":null,"operationSampling":{"perOperationStrategies":null}}`, "PROBABILISTIC 0"},
	{`{}`, "PROBABILISTIC"},
	{`null`, "PROBABILISTIC"},
	{`[]`, "error"}, {``, "error"}, {`{"probabilisticSampling":{"samplingRate":"x"}}`, "error"},
}

func TestParseStrategy(t *testing.T) {
	t.Parallel()
	for _, test := range strategies {
		s, err := jaeger.ParseStrategy([]byte(test.text))
		got := "error"
		if err == nil {
			got = describeStrategy(s.(*sampling.SamplingStrategyResponse))
		}
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.text, got, test.want)
		}
	}
}

func describeStrategy(s *sampling.SamplingStrategyResponse) string {
	text := s.StrategyType.String()
	if p := s.ProbabilisticSampling; p != nil {
		text += fmt.Sprint(" ", p.SamplingRate)
	}
	if l := s.RateLimitingSampling; l != nil {
		text += fmt.Sprint(" ", l.MaxTracesPerSecond, "/s")
	}
	if o := s.OperationSampling; o != nil {
		text += fmt.Sprint(" ", o.DefaultSamplingProbability)
		for _, op := range o.PerOperationStrategies {
			rate := "-"
			if op.ProbabilisticSampling != nil {
				rate = fmt.Sprint(op.ProbabilisticSampling.SamplingRate)
			}
			text += " " + op.Operation + " " + rate
		}
	}
	return text
}

// FuzzParseStrategy: what is accepted comes back from its own JSON, and makes
// samplers that work.
func FuzzParseStrategy(f *testing.F) {
	for _, s := range strategies {
		f.Add([]byte(s.text))
	}
	f.Add([]byte(`{"operationSampling":{"perOperationStrategies":[null,{"operation":"x","probabilisticSampling":null}]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		parsed, err := jaeger.ParseStrategy(text)
		if err != nil {
			return
		}
		s := parsed.(*sampling.SamplingStrategyResponse)
		again, err := json.Marshal(struct {
			P any `json:"probabilisticSampling"`
			R any `json:"rateLimitingSampling"`
			O any `json:"operationSampling"`
		}{s.ProbabilisticSampling, s.RateLimitingSampling, s.OperationSampling})
		if err != nil {
			t.Fatal(err)
		}
		back, err := jaeger.ParseStrategy(again)
		if err != nil {
			t.Fatalf("%s: %v", again, err)
		}
		b := back.(*sampling.SamplingStrategyResponse)
		b.StrategyType = s.StrategyType
		if !reflect.DeepEqual(s, b) {
			t.Errorf("got %v of %s, want %v", b, again, s)
		}
		for _, u := range []jaeger.SamplerUpdater{&jaeger.AdaptiveSamplerUpdater{}, &jaeger.ProbabilisticSamplerUpdater{}, &jaeger.RateLimitingSamplerUpdater{}} {
			if made, err := u.Update(nil, s); err == nil && made != nil {
				made.OnCreateSpan(&jaeger.Span{})
			}
		}
	})
}
