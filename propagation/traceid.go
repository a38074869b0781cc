// SPDX-License-Identifier: Apache-2.0

package propagation

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/jaegerkit/jaeger/model"
	"github.com/opentracing/opentracing-go"
)

// maxTraceBytes is more than any valid trace header has, even with each of its
// 70 bytes percent-encoded.
const maxTraceBytes = 256

// parsePadded reads what most clients write and parseTrace reads more
// slowly: ids with all their zeros and one digit of flags. It fails on
// everything else.
func parsePadded(s string, c *model.SpanContextConfig) bool {
	var bad byte
	switch {
	case len(s) == 52:
	case len(s) == 68:
		c.TraceID.High, bad = hex16(s)
		s = s[16:]
	default:
		return false
	}
	low, bad1 := hex16(s)
	span, bad2 := hex16(s[17:])
	parent, bad3 := hex16(s[34:])
	flags := hexValue[s[51]]
	c.TraceID.Low, c.SpanID, c.ParentID, c.Flags = low, model.SpanID(span), model.SpanID(parent), model.Flags(flags)
	return bad|bad1|bad2|bad3|flags <= 15 && s[16] == ':' && s[33] == ':' && s[50] == ':'
}

// hex16 reads 16 digits in two lanes; bad is above 15 where one was none.
func hex16(s string) (v uint64, bad byte) {
	s = s[:16]
	var high, low uint64
	for i := 0; i < 8; i++ {
		a, b := hexValue[s[i]], hexValue[s[i+8]]
		bad |= a | b
		high, low = high<<4|uint64(a), low<<4|uint64(b)
	}
	return high<<32 | low, bad
}

// parseTrace reads trace:span:parent:flags, each part in hex digits of either
// case, padded or not: at most 32, 16, 16 and 2 of them. Nothing is allocated.
func parseTrace[T string | []byte](s T, c *model.SpanContextConfig) bool {
	var colons [3]int
	if !findColons(s, &colons) {
		return false
	}
	trace, flags := s[:colons[0]], s[colons[2]+1:]
	if len(trace) > 32 || len(flags) > 2 {
		return false
	}
	var high uint64
	ok := true
	if len(trace) > 16 {
		high, ok = parseHex(trace[:len(trace)-16])
		trace = trace[len(trace)-16:]
	}
	low, ok1 := parseHex(trace)
	span, ok2 := parseHex(s[colons[0]+1 : colons[1]])
	parent, ok3 := parseHex(s[colons[1]+1 : colons[2]])
	flag, ok4 := parseHex(flags)
	c.TraceID = model.TraceID{High: high, Low: low}
	c.SpanID, c.ParentID, c.Flags = model.SpanID(span), model.SpanID(parent), model.Flags(flag)
	return ok && ok1 && ok2 && ok3 && ok4
}

// findColons fails where there are not exactly as many as it has room for.
func findColons[T string | []byte](s T, at *[3]int) bool {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] != ':' {
			continue
		}
		if n == len(at) {
			return false
		}
		at[n], n = i, n+1
	}
	return n == len(at)
}

func parseHex[T string | []byte](s T) (v uint64, ok bool) {
	if len(s) == 0 || len(s) > 16 {
		return 0, false
	}
	var seen byte
	for i := 0; i < len(s); i++ {
		d := hexValue[s[i]]
		seen |= d
		v = v<<4 | uint64(d)
	}
	return v, seen <= 15
}

// traceError says what parseTrace did not like.
func traceError(header, s string) error {
	return corrupted(header, s, func() string {
		parts := strings.SplitN(s, ":", 5)
		if len(s) > maxTraceBytes {
			return "longer than any trace context"
		}
		if len(parts) != 4 {
			return "want 4 parts separated by colons: trace:span:parent:flags"
		}
		if _, err := model.ParseTraceID(parts[0]); err != nil {
			return err.Error()
		}
		for i, what := range []string{"span id", "parent id"} {
			if _, err := model.ParseSpanID(parts[i+1]); err != nil {
				return what + " " + shortQuote(parts[i+1]) + ": not 1 to 16 hex digits"
			}
		}
		return "flags " + shortQuote(parts[3]) + ": not 1 or 2 hex digits"
	}())
}

func corrupted(what, input, reason string) error {
	return fmt.Errorf("%s %s: %s: %w", what, shortQuote(input), reason, opentracing.ErrSpanContextCorrupted)
}

// shortQuote quotes hostile input without repeating all of it.
func shortQuote(s string) string {
	if len(s) > 64 {
		return strconv.Quote(s[:64]) + "... (" + strconv.Itoa(len(s)) + " bytes)"
	}
	return strconv.Quote(s)
}
