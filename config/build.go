// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/sampler"
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
	full, err := c.complete()
	if err != nil {
		return nil, err
	}
	b := &builder{Config: full, log: full.logger()}
	tracer, err := b.build(opts)
	if err != nil {
		for _, made := range b.made {
			err = errors.Join(err, made.Close())
		}
		return nil, err
	}
	if full.Logging {
		b.log.Info("jaeger: tracing", "service", tracer.Process().ServiceName, "sampler", fmt.Sprint(tracer.Sampler()), "to", b.target(), "disabled", full.Disabled)
	}
	return tracer, nil
}

// builder makes the parts of one tracer out of complete settings.
type builder struct {
	*Config
	log     *slog.Logger
	made    []io.Closer // what has to be closed if no tracer comes of it
	numbers sources
}

func (b *builder) build(opts []jaeger.Option) (*jaeger.Tracer, error) {
	rep, err := b.reporter()
	if err != nil {
		return nil, err
	}
	b.made = append(b.made, rep)
	s, err := b.sampler()
	if err != nil {
		return nil, err
	}
	b.made = append(b.made, closer(s))
	own, err := b.options()
	if err != nil {
		return nil, err
	}
	service := b.ServiceName
	if service == "" && b.Disabled {
		service = "disabled"
	}
	tracer, err := jaeger.New(service, rep, slices.Concat([]jaeger.Option{jaeger.WithSampler(s)}, own, opts)...)
	if err != nil {
		return nil, err
	}
	if tracer.Sampler() != s { // an option brought another, and the tracer closes only that
		_ = closer(s).Close() // its question ends with its context
	}
	b.numbers.tracer.Store(tracer)
	return tracer, nil
}

// closer is how to end what a part does in the background, if anything.
func closer(part any) io.Closer {
	if c, ok := part.(io.Closer); ok {
		return c
	}
	return idle{}
}

type idle struct{}

func (idle) Close() error { return nil }

func (c *Config) logger() *slog.Logger {
	if c.Logger != nil {
		return slog.New(c.Logger)
	}
	return slog.Default()
}

func (b *builder) sampler() (sampler.Sampler, error) {
	switch {
	case b.Disabled: // it will not be asked
		return sampler.NewConst(false), nil
	case b.Sampler.Type == "const":
		return sampler.NewConst(b.Sampler.Param != 0), nil
	case b.Sampler.Type == "ratelimiting":
		return sampler.NewRateLimiting(b.Sampler.Param)
	}
	p, err := sampler.NewProbabilistic(b.Sampler.Param)
	if err != nil || b.Sampler.Type == "probabilistic" {
		return p, err
	}
	opts := []sampler.RemoteOption{
		sampler.WithServer(b.Sampler.ServerURL), sampler.WithInterval(b.Sampler.RefreshInterval),
		sampler.WithMaxOperations(b.Sampler.MaxOperations), sampler.WithInitial(p), sampler.WithLogger(b.log),
	}
	if b.Sampler.OperationNameLateBinding {
		opts = append(opts, sampler.WithLateBinding())
	}
	return sampler.NewRemote(b.ServiceName, opts...)
}

// reporter queues for the agent or a collector and, where asked for, logs each span.
func (b *builder) reporter() (reporter.Reporter, error) {
	if b.Disabled {
		return reporter.NewDiscard(), nil
	}
	to := b.ReportTo
	if to == nil {
		sender, err := b.sender()
		if err != nil {
			return nil, err
		}
		to = reporter.NewRemote(sender,
			reporter.WithQueueSize(b.Reporter.QueueSize), reporter.WithQueueBytes(b.Reporter.QueueBytes),
			reporter.WithFlushInterval(b.Reporter.FlushInterval), reporter.WithLogger(b.log))
	}
	if b.Logging || b.Reporter.LogSpans {
		return reporter.NewMulti(to, reporter.NewLogging(b.log)), nil
	}
	return to, nil
}

// options are the tracer's, from the settings.
func (b *builder) options() ([]jaeger.Option, error) {
	opts := []jaeger.Option{
		jaeger.WithMaxTagValueLength(b.MaxTagValueLength),
		jaeger.WithMaxLogValueLength(b.MaxLogValueLength),
		jaeger.WithMaxLogsPerSpan(b.MaxLogsPerSpan),
	}
	for _, o := range []struct {
		on  bool
		opt func() jaeger.Option
	}{
		{b.Logging, func() jaeger.Option { return jaeger.WithLogger(b.log) }},
		{b.TraceID128Bit, jaeger.With128BitTraceIDs},
		{b.Disabled, jaeger.WithoutRecording},
		{b.NoDebugFlag, jaeger.WithoutDebugFlag},
		{b.ZipkinSharedSpans, jaeger.WithZipkinSharedSpans},
	} {
		if o.on {
			opts = append(opts, o.opt())
		}
	}
	for _, part := range []func() ([]jaeger.Option, error){b.propagators, b.restrictions, b.throttler, b.exporter} {
		more, err := part()
		if err != nil {
			return nil, err
		}
		opts = append(opts, more...)
	}
	for _, tag := range b.Tags {
		opts = append(opts, jaeger.WithProcessTag(tag.Key, tag.Value))
	}
	return append(opts, b.observer()...), nil
}
