// SPDX-License-Identifier: Apache-2.0

//go:build linux && amd64 && gc && !purego

package tsc

const present = true

// Now reads the counter. It takes part in no ordering: the processor may read it a
// few nanoseconds before or after its neighbours in the program.
func Now() uint64
