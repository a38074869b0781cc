// SPDX-License-Identifier: Apache-2.0

package thrift

import (
	"encoding/binary"
	"math"
	"math/bits"
	"strings"
	"unicode/utf8"
)

// Message header bytes: the protocol's id, then version 1 with the kind of
// message in the upper three bits. Jaeger's Go client sends a oneway method as
// an ordinary call, and agents take both.
const (
	protocolID  = 0x82
	versionCall = 1 | 1<<5
)

// AppendCall appends the header of a call message; what follows is the struct
// of the method's arguments.
func AppendCall(b []byte, method string, seqID int32) []byte {
	b = append(b, protocolID, versionCall)
	b = AppendVarint(b, uint64(uint32(seqID)))
	return AppendString(b, method)
}

// AppendList appends the header of a list of n elements.
func AppendList(b []byte, n int, elem Type) []byte {
	if n < 15 {
		return append(b, byte(n)<<4|byte(elem))
	}
	return AppendVarint(append(b, 0xf0|byte(elem)), uint64(n))
}

// ListLen returns how many bytes AppendList needs for n elements.
func ListLen(n int) int {
	if n < 15 {
		return 1
	}
	return 1 + VarintLen(uint64(n))
}

// AppendI32 appends a zigzag varint of at most 5 bytes.
func AppendI32(b []byte, v int32) []byte { return AppendVarint(b, uint64(uint32(v<<1)^uint32(v>>31))) }

// AppendI64 appends a zigzag varint of at most 10 bytes.
func AppendI64(b []byte, v int64) []byte { return AppendVarint(b, uint64(v<<1)^uint64(v>>63)) }

// I64Len returns how many bytes AppendI64 needs.
func I64Len(v int64) int { return VarintLen(uint64(v<<1) ^ uint64(v>>63)) }

// AppendVarint appends v seven bits at a time, the lowest first. The one-byte
// case is inlined into the caller.
func AppendVarint(b []byte, v uint64) []byte {
	if v < 0x80 {
		return append(b, byte(v))
	}
	return appendLongVarint(b, v)
}

// VarintLen returns how many bytes AppendVarint needs.
func VarintLen(v uint64) int { return (bits.Len64(v|1)*9 + 64) >> 6 }

// appendLongVarint has no loop: random ids, which take all ten bytes, are half
// of what a small span consists of. Three shifts spread 56 bits over eight
// bytes, which are stored at once and then cut to length.
func appendLongVarint(b []byte, v uint64) []byte {
	x := v&(1<<28-1) | v&(1<<56-1<<28)<<4
	x = x&0x00003fff_00003fff | x&0x0fffc000_0fffc000<<2
	x = x&0x007f007f_007f007f | x&0x3f803f80_3f803f80<<1
	at, n := len(b), VarintLen(v)
	b = append(b, 0, 0, 0, 0, 0, 0, 0, 0, byte(v>>56)|0x80, byte(v>>63))
	binary.LittleEndian.PutUint64(b[at:], x|0x80808080_80808080)
	b = b[:at+n]
	b[at+n-1] &= 0x7f
	return b
}

// AppendDouble appends the eight bytes of v, the lowest first as apache/thrift's
// Go library does.
func AppendDouble(b []byte, v float64) []byte {
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
}

// AppendBinary appends the length and the bytes of s as they are.
func AppendBinary(b []byte, s string) []byte {
	return append(AppendVarint(b, uint64(len(s))), s...)
}

// AppendString appends the length and the bytes of s. Each run of bytes that is
// not UTF-8 becomes one U+FFFD, because the agent's next hop is protobuf, which
// refuses the whole batch otherwise; only such strings cost an allocation.
func AppendString(b []byte, s string) []byte {
	at := len(b)
	b = append(AppendVarint(b, uint64(len(s))), s...)
	if isASCII(b[len(b)-len(s):]) || utf8.ValidString(s) {
		return b
	}
	return AppendBinary(b[:at], valid(s))
}

// StringLen returns how many bytes AppendString needs.
func StringLen(s string) int {
	n := len(valid(s))
	return VarintLen(uint64(n)) + n
}

func valid(s string) string { return strings.ToValidUTF8(s, string(utf8.RuneError)) }

// isASCII looks at eight bytes at a time, the last eight twice where the length
// is no multiple of eight.
func isASCII(b []byte) bool {
	const high = 0x80808080_80808080
	if len(b) < 8 {
		var or byte
		for _, c := range b {
			or |= c
		}
		return or < 0x80
	}
	or := binary.LittleEndian.Uint64(b[len(b)-8:])
	for ; len(b) > 8; b = b[8:] {
		or |= binary.LittleEndian.Uint64(b)
	}
	return or&high == 0
}
