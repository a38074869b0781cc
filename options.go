// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"time"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger/baggage"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/propagation"
	"github.com/jaegerkit/jaeger/sampler"
	"github.com/jaegerkit/jaeger/throttle"
)

// Limits of what one span may hold, in bytes where not said otherwise.
const (
	DefaultMaxTagValueLength = 256
	DefaultMaxLogValueLength = 16 << 10
	DefaultMaxLogsPerSpan    = 1000 // logs

	maxNameLength   = 1024 // keys and operation names
	maxTags         = 1024 // tags of a span, fields of a log
	maxBaggageItems = 180  // as the binary carrier
	maxBaggageValue = 2048
	maxBaggagePair  = 4096 // key and value, as the binary carrier
)

type limits struct {
	tagValue, logValue int
	logs               int
}

// Option configures New.
type Option func(*options) error

type options struct {
	sampler     sampler.Sampler
	propagators map[any]propagation.Propagator
	tags        []model.Tag
	limits      limits
	wide        bool
	noDebug     bool
	disabled    bool
	logger      *slog.Logger
	now         func() time.Time

	zipkinShared bool
	countBare    bool
	owner        any
	ids, highIDs func() uint64
	observers    []Observer
	throttler    throttle.Throttler
	restrictor   baggage.Restrictor
	closers      []io.Closer
}

func defaultOptions() *options {
	return &options{
		sampler: sampler.NewConst(true),
		propagators: map[any]propagation.Propagator{
			opentracing.TextMap:     propagation.NewTextMap(),
			opentracing.HTTPHeaders: propagation.NewHTTPHeaders(),
			opentracing.Binary:      propagation.NewBinary(),

			propagation.ZipkinSpanFormat:  propagation.NewZipkinSpan(),
			propagation.SpanContextFormat: propagation.NewInProcess(),
		},
		limits: limits{tagValue: DefaultMaxTagValueLength, logValue: DefaultMaxLogValueLength, logs: DefaultMaxLogsPerSpan},
	}
}

// WithSampler sets who decides which traces are recorded; default all. One of the
// program's own that panics has said no.
func WithSampler(s sampler.Sampler) Option {
	return func(o *options) error {
		if isNil(s) {
			return errors.New("sampler is nil")
		}
		o.sampler = s
		return nil
	}
}

// WithPropagator sets how contexts travel in a format of OpenTracing or one of
// your own, which must be comparable. Default are Jaeger's formats.
func WithPropagator(format any, p propagation.Propagator) Option {
	return func(o *options) error {
		if format == nil || isNil(p) || !reflect.ValueOf(format).Comparable() {
			return fmt.Errorf("propagator %T for format %v: want a comparable format and a propagator", p, format)
		}
		o.propagators[format] = p
		return nil
	}
}

// WithProcessTag adds a tag that describes the service, sent once per batch.
// hostname and ip replace what the library finds by itself. Values are converted
// as in Span.SetTag.
func WithProcessTag(key string, value any) Option {
	return func(o *options) error {
		o.tags = append(o.tags, model.Any(key, value, 0))
		return nil
	}
}

// With128BitTraceIDs makes new traces have 128-bit ids; default 64.
func With128BitTraceIDs() Option {
	return func(o *options) error { o.wide = true; return nil }
}

// WithMaxTagValueLength cuts string and binary tag values longer than n bytes,
// never inside a rune; default 256.
func WithMaxTagValueLength(n int) Option {
	return positive(n, "tag value length", func(o *options) { o.limits.tagValue = n })
}

// WithMaxLogValueLength does the same for the fields of logs; default 16384.
func WithMaxLogValueLength(n int) Option {
	return positive(n, "log value length", func(o *options) { o.limits.logValue = n })
}

// WithMaxLogsPerSpan bounds the logs of a span; default 1000. Of a span with
// more, the first and the newest are kept and one log in the middle says how
// many were dropped. Whatever their number, a span takes logs for 4 MiB of
// memory in its life.
func WithMaxLogsPerSpan(n int) Option {
	return positive(n, "logs per span", func(o *options) { o.limits.logs = n })
}

// WithoutDebugFlag makes the tag sampling.priority force sampling without the
// debug flag, so that samplers behind this service are not overruled.
func WithoutDebugFlag() Option {
	return func(o *options) error { o.noDebug = true; return nil }
}

// WithoutRecording makes a tracer that passes contexts and baggage on, with the
// sampling decision of whoever began the trace, and records nothing itself. It
// begins no traces: a span without a parent has a context of baggage only, so that
// the services behind this one begin them, with samplers of their own.
func WithoutRecording() Option {
	return func(o *options) error { o.disabled = true; return nil }
}

// WithLogger sets where the tracer says at Close what the program forgot: spans
// never finished and calls that came after Finish. By default it does not.
// Reporters and transports have loggers of their own.
func WithLogger(l *slog.Logger) Option {
	return func(o *options) error { o.logger = l; return nil }
}

// WithClock replaces the system clock, for tests; now must be safe from any
// goroutine.
func WithClock(now func() time.Time) Option {
	return func(o *options) error { o.now = now; return nil }
}

// WithIDs replaces the source of span and trace ids, and of the high half of
// 128-bit ones. It is called on the goroutine that starts a span, from any number
// of them at once, and must be safe for that. Zero is no id: source is asked
// again, and after eight times, or if it panics, the library's own takes over.
func WithIDs(source func() uint64) Option {
	return func(o *options) error {
		if source == nil {
			return errors.New("source of ids is nil")
		}
		o.ids = source
		return nil
	}
}

// WithHighTraceIDs replaces the source of the high half of 128-bit trace ids
// alone; see WithIDs.
func WithHighTraceIDs(source func() uint64) Option {
	return func(o *options) error {
		if source == nil {
			return errors.New("source of high trace ids is nil")
		}
		o.highIDs = source
		return nil
	}
}

// WithZipkinSharedSpans gives a span that is started with span.kind=server and a
// parent in another process the parent's own ids, as Zipkin has it: client and
// server record two halves of one span.
func WithZipkinSharedSpans() Option {
	return func(o *options) error { o.zipkinShared = true; return nil }
}

// WithObserver adds someone who is told of every span's life; given several
// times, they are told in that order. Unsampled spans then cost an allocation
// more if an observer wants to hear of them.
func WithObserver(v Observer) Option {
	return func(o *options) error {
		if isNil(v) {
			return errors.New("observer is nil")
		}
		o.observers = append(o.observers, v)
		return nil
	}
}

// WithDebugThrottler has t asked before a trace becomes a debug trace, by a
// jaeger-debug-id or by the tag sampling.priority; default all may. A trace that
// is refused is sampled as if nothing had been asked for, and counted. Traces
// that arrive with the debug flag are not asked about, nor, with
// WithoutDebugFlag, are priorities. The tracer closes t if that has a Close.
func WithDebugThrottler(t throttle.Throttler) Option {
	return func(o *options) error {
		if isNil(t) {
			return errors.New("throttler is nil")
		}
		o.throttler = t
		return nil
	}
}

// WithBaggageRestrictions has r asked which baggage may be set, and how long it
// may be; default anything up to 2048 bytes. The tracer closes r if that has a
// Close.
func WithBaggageRestrictions(r baggage.Restrictor) Option {
	return func(o *options) error {
		if isNil(r) {
			return errors.New("baggage restrictor is nil")
		}
		o.restrictor = r
		return nil
	}
}

// WithFinishCount counts the finish of unsampled spans, too, in
// Stats.SpansFinished. Without it they are not, because counting is a tenth of
// what such a span costs.
func WithFinishCount() Option {
	return func(o *options) error { o.countBare = true; return nil }
}

// WithOwner gives the tracer a value to be found by Tracer.Owner: for a wrapper, whose
// spans then need no pointer to the tracer of their own.
func WithOwner(owner any) Option {
	return func(o *options) error { o.owner = owner; return nil }
}

// isNil finds nil pointers in interfaces too: a constructor's ignored error is
// better found here than in the first span.
func isNil(v any) bool {
	if v == nil {
		return true
	}
	r := reflect.ValueOf(v)
	return r.Kind() == reflect.Pointer && r.IsNil()
}

func positive(n int, what string, set func(*options)) Option {
	return func(o *options) error {
		if n < 1 {
			return fmt.Errorf("%s %d: want 1 or more", what, n)
		}
		set(o)
		return nil
	}
}

// WithCloser has c closed with the tracer, behind everything else: the exporter of
// the tracer's counts, for one. Its Close may take until the end of the context.
func WithCloser(c io.Closer) Option {
	return func(o *options) error {
		if isNil(c) {
			return errors.New("closer is nil")
		}
		o.closers = append(o.closers, c)
		return nil
	}
}
