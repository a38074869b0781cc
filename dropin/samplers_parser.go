// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"encoding/json"
	"fmt"

	"github.com/uber/jaeger-client-go/thrift-gen/sampling"
)

// strategyParser reads the JSON of Jaeger's sampling servers of any generation:
// the type as a name or a number, lists and parts that are null, rates with
// fractions or beyond an int16, which become whole numbers up to that.
type strategyParser struct{}

// Parse returns a *sampling.SamplingStrategyResponse.
func (strategyParser) Parse(response []byte) (interface{}, error) {
	var answer struct {
		StrategyType          json.RawMessage
		ProbabilisticSampling *sampling.ProbabilisticSamplingStrategy
		RateLimitingSampling  *struct{ MaxTracesPerSecond float64 }
		OperationSampling     *sampling.PerOperationSamplingStrategies
	}
	if err := json.Unmarshal(response, &answer); err != nil {
		return nil, fmt.Errorf("sampling strategy %.200q: %w", response, err)
	}
	strategy := sampling.NewSamplingStrategyResponse()
	strategy.ProbabilisticSampling = answer.ProbabilisticSampling
	if l := answer.RateLimitingSampling; l != nil {
		strategy.RateLimitingSampling = &sampling.RateLimitingSamplingStrategy{MaxTracesPerSecond: wholeNumber(l.MaxTracesPerSecond)}
	}
	strategy.OperationSampling = answer.OperationSampling
	strategy.StrategyType = strategyType(answer.StrategyType)
	return strategy, nil
}

// strategyType is probabilistic if it makes no sense: what counts are the parts.
func strategyType(text json.RawMessage) sampling.SamplingStrategyType {
	var number int64
	if json.Unmarshal(text, &number) == nil {
		return sampling.SamplingStrategyType(number)
	}
	var name string
	if json.Unmarshal(text, &name) == nil {
		if t, err := sampling.SamplingStrategyTypeFromString(name); err == nil {
			return t
		}
	}
	return sampling.SamplingStrategyType_PROBABILISTIC
}
