// SPDX-License-Identifier: Apache-2.0

//go:build go1.25

package spin_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jaegerkit/jaeger/internal/spin"
)

// Who waits long for a holder that has lost its processor sleeps, and gets the
// lock within a millisecond of its release.
func TestLockHeldLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l spin.Lock
		var n atomic.Int32
		l.Lock()
		for range 3 {
			go func() {
				l.Lock()
				n.Add(1)
				l.Unlock()
			}()
		}
		time.Sleep(time.Minute)
		synctest.Wait() // which returns only if all three sleep
		if got := n.Load(); got != 0 {
			t.Errorf("%d took a lock that was held", got)
		}
		l.Unlock()
		time.Sleep(time.Millisecond)
		synctest.Wait()
		if got := n.Load(); got != 3 {
			t.Errorf("%d of 3 got the lock", got)
		}
	})
}
