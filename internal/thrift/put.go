// SPDX-License-Identifier: Apache-2.0

package thrift

import "encoding/binary"

// The Put functions write what their Append namesakes append, but at an index of
// a slice that has the room already, and return where it ends. That spares every
// value the check of the capacity and the three words of the slice's header: a
// whole span, whose room is made once, takes 40 % less time. They may write to
// all of the room they name, beyond what they return, and call nothing, so that
// they need no frame of their own.

// PutRoom is what PutI64 and PutVarint want behind at, their header included, and
// what PutList wants beyond its header.
const PutRoom = 1 + 10

// PutI64 writes header and what AppendI64 appends.
func PutI64(b []byte, at int, header byte, v int64) int {
	return PutVarint(b, at, header, uint64(v<<1)^uint64(v>>63))
}

// PutVarint writes header and what AppendVarint appends. It counts no bits where
// comparisons do that are nearly always guessed right: ids are random and as good
// as always long, times are of this century, other numbers are small. To look
// for the long ones first was slower.
func PutVarint(b []byte, at int, header byte, v uint64) int {
	w := b[at : at+PutRoom : at+PutRoom]
	w[0] = header
	if v < 1<<28 {
		u := uint32(v)
		switch {
		case u < 1<<7:
			w[1] = byte(u)
			return at + 2
		case u < 1<<14:
			binary.LittleEndian.PutUint16(w[1:3], uint16(u&0x7f|u&0x3f80<<1|0x80))
			return at + 3
		}
		fourth := uint32(0)
		if u >= 1<<21 {
			fourth = 1
		}
		binary.LittleEndian.PutUint32(w[1:5], u&0x7f|u&0x3f80<<1|u&0x1fc000<<2|u&0xfe00000<<3|0x8080|fourth<<23)
		return at + 4 + int(fourth)
	}
	// As in appendLongVarint.
	x := v&(1<<28-1) | v&(1<<56-1<<28)<<4
	x = x&0x00003fff_00003fff | x&0x0fffc000_0fffc000<<2
	x = x&0x007f007f_007f007f | x&0x3f803f80_3f803f80<<1
	switch {
	case v >= 1<<56:
		// The highest bit goes on in a tenth byte, and marks the ninth for it.
		binary.LittleEndian.PutUint64(w[1:9], x|0x80808080_80808080)
		w[9], w[10] = byte(v>>56), byte(v>>63)
		return at + 10 + int(v>>63)
	case v >= 1<<49:
		binary.LittleEndian.PutUint64(w[1:9], x|0x00808080_80808080)
		return at + 9
	}
	n := 5
	if v >= 1<<35 {
		n++
	}
	if v >= 1<<42 {
		n++
	}
	binary.LittleEndian.PutUint64(w[1:9], x|0x80808080_80808080&(1<<(8*uint(n-1))-1))
	return at + 1 + n
}

// PutList writes header and what AppendList appends.
func PutList(b []byte, at int, header byte, n int, elem Type) int {
	if n < 15 {
		binary.LittleEndian.PutUint16(b[at:at+2:at+2], uint16(header)|uint16(n)<<12|uint16(elem)<<8)
		return at + 2
	}
	b[at] = header
	return PutVarint(b, at+1, 0xf0|byte(elem), uint64(n))
}

// PutASCII writes the bytes of s, without their length, and looks at them on the
// way. It returns -1 if there are others than ASCII among them. Up to 32 bytes, as
// nearly all keys and most values have, go without a loop, the last ones twice
// where the length is no power of two; copy is faster from some hundred on.
func PutASCII(b []byte, at int, s string) int {
	n := len(s)
	end := at + n
	if n >= 8 {
		w := b[at:end:end]
		first, last := load64(s), load64(s[n-8:])
		or := first | last
		binary.LittleEndian.PutUint64(w, first)
		if n > 16 {
			second, third := load64(s[8:]), load64(s[n-16:])
			or |= second | third
			binary.LittleEndian.PutUint64(w[8:], second)
			for i := 16; i < n-16; i += 8 {
				x := load64(s[i:])
				or |= x
				binary.LittleEndian.PutUint64(w[i:], x)
			}
			binary.LittleEndian.PutUint64(w[n-16:], third)
		}
		binary.LittleEndian.PutUint64(w[n-8:], last)
		if or&0x80808080_80808080 != 0 {
			return -1
		}
		return end
	}
	var or uint32
	if n >= 4 {
		w := b[at:end:end]
		first, last := load32(s), load32(s[n-4:])
		or = first | last
		binary.LittleEndian.PutUint32(w, first)
		binary.LittleEndian.PutUint32(w[n-4:], last)
	} else if n > 0 {
		w := b[at:end:end]
		first, middle, last := s[0], s[n>>1], s[n-1]
		or = uint32(first | middle | last)
		w[0], w[n>>1], w[n-1] = first, middle, last
	}
	if or&0x80808080 != 0 {
		return -1
	}
	return end
}

// load64 and load32 are one instruction where the processor can read so much at
// an odd address.
func load64(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func load32(s string) uint32 {
	_ = s[3]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}
