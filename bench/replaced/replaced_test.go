// SPDX-License-Identifier: Apache-2.0

package replaced_test

import (
	"testing"

	"github.com/jaegerkit/jaeger/bench/measure"
	"github.com/jaegerkit/jaeger/bench/replaced"
)

func TestRatio(t *testing.T) {
	t.Parallel()
	c := replaced.Case{
		Native: []measure.Cost{{Wall: 100}, {Wall: 200}, {Wall: 100}},
		DropIn: []measure.Cost{{Wall: 110, Allocs: 1}, {Wall: 240, Allocs: 1}, {Wall: 900, Allocs: 2}},
	}
	if got := c.Ratio(); got != 1.2 {
		t.Errorf("ratio: got %v, want the median of the rounds, 1.2", got)
	}
	if got := c.Allocs(); got != 1 {
		t.Errorf("allocations: got %v, want 1", got)
	}
}
