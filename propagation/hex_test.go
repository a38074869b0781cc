// SPDX-License-Identifier: Apache-2.0

package propagation

import (
	"strconv"
	"strings"
	"testing"
)

// Every byte in every place, beside digits that are good: hex16 agrees with strconv.
func TestHex16(t *testing.T) {
	for _, good := range []string{"0000000000000000", "0123456789abcdef", "ffffffffffffffff", "FEDCBA9876543210", "9999999999999999", "aAaAaAaAaAaAaAaA"} {
		for at := range len(good) {
			for b := range 256 {
				s := good[:at] + string([]byte{byte(b)}) + good[at+1:]
				want, err := strconv.ParseUint(s, 16, 64)
				if strings.ContainsAny(s, "_+-") {
					err = strconv.ErrSyntax
				}
				got, bad := hex16(s)
				if ok := bad == 0; ok != (err == nil) || ok && got != want {
					t.Errorf("hex16(%q) = %x, bad %#x; strconv says %x, %v", s, got, bad, want, err)
				}
			}
		}
	}
}
