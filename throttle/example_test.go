// SPDX-License-Identifier: Apache-2.0

package throttle_test

import (
	"fmt"

	"github.com/jaegerkit/jaeger/throttle"
)

func ExampleNewLocal() {
	t, err := throttle.NewLocal(0.1, 2) // one in ten seconds, two at once
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(t.Allow("a"), t.Allow("b"), t.Allow("c"))
	// Output: true true false
}

func ExampleNewRemote() {
	t, err := throttle.NewRemote("checkout", throttle.WithServer("agent.invalid:5778"), throttle.WithLocalLimit(0.1, 1))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(t.Close(), t.Allow("a"), t.Allow("b")) // as long as there are no credits
	// Output: <nil> true false
}
