// SPDX-License-Identifier: Apache-2.0

package rpcmetrics_test

import (
	"regexp"
	"testing"

	"github.com/jaegerkit/jaeger/rpcmetrics"
)

func TestNormalize(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, operation, want string }{
		{"clean", "aZ09-_/.", "aZ09-_/."},
		{"blanks and signs", "GET /user/:id?x=1", "GET-/user/-id-x-1"},
		{"a byte each", "é", "--"},
		{"neighbours of the ranges", "`{@[/:", "----/-"},
		{"empty", "", ""},
	}
	for _, test := range tests {
		if got := rpcmetrics.Normalize(test.operation); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func FuzzNormalize(f *testing.F) {
	for _, s := range []string{"", "get", "GET /user/:id", "é\xff\x00"} {
		f.Add(s)
	}
	clean := regexp.MustCompile(`^[a-zA-Z0-9\-_/.]*$`)
	other := regexp.MustCompile(`(?s)[^a-zA-Z0-9\-_/.]`)
	f.Fuzz(func(t *testing.T, s string) {
		got := rpcmetrics.Normalize(s)
		if !clean.MatchString(got) || len(got) != len(s) || rpcmetrics.Normalize(got) != got {
			t.Errorf("%q became %q", s, got)
		}
		for i := range len(s) {
			if got[i] != s[i] && (got[i] != '-' || !other.MatchString(string(rune(s[i])))) {
				t.Errorf("%q became %q: byte %d was changed", s, got, i)
			}
		}
	})
}
