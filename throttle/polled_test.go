// SPDX-License-Identifier: Apache-2.0

package throttle_test

import (
	"net/http"
	"testing"

	"github.com/jaegerkit/jaeger/throttle"
)

// TestPolled: each question is told of, and a panic of the one told ends nothing.
func TestPolled(t *testing.T) {
	t.Parallel()
	p := newPeer(t, "")
	told := make(chan error, 1000)
	r := p.throttle(throttle.WithPolled(func(err error) {
		select {
		case told <- err:
		default:
		}
		panic("a counter's own fault")
	}))
	p.gives(1)
	p.settle(r, "op")
	p.behaves(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
	p.settle(r, "op")
	good, bad := 0, 0
	for good == 0 || bad == 0 {
		if err := <-told; err == nil {
			good++
		} else {
			bad++
		}
	}
}
