// SPDX-License-Identifier: Apache-2.0

package propagation

import "strings"

// Sets of bytes that need no escape. '%' is in none of them, so that what was
// escaped reads back.
const (
	keepValue byte = 1 << iota // unreserved in RFC 3986: what every Jaeger client leaves alone
	keepName                   // token in RFC 7230
	keepDebug                  // visible ASCII
	keepList                   // baggage-octet of W3C, but for '+' and '=', which some readers take apart
)

var keeps = func() (t [256]byte) {
	for c := byte('!'); c <= '~'; c++ {
		t[c] = keepDebug
		if strings.IndexByte(`",;\+=`, c) < 0 {
			t[c] |= keepList
		}
		if alnum := '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'; alnum || strings.IndexByte("-_.~", c) >= 0 {
			t[c] |= keepValue | keepName
		} else if strings.IndexByte("!#$&'*+^`|", c) >= 0 {
			t[c] |= keepName
		}
	}
	t['%'] = 0
	return t
}()

func isToken(c byte) bool { return c == '%' || keeps[c]&keepName != 0 }

const hexDigits = "0123456789ABCDEF"

// escape returns s with all bytes outside the set as %XX; a space is %20, which
// all clients decode, never the '+' that some do not. It costs nothing where
// nothing needs an escape.
func escape(s string, set byte) string {
	n := 0
	for i := 0; i < len(s); i++ {
		if keeps[s[i]]&set == 0 {
			n++
		}
	}
	if n == 0 {
		return s
	}
	return string(appendEscaped(make([]byte, 0, len(s)+2*n), s, set))
}

func appendEscaped(b []byte, s string, set byte) []byte {
	for i := 0; i < len(s); i++ {
		if c := s[i]; keeps[c]&set != 0 {
			b = append(b, c)
		} else {
			b = append(b, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return b
}

// appendUnescaped appends s with %XX decoded, and '+' as a space where plus is
// set. A string with a damaged escape is taken to be no escaped string at all
// and appended as it is.
func appendUnescaped(b []byte, s string, plus bool) []byte {
	start := len(b)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '%':
			if i+2 >= len(s) || hexValue[s[i+1]]|hexValue[s[i+2]] > 15 {
				return append(b[:start], s...)
			}
			b = append(b, hexValue[s[i+1]]<<4|hexValue[s[i+2]])
			i += 2
		case c == '+' && plus:
			b = append(b, ' ')
		default:
			b = append(b, c)
		}
	}
	return b
}

// hexValue is above 15 for bytes that are no hex digits.
var hexValue = func() (t [256]byte) {
	for i := range t {
		t[i] = 0xff
	}
	for i := byte(0); i < 16; i++ {
		t[hexDigits[i]] = i
		t[hexDigits[i]|0x20] = i
	}
	return t
}()
