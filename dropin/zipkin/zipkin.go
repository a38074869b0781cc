// SPDX-License-Identifier: Apache-2.0

// Package zipkin carries contexts in Zipkin's B3 headers.
//
//	b3 := zipkin.NewZipkinB3HTTPHeaderPropagator()
//	tracer, closer := jaeger.NewTracer("checkout", sampler, reporter,
//		jaeger.TracerOptions.Injector(opentracing.HTTPHeaders, b3),
//		jaeger.TracerOptions.Extractor(opentracing.HTTPHeaders, b3),
//		jaeger.TracerOptions.ZipkinSharedRPCSpan(true))
//
// What it promises: x-b3- headers are written, these and the single b3 header are
// read; debug, and a decision left to the receiver, are kept; hostile input ends
// in an error. It is propagation.B3 of github.com/jaegerkit/jaeger.
package zipkin

import (
	"strings"
	"sync"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger/propagation"
	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/internal/native"
)

const defaultBaggagePrefix = "baggage-"

// Option changes what NewZipkinB3HTTPHeaderPropagator returns.
type Option func(propagator *Propagator)

// BaggagePrefix sets what the names of baggage's headers begin with; default
// "baggage-". With "" baggage is neither written nor read.
func BaggagePrefix(prefix string) Option {
	return func(propagator *Propagator) { propagator.baggagePrefix = prefix }
}

// Propagator is a jaeger.Injector and jaeger.Extractor. Its zero value leaves
// baggage out.
type Propagator struct{ baggagePrefix string }

// NewZipkinB3HTTPHeaderPropagator returns a Propagator.
func NewZipkinB3HTTPHeaderPropagator(opts ...Option) Propagator {
	p := Propagator{defaultBaggagePrefix}
	for _, opt := range opts {
		if opt != nil {
			opt(&p)
		}
	}
	return p
}

// format is what stands for a prefix in the library.
type format struct {
	b3  *propagation.B3
	raw bool // the prefix is none that the library takes: baggage is left to us
}

var formats sync.Map // of format, by prefix: as many as the program has

func (p Propagator) format() format {
	if f, ok := formats.Load(p.baggagePrefix); ok {
		return f.(format)
	}
	f := format{propagation.NewB3(), true}
	if with, err := propagation.WithB3BaggagePrefix(p.baggagePrefix); err == nil {
		f = format{propagation.NewB3(with), false}
	}
	known, _ := formats.LoadOrStore(p.baggagePrefix, f)
	return known.(format)
}

// Inject writes sc to an opentracing.TextMapWriter.
func (p Propagator) Inject(
	sc jaeger.SpanContext,
	abstractCarrier interface{},
) error {
	f, c := p.format(), sc.JaegerContext()
	if !f.raw {
		return f.b3.Inject(c, abstractCarrier)
	}
	sc.ForeachBaggageItem(func(k, _ string) bool {
		c = c.WithBaggageItem(k, "")
		return true
	})
	if err := f.b3.Inject(c, abstractCarrier); err != nil {
		return err
	}
	if w, ok := abstractCarrier.(opentracing.TextMapWriter); ok && p.baggagePrefix != "" {
		sc.ForeachBaggageItem(func(k, v string) bool {
			w.Set(p.baggagePrefix+k, v)
			return true
		})
	}
	return nil
}

// Extract reads a context from an opentracing.TextMapReader; without one it
// returns opentracing.ErrSpanContextNotFound.
func (p Propagator) Extract(abstractCarrier interface{}) (jaeger.SpanContext, error) {
	f := p.format()
	c, err := f.b3.Extract(abstractCarrier)
	if err != nil {
		return jaeger.SpanContext{}, err
	}
	if r, ok := abstractCarrier.(opentracing.TextMapReader); ok && f.raw {
		c.ForeachBaggageItem(func(k, _ string) bool { // of the default prefix
			c = c.WithBaggageItem(k, "")
			return true
		})
		items := 0
		err = r.ForeachKey(func(key, value string) error {
			key = strings.ToLower(key)
			if p.baggagePrefix != "" && strings.HasPrefix(key, p.baggagePrefix) && items < maxItems && len(key)+len(value) < maxItemLength {
				items++
				c = c.WithBaggageItem(key[len(p.baggagePrefix):], value)
			}
			return nil
		})
	}
	sc, _ := native.FromModel(c).(jaeger.SpanContext)
	return sc, err
}

const (
	maxItems      = 180
	maxItemLength = 4096 // bytes, key and value together
)
