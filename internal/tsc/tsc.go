// SPDX-License-Identifier: Apache-2.0

// Package tsc reads the processor's time stamp counter, which costs less than
// half of what the clocks of package time do: the kernel's own way to the same counter
// waits for all instructions before it and scales the result twice.
//
//	if tsc.Trusted() {
//		before := tsc.Now()
//		work()
//		ticks := tsc.Now() - before
//	}
//
// What it promises: where Trusted is true, the kernel keeps its own time with this
// counter, so it runs at one rate, whatever the processor's clock does, and is the
// same on all processors. It does not say which rate. Elsewhere what Now returns means
// nothing.
package tsc

import (
	"bytes"
	"os"
	"sync"
)

// source is where Linux names the clock that its own time is made of (kernel
// documentation, "Clock sources, Clock events, sched_clock() and delay timers").
const source = "/sys/devices/system/clocksource/clocksource0/current_clocksource"

// Trusted reports whether the counter can be used to measure time. It reads a file
// of the kernel's, once for the process.
var Trusted = sync.OnceValue(func() bool {
	if !present {
		return false
	}
	name, err := os.ReadFile(source)
	return err == nil && string(bytes.TrimSpace(name)) == "tsc"
})
