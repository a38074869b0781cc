// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"strconv"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/propagation"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/sampler"
	"github.com/jaegerkit/jaeger/transport"
)

// InitTracer builds the tracer and makes it OpenTracing's global tracer. Call it
// in main and defer Close, which sends what is still buffered.
func (c *Config) InitTracer(opts ...jaeger.Option) (*jaeger.Tracer, error) {
	tracer, err := c.NewTracer(opts...)
	if err != nil {
		return nil, err
	}
	opentracing.SetGlobalTracer(tracer)
	return tracer, nil
}

// NewTracer builds the tracer and nothing else. Options given here win over the
// settings. The error lists everything wrong with c, as Validate does.
func (c *Config) NewTracer(opts ...jaeger.Option) (*jaeger.Tracer, error) {
	var bad problems
	full := c.completed(&bad)
	full.refuseLater(&bad, c)
	if err := bad.err(); err != nil {
		return nil, err
	}
	logger := full.logger()
	own, err := full.options(logger)
	if err != nil {
		return nil, err
	}
	rep, err := full.reporter(logger)
	if err != nil {
		return nil, err
	}
	s, err := full.sampler(logger)
	if err != nil {
		return nil, errors.Join(err, rep.Close())
	}
	service := full.ServiceName
	if service == "" && full.Disabled {
		service = "disabled"
	}
	tracer, err := jaeger.New(service, rep, slices.Concat([]jaeger.Option{jaeger.WithSampler(s)}, own, opts)...)
	if err != nil {
		return nil, errors.Join(err, rep.Close(), stop(s))
	}
	if tracer.Sampler() != s { // an option brought another, and the tracer closes only that
		_ = stop(s) // its question ends with its context
	}
	if full.Logging {
		logger.Info("jaeger: tracing", "service", service, "sampler", fmt.Sprint(tracer.Sampler()), "to", full.target(), "disabled", full.Disabled)
	}
	return tracer, nil
}

func (c *Config) logger() *slog.Logger {
	if c.Logger != nil {
		return slog.New(c.Logger)
	}
	return slog.Default()
}

func (c *Config) sampler(logger *slog.Logger) (sampler.Sampler, error) {
	switch {
	case c.Disabled: // it will not be asked
		return sampler.NewConst(false), nil
	case c.Sampler.Type == "const":
		return sampler.NewConst(c.Sampler.Param != 0), nil
	case c.Sampler.Type == "ratelimiting":
		return sampler.NewRateLimiting(c.Sampler.Param)
	}
	p, err := sampler.NewProbabilistic(c.Sampler.Param)
	if err != nil || c.Sampler.Type == "probabilistic" {
		return p, err
	}
	return sampler.NewRemote(c.ServiceName,
		sampler.WithServer(c.Sampler.ServerURL), sampler.WithInterval(c.Sampler.RefreshInterval),
		sampler.WithMaxOperations(c.Sampler.MaxOperations), sampler.WithInitial(p), sampler.WithLogger(logger))
}

// stop ends the polling of a sampler that no tracer owns.
func stop(s sampler.Sampler) error {
	if c, ok := s.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// reporter queues for the agent and, where asked for, logs each span.
func (c *Config) reporter(logger *slog.Logger) (reporter.Reporter, error) {
	if c.Disabled {
		return reporter.NewDiscard(), nil
	}
	reresolve := c.Reporter.ReconnectInterval
	if c.Reporter.DisableReconnect {
		reresolve = 0
	}
	udp, err := transport.NewUDP(c.target(), transport.WithMaxPacketSize(c.Reporter.MaxPacketSize),
		transport.WithReresolve(reresolve), transport.WithLogger(logger))
	if err != nil {
		return nil, err
	}
	remote := reporter.NewRemote(udp,
		reporter.WithQueueSize(c.Reporter.QueueSize), reporter.WithQueueBytes(c.Reporter.QueueBytes),
		reporter.WithFlushInterval(c.Reporter.FlushInterval), reporter.WithLogger(logger))
	if c.Logging || c.Reporter.LogSpans {
		return reporter.NewMulti(remote, reporter.NewLogging(logger)), nil
	}
	return remote, nil
}

// target is the agent's host:port.
func (c *Config) target() string {
	return net.JoinHostPort(c.Reporter.AgentHost, strconv.Itoa(c.Reporter.AgentPort))
}

func (c *Config) options(logger *slog.Logger) ([]jaeger.Option, error) {
	headers, err := propagation.WithHeaders(propagation.Headers(c.Headers))
	if err != nil {
		return nil, err
	}
	opts := []jaeger.Option{
		jaeger.WithPropagator(opentracing.TextMap, propagation.NewTextMap(headers)),
		jaeger.WithPropagator(opentracing.HTTPHeaders, propagation.NewHTTPHeaders(headers)),
		jaeger.WithMaxTagValueLength(c.MaxTagValueLength),
		jaeger.WithMaxLogValueLength(c.MaxLogValueLength),
		jaeger.WithMaxLogsPerSpan(c.MaxLogsPerSpan),
	}
	if c.Logging {
		opts = append(opts, jaeger.WithLogger(logger))
	}
	if c.TraceID128Bit {
		opts = append(opts, jaeger.With128BitTraceIDs())
	}
	if c.Disabled {
		opts = append(opts, jaeger.WithoutRecording())
	}
	for _, tag := range c.Tags {
		opts = append(opts, jaeger.WithProcessTag(tag.Key, tag.Value))
	}
	return opts, nil
}
