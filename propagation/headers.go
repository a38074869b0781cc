// SPDX-License-Identifier: Apache-2.0

package propagation

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Headers are the names that Jaeger's formats read and write; of them B3 and W3C
// use Baggage and DebugID, or their defaults where a name is one of theirs. A field
// left empty keeps its default. Names are compared without regard to case
// and written in lower case, or in Go's canonical form (Uber-Trace-Id) where the
// carrier is an http.Header.
type Headers struct {
	Trace         string // ids and flags; default uber-trace-id
	BaggagePrefix string // prefix of one header per baggage item; default uberctx-
	Baggage       string // a list "k1=v1, k2=v2" written by people, only read; default jaeger-baggage
	DebugID       string // asks for a trace that is always recorded; default jaeger-debug-id
}

// Option changes what NewTextMap, NewHTTPHeaders, NewB3, NewB3Single or NewW3C
// return.
type Option func(*names)

// WithHeaders replaces header names. It checks them, so that the constructors
// need not fail: each must be a token of RFC 7230 (letters, digits and
// !#$%&'*+-.^_`|~), no two may be equal, and none may begin with BaggagePrefix.
// The error lists all that is wrong; the Option returned with it does nothing.
func WithHeaders(h Headers) (Option, error) {
	n, err := compile(h)
	if err != nil {
		return nil, err
	}
	return func(to *names) {
		n := n
		n.b3Prefix = to.b3Prefix
		*to = n
	}, nil
}

// WithB3BaggagePrefix replaces the prefix of B3's baggage headers, baggage-. It
// must be a token of RFC 7230, and none of B3's or Jaeger's headers may begin
// with it. The error quotes it; the Option returned with it does nothing.
func WithB3BaggagePrefix(prefix string) (Option, error) {
	lower := strings.ToLower(prefix)
	if at := badTokenByte(prefix); at >= 0 {
		return nil, fmt.Errorf("b3 baggage prefix %s: %q may not stand in a header name", shortQuote(prefix), prefix[at])
	}
	n := defaults
	n.b3Prefix = lower
	if prefix == "" {
		return nil, errors.New("b3 baggage prefix is empty")
	}
	if _, fits := compileText(n, true, []format{b3Format, w3cFormat}); !fits || strings.HasPrefix(defaults.trace, lower) {
		return nil, fmt.Errorf("b3 baggage prefix %s: another header begins with it", shortQuote(prefix))
	}
	return func(to *names) { to.b3Prefix = lower }, nil
}

// names are checked Headers, in the forms that carriers need.
type names struct {
	trace, prefix, baggage, debugID string // lower case
	b3Prefix                        string
	traceCanonical                  string
}

func newNames(opts []Option) names {
	n := defaults
	for _, opt := range opts {
		if opt != nil {
			opt(&n)
		}
	}
	return n
}

// defaults passes the check by construction, which a test of the round trip shows.
var defaults, _ = compile(Headers{})

func compile(h Headers) (names, error) {
	n := names{b3Prefix: "baggage-"}
	var errs []error
	named := []struct {
		what, name, byDefault string
		to                    *string
	}{
		{"trace header", h.Trace, "uber-trace-id", &n.trace},
		{"baggage header", h.Baggage, "jaeger-baggage", &n.baggage},
		{"debug id header", h.DebugID, "jaeger-debug-id", &n.debugID},
		{"baggage prefix", h.BaggagePrefix, "uberctx-", &n.prefix},
	}
	for i, f := range named {
		name := f.name
		if name == "" {
			name = f.byDefault
		}
		*f.to = strings.ToLower(name)
		if at := badTokenByte(name); at >= 0 {
			errs = append(errs, fmt.Errorf("%s %s: %q may not stand in a header name", f.what, shortQuote(name), name[at]))
			continue
		}
		for _, other := range named[:i] {
			switch {
			case *other.to == *f.to:
				errs = append(errs, fmt.Errorf("%s %s is also the %s", f.what, shortQuote(name), other.what))
			case f.to == &n.prefix && strings.HasPrefix(*other.to, n.prefix):
				errs = append(errs, fmt.Errorf("%s %s begins with the %s %s", other.what, shortQuote(*other.to), f.what, shortQuote(name)))
			}
		}
	}
	n.traceCanonical = http.CanonicalHeaderKey(n.trace)
	return n, errors.Join(errs...)
}

func badTokenByte(name string) int {
	for i := 0; i < len(name); i++ {
		if !isToken(name[i]) {
			return i
		}
	}
	return -1
}

// equalFold reports whether key is lower but for the case of ASCII letters.
func equalFold(key, lower string) bool {
	if len(key) != len(lower) {
		return false
	}
	for i := 0; i < len(key); i++ {
		if toLower(key[i]) != lower[i] {
			return false
		}
	}
	return true
}

func toLower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c | 0x20
	}
	return c
}
