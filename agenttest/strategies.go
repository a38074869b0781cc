// SPDX-License-Identifier: Apache-2.0

package agenttest

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
)

// strategy is what a service is told: raw if that is set.
type strategy struct {
	rate      float64
	perSecond float64
	limited   bool // perSecond counts, not rate
	operation *PerOperation
	raw       []byte
}

// PerOperation is a strategy by operation: jaeger-idl's PerOperationSamplingStrategies.
type PerOperation struct {
	Default    float64            // defaultSamplingProbability, for operations without a rate of their own
	LowerBound float64            // defaultLowerBoundTracesPerSecond
	UpperBound float64            // defaultUpperBoundTracesPerSecond, not sent if 0
	Rates      map[string]float64 // probability by operation; of none, perOperationStrategies is null as old agents have it
}

// SetProbabilistic has a service sample with this probability.
func (c *ConfigServer) SetProbabilistic(service string, rate float64) {
	c.setStrategy(service, strategy{rate: rate})
}

// SetRateLimiting has a service sample so many traces a second.
func (c *ConfigServer) SetRateLimiting(service string, tracesPerSecond float64) {
	c.setStrategy(service, strategy{perSecond: tracesPerSecond, limited: true})
}

// SetPerOperation has a service sample by operation. As Jaeger does, the answer also has the default as a probabilistic
// strategy, for clients that do not know operations.
func (c *ConfigServer) SetPerOperation(service string, p PerOperation) {
	p.Rates = maps.Clone(p.Rates)
	c.setStrategy(service, strategy{rate: p.Default, operation: &p})
}

// SetRawStrategy has a service get these bytes, JSON or not, at every path for sampling.
func (c *ConfigServer) SetRawStrategy(service, body string) {
	c.setStrategy(service, strategy{raw: []byte(body)})
}

func (c *ConfigServer) setStrategy(service string, s strategy) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.strategies[service] = s
}

// The JSON of sampling strategies, with the enum as number or string.
type strategyJSON struct {
	Type          any                `json:"strategyType"`
	Probabilistic *probabilisticJSON `json:"probabilisticSampling,omitempty"`
	RateLimiting  *rateLimitingJSON  `json:"rateLimitingSampling,omitempty"`
	PerOperation  *perOperationJSON  `json:"operationSampling,omitempty"`
}

type probabilisticJSON struct {
	Rate float64 `json:"samplingRate"`
}

type rateLimitingJSON struct {
	PerSecond float64 `json:"maxTracesPerSecond"`
}

type perOperationJSON struct {
	Default    float64         `json:"defaultSamplingProbability"`
	LowerBound float64         `json:"defaultLowerBoundTracesPerSecond"`
	Operations []operationJSON `json:"perOperationStrategies"`
	UpperBound float64         `json:"defaultUpperBoundTracesPerSecond,omitempty"`
}

type operationJSON struct {
	Operation     string            `json:"operation"`
	Probabilistic probabilisticJSON `json:"probabilisticSampling"`
}

// sampling answers with a service's strategy.
func (c *ConfigServer) sampling(service string, numbers bool) answer {
	c.mu.Lock()
	s, ok := c.strategies[service]
	if !ok {
		s, ok = c.strategies[""]
	}
	c.mu.Unlock()
	if !ok {
		s = strategy{rate: 0.001}
	}
	if s.raw != nil {
		return answer{status: http.StatusOK, contentType: "application/json", body: s.raw}
	}
	var v strategyJSON
	name, number := "PROBABILISTIC", 0
	if s.limited {
		name, number = "RATE_LIMITING", 1
		v.RateLimiting = &rateLimitingJSON{s.perSecond}
	} else {
		v.Probabilistic = &probabilisticJSON{s.rate}
	}
	if v.Type = name; numbers {
		v.Type = number
	}
	if p := s.operation; p != nil {
		v.PerOperation = &perOperationJSON{Default: p.Default, LowerBound: p.LowerBound, UpperBound: p.UpperBound}
		for _, operation := range slices.Sorted(maps.Keys(p.Rates)) {
			v.PerOperation.Operations = append(v.PerOperation.Operations,
				operationJSON{operation, probabilisticJSON{p.Rates[operation]}})
		}
	}
	return asJSON(v)
}

// asJSON answers with v. Only numbers that JSON does not have, as NaN, are an error.
func asJSON(v any) answer {
	body, err := json.Marshal(v)
	if err != nil {
		return refusal(http.StatusInternalServerError, "cannot encode what was set: %v", err)
	}
	return answer{status: http.StatusOK, contentType: "application/json", body: body}
}
