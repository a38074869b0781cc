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
	trace     header
	canonical bool // the carrier is an http.Header
	rest      *rest
}

// rest is what most carriers do not hold. It is apart because clearing it would
// be a tenth of the cost of an ordinary Extract.
type rest struct {
	list, debugID header
	baggage       items
	// Room for few and short items.
	names [4]string
	buf   [64]byte
}

func (f *found) more() *rest {
	if f.rest == nil {
		r := new(rest)
		r.baggage.names, r.baggage.buf = r.names[:0], r.buf[:0]
		f.rest = r
	}
	return f.rest
}

// header is one that was found, under the name as it was spelled.
type header struct{ name, value string }

// take keeps one of several spellings of a header.
func (h *header) take(name, value string, canonical bool) {
	if h.name == "" || outranks(name, h.name, canonical) {
		*h = header{name, value}
	}
}

// outranks says which of two spellings of a name counts, whatever the order of
// the walk: the one that Inject writes to such a carrier, which is the canonical
// one in an http.Header and otherwise lower case, then the greater. Of two that
// are equal the later counts.
func outranks(name, old string, canonical bool) bool {
	if name == old {
		return true
	}
	if canonical {
		is, was := http.CanonicalHeaderKey(name) == name, http.CanonicalHeaderKey(old) == old
		if is != was {
			return is
		}
	}
	return name > old
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
	f := found{canonical: true}
	for key, values := range h {
		if key == "" || !t.first[key[0]] {
			continue
		}
		for i := len(values) - 1; i >= 0; i-- {
			switch {
			case values[i] == "":
				continue
			case key == t.traceCanonical: // saves a call
				f.trace = header{key, values[i]}
			default:
				t.see(&f, key, values[i])
			}
			break
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

// see takes note of one header.
func (t *text) see(f *found, key, value string) {
	if key == "" || value == "" || !t.first[key[0]] {
		return
	}
	switch {
	case key == t.traceCanonical:
		f.trace.take(key, value, f.canonical)
	case len(key) >= len(t.prefix) && equalFold(key[:len(t.prefix)], t.prefix):
		f.more().baggage.addHeader(key, len(t.prefix), value, t.escaped, f.canonical)
	case equalFold(key, t.trace):
		f.trace.take(key, value, f.canonical)
	case equalFold(key, t.debugID):
		f.more().debugID.take(key, value, f.canonical)
	case equalFold(key, t.baggage):
		f.more().list.take(key, value, f.canonical)
	}
}

// context makes the context of what was found.
func (t *text) context(f *found) (model.SpanContext, error) {
	var c model.SpanContextConfig
	if f.trace.name != "" {
		if !t.parse(f.trace.value, &c) {
			return model.SpanContext{}, traceError(t.trace, f.trace.value)
		}
		if !c.TraceID.IsValid() {
			c = model.SpanContextConfig{}
		}
	}
	if f.rest != nil {
		t.readRest(f.rest, &c)
	}
	if !c.TraceID.IsValid() && len(c.Baggage) == 0 && c.DebugID == "" {
		return model.SpanContext{}, opentracing.ErrSpanContextNotFound
	}
	return model.NewSpanContext(c), nil
}

// readRest takes the list last, so that what a person wrote by hand wins over
// what programs passed on.
func (t *text) readRest(r *rest, c *model.SpanContextConfig) {
	if r.list.name != "" {
		r.baggage.addList(r.list.value)
	}
	if r.debugID.name != "" {
		c.DebugID = t.readDebugID(r.debugID.value)
	}
	c.Baggage = r.baggage.list
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
