// SPDX-License-Identifier: Apache-2.0

package model

import (
	"strings"
	"unicode/utf8"
)

// Truncate returns s cut to at most maxLen bytes; maxLen <= 0 means no limit.
// A UTF-8 sequence that the limit falls into is left out whole, so the result
// may be up to three bytes shorter than maxLen; bytes that are not UTF-8 are
// cut where the limit is.
//
// A string that fits is returned as it is, at no cost. A cut one is a copy, so
// that a short tag does not keep the long string it came from in memory.
func Truncate(s string, maxLen int) string {
	if maxLen <= 0 || len(s) <= maxLen {
		return s
	}
	return strings.Clone(s[:runeCut(s, maxLen)])
}

// runeCut returns the largest n <= limit where cutting s splits no rune; limit
// must be below len(s). It looks at no more than four bytes.
func runeCut[T string | []byte](s T, limit int) int {
	if utf8.RuneStart(s[limit]) {
		return limit
	}
	for i := limit - 1; i >= 0 && i > limit-utf8.UTFMax; i-- {
		if !utf8.RuneStart(s[i]) {
			continue
		}
		tail := string(s[i:min(len(s), i+utf8.UTFMax)])
		if _, size := utf8.DecodeRuneInString(tail); i+size > limit {
			return i
		}
		break
	}
	return limit
}
