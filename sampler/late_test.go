// SPDX-License-Identifier: Apache-2.0

package sampler_test

import (
	"testing"
	"unsafe"

	"github.com/jaegerkit/jaeger/sampler"
)

func TestEventKindNames(t *testing.T) {
	t.Parallel()
	for kind, want := range map[sampler.EventKind]string{
		sampler.Started: "started", sampler.Named: "named", sampler.Tagged: "tagged", sampler.Finished: "finished",
		0: "no event", 9: "no event",
	} {
		if got := kind.String(); got != want {
			t.Errorf("%d: got %s, want %s", kind, got, want)
		}
	}
}

// TestDecisionIsSmall: the compiler keeps no struct of more than four words in
// registers.
func TestDecisionIsSmall(t *testing.T) {
	t.Parallel()
	word := unsafe.Sizeof(uintptr(0))
	if got, want := unsafe.Sizeof(sampler.Decision{}), 4*word; got != want {
		t.Errorf("got %d bytes, want %d", got, want)
	}
}
