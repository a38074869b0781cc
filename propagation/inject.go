// SPDX-License-Identifier: Apache-2.0

package propagation

import (
	"net/http"
	"reflect"

	"github.com/jaegerkit/jaeger/model"
	"github.com/opentracing/opentracing-go"
)

// idHeaders are the headers of ids and flags, whose values stand side by side in
// one buffer, so that all of them cost one string.
type idHeaders struct {
	kinds [8]kind
	ends  [8]uint16
	n     int
	has   uint16 // set of kinds
}

const maxIDBytes = 264 // of all formats together

// end closes the value of one header.
func (w *idHeaders) end(k kind, b []byte) []byte {
	w.kinds[w.n], w.ends[w.n] = k, uint16(len(b))
	w.n++
	w.has |= k.bit()
	return b
}

func (t *text) appendIDs(b []byte, sc model.SpanContext, w *idHeaders) []byte {
	if !sc.IsValid() {
		return b
	}
	for _, f := range t.order {
		switch f {
		case jaegerFormat:
			b = w.end(jaegerTrace, sc.AppendTo(b))
		case w3cFormat:
			b = w.end(traceParent, appendTraceParent(b, sc))
		case b3SingleFormat:
			b = w.end(b3Single, appendB3(b, sc))
		case b3Format:
			b = appendB3Headers(b, sc, w)
		}
	}
	return b
}

// state returns the trace state to write, "" without one.
func (t *text) state(sc model.SpanContext, w *idHeaders) string {
	state := sc.TraceState()
	if state == "" || t.writes&traceState.bit() == 0 {
		return ""
	}
	if state = readTraceState(state); state != "" {
		w.has |= traceState.bit()
	}
	return state
}

func (t *text) Inject(sc model.SpanContext, carrier any) error {
	switch c := carrier.(type) {
	case opentracing.HTTPHeadersCarrier:
		return t.injectHeader(sc, http.Header(c))
	case http.Header:
		return t.injectHeader(sc, c)
	case opentracing.TextMapWriter:
		if isNil(carrier, reflect.Pointer, reflect.Map, reflect.Func) {
			return opentracing.ErrInvalidCarrier
		}
		t.injectText(sc, c)
		return nil
	}
	return opentracing.ErrInvalidCarrier
}

// injectHeader does what Set of http.Header does for ids and flags, without
// looking for the canonical names, and with one slice for all values.
func (t *text) injectHeader(sc model.SpanContext, h http.Header) error {
	if h == nil {
		return opentracing.ErrInvalidCarrier
	}
	var buf [maxIDBytes]byte
	var w idHeaders
	if b := t.appendIDs(buf[:0], sc, &w); w.n > 0 {
		n, state := w.n, t.state(sc, &w)
		if state != "" {
			n++
		}
		all, values, start := string(b), make([]string, n), 0
		if n > w.n {
			values[w.n] = state
			h[fixed[traceState].canonical] = values[w.n:]
		}
		for i, k := range w.kinds[:w.n] {
			values[i], start = all[start:w.ends[i]], int(w.ends[i])
			if k == jaegerTrace {
				h[t.traceCanonical] = values[i : i+1 : i+1]
			} else {
				h[fixed[k].canonical] = values[i : i+1 : i+1]
			}
		}
		if stale := t.writes &^ w.has; stale != 0 && len(h) > n {
			for k := range fixedKinds {
				if stale&k.bit() != 0 {
					delete(h, fixed[k].canonical)
				}
			}
		}
	}
	t.injectRest(sc, h)
	return nil
}

func (t *text) injectText(sc model.SpanContext, c opentracing.TextMapWriter) {
	var buf [maxIDBytes]byte
	var w idHeaders
	if b := t.appendIDs(buf[:0], sc, &w); w.n > 0 {
		all, start := string(b), 0
		if state := t.state(sc, &w); state != "" {
			c.Set(fixed[traceState].lower, state)
		}
		for i, k := range w.kinds[:w.n] {
			name := t.trace
			if k != jaegerTrace {
				name = fixed[k].lower
			}
			c.Set(name, all[start:w.ends[i]])
			start = int(w.ends[i])
		}
		if m, ok := c.(opentracing.TextMapCarrier); ok && t.writes&^w.has != 0 && len(m) > w.n {
			for k := range fixedKinds {
				if t.writes&^w.has&k.bit() != 0 {
					delete(m, fixed[k].lower)
				}
			}
		}
	}
	t.injectRest(sc, c)
}

// injectRest writes what most contexts do not have.
func (t *text) injectRest(sc model.SpanContext, w opentracing.TextMapWriter) {
	if id := sc.DebugID(); id != "" {
		if t.escaped {
			id = escape(id, keepDebug)
		}
		w.Set(t.debugID, id)
	}
	if sc.BaggageLen() == 0 {
		return
	}
	if t.ownItems {
		t.injectItems(sc, w)
	}
	if t.b3Items {
		injectB3Items(sc, w, t.b3Prefix)
	}
	if t.has(w3cFormat) {
		if list := appendBaggage(nil, sc); len(list) > 0 {
			w.Set(fixed[w3cBaggage].lower, string(list))
		}
	}
}

func (t *text) injectItems(sc model.SpanContext, w opentracing.TextMapWriter) {
	eachCarried(sc, func(key, value string) {
		if t.escaped {
			key, value = escape(key, keepName), escape(value, keepValue)
		}
		w.Set(t.prefix+key, value)
	})
}
