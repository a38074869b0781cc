// SPDX-License-Identifier: Apache-2.0

package throttler_test

import (
	"testing"

	"github.com/uber/jaeger-client-go/internal/throttler"
)

func TestDefaultThrottler(t *testing.T) {
	t.Parallel()
	var all throttler.Throttler = throttler.DefaultThrottler{}
	if !all.IsAllowed("operation") {
		t.Error("got false, want true")
	}
}
