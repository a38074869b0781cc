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
// everything else. The ids are read in halves because hex8 is inlined, which
// is 15 % faster than three calls of hex16.
func parsePadded(s string, c *model.SpanContextConfig) bool {
	var bad uint64
	switch {
	case len(s) == 52:
	case len(s) == 68:
		c.TraceID.High, bad = hex16(s)
		s = s[16:]
	default:
		return false
	}
	s = s[:52]
	trace1, bad1 := hex8(bigEndian(s))
	trace2, bad2 := hex8(bigEndian(s[8:]))
	span1, bad3 := hex8(bigEndian(s[17:]))
	span2, bad4 := hex8(bigEndian(s[25:]))
	parent1, bad5 := hex8(bigEndian(s[34:]))
	parent2, bad6 := hex8(bigEndian(s[42:]))
	flags := hexValue[s[51]]
	c.TraceID.Low = trace1<<32 | trace2
	c.SpanID, c.ParentID = model.SpanID(span1<<32|span2), model.SpanID(parent1<<32|parent2)
	c.Flags = model.Flags(flags)
	return bad|bad1|bad2|bad3|bad4|bad5|bad6 == 0 && flags <= 15 && s[16] == ':' && s[33] == ':' && s[50] == ':'
}

// hex16 reads 16 digits; bad is not 0 where one of them was none.
func hex16(s string) (v, bad uint64) {
	high, bad1 := hex8(bigEndian(s))
	low, bad2 := hex8(bigEndian(s[8:]))
	return high<<32 | low, bad1 | bad2
}

// hex8 reads 8 digits at once, the first in the highest byte of x. As long as
// each of them is a digit, no sum leaves its byte.
func hex8(x uint64) (v, bad uint64) {
	const each = 0x01010101_01010101
	letters := x >> 6 & each // 1 where the byte is '@' or above
	// '0' to '9' stay what they are, letters of either case become 0x3a to 0x3f.
	y := (x | letters<<5) - letters*('a'-0x3a)
	bad = x&(0x80*each) | y&(0xf0*each) ^ 0x30*each
	bad |= (y+6*each)>>6&each ^ letters // ':' to '?' are no digits, '`' is no letter
	y &= 0x0f * each
	y = (y | y>>4) & 0x00ff00ff_00ff00ff
	y = (y | y>>8) & 0x0000ffff_0000ffff
	return (y | y>>16) & 0xffffffff, bad
}

// bigEndian is one load of the first 8 bytes, as in encoding/binary.
func bigEndian(s string) uint64 {
	_ = s[7]
	return uint64(s[0])<<56 | uint64(s[1])<<48 | uint64(s[2])<<40 | uint64(s[3])<<32 |
		uint64(s[4])<<24 | uint64(s[5])<<16 | uint64(s[6])<<8 | uint64(s[7])
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
