// SPDX-License-Identifier: Apache-2.0

package propagation

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/jaegerkit/jaeger/model"
)

// Limits of W3C's lists. What we write keeps to the least that every reader must
// take, as some drop a list whole that is beyond.
const (
	maxStateMembers   = 32
	maxStateBytes     = 8192
	maxStateKey       = 256
	maxStateValue     = 256
	maxBaggageMembers = 64
	maxBaggageBytes   = 8192
)

// trimSpace removes optional white space of RFC 7230.
func trimSpace(s string) string { return strings.Trim(s, " \t") }

// readTraceState returns s without white space around it, "" where it is no
// trace state within the limits. Empty members are allowed.
func readTraceState(s string) string {
	if len(s) > maxStateBytes {
		return ""
	}
	s = trimSpace(s)
	members := 0
	for rest, more := s, s != ""; more; {
		var member string
		member, rest, more = strings.Cut(rest, ",")
		if member = trimSpace(member); member == "" {
			continue
		}
		if members++; members > maxStateMembers || !isStateMember(member) {
			return ""
		}
	}
	if members == 0 {
		return ""
	}
	return s
}

func isStateMember(s string) bool {
	key, value, ok := strings.Cut(s, "=")
	if !ok || key == "" || len(key) > maxStateKey || value == "" || len(value) > maxStateValue {
		return false
	}
	for i := 0; i < len(key); i++ {
		switch c := key[i]; {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
		case i > 0 && strings.IndexByte("_-*/@", c) >= 0:
		default:
			return false
		}
	}
	for i := 0; i < len(value); i++ {
		if c := value[i]; c < ' ' || c > '~' || c == '=' {
			return false
		}
	}
	return true
}

// appendBaggage appends a baggage header with what is within the limits.
func appendBaggage(b []byte, sc model.SpanContext) []byte {
	n := 0
	eachCarried(sc, func(key, value string) {
		if n == maxBaggageMembers || key == "" || badTokenByte(key) >= 0 {
			return
		}
		start := len(b)
		if n > 0 {
			b = append(b, ',')
		}
		b = append(append(b, key...), '=')
		if b = appendEscaped(b, value, keepList); len(b) > maxBaggageBytes {
			b = b[:start]
			return
		}
		n++
	})
	return b
}

// addW3C adds the members of a baggage header. What is not a member is passed
// over, and so is what stands behind the first maxLooks commas.
func (b *items) addW3C(list string) {
	if len(list) > maxListBytes {
		return
	}
	rest := list
	for n, more := 0, true; more && n < maxLooks; n++ {
		var member string
		member, rest, more = strings.Cut(rest, ",")
		member, _, _ = strings.Cut(member, ";")
		key, value, ok := strings.Cut(member, "=")
		key, value = trimSpace(key), trimSpace(value)
		if !ok || key == "" || badTokenByte(key) >= 0 || len(key)+len(value) > 3*maxItemBytes {
			continue
		}
		b.buf = appendUnescaped(append(b.buf[:0], key...), value, false)
		if decoded := b.buf[len(key):]; !utf8.Valid(decoded) {
			b.buf = append(b.buf[:len(key)], bytes.ToValidUTF8(decoded, []byte("\uFFFD"))...)
		}
		b.add(b.buf, len(key), "", false)
	}
}
