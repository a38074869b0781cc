// SPDX-License-Identifier: Apache-2.0

package propagation

import (
	"net/http"
	"slices"
	"strings"
)

// format is one way of writing a context into headers.
type format uint8

const (
	jaegerFormat format = iota
	w3cFormat
	b3Format       // x-b3- headers
	b3SingleFormat // one b3 header; Extract reads both forms under either name
	formats
)

// kind is what a header holds.
type kind uint8

const (
	// Headers of several values, which are joined by commas.
	traceParent kind = iota
	traceState
	w3cBaggage
	// Headers of which the first value counts.
	b3Single
	b3TraceID
	b3SpanID
	b3ParentID
	b3Sampled
	b3Flags
	fixedKinds
	// Headers of which the last value counts.
	jaegerTrace
	debugID
	handList
	jaegerItem
	b3Item
	unknown
)

func (k kind) bit() uint16 { return 1 << k }

const (
	b3Kinds  = 1<<b3Single | 1<<b3TraceID | 1<<b3SpanID | 1<<b3ParentID | 1<<b3Sampled | 1<<b3Flags
	w3cKinds = 1<<traceParent | 1<<traceState
)

// fixed are the names that are not for the user to choose.
var fixed = func() (list [fixedKinds]head) {
	for i, lower := range [fixedKinds]string{
		"traceparent", "tracestate", "baggage",
		"b3", "x-b3-traceid", "x-b3-spanid", "x-b3-parentspanid", "x-b3-sampled", "x-b3-flags",
	} {
		list[i] = newHead(kind(i), lower)
	}
	return list
}()

// head is one header that is looked for.
type head struct {
	kind             kind
	lower, canonical string
}

func newHead(k kind, lower string) head {
	return head{k, lower, http.CanonicalHeaderKey(lower)}
}

// text is a set of header formats that are read in one walk over the carrier and
// written together; it is never written to after construction.
type text struct {
	names
	escaped bool     // percent-encode Jaeger's baggage and the debug id
	order   []format // as configured, each once
	reads   []format // the same without b3SingleFormat

	heads  []head
	place  [formats]int8 // in reads, which is where its baggage is gathered
	writes uint16        // kinds of header that Inject owns
	// first has the bytes that one of the names begins with, in either case.
	first [256]bool
	// ownItems and b3Items say which prefixes there are.
	ownItems, b3Items bool
}

func newText(n names, escaped bool, order ...format) text {
	t, fits := compileText(n, escaped, order)
	if !fits {
		n.debugID, n.baggage = defaults.debugID, defaults.baggage
		t, _ = compileText(n, escaped, order)
	}
	return t
}

// compileText reports whether no header has two meanings.
func compileText(n names, escaped bool, order []format) (t text, fits bool) {
	t = text{names: n, escaped: escaped, order: order}
	var prefixes []string
	for _, f := range order {
		reads := f
		switch f {
		case jaegerFormat:
			t.heads = append(t.heads, newHead(jaegerTrace, n.trace))
			t.ownItems, prefixes = true, append(prefixes, n.prefix)
		case w3cFormat:
			t.heads = append(t.heads, fixed[traceParent:b3Single]...)
			t.writes |= w3cKinds
		default:
			if reads = b3Format; !t.b3Items {
				t.heads = append(t.heads, fixed[b3Single:]...)
				t.b3Items, prefixes = true, append(prefixes, n.b3Prefix)
				t.writes |= b3Kinds
			}
		}
		if !slices.Contains(t.reads, reads) {
			t.place[reads] = int8(len(t.reads))
			t.reads = append(t.reads, reads)
		}
	}
	t.heads = append(t.heads, newHead(debugID, n.debugID), newHead(handList, n.baggage))
	for i, h := range t.heads {
		t.begin(h.lower)
		for _, other := range t.heads[:i] {
			if other.lower == h.lower {
				return t, false
			}
		}
	}
	for i, p := range prefixes {
		t.begin(p)
		for _, h := range t.heads {
			if strings.HasPrefix(h.lower, p) {
				return t, false
			}
		}
		for _, other := range prefixes[:i] {
			if strings.HasPrefix(other, p) || strings.HasPrefix(p, other) {
				return t, false
			}
		}
	}
	return t, true
}

func (t *text) begin(lower string) {
	t.first[lower[0]] = true
	t.first[strings.ToUpper(lower)[0]] = true
}

func (t *text) has(f format) bool { return slices.Contains(t.order, f) }

// find says what a header is.
func (t *text) find(key string) kind {
	if key == "" || !t.first[key[0]] {
		return unknown
	}
	for i := range t.heads {
		if h := &t.heads[i]; len(key) == len(h.lower) && (key == h.canonical || equalFold(key, h.lower)) {
			return h.kind
		}
	}
	switch {
	case t.ownItems && len(key) >= len(t.prefix) && equalFold(key[:len(t.prefix)], t.prefix):
		return jaegerItem
	case t.b3Items && len(key) >= len(t.b3Prefix) && equalFold(key[:len(t.b3Prefix)], t.b3Prefix):
		return b3Item
	}
	return unknown
}

// merge returns one set for both, unless a header would mean two things then.
func merge(a, b *text) (*text, bool) {
	if a.debugID != b.debugID || a.baggage != b.baggage || a.ownItems && b.ownItems || a.b3Items && b.b3Items && a.b3Prefix != b.b3Prefix {
		return nil, false
	}
	n, escaped, order := a.names, a.escaped, slices.Clone(a.order)
	if b.ownItems {
		n, escaped = b.names, b.escaped
	}
	if n.b3Prefix = a.b3Prefix; b.b3Items {
		n.b3Prefix = b.b3Prefix
	}
	for _, f := range b.order {
		if !slices.Contains(order, f) {
			order = append(order, f)
		}
	}
	t, fits := compileText(n, escaped, order)
	return &t, fits
}
