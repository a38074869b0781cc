// SPDX-License-Identifier: Apache-2.0

//go:build !amd64

package proc

import "sync/atomic"

// Count adds 1 to a number that belongs to the caller's processor and returns the
// sum. Others may read it with sync/atomic at any time, and see numbers that one
// processor counted in the order it did.
func Count(n *uint64) uint64 {
	sum := *n + 1
	atomic.StoreUint64(n, sum)
	return sum
}
