// SPDX-License-Identifier: Apache-2.0

// Package wire writes the tags and logs of jaeger.thrift in Thrift's compact encoding, and
// reads back what it wrote.
//
//	end := wire.PutString(b, at, "http.method", "GET") // -1: no room, or not plain
//	if end >= 0 {
//		at = end
//	}
//
// The Put functions write to a slice that has the room already, at an index, and return
// where what they wrote ends; they may write to all of the room that they ask for. A
// model.Packed is made with them by the tracer and read by the transports; Unpack makes
// a record's Tags and Logs of it again.
package wire

import (
	"encoding/binary"
	"math"
	"unicode/utf8"

	"github.com/jaegerkit/jaeger/internal/thrift"
	"github.com/jaegerkit/jaeger/model"
)

// The most bytes that a tag and a log take besides the strings, those that Put functions
// write beyond the end included, and a string's length.
const (
	MostString = 1 + 5
	MostTag    = MostString + 2 + 1 + 10 + 1
	MostLog    = 1 + 10 + 1 + 1 + 5 + 1
)

// Field headers carry the distance to the field before, so the first argument of each
// thrift.Field call is a step, not an id. The type of a tag is an enum, hence an i32,
// whose zigzag form is its double.

// fits reports whether there is room for a tag with so many bytes of strings, whose
// lengths take a byte each.
func fits(b []byte, at, key, value int) bool {
	return key|value <= 0x7f && at+MostTag+key+value <= len(b)
}

// PutString writes a string tag of at most 127 bytes each, in ASCII.
func PutString(b []byte, at int, key, value string) int {
	if !fits(b, at, len(key), len(value)) {
		return -1
	}
	put16(b, at, uint16(thrift.Field(1, thrift.Binary))|uint16(len(key))<<8)
	if at = thrift.PutASCII(b, at+2, key); at < 0 {
		return -1
	}
	put32(b, at, uint32(thrift.Field(1, thrift.I32))|uint32(model.KindString)<<9|uint32(thrift.Field(1, thrift.Binary))<<16|uint32(len(value))<<24)
	if at = thrift.PutASCII(b, at+4, value); at < 0 {
		return -1
	}
	b[at] = thrift.Stop
	return at + 1
}

// putKey writes the key and the type of a tag that is no string, and rest in the two bytes
// behind. It returns where they begin.
func putKey(b []byte, at int, key string, kind model.Kind, rest uint32) int {
	if !fits(b, at, len(key), 0) {
		return -1
	}
	put16(b, at, uint16(thrift.Field(1, thrift.Binary))|uint16(len(key))<<8)
	if at = thrift.PutASCII(b, at+2, key); at < 0 {
		return -1
	}
	put32(b, at, uint32(thrift.Field(1, thrift.I32))|uint32(kind)<<9|rest<<16)
	return at + 2
}

// PutInt64 writes an integer tag with a key of at most 127 bytes, in ASCII. So do the
// next two with theirs.
func PutInt64(b []byte, at int, key string, value int64) int {
	if at = putKey(b, at, key, model.KindInt64, 0); at < 0 {
		return -1
	}
	at = thrift.PutI64(b, at, thrift.Field(4, thrift.I64), value)
	b[at] = thrift.Stop
	return at + 1
}

// PutBool writes a boolean tag.
func PutBool(b []byte, at int, key string, value bool) int {
	v := uint32(thrift.Field(3, thrift.False))
	if value {
		v = uint32(thrift.Field(3, thrift.True))
	}
	if at = putKey(b, at, key, model.KindBool, v|thrift.Stop<<8); at < 0 {
		return -1
	}
	return at + 2
}

// PutFloat64 writes a floating point tag.
func PutFloat64(b []byte, at int, key string, value float64) int {
	if at = putKey(b, at, key, model.KindFloat64, uint32(thrift.Field(2, thrift.Double))); at < 0 {
		return -1
	}
	put64(b, at+1, math.Float64bits(value))
	b[at+1+8] = thrift.Stop
	return at + 1 + 8 + 1
}

// PutPlain writes a tag that one of the functions above writes.
func PutPlain(b []byte, at int, t *model.Tag) int {
	switch t.Kind() {
	case model.KindString:
		return PutString(b, at, t.Key, t.Str())
	case model.KindInt64:
		return PutInt64(b, at, t.Key, t.Int64())
	case model.KindBool:
		return PutBool(b, at, t.Key, t.Bool())
	case model.KindFloat64:
		return PutFloat64(b, at, t.Key, t.Float64())
	}
	return -1
}

// PutTag writes any tag whose strings are UTF-8.
func PutTag(b []byte, at int, t *model.Tag) int {
	if end := PutPlain(b, at, t); end >= 0 {
		return end
	}
	if at+MostTag+len(t.Key)+len(t.Str()) > len(b) || !utf8.ValidString(t.Key) ||
		t.Kind() != model.KindBinary && !utf8.ValidString(t.Str()) {
		return -1
	}
	return len(AppendTag(b[:at], t))
}

// AppendTag appends any tag. Strings that are not UTF-8 are made so.
func AppendTag(b []byte, t *model.Tag) []byte {
	b = thrift.AppendString(append(b, thrift.Field(1, thrift.Binary)), t.Key)
	b = append(b, thrift.Field(1, thrift.I32), byte(t.Kind())<<1)
	switch t.Kind() {
	case model.KindFloat64:
		b = thrift.AppendDouble(append(b, thrift.Field(2, thrift.Double)), t.Float64())
	case model.KindBool:
		v := thrift.False
		if t.Bool() {
			v = thrift.True
		}
		b = append(b, thrift.Field(3, v))
	case model.KindInt64:
		b = thrift.AppendI64(append(b, thrift.Field(4, thrift.I64)), t.Int64())
	case model.KindBinary:
		b = thrift.AppendBinary(append(b, thrift.Field(5, thrift.Binary)), t.Str())
	default:
		b = thrift.AppendString(append(b, thrift.Field(1, thrift.Binary)), t.Str())
	}
	return append(b, thrift.Stop)
}

// Micros rounds nanoseconds down, before 1970 too, so that two times never change places.
func Micros(ns int64) int64 {
	us := ns / 1000
	if ns < 0 && us*1000 != ns {
		us--
	}
	return us
}

// The third index keeps the compiler from guarding against an empty rest of b.
func put16(b []byte, at int, v uint16) { binary.LittleEndian.PutUint16(b[at:at+2:at+2], v) }
func put32(b []byte, at int, v uint32) { binary.LittleEndian.PutUint32(b[at:at+4:at+4], v) }
func put64(b []byte, at int, v uint64) { binary.LittleEndian.PutUint64(b[at:at+8:at+8], v) }
