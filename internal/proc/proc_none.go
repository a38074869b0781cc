// SPDX-License-Identifier: Apache-2.0

//go:build !gc || purego || race || (!amd64 && !arm64) || go1.28

package proc

// Local says that Pin does what it is for.
const Local = false

// Pin returns None.
func Pin() int { return None }

// Unpin does nothing.
func Unpin() {}
