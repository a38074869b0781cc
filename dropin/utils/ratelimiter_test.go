// SPDX-License-Identifier: Apache-2.0

package utils

import (
	"testing"
	"time"
)

func TestRateLimiter(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	rl := newRateLimiter(2, 2, func() time.Time { return now })
	step := func(name string, after time.Duration, cost float64, want bool) {
		t.Helper()
		now = now.Add(after)
		if got := rl.CheckCredit(cost); got != want {
			t.Errorf("%s: got %t, want %t (balance %v)", name, got, want, rl.balance)
		}
	}
	step("starts full", 0, 1, true)
	step("to the last", 0, 1, true)
	step("then empty", 0, 1, false)
	step("too early", 250*time.Millisecond, 1, false)
	step("earned", 250*time.Millisecond, 1, true)
	step("no more than the bound", time.Hour, 2, true)
	step("and no more", 0, 0.5, false)
	step("a clock set back", -time.Hour, 0.5, false)
	rl.Update(1, 4)
	step("an empty balance stays empty", 0, 0.5, false)
	step("earned at the new rate", 2*time.Second, 2, true)
	rl.Update(1, 0)
	step("a bound of nothing", time.Hour, 1, false)
	rl.Update(10, 5)
	step("and back", 0, 5, true)
}

func TestZeroRateLimiter(t *testing.T) {
	t.Parallel()
	var rl ReconfigurableRateLimiter
	if rl.CheckCredit(1) || !rl.CheckCredit(0) {
		t.Error("the zero limiter gives credits")
	}
	rl.Update(1, 1)
}
