// SPDX-License-Identifier: Apache-2.0

package transport

import "testing"

// FuzzParseAddress: what is accepted reads back as itself.
func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"", "localhost", "h:1", ":6831", "[::1]:6831", "::1", "127.0.0.1:65535", "[::1", "a:b", "é:1", "h:0", "[fe80::1%eth0]:1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := parseAddress(s, "localhost", 6831)
		if err != nil {
			return
		}
		b, err := parseAddress(a.String(), "other", 1)
		if err != nil || a != b {
			t.Errorf("%q is %+v and reads back as %+v, %v", s, a, b, err)
		}
	})
}
