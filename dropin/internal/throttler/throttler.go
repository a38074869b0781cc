// SPDX-License-Identifier: Apache-2.0

// Package throttler bounds how many traces are forced with the debug flag.
//
//	var t throttler.Throttler = throttler.DefaultThrottler{}
//	fmt.Println(t.IsAllowed("GET /")) // true
//
// What it promises: the default allows everything and costs nothing.
package throttler

// Throttler is asked before a debug trace of an operation begins, on the
// goroutine that starts the span. It must not block.
type Throttler interface {
	IsAllowed(operation string) bool
}

// DefaultThrottler allows every debug trace.
type DefaultThrottler struct{}

// IsAllowed implements Throttler.
func (t DefaultThrottler) IsAllowed(operation string) bool { return true }
