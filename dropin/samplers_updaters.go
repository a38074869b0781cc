// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jaegerkit/jaeger/sampler"
	"github.com/uber/jaeger-client-go/thrift-gen/sampling"
)

// SamplingStrategyFetcher asks for a service's strategy. It is called by one
// goroutine at a time, or by UpdateSampler's caller.
type SamplingStrategyFetcher interface {
	Fetch(service string) ([]byte, error)
}

// SamplingStrategyParser makes of an answer what the SamplerUpdaters understand.
type SamplingStrategyParser interface {
	Parse(response []byte) (interface{}, error)
}

// SamplerUpdater makes a sampler of a parsed strategy, anew or by changing the one
// in force, which nobody asks meanwhile. It returns nil where the strategy has
// nothing for it; then the next updater is asked.
type SamplerUpdater interface {
	Update(sampler SamplerV2, strategy interface{}) (modified SamplerV2, err error)
}

// ProbabilisticSamplerUpdater understands strategies that have
// GetProbabilisticSampling, as sampling.SamplingStrategyResponse.
type ProbabilisticSamplerUpdater struct{}

// Update implements SamplerUpdater.
func (u *ProbabilisticSamplerUpdater) Update(sampler SamplerV2, strategy interface{}) (SamplerV2, error) {
	r, ok := strategy.(interface {
		GetProbabilisticSampling() *sampling.ProbabilisticSamplingStrategy
	})
	if !ok || isNil(strategy) {
		return nil, nil
	}
	p := r.GetProbabilisticSampling()
	if p == nil {
		return nil, nil
	}
	if s, ok := sampler.(*ProbabilisticSampler); ok && s != nil {
		return s, s.Update(p.SamplingRate)
	}
	return newProbabilisticSampler(p.SamplingRate), nil
}

// RateLimitingSamplerUpdater understands strategies that have
// GetRateLimitingSampling.
type RateLimitingSamplerUpdater struct{}

// Update implements SamplerUpdater.
func (u *RateLimitingSamplerUpdater) Update(sampler SamplerV2, strategy interface{}) (SamplerV2, error) {
	r, ok := strategy.(interface {
		GetRateLimitingSampling() *sampling.RateLimitingSamplingStrategy
	})
	if !ok || isNil(strategy) {
		return nil, nil
	}
	l := r.GetRateLimitingSampling()
	if l == nil {
		return nil, nil
	}
	if s, ok := sampler.(*RateLimitingSampler); ok && s != nil {
		s.Update(float64(l.MaxTracesPerSecond))
		return s, nil
	}
	return NewRateLimitingSampler(float64(l.MaxTracesPerSecond)), nil
}

// AdaptiveSamplerUpdater understands strategies that have GetOperationSampling.
// Its fields are as in PerOperationSamplerParams.
type AdaptiveSamplerUpdater struct {
	MaxOperations            int
	OperationNameLateBinding bool
}

// Update implements SamplerUpdater.
func (u *AdaptiveSamplerUpdater) Update(sampler SamplerV2, strategy interface{}) (SamplerV2, error) {
	r, ok := strategy.(interface {
		GetOperationSampling() *sampling.PerOperationSamplingStrategies
	})
	if !ok || isNil(strategy) {
		return nil, nil
	}
	o := r.GetOperationSampling()
	if o == nil {
		return nil, nil
	}
	if s, ok := sampler.(*PerOperationSampler); ok && s != nil {
		s.update(o)
		return s, nil
	}
	params := PerOperationSamplerParams{Strategies: o}
	if u != nil {
		params.MaxOperations, params.OperationNameLateBinding = u.MaxOperations, u.OperationNameLateBinding
	}
	return NewPerOperationSampler(params), nil
}

// isNil is for getters that read through a nil pointer.
func isNil(strategy interface{}) bool {
	r, ok := strategy.(*sampling.SamplingStrategyResponse)
	return ok && r == nil
}

// polledSampler is a remote sampler whose strategies the program reads itself.
type polledSampler struct {
	fetch    sampler.Fetcher
	parser   SamplingStrategyParser
	updaters []SamplerUpdater
	options  *samplerOptions

	cancel context.CancelFunc
	ctx    context.Context
	done   chan struct{} // closed when the goroutine has returned

	polling sync.Mutex // held while a question is under way
	failing string     // the failure told last; guarded by polling

	mu      sync.RWMutex // held by updaters; guards current
	current SamplerV2
}

const (
	pollingCloseWait = time.Second
	updatePause      = 100 * time.Microsecond
	updateAttempts   = 50000
)

func newPolledSampler(service string, o *samplerOptions) *polledSampler {
	p := &polledSampler{fetch: o.fetch(service), parser: o.parser, updaters: o.updaters, options: o,
		done: make(chan struct{}), current: samplerV2Of(o.sampler)}
	if p.parser == nil {
		p.parser = strategyParser{}
	}
	if p.updaters == nil {
		p.updaters = []SamplerUpdater{
			&AdaptiveSamplerUpdater{MaxOperations: o.maxOperations, OperationNameLateBinding: o.lateBinding},
			&ProbabilisticSamplerUpdater{}, &RateLimitingSamplerUpdater{},
		}
	}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	go p.run()
	return p
}

func (p *polledSampler) run() {
	defer close(p.done)
	ticker := time.NewTicker(p.options.interval)
	defer ticker.Stop()
	for {
		p.poll()
		select {
		case <-ticker.C:
		case <-p.ctx.Done():
			return
		}
	}
}

func (p *polledSampler) sampler() SamplerV2 {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.current
}

// poll asks once. A panic of the program's parts is a failure like another: it
// must not end the process.
func (p *polledSampler) poll() {
	p.polling.Lock()
	defer p.polling.Unlock()
	answered, err := p.ask()
	if p.ctx.Err() != nil {
		return
	}
	defer func() { _ = recover() }() // of a metrics factory or logger
	p.options.count(answered, err)
	p.tell(err)
}

func (p *polledSampler) ask() (answered bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	ctx, cancel := context.WithTimeout(p.ctx, sampler.DefaultFetchTimeout)
	defer cancel()
	body, err := p.fetch(ctx)
	if err != nil {
		return false, err
	}
	strategy, err := p.parser.Parse(body)
	if err != nil {
		return true, err
	}
	return true, p.use(strategy)
}

func (p *polledSampler) use(strategy interface{}) error {
	if err := p.lock(); err != nil {
		return err
	}
	defer p.mu.Unlock()
	for _, u := range p.updaters {
		if u == nil {
			continue
		}
		next, err := u.Update(p.current, strategy)
		if err != nil {
			return err
		}
		if next != nil {
			p.current = next
			return nil
		}
	}
	return fmt.Errorf("sampling strategy %.200v: no updater knows it", strategy)
}

// lock waits until nobody asks the sampler. It does not keep others from asking
// meanwhile, as a Lock that waits does: a sampler that sets a tag on its span
// makes two of them, one in the other.
func (p *polledSampler) lock() error {
	for range updateAttempts {
		if p.mu.TryLock() {
			return nil
		}
		select {
		case <-time.After(updatePause):
		case <-p.ctx.Done():
			return p.ctx.Err()
		}
	}
	return errors.New("the sampler in force is never idle")
}

// during asks the sampler in force while no updater changes it.
func (p *polledSampler) during(ask func(SamplerV2) SamplingDecision) SamplingDecision {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return ask(p.current)
}

// tell logs a failure when it begins or becomes another one.
func (p *polledSampler) tell(err error) {
	text := ""
	if err != nil {
		text = err.Error()
	}
	if text != p.failing && text != "" {
		p.options.logger.Infof("no sampling strategy from the server, keeping the present one: %s", text)
	}
	p.failing = text
}

// close leaves a fetcher behind that goes on for a second longer.
func (p *polledSampler) close() error {
	p.cancel()
	select {
	case <-p.done:
		return nil
	case <-time.After(pollingCloseWait):
		return errStuckFetcher
	}
}
