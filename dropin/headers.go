// SPDX-License-Identifier: Apache-2.0

package jaeger

import "github.com/jaegerkit/jaeger/propagation"

// HeadersConfig names the headers, or keys of a text map, by which contexts
// travel. Empty ones are the default.
type HeadersConfig struct {
	// JaegerDebugHeader asks for a trace that is always recorded, and carries its
	// value as a tag of that name; default jaeger-debug-id.
	JaegerDebugHeader string `yaml:"jaegerDebugHeader"`

	// JaegerBaggageHeader lists baggage, k1=v1, k2=v2, and is only read; default
	// jaeger-baggage.
	JaegerBaggageHeader string `yaml:"jaegerBaggageHeader"`

	// TraceContextHeaderName has ids and flags; default uber-trace-id.
	TraceContextHeaderName string `yaml:"TraceContextHeaderName"`

	// TraceBaggageHeaderPrefix begins the header of a baggage item; default
	// uberctx-.
	TraceBaggageHeaderPrefix string `yaml:"traceBaggageHeaderPrefix"`
}

// ApplyDefaults fills in what is empty, and returns c.
func (c *HeadersConfig) ApplyDefaults() *HeadersConfig {
	if c == nil {
		c = &HeadersConfig{}
	}
	for _, h := range []struct {
		name   *string
		preset string
	}{
		{&c.JaegerDebugHeader, JaegerDebugHeader},
		{&c.JaegerBaggageHeader, JaegerBaggageHeader},
		{&c.TraceContextHeaderName, TraceContextHeaderName},
		{&c.TraceBaggageHeaderPrefix, TraceBaggageHeaderPrefix},
	} {
		if *h.name == "" {
			*h.name = h.preset
		}
	}
	return c
}

func (c *HeadersConfig) native() (propagation.Option, error) {
	return propagation.WithHeaders(propagation.Headers{
		Trace: c.TraceContextHeaderName, BaggagePrefix: c.TraceBaggageHeaderPrefix,
		Baggage: c.JaegerBaggageHeader, DebugID: c.JaegerDebugHeader,
	})
}
