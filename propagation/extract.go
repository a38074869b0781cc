// SPDX-License-Identifier: Apache-2.0

package propagation

import (
	"net/http"
	"reflect"

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

// others are the headers of W3C and B3, nil where Jaeger's format is the only
// one. They are apart, as is rest, because clearing them would be a tenth of the
// cost of an ordinary Extract.
type others struct {
	list  [fixedKinds]header
	joins [b3Single]uint8
	lone  byte // a B3 sampling state without ids
}

// rest is what most carriers do not hold.
type rest struct {
	list, debugID header
	baggage       items // of the first format
	later         [formats - 1]*items
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

// of returns where the baggage of one format is gathered.
func (r *rest) of(place int8) *items {
	if place == 0 {
		return &r.baggage
	}
	if r.later[place-1] == nil {
		r.later[place-1] = new(items)
	}
	return r.later[place-1]
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

// Of B3's headers the first value counts, and those of W3C are lists.
const (
	maxJoins     = 64
	maxListBytes = 3 * maxTotalBytes // each byte may be escaped
)

func (o *others) take(k kind, name, value string, canonical bool) {
	h := &o.list[k]
	switch {
	case h.name == "" || name != h.name && outranks(name, h.name, canonical):
		*h = header{name, value}
	case name == h.name && k < b3Single && o.joins[k] < maxJoins && len(h.value)+len(value) < maxListBytes:
		o.joins[k]++
		h.value += "," + value
	}
}

func (t *text) Extract(carrier any) (model.SpanContext, error) {
	switch c := carrier.(type) {
	case opentracing.HTTPHeadersCarrier:
		return t.extractHeader(http.Header(c))
	case http.Header:
		return t.extractHeader(c)
	case opentracing.TextMapCarrier:
		return t.extractMap(c)
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
	if t.writes == 0 {
		t.walkHeader(&f, nil, h)
		if f.rest == nil {
			return t.plain(&f)
		}
		return t.context(&f, nil)
	}
	var o others
	t.walkHeader(&f, &o, h)
	return t.context(&f, &o)
}

func (t *text) walkHeader(f *found, o *others, h http.Header) {
	for key, values := range h {
		if key == "" || !t.first[key[0]] {
			continue
		}
		if key == t.traceCanonical && t.ownItems && len(values) == 1 && values[0] != "" {
			f.trace = header{key, values[0]} // no other spelling outranks it
			continue
		}
		switch k := t.find(key); {
		case k == unknown:
		case k < fixedKinds:
			for _, v := range values {
				t.put(f, o, k, key, v)
			}
		default:
			for i := len(values) - 1; i >= 0; i-- {
				if values[i] != "" {
					t.put(f, o, k, key, values[i])
					break
				}
			}
		}
	}
}

func (t *text) extractMap(m map[string]string) (model.SpanContext, error) {
	var f found
	if t.writes == 0 {
		t.walkMap(&f, nil, m)
		return t.context(&f, nil)
	}
	var o others
	t.walkMap(&f, &o, m)
	return t.context(&f, &o)
}

func (t *text) walkMap(f *found, o *others, m map[string]string) {
	for key, value := range m {
		t.put(f, o, t.find(key), key, value)
	}
}

func (t *text) extractReader(r opentracing.TextMapReader) (model.SpanContext, error) {
	var f found
	var o *others
	if t.writes != 0 {
		o = new(others)
	}
	err := r.ForeachKey(func(key, value string) error {
		t.put(&f, o, t.find(key), key, value)
		return nil
	})
	if err != nil {
		return model.SpanContext{}, err
	}
	return t.context(&f, o)
}

// put takes note of one header.
func (t *text) put(f *found, o *others, k kind, key, value string) {
	if value == "" || k == unknown {
		return
	}
	switch k {
	case jaegerTrace:
		f.trace.take(key, value, f.canonical)
	case debugID:
		f.more().debugID.take(key, value, f.canonical)
	case handList:
		f.more().list.take(key, value, f.canonical)
	case jaegerItem:
		f.more().of(t.place[jaegerFormat]).addHeader(key, len(t.prefix), value, t.escaped, f.canonical)
	case b3Item:
		f.more().of(t.place[b3Format]).addHeader(key, len(t.b3Prefix), value, false, f.canonical)
	default:
		o.take(k, key, value, f.canonical)
	}
}
