// SPDX-License-Identifier: Apache-2.0

package sampler

import (
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
	jitter      = 0.1
	longestWait = 1 << 58 // nanoseconds, nine years: what is made of it must not overflow
)

func (w *waits) next(ok bool) time.Duration {
	d, most := min(firstWait, w.interval), w.interval
	if ok {
		w.known, w.failures = true, 0
		d = w.interval
	} else {
		w.failures++
		if w.known {
			d, most = w.interval, w.interval*mostStretch
		}
		for i := 1; i < w.failures && d < most; i++ {
			d = min(2*d, most)
		}
	}
	return time.Duration(float64(d) * (1 - jitter + 2*jitter*rand.Float64()))
}
