// SPDX-License-Identifier: Apache-2.0

package proc

// Count adds 1 to a number that belongs to the caller's processor and returns the
// sum. Others may read it with sync/atomic at any time, and see numbers that one
// processor counted in the order it did: on amd64 stores are seen in order
// (Intel's manual, volume 3, 9.2.2).
func Count(n *uint64) uint64 {
	*n++
	return *n
}
