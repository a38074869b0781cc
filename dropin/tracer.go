// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"io"
	"reflect"
	"time"

	"github.com/opentracing/opentracing-go"

	house "github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
)

// Tracer implements opentracing.Tracer. The zero Tracer and a nil one record
// nothing.
type Tracer struct {
	house   *house.Tracer
	handles *house.Handles[Span] // nil where a root needs more memory than its Span, or is kept here

	// slow says that a sampler, reporter or observer of the program's own is
	// asked or told about each span. It is then done on this side.
	slow      bool
	v2        SamplerV2 // asked on this side, else nil
	reporter  Reporter
	observers []ContribObserver

	sampler      SamplerV2 // as given
	injectors    map[interface{}]Injector
	extractors   map[interface{}]Extractor
	now          func() time.Time
	maxLogs      int
	maxTagValue  int
	zipkinShared bool
	tags         []Tag // of the process, as given
	uuid         string
	hostIPv4     uint32
	early        early
	pusher       *pusher

	settings *settings // until NewTracer is done
}

var _ opentracing.Tracer = (*Tracer)(nil)

// NewTracer returns a tracer for the named service, and the same tracer as an
// io.Closer. It owns sampler and reporter. Without a sampler nothing is sampled,
// without a reporter nothing is reported, and the logger is told so.
func NewTracer(
	serviceName string,
	sampler Sampler,
	reporter Reporter,
	options ...TracerOption,
) (opentracing.Tracer, io.Closer) {
	t := &Tracer{now: time.Now, settings: newSettings()}
	for _, o := range options {
		if o != nil {
			o(t)
		}
	}
	t.build(serviceName, sampler, reporter)
	return t, t
}

// StartSpan starts a span. Its parent is the first ChildOf reference that has
// ids, else the first FollowsFrom.
func (t *Tracer) StartSpan(
	operationName string,
	options ...opentracing.StartSpanOption,
) opentracing.Span {
	if t == nil || t.house == nil {
		return &Span{}
	}
	if len(options) == 0 && t.handles != nil { // the root of a trace, which refers to no other span
		return t.handles.StartSpan(operationName)
	}
	b := &branch{}
	s := &b.Span
	if t.slow {
		t.startSlow(s, &b.lineage, operationName, options)
	} else {
		t.house.StartSpanIn(&s.span, &b.lineage, operationName, options...)
	}
	return s
}

// Inject writes ctx to carrier in one of OpenTracing's formats,
// SpanContextFormat, ZipkinSpanFormat or one that an Injector was given for.
func (t *Tracer) Inject(ctx opentracing.SpanContext, format interface{}, carrier interface{}) error {
	if t == nil || t.house == nil {
		return nil
	}
	if t.injectors != nil {
		if i := lookUp(t.injectors, format); i != nil {
			c, ok := ctx.(SpanContext)
			if !ok {
				return opentracing.ErrInvalidSpanContext
			}
			return i.Inject(c, carrier)
		}
	}
	if c, ok := ctx.(SpanContext); ok {
		if format == SpanContextFormat {
			return interop{}.Inject(c, carrier)
		}
		ctx = c.c
	}
	return t.house.Inject(ctx, format, carrier)
}

// Extract reads a context from carrier, in the formats of Inject.
func (t *Tracer) Extract(
	format interface{},
	carrier interface{},
) (opentracing.SpanContext, error) {
	if t == nil || t.house == nil {
		return nil, opentracing.ErrSpanContextNotFound
	}
	var e Extractor
	if t.extractors != nil {
		e = lookUp(t.extractors, format)
	}
	if e == nil && format == SpanContextFormat {
		e = interop{}
	}
	if e != nil {
		c, err := e.Extract(carrier)
		if err != nil {
			return nil, err
		}
		return SpanContext{received(c.c)}, nil
	}
	sc, err := t.house.Extract(format, carrier)
	if err != nil {
		return nil, err
	}
	c, _ := sc.(model.SpanContext)
	return SpanContext{c}, nil
}

// lookUp guards against formats that cannot be map keys.
func lookUp[T any](m map[interface{}]T, format interface{}) (p T) {
	defer func() { _ = recover() }()
	return m[format]
}

// Close sends what is buffered and closes reporter, sampler, throttler and
// baggage restrictions. Its error says what was left. A second Close does
// nothing.
func (t *Tracer) Close() error {
	if t == nil || t.house == nil {
		return nil
	}
	err := t.house.Close()
	t.pusher.stop()
	return err
}

// Tags returns what the tracer says of its process: the tags it was given, then
// jaeger.version, hostname and ip.
func (t *Tracer) Tags() []opentracing.Tag {
	if t == nil {
		return nil
	}
	tags := make([]opentracing.Tag, len(t.tags))
	for i, tag := range t.tags {
		tags[i] = opentracing.Tag{Key: tag.key, Value: tag.value}
	}
	return tags
}

// Sampler returns the sampler given to NewTracer.
func (t *Tracer) Sampler() SamplerV2 {
	if t == nil {
		return nil
	}
	return t.sampler
}

// absent finds nil pointers in interfaces too.
func absent(v interface{}) bool {
	if v == nil {
		return true
	}
	r := reflect.ValueOf(v)
	return r.Kind() == reflect.Pointer && r.IsNil()
}
