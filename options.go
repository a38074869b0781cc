// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"time"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/propagation"
	"github.com/jaegerkit/jaeger/sampler"
)

// Limits of what one span may hold, in bytes where not said otherwise.
const (
	DefaultMaxTagValueLength = 256
	DefaultMaxLogValueLength = 16 << 10
	DefaultMaxLogsPerSpan    = 1000 // logs

	maxNameLength   = 1024 // keys and operation names
	maxTags         = 1024 // tags of a span, fields of a log
	maxLogBytes     = 4 << 20
	maxBaggageItems = 180 // as the binary carrier
	maxBaggageValue = 2048
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
}

func defaultOptions() *options {
	return &options{
		sampler: sampler.NewConst(true),
		propagators: map[any]propagation.Propagator{
			opentracing.TextMap:     propagation.NewTextMap(),
			opentracing.HTTPHeaders: propagation.NewHTTPHeaders(),
			opentracing.Binary:      propagation.NewBinary(),
		},
		limits: limits{tagValue: DefaultMaxTagValueLength, logValue: DefaultMaxLogValueLength, logs: DefaultMaxLogsPerSpan},
	}
}

// WithSampler sets who decides which traces are recorded; default all.
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
// sampling decision of whoever began the trace, and records nothing itself.
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
