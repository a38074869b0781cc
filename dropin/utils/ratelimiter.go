// SPDX-License-Identifier: Apache-2.0

package utils

import (
	"sync"
	"time"
)

// RateLimiter says whether something of a given cost may happen now.
type RateLimiter interface {
	CheckCredit(itemCost float64) bool
}

// ReconfigurableRateLimiter is a RateLimiter that earns credits over time and
// saves them up to a bound. It may be used from any goroutine.
type ReconfigurableRateLimiter struct {
	mu        sync.Mutex
	perSecond float64
	bound     float64
	balance   float64
	at        time.Time // the balance is of then
	now       func() time.Time
}

// NewRateLimiter returns one that earns creditsPerSecond, keeps at most
// maxBalance and starts with that much.
func NewRateLimiter(creditsPerSecond, maxBalance float64) *ReconfigurableRateLimiter {
	return newRateLimiter(creditsPerSecond, maxBalance, time.Now)
}

func newRateLimiter(perSecond, bound float64, now func() time.Time) *ReconfigurableRateLimiter {
	return &ReconfigurableRateLimiter{perSecond: perSecond, bound: bound, balance: bound, at: now(), now: now}
}

// CheckCredit takes itemCost off the balance and reports true, or leaves it
// alone where it does not suffice.
func (rl *ReconfigurableRateLimiter) CheckCredit(itemCost float64) bool {
	rl.mu.Lock()
	defer rl.mu.Unlock()
	if rl.balance < itemCost {
		rl.earn()
	}
	if rl.balance < itemCost {
		return false
	}
	rl.balance -= itemCost
	return true
}

// Update sets new rates. The balance keeps its share of the bound.
func (rl *ReconfigurableRateLimiter) Update(creditsPerSecond, maxBalance float64) {
	rl.mu.Lock()
	defer rl.mu.Unlock()
	rl.earn()
	if rl.bound > 0 {
		rl.balance *= maxBalance / rl.bound
	} else {
		rl.balance = maxBalance
	}
	rl.perSecond, rl.bound = creditsPerSecond, maxBalance
}

func (rl *ReconfigurableRateLimiter) earn() {
	if rl.now == nil { // the zero limiter, which has no credits to give
		return
	}
	now := rl.now()
	rl.balance = min(rl.balance+max(now.Sub(rl.at).Seconds(), 0)*rl.perSecond, rl.bound)
	rl.at = now
}
