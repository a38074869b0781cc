// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"time"

	"github.com/opentracing/opentracing-go"

	house "github.com/jaegerkit/jaeger"
	"github.com/uber/jaeger-client-go/internal/baggage"
	"github.com/uber/jaeger-client-go/internal/native"
	"github.com/uber/jaeger-client-go/internal/throttler"
)

// TracerOption sets something of a tracer. It is for NewTracer; at any other
// time it does nothing.
type TracerOption func(tracer *Tracer)

// TracerOptions makes them.
var TracerOptions TracerOptionsFactory

// TracerOptionsFactory makes TracerOptions.
type TracerOptionsFactory struct{}

// settings are what the options came to.
type settings struct {
	metrics      *Metrics
	logger       Logger
	headers      *HeadersConfig
	timeNow      func() time.Time
	random, high func() uint64
	wide         bool
	noDebug      bool
	disabled     bool
	maxTagValue  int
	maxLogs      int
	hostIPv4     uint32
	restrictions baggage.RestrictionManager
	throttler    throttler.Throttler
	observers    []house.Observer // that need nothing on this side
}

func newSettings() *settings { return &settings{metrics: nullMetrics(), logger: NullLogger} }

// option does nothing to a tracer that is built already.
func option(set func(t *Tracer, s *settings)) TracerOption {
	return func(t *Tracer) {
		if t != nil && t.settings != nil {
			set(t, t.settings)
		}
	}
}

func init() {
	native.WithoutRecording = option(func(_ *Tracer, s *settings) { s.disabled = true })
}

// Metrics sets where the tracer counts. Counters are brought up to date once a
// second and by Close.
func (TracerOptionsFactory) Metrics(m *Metrics) TracerOption {
	return option(func(_ *Tracer, s *settings) {
		if m != nil {
			s.metrics = m
		}
	})
}

// Logger sets who is told what is wrong.
func (TracerOptionsFactory) Logger(logger Logger) TracerOption {
	return option(func(_ *Tracer, s *settings) {
		if !absent(logger) {
			s.logger = logger
		}
	})
}

// CustomHeaderKeys sets the names of the headers by which contexts travel. Empty
// ones are the default; the first use of the option counts.
func (TracerOptionsFactory) CustomHeaderKeys(headerKeys *HeadersConfig) TracerOption {
	return option(func(_ *Tracer, s *settings) {
		if s.headers == nil {
			s.headers = headerKeys
		}
	})
}

// TimeNow replaces the clock.
func (TracerOptionsFactory) TimeNow(timeNow func() time.Time) TracerOption {
	return option(func(_ *Tracer, s *settings) { s.timeNow = timeNow })
}

// RandomNumber replaces the source of ids, which must be safe from any
// goroutine.
func (TracerOptionsFactory) RandomNumber(randomNumber func() uint64) TracerOption {
	return option(func(_ *Tracer, s *settings) { s.random = randomNumber })
}

// PoolSpans does nothing: a span costs one allocation at most, and its memory is
// reused where no caller can see it.
func (TracerOptionsFactory) PoolSpans(poolSpans bool) TracerOption {
	return option(func(*Tracer, *settings) {})
}

// HostIPv4 sets the process tag ip where no tag does.
//
// Deprecated: use Tag.
func (TracerOptionsFactory) HostIPv4(hostIPv4 uint32) TracerOption {
	return option(func(_ *Tracer, s *settings) { s.hostIPv4 = hostIPv4 })
}

// Injector sets who writes contexts in a format, one of OpenTracing's or the
// program's own.
func (TracerOptionsFactory) Injector(format interface{}, injector Injector) TracerOption {
	return option(func(t *Tracer, _ *settings) { register(&t.injectors, format, injector) })
}

// Extractor sets who reads contexts in a format.
func (TracerOptionsFactory) Extractor(format interface{}, extractor Extractor) TracerOption {
	return option(func(t *Tracer, _ *settings) { register(&t.extractors, format, extractor) })
}

// register guards against formats that cannot be map keys.
func register[T any](m *map[interface{}]T, format interface{}, p T) {
	if absent(p) {
		return
	}
	if *m == nil {
		*m = map[interface{}]T{}
	}
	defer func() { _ = recover() }()
	(*m)[format] = p
}

// Observer adds someone who is told of spans.
//
// Deprecated: use ContribObserver.
func (t TracerOptionsFactory) Observer(observer Observer) TracerOption {
	if absent(observer) {
		return t.ContribObserver(nil)
	}
	if n, ok := observer.(native.Observer); ok {
		if behind := n.NativeObserver(observer); behind != nil {
			return option(func(_ *Tracer, s *settings) { s.observers = append(s.observers, behind) })
		}
	}
	return t.ContribObserver(oldObserver{observer})
}

// ContribObserver adds someone who is told of spans.
func (TracerOptionsFactory) ContribObserver(observer ContribObserver) TracerOption {
	return option(func(t *Tracer, _ *settings) {
		if !absent(observer) {
			t.observers = append(t.observers, observer)
		}
	})
}

type oldObserver struct{ o Observer }

func (o oldObserver) OnStartSpan(_ opentracing.Span, operationName string, options opentracing.StartSpanOptions) (ContribSpanObserver, bool) {
	so := o.o.OnStartSpan(operationName, options)
	return so, so != nil
}

// Gen128Bit makes trace ids of 128 bits.
func (TracerOptionsFactory) Gen128Bit(gen128Bit bool) TracerOption {
	return option(func(_ *Tracer, s *settings) { s.wide = gen128Bit })
}

// NoDebugFlagOnForcedSampling has sampling.priority sample without the debug
// flag.
func (TracerOptionsFactory) NoDebugFlagOnForcedSampling(noDebugFlagOnForcedSampling bool) TracerOption {
	return option(func(_ *Tracer, s *settings) { s.noDebug = noDebugFlagOnForcedSampling })
}

// HighTraceIDGenerator replaces the source of the high half of trace ids of 128
// bits.
func (TracerOptionsFactory) HighTraceIDGenerator(highTraceIDGenerator func() uint64) TracerOption {
	return option(func(_ *Tracer, s *settings) { s.high = highTraceIDGenerator })
}

// MaxTagValueLength cuts longer values, to that many bytes; default 256.
func (TracerOptionsFactory) MaxTagValueLength(maxTagValueLength int) TracerOption {
	return option(func(_ *Tracer, s *settings) { s.maxTagValue = maxTagValueLength })
}

// MaxLogsPerSpan bounds the logs of a span; default 1000. Of more, the first and
// the newest are kept.
func (TracerOptionsFactory) MaxLogsPerSpan(maxLogsPerSpan int) TracerOption {
	return option(func(_ *Tracer, s *settings) { s.maxLogs = maxLogsPerSpan })
}

// ZipkinSharedRPCSpan gives server spans the ids of the client's span.
func (TracerOptionsFactory) ZipkinSharedRPCSpan(zipkinSharedRPCSpan bool) TracerOption {
	return option(func(t *Tracer, _ *settings) { t.zipkinShared = zipkinSharedRPCSpan })
}

// Tag adds a tag of the process.
func (TracerOptionsFactory) Tag(key string, value interface{}) TracerOption {
	return option(func(t *Tracer, _ *settings) { t.tags = append(t.tags, Tag{key, value}) })
}

// BaggageRestrictionManager sets which baggage may be set.
func (TracerOptionsFactory) BaggageRestrictionManager(mgr baggage.RestrictionManager) TracerOption {
	return option(func(_ *Tracer, s *settings) {
		if !absent(mgr) {
			s.restrictions = mgr
		}
	})
}

// DebugThrottler sets who is asked before a trace is forced.
func (TracerOptionsFactory) DebugThrottler(throttler throttler.Throttler) TracerOption {
	return option(func(_ *Tracer, s *settings) {
		if !absent(throttler) {
			s.throttler = throttler
		}
	})
}

// limits are the options for numbers that are not the default.
func (s *settings) limits() (opts []house.Option) {
	if s.maxTagValue > 0 {
		opts = append(opts, house.WithMaxTagValueLength(s.maxTagValue))
	}
	if s.maxLogs > 0 {
		opts = append(opts, house.WithMaxLogsPerSpan(s.maxLogs))
	}
	return opts
}
