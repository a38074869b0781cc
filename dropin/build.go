// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"strconv"

	"github.com/opentracing/opentracing-go"

	house "github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/logging"
	"github.com/jaegerkit/jaeger/propagation"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/sampler"

	"github.com/uber/jaeger-client-go/internal/baggage"
	"github.com/uber/jaeger-client-go/internal/throttler"
	"github.com/uber/jaeger-client-go/utils"
)

const unnamedService = "unnamed"

// build makes the tracer behind t of what the options came to.
func (t *Tracer) build(service string, s Sampler, r Reporter) {
	set := t.settings
	if service == "" {
		service = unnamedService
	}
	houseSampler := t.chooseSampler(s)
	houseReporter, foreign := t.chooseReporter(r)
	t.slow = t.v2 != nil || foreign || len(t.observers) > 0
	if t.slow {
		houseReporter = lateReporter{t}
	}
	opts := append(set.limits(), house.WithOwner(t), house.WithSampler(houseSampler), house.WithLogger(slog.New(logging.FromLogger(set.logger))))
	if !absent(s) && t.v2 == nil {
		opts = append(opts, house.WithCloser(closing(s.Close)))
	}
	opts = append(opts, set.parts(service)...)
	opts = append(opts, t.choices()...)
	t.maxLogs, t.maxTagValue = house.DefaultMaxLogsPerSpan, house.DefaultMaxTagValueLength
	if set.maxLogs > 0 {
		t.maxLogs = set.maxLogs
	}
	if set.maxTagValue > 0 {
		t.maxTagValue = set.maxTagValue
	}
	if set.timeNow != nil {
		t.now = set.timeNow
	}
	tracer, err := house.New(service, houseReporter, opts...)
	if err != nil {
		set.logger.Error(fmt.Sprintf("jaeger: nothing is traced: %v", err))
		tracer, _ = house.New(service, reporter.NewDiscard(), house.WithoutRecording(), house.WithOwner(t))
	}
	t.house = tracer
	if !t.slow && !set.wide {
		t.handles = house.NewHandles(tracer, func(s *Span) *house.Span { return &s.span })
	}
	t.describe()
	if p, ok := set.throttler.(ProcessSetter); ok {
		p.SetProcess(Process{Service: service, UUID: t.uuid, Tags: t.tags})
	}
	t.pusher = t.pushTo(set.metrics)
	t.settings = nil
}

// chooseSampler sets v2 where s is to be asked on this side.
func (t *Tracer) chooseSampler(s Sampler) sampler.Sampler {
	if absent(s) {
		t.settings.logger.Error("jaeger: no sampler given: nothing is sampled")
		t.sampler = asV2{refuser{}}
		return sampler.NewConst(false)
	}
	v2, isV2 := s.(SamplerV2)
	if t.sampler = v2; !isV2 {
		t.sampler = asV2{s}
	}
	if n := nativeSampler(s); n != nil {
		return n
	}
	t.v2 = t.sampler // of the program's own, see nativeSampler
	return outside{t.v2}
}

// chooseReporter reports whether r is one of the program's own.
func (t *Tracer) chooseReporter(r Reporter) (n reporter.Reporter, foreign bool) {
	if absent(r) {
		t.settings.logger.Error("jaeger: no reporter given: nothing is reported")
		t.reporter = discarder{}
		return reporter.NewDiscard(), false
	}
	t.reporter = r
	if n := nativeReporter(r); n != nil {
		return n, false
	}
	return nil, true
}

// closing closes a sampler that the library behind asks through another.
type closing func()

func (c closing) Close() error {
	c()
	return nil
}

// parts are the options for what the tracer asks.
func (s *settings) parts(service string) (opts []house.Option) {
	if s.restrictions != nil {
		opts = append(opts, house.WithBaggageRestrictions(restrictor{service, s.restrictions}))
	}
	if s.throttler != nil {
		opts = append(opts, house.WithDebugThrottler(debugThrottler{s.throttler}))
	}
	if s.timeNow != nil {
		opts = append(opts, house.WithClock(s.timeNow))
	}
	if s.random != nil {
		opts = append(opts, house.WithIDs(s.random))
	}
	if s.high != nil {
		opts = append(opts, house.WithHighTraceIDs(s.high))
		if !s.wide {
			s.logger.Error("jaeger: HighTraceIDGenerator without Gen128Bit: trace ids have 64 bits")
		}
	}
	if s.headers != nil {
		opts = append(opts, s.headers.options(s.logger)...)
	}
	for _, o := range s.observers {
		opts = append(opts, house.WithObserver(o))
	}
	return opts
}

// choices are the options that are set or not, and the tags.
func (t *Tracer) choices() (opts []house.Option) {
	set := t.settings
	for _, c := range []struct {
		is     bool
		option func() house.Option
	}{
		{set.wide, house.With128BitTraceIDs},
		{set.noDebug, house.WithoutDebugFlag},
		{set.disabled, house.WithoutRecording},
		{t.zipkinShared, house.WithZipkinSharedSpans},
		{counting(set.metrics.SpansFinishedNotSampled), house.WithFinishCount},
	} {
		if c.is {
			opts = append(opts, c.option())
		}
	}
	hasIP := false
	for _, tag := range t.tags {
		opts = append(opts, house.WithProcessTag(tag.key, tag.value))
		hasIP = hasIP || tag.key == TracerIPTagKey
	}
	if !hasIP && set.hostIPv4 != 0 {
		ip := net.IPv4(byte(set.hostIPv4>>24), byte(set.hostIPv4>>16), byte(set.hostIPv4>>8), byte(set.hostIPv4)).String()
		t.tags = append(t.tags, Tag{TracerIPTagKey, ip})
		opts = append(opts, house.WithProcessTag(TracerIPTagKey, ip))
	}
	if set.random != nil { // whose numbers the ids of spans then continue, as they did
		opts = append(opts, house.WithProcessTag(TracerUUIDTagKey, strconv.FormatUint(set.random(), 16)))
	}
	return opts
}

// describe completes the tags by what the library behind found by itself.
func (t *Tracer) describe() {
	given := map[string]bool{}
	for _, tag := range t.tags {
		given[tag.key] = true
	}
	for _, tag := range t.house.Process().Tags {
		switch {
		case tag.Key == TracerUUIDTagKey:
			t.uuid = tag.Str()
		case !given[tag.Key]:
			t.tags = append(t.tags, Tag{tag.Key, tag.Value()})
		}
		if tag.Key == TracerIPTagKey {
			t.hostIPv4, _ = utils.ParseIPToUint32(tag.Str())
		}
	}
}

// options are the formats with other headers.
func (c *HeadersConfig) options(logger Logger) []house.Option {
	with, err := c.native()
	if err != nil {
		logger.Error(fmt.Sprintf("jaeger: custom headers are not used: %v", err))
		return nil
	}
	return []house.Option{
		house.WithPropagator(opentracing.TextMap, propagation.NewTextMap(with)),
		house.WithPropagator(opentracing.HTTPHeaders, propagation.NewHTTPHeaders(with)),
	}
}

type restrictor struct {
	service string
	manager baggage.RestrictionManager
}

func (r restrictor) Restriction(key string) (allowed bool, maxValueLength int) {
	restriction := r.manager.GetRestriction(r.service, key)
	return restriction.KeyAllowed(), restriction.MaxValueLength()
}

func (r restrictor) Close() error { return closePart(r.manager) }

type debugThrottler struct{ t throttler.Throttler }

func (d debugThrottler) Allow(operation string) bool { return d.t.IsAllowed(operation) }

func (d debugThrottler) Close() error { return closePart(d.t) }

func closePart(part interface{}) error {
	if c, ok := part.(io.Closer); ok {
		return c.Close()
	}
	return nil
}
