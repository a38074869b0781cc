// SPDX-License-Identifier: Apache-2.0

package baggage_test

import (
	"testing"

	"github.com/uber/jaeger-client-go/internal/baggage"
)

func TestRestriction(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		got     *baggage.Restriction
		allowed bool
		length  int
	}{
		{"default", baggage.NewDefaultRestrictionManager(0).GetRestriction("s", "k"), true, 2048},
		{"own length", baggage.NewDefaultRestrictionManager(7).GetRestriction("s", "k"), true, 7},
		{"forbidden", baggage.NewRestriction(false, 3), false, 3},
		{"nil", nil, false, 0},
	} {
		if got := test.got.KeyAllowed(); got != test.allowed {
			t.Errorf("%s: allowed: got %t, want %t", test.name, got, test.allowed)
		}
		if got := test.got.MaxValueLength(); got != test.length {
			t.Errorf("%s: length: got %d, want %d", test.name, got, test.length)
		}
	}
}
