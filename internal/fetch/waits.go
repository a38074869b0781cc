// SPDX-License-Identifier: Apache-2.0

package fetch

import (
	"errors"
	"math/rand/v2"
	"time"
)

// waits are the times between questions.
type waits struct {
	interval time.Duration
	known    bool // there was an answer
	failures int  // in a row
}

const (
	firstWait   = time.Second
	mostStretch = 4
	absentWait  = time.Minute
	gathering   = 100 * time.Millisecond
	jitter      = 0.1
	longestWait = 1 << 58 // nanoseconds, nine years: what is made of it must not overflow
)

func newWaits(interval time.Duration) *waits {
	return &waits{interval: min(interval, longestWait)}
}

// next is the time to the question after one with such an outcome.
func (w *waits) next(err error) time.Duration {
	d := w.interval
	switch {
	case err == nil:
		w.known, w.failures = true, 0
	case errors.Is(err, ErrIdle):
	case errors.Is(err, ErrAbsent):
		w.failures = 0
		d = max(d, min(absentWait, d*mostStretch))
	default:
		w.failures++
		most := w.interval
		if w.known {
			most *= mostStretch
		} else {
			d = min(firstWait, w.interval)
		}
		for i := 1; i < w.failures && d < most; i++ {
			d = min(2*d, most)
		}
	}
	return time.Duration(float64(d) * (1 - jitter + 2*jitter*rand.Float64()))
}

// woken is the time to a question that was woken up for, so long after the last
// one: no flood of them, and several who wake up share one.
func (w *waits) woken(since time.Duration) time.Duration {
	return max(min(firstWait, w.interval)-since, min(gathering, w.interval))
}
