// SPDX-License-Identifier: Apache-2.0

// Package proc gives a goroutine, for a moment, something that belongs to the
// processor it runs on (a P of Go's scheduler), so that neither a lock nor an
// atomic is needed and no cache line is ever another processor's.
//
//	if p := proc.Pin(); p < len(mine) {
//		proc.Count(&mine[p].calls)
//	}
//	proc.Unpin()
//
// What it promises: between Pin and Unpin, 3 ns for both, no other goroutine runs
// with the same number. Whoever is pinned must not block, allocate, panic or call
// code that is not known, and is done in nanoseconds: the scheduler and the garbage
// collector wait.
//
// It stands on runtime.procPin, which sync.Pool is made of. The runtime keeps that
// name and its type for packages that use it (go.dev/issue/67401), and it is used
// only with versions of Go that it was tested with (make old-go new-go). Where Local is
// false (others, the race detector, 32 bits) Pin returns a number that is always too
// large, and callers need another way, which is the one that the race detector then
// checks.
package proc

// None is what Pin returns where Local is false.
const None = 1<<31 - 1
