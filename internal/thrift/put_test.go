// SPDX-License-Identifier: Apache-2.0

package thrift_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/internal/thrift"
)

const putHeader = 0x5a

// checkPut calls put at some places of slices that have n bytes behind that place.
// It expects want there, and what lies before it or beyond the slice as it was.
func checkPut(t testing.TB, what string, n int, want []byte, put func(b []byte, at int) int) {
	t.Helper()
	for _, at := range []int{0, 1, 7, 8} {
		whole := bytes.Repeat([]byte{0xee}, at+n+8)
		b := whole[: at+n : at+n]
		end := put(b, at)
		if end != at+len(want) {
			t.Errorf("%s at %d\n got: end %d\nwant: %d", what, at, end, at+len(want))
			continue
		}
		same(t, what, b[at:end], want)
		same(t, what+": before it", b[:at], bytes.Repeat([]byte{0xee}, at))
		same(t, what+": beyond its room", whole[at+n:], bytes.Repeat([]byte{0xee}, 8))
	}
}

func checkPutInteger(t testing.TB, v int64) {
	t.Helper()
	header := []byte{putHeader}
	checkPut(t, "PutVarint", thrift.PutRoom, thrift.AppendVarint(header, uint64(v)),
		func(b []byte, at int) int { return thrift.PutVarint(b, at, putHeader, uint64(v)) })
	checkPut(t, "PutI64", thrift.PutRoom, thrift.AppendI64(header, v),
		func(b []byte, at int) int { return thrift.PutI64(b, at, putHeader, v) })
	n := int(uint64(v) % (1 << 31))
	checkPut(t, "PutList", 1+thrift.PutRoom, thrift.AppendList(header, n, thrift.Struct),
		func(b []byte, at int) int { return thrift.PutList(b, at, putHeader, n, thrift.Struct) })
}

// checkPutString gives PutASCII as much room as s has bytes.
func checkPutString(t testing.TB, s string) {
	t.Helper()
	if strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0 {
		checkPut(t, "PutASCII", len(s), []byte(s), func(b []byte, at int) int { return thrift.PutASCII(b, at, s) })
		return
	}
	whole := bytes.Repeat([]byte{0xee}, len(s)+9)
	if end := thrift.PutASCII(whole[:1+len(s):1+len(s)], 1, s); end != -1 || whole[0] != 0xee {
		t.Errorf("PutASCII(%q)\n got: %d\nwant: -1", s, end)
	}
	same(t, "PutASCII: beyond its room", whole[1+len(s):], bytes.Repeat([]byte{0xee}, 8))
}

func TestPutIntegers(t *testing.T) {
	t.Parallel()
	for shift := 0; shift < 64; shift++ {
		for d := int64(-2); d <= 2; d++ {
			checkPutInteger(t, 1<<shift+d)
			checkPutInteger(t, -1<<shift+d)
		}
	}
	for n := int64(0); n < 40; n++ {
		checkPutInteger(t, n)
	}
	for _, n := range []int64{14, 15, 16, 127, 128, 16383, 16384, math.MaxInt32} {
		checkPutInteger(t, n)
	}
}

// TestPutStrings has each length in which PutASCII takes another way, with the one
// byte that is not ASCII at each place.
func TestPutStrings(t *testing.T) {
	t.Parallel()
	const text = "the quick brown fox jumps over the lazy dog, 0123456789 times in a row of so many"
	for n := range len(text) {
		checkPutString(t, text[:n])
		for at := range n {
			for _, c := range []string{"\x7f", "\x80", "\xff"} {
				checkPutString(t, text[:at]+c+text[at+1:n])
			}
		}
	}
	for _, n := range []int{126, 127, 128, 129, 255, 256, 16383, 16384} {
		long := strings.Repeat(text, n/len(text)+1)[:n]
		checkPutString(t, long)
		for _, at := range []int{0, 7, 8, 15, 16, n - 17, n - 16, n - 9, n - 8, n - 1} {
			checkPutString(t, long[:at]+"\x80"+long[at+1:])
		}
	}
}

// TestPutWithoutRoom: a mistake about room is a panic, never a write past the end.
func TestPutWithoutRoom(t *testing.T) {
	t.Parallel()
	for n := range 40 {
		whole := bytes.Repeat([]byte{0xee}, 64)
		for what, put := range map[string]func(b []byte){
			"PutASCII": func(b []byte) { thrift.PutASCII(b, 0, strings.Repeat("x", n+1)) },
			"PutI64": func(b []byte) {
				thrift.PutI64(b[:min(n, thrift.PutRoom-1):min(n, thrift.PutRoom-1)], 0, 1, math.MinInt64)
			},
		} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("%s with %d bytes of room: want a panic", what, n)
					}
				}()
				put(whole[:n:n])
			}()
			same(t, what+": beyond its room", whole[n:], bytes.Repeat([]byte{0xee}, 64-n))
		}
	}
}

func FuzzPut(f *testing.F) {
	f.Add(int64(1)<<56, "http.url")
	f.Add(int64(-1), "Grüße aus Köln, \xff")
	f.Fuzz(func(t *testing.T, v int64, s string) {
		checkPutInteger(t, v)
		checkPutString(t, s)
	})
}
