// SPDX-License-Identifier: Apache-2.0

package tsc_test

import (
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/internal/tsc"
)

// Where it is trusted it goes forward, on whichever processor it is read; where it
// is not there, it stands still.
func TestNow(t *testing.T) {
	if !tsc.Trusted() {
		t.Skip("the kernel of this machine keeps time with something else")
	}
	last := tsc.Now()
	for range 1000 {
		now := make(chan uint64)
		go func() { now <- tsc.Now() }()
		n := <-now
		if n <= last {
			t.Fatalf("got %d after %d, want more", n, last)
		}
		last = n
	}
}

func BenchmarkNow(b *testing.B) {
	var sum uint64
	for range b.N {
		sum += tsc.Now()
	}
	sink = sum
}

// BenchmarkSince is what it stands for.
func BenchmarkSince(b *testing.B) {
	var sum uint64
	base := time.Now()
	for range b.N {
		sum += uint64(time.Since(base))
	}
	sink = sum
}

var sink uint64
