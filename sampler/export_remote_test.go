// SPDX-License-Identifier: Apache-2.0

package sampler

import "github.com/jaegerkit/jaeger/internal/fetch"

// Answer is a parsed answer of a sampling server, open to the tests.
type Answer struct {
	Kind       string
	Rate       float64
	Operations Strategies
}

// ParseStrategy opens parseStrategy.
func ParseStrategy(body []byte) (Answer, error) {
	s, err := parseStrategy(body)
	kinds := []string{"", "perOperation", "probabilistic", "rateLimiting"}
	return Answer{kinds[s.kind], s.rate, s.operations}, err
}

// Succession opens succession.
type Succession struct{ succession }

// NewSuccession starts one for at most so many operations.
func NewSuccession(maxOperations int) *Succession {
	return &Succession{succession{maxOperations: maxOperations}}
}

// Next is the sampler of a further answer.
func (s *Succession) Next(a Answer) (Sampler, error) {
	kinds := map[string]strategyKind{"perOperation": perOperation, "probabilistic": probabilistic, "rateLimiting": rateLimiting}
	return s.sampler(strategy{kinds[a.Kind], a.Rate, a.Operations})
}

// SamplingURL opens samplingServer.
func SamplingURL(address, service string) (string, error) {
	s, err := samplingServer(address, service, nil)
	if err != nil {
		return "", err
	}
	return s.URL(), nil
}

// Known counts the operations that have a sampler of their own.
func (p *PerOperation) Known() (n int) {
	for i := range p.chains {
		for o := p.chains[i].Load(); o != nil; o = o.next {
			n++
		}
	}
	return n
}

// OneChain puts all operations to come into one chain, where goroutines meet.
func (p *PerOperation) OneChain() { p.chains = p.chains[:1] }

// Meet opens meet, without the look at the room before it.
func (p *PerOperation) Meet(name string) bool { return p.meet(p.chain(name), name) != nil }

const (
	LongestAnswer = fetch.LongestAnswer
	LongestName   = longestName
	CloseGrace    = fetch.Grace
	TellInterval  = fetch.TellInterval
)
