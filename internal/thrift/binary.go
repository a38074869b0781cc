// SPDX-License-Identifier: Apache-2.0

package thrift

import (
	"encoding/binary"
	"math"
	"unicode/utf8"
)

// The binary encoding, which collectors take over HTTP, spells every number in
// full, the highest byte first, and every field with its type and id. Nothing
// refers to what came before, so the functions below append whole fields, and
// Stop ends a struct here, too. Lists have structs for elements: that is all
// Jaeger's messages have.
const (
	plainBool   = 2
	plainDouble = 4
	plainI32    = 8
	plainI64    = 10
	plainBinary = 11
	plainStruct = 12
	plainList   = 15
)

// ListFieldLen is what AppendListField appends; its last four bytes are the
// count, highest byte first.
const ListFieldLen = 3 + 1 + 4

// AppendBoolField appends field id.
func AppendBoolField(b []byte, id byte, v bool) []byte {
	if v {
		return append(b, plainBool, 0, id, 1)
	}
	return append(b, plainBool, 0, id, 0)
}

// AppendI32Field appends field id.
func AppendI32Field(b []byte, id byte, v int32) []byte {
	return append(b, plainI32, 0, id, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
}

// AppendI64Field appends field id.
func AppendI64Field(b []byte, id byte, v int64) []byte {
	return appendWide(b, plainI64, id, uint64(v))
}

// AppendDoubleField appends field id.
func AppendDoubleField(b []byte, id byte, v float64) []byte {
	return appendWide(b, plainDouble, id, math.Float64bits(v))
}

func appendWide(b []byte, t, id byte, v uint64) []byte {
	return append(b, t, 0, id, byte(v>>56), byte(v>>48), byte(v>>40), byte(v>>32), byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
}

// AppendStructField appends the header of field id; what follows is the struct.
func AppendStructField(b []byte, id byte) []byte { return append(b, plainStruct, 0, id) }

// AppendListField appends the header of field id, a list of n structs; what
// follows are the structs.
func AppendListField(b []byte, id byte, n int) []byte {
	return append(b, plainList, 0, id, plainStruct, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
}

// AppendBinaryField appends field id with the bytes of s as they are, at most
// math.MaxInt32.
func AppendBinaryField(b []byte, id byte, s string) []byte {
	n := len(s)
	return append(append(b, plainBinary, 0, id, byte(n>>24), byte(n>>16), byte(n>>8), byte(n)), s...)
}

// AppendStringField appends field id with s in valid UTF-8, as AppendString
// does.
func AppendStringField(b []byte, id byte, s string) []byte {
	at := len(b)
	b = AppendBinaryField(b, id, s)
	if isASCII(b[len(b)-len(s):]) || utf8.ValidString(s) {
		return b
	}
	return AppendBinaryField(b[:at], id, valid(s))
}

// SetListLen writes n as the count of a list whose header ends at end.
func SetListLen(b []byte, end, n int) { binary.BigEndian.PutUint32(b[end-4:end], uint32(n)) }
