// SPDX-License-Identifier: Apache-2.0

package config

import (
	"strings"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/propagation"
)

// formatNames are the values of the setting propagation. Only Jaeger's own format
// differs between text maps and HTTP headers: it escapes values in headers alone.
var formatNames = map[string]func(format opentracing.BuiltinFormat, h propagation.Option) propagation.Propagator{
	"jaeger": func(format opentracing.BuiltinFormat, h propagation.Option) propagation.Propagator {
		if format == opentracing.TextMap {
			return propagation.NewTextMap(h)
		}
		return propagation.NewHTTPHeaders(h)
	},
	"w3c": func(_ opentracing.BuiltinFormat, h propagation.Option) propagation.Propagator {
		return propagation.NewW3C(h)
	},
	"b3": func(_ opentracing.BuiltinFormat, h propagation.Option) propagation.Propagator {
		return propagation.NewB3(h)
	},
	"b3single": func(_ opentracing.BuiltinFormat, h propagation.Option) propagation.Propagator {
		return propagation.NewB3Single(h)
	},
}

// formatHeaders are the names that those formats fix. What ends in a hyphen is a prefix.
var formatHeaders = map[string][]string{
	"w3c":      {"traceparent", "tracestate", "baggage"},
	"b3":       b3Headers,
	"b3single": b3Headers, // one form reads the other
}

var b3Headers = []string{"b3", "x-b3-traceid", "x-b3-spanid", "x-b3-parentspanid", "x-b3-sampled", "x-b3-flags", "baggage-"}

// reserved reports whether a format has a meaning for a header.
func reserved(format, header string) bool {
	for _, name := range formatHeaders[format] {
		if header == name || strings.HasSuffix(name, "-") && strings.HasPrefix(header, name) {
			return true
		}
	}
	return false
}

func (b *builder) propagators() (opts []jaeger.Option, err error) {
	headers, err := propagation.WithHeaders(propagation.Headers(b.Headers))
	if err != nil {
		return nil, err
	}
	for _, format := range []opentracing.BuiltinFormat{opentracing.TextMap, opentracing.HTTPHeaders} {
		var list []propagation.Propagator
		for _, name := range b.Propagation {
			list = append(list, formatNames[name](format, headers))
		}
		p := list[0]
		if len(list) > 1 {
			p = propagation.NewMulti(list...)
		}
		opts = append(opts, jaeger.WithPropagator(format, p))
	}
	return opts, nil
}
