// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"encoding/base64"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/jaegerkit/jaeger/model"
)

// JSON as RFC 8259 has it, appended to a slice.

// appendJSON appends s as a string. Each run of bytes that is not UTF-8 becomes
// one U+FFFD. The line separators U+2028 and U+2029 are escaped: they end a line
// for whoever takes JSON for JavaScript.
func appendJSON(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0 // of what is copied as it is
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' {
			i++
			continue
		}
		if c < utf8.RuneSelf {
			b = append(b, s[from:i]...)
			b = appendEscape(b, c)
			i++
			from = i
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			b = append(b, s[from:i]...)
			for r == utf8.RuneError && n == 1 {
				i++
				r, n = utf8.DecodeRuneInString(s[i:])
			}
			b = utf8.AppendRune(b, utf8.RuneError)
			from = i
		case r == '\u2028' || r == '\u2029':
			b = append(b, s[from:i]...)
			b = append(b, `\u202`...)
			b = append(b, hexDigits[r&15])
			i += n
			from = i
		default:
			i += n
		}
	}
	return append(append(b, s[from:]...), '"')
}

const hexDigits = "0123456789abcdef"

func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	}
	return append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}

// quoteJSON makes a string of the JSON text b[at:]: all that is left to escape
// in it are quotes and backslashes.
func quoteJSON(b []byte, at int) []byte {
	extra := 2
	for _, c := range b[at:] {
		if c == '"' || c == '\\' {
			extra++
		}
	}
	from := len(b) - 1
	b = slices.Grow(b, extra)[:len(b)+extra]
	to := len(b) - 1
	b[to] = '"'
	for to--; from >= at; from-- {
		b[to] = b[from]
		to--
		if b[from] == '"' || b[from] == '\\' {
			b[to] = '\\'
			to--
		}
	}
	b[at] = '"'
	return b
}

// appendText appends the value of t as a string: numbers in decimal digits,
// bytes in base64.
func appendText(b []byte, t *model.Tag) []byte {
	switch t.Kind() {
	case model.KindInt64:
		return append(strconv.AppendInt(append(b, '"'), t.Int64(), 10), '"')
	case model.KindFloat64:
		return append(strconv.AppendFloat(append(b, '"'), t.Float64(), 'g', -1, 64), '"')
	case model.KindBool:
		return append(strconv.AppendBool(append(b, '"'), t.Bool()), '"')
	case model.KindBinary:
		return append(appendBase64(append(b, '"'), t.Str()), '"')
	}
	return appendJSON(b, t.Str())
}

// appendTyped appends the value of t as what it is, as far as JSON can.
func appendTyped(b []byte, t *model.Tag) []byte {
	switch f := t.Float64(); {
	case t.Kind() == model.KindInt64:
		return strconv.AppendInt(b, t.Int64(), 10)
	case t.Kind() == model.KindFloat64 && !math.IsNaN(f) && !math.IsInf(f, 0):
		return strconv.AppendFloat(b, f, 'g', -1, 64)
	case t.Kind() == model.KindBool:
		return strconv.AppendBool(b, t.Bool())
	}
	return appendText(b, t)
}

// appendBase64 copies s in small pieces to spare a conversion of all of it.
func appendBase64(b []byte, s string) []byte {
	var piece [384]byte // a multiple of three
	for len(s) > 0 {
		n := copy(piece[:], s)
		b = base64.StdEncoding.AppendEncode(b, piece[:n])
		s = s[n:]
	}
	return b
}

// latest tells which tags count where each key has one value: the last one set.
// Many tags are looked up in a map, which few do not pay for.
type latest struct {
	tags  []model.Tag
	index map[string]int
}

const fewTags = 32

func latestOf(tags []model.Tag) latest {
	l := latest{tags: tags}
	if len(tags) > fewTags {
		l.index = make(map[string]int, len(tags))
		for i := range tags {
			l.index[tags[i].Key] = i
		}
	}
	return l
}

// counts reports whether tag i is the last of its key.
func (l *latest) counts(i int) bool {
	if l.index != nil {
		return l.index[l.tags[i].Key] == i
	}
	key := l.tags[i].Key
	for j := i + 1; j < len(l.tags); j++ {
		if l.tags[j].Key == key {
			return false
		}
	}
	return true
}

// has reports whether there is a tag of key.
func (l *latest) has(key string) bool {
	if l.index != nil {
		_, ok := l.index[key]
		return ok
	}
	for i := range l.tags {
		if l.tags[i].Key == key {
			return true
		}
	}
	return false
}
