// SPDX-License-Identifier: Apache-2.0

package model_test

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"
	"unsafe"

	"github.com/jaegerkit/jaeger/model"
)

func TestTruncate(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		in     string
		maxLen int
		want   string
	}{
		{"fits", "abc", 3, "abc"},
		{"no limit", "abc", 0, "abc"},
		{"negative limit", "abc", -1, "abc"},
		{"largest limit", "abc", math.MaxInt, "abc"},
		{"ascii", "abcd", 3, "abc"},
		{"empty", "", 3, ""},
		{"before two byte rune", "abé", 2, "ab"},
		{"inside two byte rune", "abé", 3, "ab"},
		{"inside three byte rune", "a€b", 3, "a"},
		{"after three byte rune", "a€b", 4, "a€"},
		{"inside four byte rune", "a😀b", 4, "a"},
		{"after four byte rune", "a😀b", 5, "a😀"},
		{"first rune longer than limit", "😀😀", 2, ""},
		{"only continuation bytes", "\x80\x80\x80\x80\x80\x80\x80\x80", 6, "\x80\x80\x80\x80\x80\x80"},
		{"stray continuation after rune", "é\x80\x80", 3, "é\x80"},
		{"incomplete rune", "a\xe2\x82bcd", 2, "a\xe2"},
		{"invalid lead byte", "a\xff\x80\x80b", 3, "a\xff\x80"},
		{"combining sequence may split between runes", "e\u0301x", 1, "e"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := model.Truncate(test.in, test.maxLen)
			if got != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

func TestTruncateKeepsOrCopies(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 10<<20)
	if got := model.Truncate(long, len(long)); unsafe.StringData(got) != unsafe.StringData(long) {
		t.Error("a string that fits was copied")
	}
	if got := model.Truncate(long, 256); unsafe.StringData(got) == unsafe.StringData(long) {
		t.Error("a cut string shares the memory of the long one")
	}
}

func FuzzTruncate(f *testing.F) {
	f.Add("a€b", 3)
	f.Add("\x80\x80\x80\x80", 2)
	f.Add("", 0)
	f.Fuzz(func(t *testing.T, s string, maxLen int) {
		got := model.Truncate(s, maxLen)
		switch {
		case maxLen <= 0 || len(s) <= maxLen:
			if got != s {
				t.Errorf("got %q, want %q unchanged", got, s)
			}
		case !strings.HasPrefix(s, got) || len(got) > maxLen || len(got) < maxLen-3:
			t.Errorf("got %q of %q with limit %d", got, s, maxLen)
		case utf8.ValidString(s) && !utf8.ValidString(got):
			t.Errorf("got %q of %q with limit %d: a rune was split", got, s, maxLen)
		}
	})
}
