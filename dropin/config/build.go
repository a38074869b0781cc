// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/opentracing/opentracing-go"
	"github.com/uber/jaeger-lib/metrics"

	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/internal/native"
	"github.com/uber/jaeger-client-go/rpcmetrics"
	"github.com/uber/jaeger-client-go/transport"
	"github.com/uber/jaeger-client-go/utils"
)

const defaultSamplingProbability = 0.001

var errNoServiceName = errors.New("no service name: set serviceName or " + envServiceName)

// New is NewTracer for the named service; "" keeps ServiceName.
func (c Configuration) New(serviceName string, options ...Option) (opentracing.Tracer, io.Closer, error) {
	if serviceName != "" {
		c.ServiceName = serviceName
	}
	return c.NewTracer(options...)
}

// InitGlobalTracer makes a tracer and sets it as opentracing's global one.
func (c Configuration) InitGlobalTracer(serviceName string, options ...Option) (io.Closer, error) {
	tracer, closer, err := c.New(serviceName, options...)
	if err != nil {
		return nil, err
	}
	opentracing.SetGlobalTracer(tracer)
	return closer, nil
}

// NewTracer makes a tracer. Closing closer sends what is buffered.
func (c Configuration) NewTracer(options ...Option) (opentracing.Tracer, io.Closer, error) {
	opts := applyOptions(options)
	if c.Disabled {
		tracer, closer := c.disabled(&opts)
		return tracer, closer, nil
	}
	if c.ServiceName == "" {
		return nil, nil, errNoServiceName
	}
	counts := jaeger.NewMetrics(opts.metrics, nil)
	sampler, reporter, err := c.parts(&opts, counts)
	if err != nil {
		return nil, nil, err
	}
	set := append(c.common(&opts),
		jaeger.TracerOptions.Metrics(counts),
		jaeger.TracerOptions.MaxTagValueLength(opts.maxTagValueLength),
		jaeger.TracerOptions.NoDebugFlagOnForcedSampling(opts.noDebugFlagOnForcedSampling))
	set = append(set, opts.observers...)
	if c.RPCMetrics {
		namespace := metrics.NSOptions{Name: "jaeger-rpc", Tags: map[string]string{"component": "jaeger"}}
		set = append(set, jaeger.TracerOptions.Observer(
			rpcmetrics.NewObserver(opts.metrics.Namespace(namespace), rpcmetrics.DefaultNameNormalizer)))
	}
	if r := c.restrictions(opts.logger, counts); r != nil {
		set = append(set, jaeger.TracerOptions.BaggageRestrictionManager(r))
	}
	if c.Throttler != nil {
		set = append(set, jaeger.TracerOptions.DebugThrottler(&throttler{config: *c.Throttler, service: c.ServiceName, logger: opts.logger, metrics: counts}))
	}
	tracer, closer := jaeger.NewTracer(c.ServiceName, sampler, reporter, set...)
	return tracer, closer, nil
}

// common are the options that a disabled tracer has, too.
func (c *Configuration) common(opts *Options) []jaeger.TracerOption {
	set := []jaeger.TracerOption{
		jaeger.TracerOptions.Logger(opts.logger),
		jaeger.TracerOptions.CustomHeaderKeys(c.Headers),
		jaeger.TracerOptions.ZipkinSharedRPCSpan(opts.zipkinSharedRPCSpan),
	}
	if c.Gen128Bit || opts.gen128Bit {
		set = append(set, jaeger.TracerOptions.Gen128Bit(true))
	}
	if opts.randomNumber != nil {
		set = append(set, jaeger.TracerOptions.RandomNumber(opts.randomNumber))
	}
	for _, tag := range append(opts.tags[:len(opts.tags):len(opts.tags)], c.Tags...) {
		set = append(set, jaeger.TracerOptions.Tag(tag.Key, tag.Value))
	}
	return append(set, opts.formats...)
}

// disabled is a tracer that only passes contexts on.
func (c *Configuration) disabled(opts *Options) (opentracing.Tracer, io.Closer) {
	set := c.common(opts)
	if without, ok := native.WithoutRecording.(jaeger.TracerOption); ok {
		set = append(set, without)
	}
	return jaeger.NewTracer(c.ServiceName, jaeger.NewConstSampler(false), jaeger.NewNullReporter(), set...)
}

// parts are the sampler and the reporter, the program's own or made here.
func (c *Configuration) parts(opts *Options, counts *jaeger.Metrics) (sampler jaeger.Sampler, reporter jaeger.Reporter, err error) {
	if sampler = opts.sampler; sampler == nil {
		config := c.Sampler
		if config == nil {
			config = &SamplerConfig{Type: jaeger.SamplerTypeRemote}
		}
		if sampler, err = config.newSampler(c.ServiceName, counts, opts.logger); err != nil {
			return nil, nil, err
		}
	}
	if reporter = opts.reporter; reporter == nil {
		config := c.Reporter
		if config == nil {
			config = &ReporterConfig{}
		}
		if reporter, err = config.NewReporter(c.ServiceName, counts, opts.logger); err != nil {
			if opts.sampler == nil {
				sampler.Close()
			}
			return nil, nil, err
		}
	}
	return sampler, reporter, nil
}

// NewSampler makes the sampler for the named service. A remote one begins to ask.
func (sc *SamplerConfig) NewSampler(serviceName string, metrics *jaeger.Metrics) (jaeger.Sampler, error) {
	return sc.newSampler(serviceName, metrics, nil)
}

func (sc *SamplerConfig) newSampler(service string, metrics *jaeger.Metrics, logger jaeger.Logger) (jaeger.Sampler, error) {
	if sc == nil {
		sc = &SamplerConfig{}
	}
	switch strings.ToLower(sc.Type) {
	case jaeger.SamplerTypeConst:
		return jaeger.NewConstSampler(sc.Param != 0), nil
	case jaeger.SamplerTypeProbabilistic:
		return sc.probabilistic(sc.Param)
	case jaeger.SamplerTypeRateLimiting:
		return jaeger.NewRateLimitingSampler(sc.Param), nil
	case jaeger.SamplerTypeRemote, "":
	default:
		return nil, fmt.Errorf("unknown sampler type %q: want const, probabilistic, rateLimiting or remote", sc.Type)
	}
	param := sc.Param
	if param == 0 {
		param = defaultSamplingProbability
	}
	initial, err := sc.probabilistic(param)
	if err != nil {
		return nil, err
	}
	options := []jaeger.SamplerOption{
		jaeger.SamplerOptions.Metrics(metrics),
		jaeger.SamplerOptions.Logger(logger),
		jaeger.SamplerOptions.InitialSampler(initial),
		jaeger.SamplerOptions.SamplingServerURL(sc.SamplingServerURL),
		jaeger.SamplerOptions.MaxOperations(sc.MaxOperations),
		jaeger.SamplerOptions.OperationNameLateBinding(sc.OperationNameLateBinding),
		jaeger.SamplerOptions.SamplingRefreshInterval(sc.SamplingRefreshInterval),
	}
	return jaeger.NewRemotelyControlledSampler(service, append(options, sc.Options...)...), nil
}

func (sc *SamplerConfig) probabilistic(param float64) (jaeger.Sampler, error) {
	s, err := jaeger.NewProbabilisticSampler(param)
	if err != nil {
		return nil, fmt.Errorf("sampler %q: param: %w", sc.Type, err)
	}
	return s, nil
}

// NewReporter makes the reporter, which has a goroutine that its Close ends. Nil
// metrics and a nil logger are fine.
func (rc *ReporterConfig) NewReporter(serviceName string, metrics *jaeger.Metrics, logger jaeger.Logger) (jaeger.Reporter, error) {
	if rc == nil {
		rc = &ReporterConfig{}
	}
	sender, err := rc.newTransport(logger)
	if err != nil {
		return nil, err
	}
	reporter := jaeger.NewRemoteReporter(sender,
		jaeger.ReporterOptions.QueueSize(rc.QueueSize),
		jaeger.ReporterOptions.BufferFlushInterval(rc.BufferFlushInterval),
		jaeger.ReporterOptions.Logger(logger),
		jaeger.ReporterOptions.Metrics(metrics))
	if rc.LogSpans && logger != nil {
		reporter = jaeger.NewCompositeReporter(jaeger.NewLoggingReporter(logger), reporter)
	}
	return reporter, nil
}

func (rc *ReporterConfig) newTransport(logger jaeger.Logger) (jaeger.Transport, error) {
	if rc.CollectorEndpoint != "" {
		options := []transport.HTTPOption{transport.HTTPHeaders(rc.HTTPHeaders)}
		if rc.User != "" && rc.Password != "" {
			options = append(options, transport.HTTPBasicAuth(rc.User, rc.Password))
		}
		return transport.NewHTTPTransport(rc.CollectorEndpoint, options...), nil
	}
	sender, err := jaeger.NewUDPTransportWithParams(jaeger.UDPTransportParams{
		AgentClientUDPParams: utils.AgentClientUDPParams{
			HostPort:                   rc.LocalAgentHostPort,
			Logger:                     logger,
			DisableAttemptReconnecting: rc.DisableAttemptReconnecting,
			AttemptReconnectInterval:   rc.AttemptReconnectInterval,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("localAgentHostPort: %w", err)
	}
	return sender, nil
}
