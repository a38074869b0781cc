// SPDX-License-Identifier: Apache-2.0

package baggage_test

import (
	"testing"

	"github.com/jaegerkit/jaeger/baggage"
)

// TestPolled: each question is told of, and a panic of the one told ends nothing.
func TestPolled(t *testing.T) {
	t.Parallel()
	p := newPeer(t, userOnly)
	told := make(chan error, 1000)
	p.restrict(baggage.WithPolled(func(err error) {
		select {
		case told <- err:
		default:
		}
		panic("a counter's own fault")
	}))
	p.settle()
	p.says(500, "")
	p.settle()
	good, bad := 0, 0
	for good == 0 || bad == 0 {
		if err := <-told; err == nil {
			good++
		} else {
			bad++
		}
	}
}
