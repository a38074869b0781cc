// SPDX-License-Identifier: Apache-2.0

package config

import (
	"github.com/opentracing/opentracing-go"
	"github.com/uber/jaeger-lib/metrics"

	"github.com/uber/jaeger-client-go"
)

// Option is what cannot be written in a file.
type Option func(c *Options)

// Options are what Option sets.
type Options struct {
	metrics                     metrics.Factory
	logger                      jaeger.Logger
	reporter                    jaeger.Reporter
	sampler                     jaeger.Sampler
	observers                   []jaeger.TracerOption
	formats                     []jaeger.TracerOption
	gen128Bit                   bool
	zipkinSharedRPCSpan         bool
	maxTagValueLength           int
	noDebugFlagOnForcedSampling bool
	tags                        []opentracing.Tag
	randomNumber                func() uint64
}

func applyOptions(options []Option) Options {
	var opts Options
	for _, option := range options {
		if option != nil {
			option(&opts)
		}
	}
	if opts.metrics == nil {
		opts.metrics = metrics.NullFactory
	}
	if opts.logger == nil {
		opts.logger = jaeger.NullLogger
	}
	return opts
}

// Metrics counts into factory; default nowhere.
func Metrics(factory metrics.Factory) Option {
	return func(c *Options) { c.metrics = factory }
}

// Logger is told what goes wrong; default nobody.
func Logger(logger jaeger.Logger) Option {
	return func(c *Options) { c.logger = logger }
}

// Reporter goes before Configuration.Reporter. The tracer closes it.
func Reporter(reporter jaeger.Reporter) Option {
	return func(c *Options) { c.reporter = reporter }
}

// Sampler goes before Configuration.Sampler. The tracer closes it.
func Sampler(sampler jaeger.Sampler) Option {
	return func(c *Options) { c.sampler = sampler }
}

// Observer adds someone who is told of every span.
func Observer(observer jaeger.Observer) Option {
	return func(c *Options) { c.observers = append(c.observers, jaeger.TracerOptions.Observer(observer)) }
}

// ContribObserver adds someone who is told of every span.
func ContribObserver(observer jaeger.ContribObserver) Option {
	return func(c *Options) { c.observers = append(c.observers, jaeger.TracerOptions.ContribObserver(observer)) }
}

// Gen128Bit makes trace ids of 128 bits, as Configuration.Gen128Bit does.
func Gen128Bit(gen128Bit bool) Option {
	return func(c *Options) { c.gen128Bit = gen128Bit }
}

// PoolSpans is accepted and not used: what of a span can be used again, is.
func PoolSpans(poolSpans bool) Option { return func(*Options) {} }

// ZipkinSharedRPCSpan has server spans use the ids of the client's.
func ZipkinSharedRPCSpan(zipkinSharedRPCSpan bool) Option {
	return func(c *Options) { c.zipkinSharedRPCSpan = zipkinSharedRPCSpan }
}

// MaxTagValueLength cuts values, in bytes; default, also for 0 and less, 256.
func MaxTagValueLength(maxTagValueLength int) Option {
	return func(c *Options) { c.maxTagValueLength = maxTagValueLength }
}

// NoDebugFlagOnForcedSampling has sampling.priority leave the debug flag alone.
func NoDebugFlagOnForcedSampling(noDebugFlagOnForcedSampling bool) Option {
	return func(c *Options) { c.noDebugFlagOnForcedSampling = noDebugFlagOnForcedSampling }
}

// Tag adds a tag to the process.
func Tag(key string, value interface{}) Option {
	return func(c *Options) { c.tags = append(c.tags, opentracing.Tag{Key: key, Value: value}) }
}

// Injector writes contexts in a format.
func Injector(format interface{}, injector jaeger.Injector) Option {
	return func(c *Options) {
		c.formats = append(c.formats, jaeger.TracerOptions.Injector(format, injector))
	}
}

// Extractor reads contexts in a format.
func Extractor(format interface{}, extractor jaeger.Extractor) Option {
	return func(c *Options) {
		c.formats = append(c.formats, jaeger.TracerOptions.Extractor(format, extractor))
	}
}

// WithRandomNumber replaces the source of ids, which is called from any goroutine.
func WithRandomNumber(f func() uint64) Option {
	return func(c *Options) { c.randomNumber = f }
}
