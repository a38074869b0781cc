// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"time"

	"github.com/jaegerkit/jaeger/sampler"
)

// SamplerOption configures NewRemotelyControlledSampler.
type SamplerOption func(options *samplerOptions)

// SamplerOptions has the SamplerOptions for its methods.
var SamplerOptions SamplerOptionsFactory

// SamplerOptionsFactory is the type of SamplerOptions.
type SamplerOptionsFactory struct{}

type samplerOptions struct {
	metrics       *Metrics
	maxOperations int
	lateBinding   bool
	sampler       Sampler
	logger        Logger
	serverURL     string
	interval      time.Duration
	fetcher       SamplingStrategyFetcher
	parser        SamplingStrategyParser // nil for the default
	updaters      []SamplerUpdater       // nil for the default
}

func (o *samplerOptions) setDefaults() {
	if o.metrics == nil {
		o.metrics = NewNullMetrics()
	}
	if o.maxOperations <= 0 {
		o.maxOperations = defaultMaxOperations
	}
	if o.sampler == nil {
		o.sampler = newProbabilisticSampler(defaultInitialRate)
	}
	if absent(o.logger) {
		o.logger = NullLogger
	}
	if o.serverURL == "" {
		o.serverURL = DefaultSamplingServerURL
	}
	if o.interval <= 0 {
		o.interval = sampler.DefaultInterval
	}
	o.interval = max(o.interval, shortestPollingWait)
}

// Metrics counts questions and answers; default nowhere.
func (SamplerOptionsFactory) Metrics(m *Metrics) SamplerOption {
	return func(o *samplerOptions) { o.metrics = m }
}

// MaxOperations sets how many operations have a sampler of their own; default,
// also below 1, 2000.
func (SamplerOptionsFactory) MaxOperations(maxOperations int) SamplerOption {
	return func(o *samplerOptions) { o.maxOperations = maxOperations }
}

// OperationNameLateBinding is PerOperationSamplerParams.OperationNameLateBinding.
func (SamplerOptionsFactory) OperationNameLateBinding(enable bool) SamplerOption {
	return func(o *samplerOptions) { o.lateBinding = enable }
}

// InitialSampler sets the sampler until a server has answered, which stays its
// owner's to close; default, also nil, a ProbabilisticSampler of 0.001.
func (SamplerOptionsFactory) InitialSampler(sampler Sampler) SamplerOption {
	return func(o *samplerOptions) { o.sampler = sampler }
}

// Logger is told of failures and changes, in at most a line a minute; default
// none.
func (SamplerOptionsFactory) Logger(logger Logger) SamplerOption {
	return func(o *samplerOptions) { o.logger = logger }
}

// SamplingServerURL sets where to ask: a URL, or host:port. Default
// DefaultSamplingServerURL.
func (SamplerOptionsFactory) SamplingServerURL(samplingServerURL string) SamplerOption {
	return func(o *samplerOptions) { o.serverURL = samplingServerURL }
}

// SamplingRefreshInterval sets the time between two questions, give or take a
// tenth; default, also for 0 and less, a minute.
func (SamplerOptionsFactory) SamplingRefreshInterval(samplingRefreshInterval time.Duration) SamplerOption {
	return func(o *samplerOptions) { o.interval = samplingRefreshInterval }
}

// SamplingStrategyFetcher asks by other means than HTTP.
func (SamplerOptionsFactory) SamplingStrategyFetcher(fetcher SamplingStrategyFetcher) SamplerOption {
	return func(o *samplerOptions) { o.fetcher = fetcher }
}

// SamplingStrategyParser reads answers that are not a Jaeger server's.
func (SamplerOptionsFactory) SamplingStrategyParser(parser SamplingStrategyParser) SamplerOption {
	return func(o *samplerOptions) { o.parser = parser }
}

// Updaters make samplers of answers, in place of those of this package.
func (SamplerOptionsFactory) Updaters(updaters ...SamplerUpdater) SamplerOption {
	return func(o *samplerOptions) { o.updaters = updaters }
}
