// SPDX-License-Identifier: Apache-2.0

package baggage_test

import (
	"fmt"

	"github.com/jaegerkit/jaeger/baggage"
)

func ExampleNewList() {
	l, err := baggage.NewList(map[string]int{"tenant": 64})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(l.Restriction("tenant"))
	fmt.Println(l.Restriction("password"))
	// Output:
	// true 64
	// false 0
}

func ExampleUnrestricted() {
	fmt.Println(baggage.Unrestricted(100).Restriction("tenant"))
	// Output: true 100
}

func ExampleNewRemote() {
	r, err := baggage.NewRemote("checkout", baggage.WithServer("agent"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	// Output: remote baggage restrictions: baggage restrictions server "agent": want host:port, or an http or https URL
}
