// SPDX-License-Identifier: Apache-2.0

package testutils

import (
	"encoding/json"
	"net/http"
	"sync"

	"github.com/uber/jaeger-client-go/thrift-gen/sampling"
)

// strategies is the HTTP handler of the sampling server.
type strategies struct {
	mu     sync.Mutex
	byName map[string]interface{}
}

func newStrategies() *strategies { return &strategies{byName: map[string]interface{}{}} }

func (s *strategies) set(service string, strategy interface{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byName[service] = strategy
}

// get returns 1 % for a service that nothing was set for.
func (s *strategies) get(service string) interface{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if strategy, ok := s.byName[service]; ok {
		return strategy
	}
	return &sampling.SamplingStrategyResponse{
		StrategyType:          sampling.SamplingStrategyType_PROBABILISTIC,
		ProbabilisticSampling: &sampling.ProbabilisticSamplingStrategy{SamplingRate: 0.01},
	}
}

func (s *strategies) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	services := r.URL.Query()["service"]
	if len(services) != 1 {
		http.Error(w, "want one 'service' parameter", http.StatusBadRequest)
		return
	}
	body, err := json.Marshal(s.get(services[0]))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
}
