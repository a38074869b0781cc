// SPDX-License-Identifier: Apache-2.0

package sampler

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jaegerkit/jaeger/internal/fetch"
)

// strategy is what a sampling server answers: SamplingStrategyResponse of
// jaeger-idl's sampling.thrift and api_v2/sampling.proto, written as JSON.
type strategy struct {
	kind       strategyKind
	rate       float64    // probability, or traces per second
	operations Strategies // of perOperation only
}

type strategyKind uint8

const (
	perOperation strategyKind = iota + 1
	probabilistic
	rateLimiting
)

// parseStrategy reads the answer of any generation of server. The part that
// counts is the first there is of operationSampling, probabilisticSampling and
// rateLimitingSampling; strategyType, a name or a number as the server is newer
// or older, adds nothing to that and is not read. Null and a part that is not
// there are the same, and a number that is not there is 0, as in proto3's JSON;
// numbers may have fractions, any size, and quotes around them. A listed
// operation without a probability is sampled like those not listed. An answer
// without any strategy, or with a number out of its range, is an error as a
// whole: the last good one is better than half of this one.
func parseStrategy(body []byte) (strategy, error) {
	if len(body) > fetch.LongestAnswer {
		return strategy{}, fetch.ErrTooLong
	}
	var answer struct {
		OperationSampling     *operationSampling
		ProbabilisticSampling *probabilisticSampling
		RateLimitingSampling  *struct{ MaxTracesPerSecond number }
	}
	err := json.Unmarshal(body, &answer)
	if err != nil {
		return strategy{}, fmt.Errorf("sampling strategy %q: %w", shorten(string(body)), err)
	}
	var s strategy
	switch {
	case answer.OperationSampling != nil:
		s = strategy{kind: perOperation, operations: answer.OperationSampling.strategies()}
		err = s.operations.validate()
	case answer.ProbabilisticSampling != nil:
		s = strategy{kind: probabilistic, rate: float64(answer.ProbabilisticSampling.SamplingRate)}
		_, err = NewProbabilistic(s.rate)
	case answer.RateLimitingSampling != nil:
		s = strategy{kind: rateLimiting, rate: float64(answer.RateLimitingSampling.MaxTracesPerSecond)}
		_, err = NewRateLimiting(s.rate)
	default:
		err = errors.New("want one of operationSampling, probabilisticSampling and rateLimitingSampling")
	}
	if err != nil {
		return strategy{}, fmt.Errorf("sampling strategy %q: %w", shorten(string(body)), err)
	}
	return s, nil
}

// The fields are the server's, found whatever their case.
type (
	operationSampling struct {
		DefaultSamplingProbability       number
		DefaultLowerBoundTracesPerSecond number
		PerOperationStrategies           []*struct {
			Operation             string
			ProbabilisticSampling *probabilisticSampling
		}
	}
	probabilisticSampling struct{ SamplingRate number }
)

func (o *operationSampling) strategies() Strategies {
	s := Strategies{DefaultRate: float64(o.DefaultSamplingProbability), LowerBound: float64(o.DefaultLowerBoundTracesPerSecond)}
	for _, p := range o.PerOperationStrategies {
		if p != nil && p.ProbabilisticSampling != nil {
			s.Operations = append(s.Operations, OperationRate{p.Operation, float64(p.ProbabilisticSampling.SamplingRate)})
		}
	}
	return s
}

// number is a JSON number, also in quotes.
type number float64

// UnmarshalJSON implements json.Unmarshaler.
func (n *number) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	var digits json.Number
	if json.Unmarshal(text, &digits) != nil {
		return fmt.Errorf("%s: want a number", shorten(string(text)))
	}
	f, err := digits.Float64()
	if err != nil {
		return fmt.Errorf("%s: want a smaller number", shorten(string(text)))
	}
	*n = number(f + 0) // no minus before a 0
	return nil
}

// succession makes the samplers of one server's answers. What a sampler has used
// up of its limits goes on in the next of its kind, also when another kind was
// in force in between. Used by one goroutine.
type succession struct {
	maxOperations int
	lateBinding   bool
	limiting      *RateLimiting
	operations    *PerOperation
}

func (c *succession) sampler(s strategy) (Sampler, error) {
	switch s.kind {
	case perOperation:
		last := c.operations
		if last == nil {
			last = &PerOperation{limit: c.maxOperations}
		}
		s.operations.LateBinding = c.lateBinding
		next, err := last.Next(s.operations)
		if err != nil {
			return nil, err
		}
		c.operations = next
		return next, nil
	case rateLimiting:
		if c.limiting != nil && c.limiting.rate == s.rate {
			return c.limiting, nil
		}
		next, err := NewRateLimiting(s.rate)
		if c.limiting != nil {
			next, err = c.limiting.Next(s.rate)
		}
		if err != nil {
			return nil, err
		}
		c.limiting = next
		return next, nil
	}
	return NewProbabilistic(s.rate)
}
