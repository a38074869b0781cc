// SPDX-License-Identifier: Apache-2.0

package propagation

import (
	"net/http"
	"reflect"
	"strings"

	"github.com/jaegerkit/jaeger/model"
	"github.com/opentracing/opentracing-go"
)

// found is what one walk over a carrier saw. It stays on the stack for the map
// carriers; TextMapReader's callback moves it to the heap.
type found struct {
	trace, list, debugID string
	exact                bool // trace came from the name as Inject writes it
	baggage              items
}

func (t *text) extract(carrier any) (model.SpanContext, error) {
	switch c := carrier.(type) {
	case opentracing.HTTPHeadersCarrier:
		return t.extractHeader(http.Header(c))
	case http.Header:
		return t.extractHeader(c)
	case opentracing.TextMapCarrier:
		var f found
		for key, value := range c {
			t.see(&f, key, value)
		}
		return t.context(&f)
	case opentracing.TextMapReader:
		if isNil(carrier, reflect.Pointer, reflect.Func) {
			return model.SpanContext{}, opentracing.ErrInvalidCarrier
		}
		return t.extractReader(c)
	}
	return model.SpanContext{}, opentracing.ErrInvalidCarrier
}

func (t *text) extractHeader(h http.Header) (model.SpanContext, error) {
	var f found
	for key, values := range h {
		if key == "" || !t.first[key[0]] {
			continue
		}
		for i := len(values) - 1; i >= 0; i-- {
			if values[i] != "" {
				t.see(&f, key, values[i])
				break
			}
		}
	}
	return t.context(&f)
}

func (t *text) extractReader(r opentracing.TextMapReader) (model.SpanContext, error) {
	var f found
	err := r.ForeachKey(func(key, value string) error {
		t.see(&f, key, value)
		return nil
	})
	if err != nil {
		return model.SpanContext{}, err
	}
	return t.context(&f)
}

// see takes note of one header. Where a map holds the trace header in several
// spellings, the one that Inject writes counts, whatever the order of the walk.
func (t *text) see(f *found, key, value string) {
	if key == "" || value == "" || !t.first[key[0]] {
		return
	}
	switch {
	case key == t.traceCanonical || key == t.trace:
		f.trace, f.exact = value, true
	case len(key) >= len(t.prefix) && equalFold(key[:len(t.prefix)], t.prefix):
		f.baggage.addHeader(key[len(t.prefix):], value, t.escaped)
	case equalFold(key, t.trace):
		if !f.exact {
			f.trace = value
		}
	case equalFold(key, t.debugID):
		f.debugID = value
	case equalFold(key, t.baggage):
		f.list = value
	}
}

// context makes the context of what was found. The list comes last, so that
// what a person wrote by hand wins over what programs passed on.
func (t *text) context(f *found) (model.SpanContext, error) {
	var c model.SpanContextConfig
	if f.trace != "" {
		if !t.parse(f.trace, &c) {
			return model.SpanContext{}, traceError(t.trace, f.trace)
		}
		if !c.TraceID.IsValid() {
			c = model.SpanContextConfig{}
		}
	}
	if f.list != "" {
		f.baggage.addList(f.list)
	}
	if f.debugID != "" {
		c.DebugID = t.readDebugID(f.debugID)
	}
	c.Baggage = f.baggage.list
	if !c.TraceID.IsValid() && len(c.Baggage) == 0 && c.DebugID == "" {
		return model.SpanContext{}, opentracing.ErrSpanContextNotFound
	}
	return model.NewSpanContext(c), nil
}

func (t *text) parse(s string, c *model.SpanContextConfig) bool {
	if parsePadded(s, c) {
		return true
	}
	if len(s) > maxTraceBytes {
		return false
	}
	*c = model.SpanContextConfig{}
	if t.escaped && strings.IndexByte(s, '%') >= 0 {
		return parseEscaped(s, c)
	}
	return parseTrace(s, c)
}

func parseEscaped(s string, c *model.SpanContextConfig) bool {
	var buf [maxTraceBytes]byte
	return parseTrace(appendUnescaped(buf[:0], s, true), c)
}

// readDebugID cuts an id that no person wrote; as a tag it is cut further.
func (t *text) readDebugID(s string) string {
	if !t.escaped {
		return strings.Clone(model.Truncate(s, maxItemBytes))
	}
	if len(s) > 3*maxItemBytes {
		s = s[:3*maxItemBytes]
	}
	return model.Truncate(string(appendUnescaped(nil, s, false)), maxItemBytes)
}
