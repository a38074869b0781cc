// SPDX-License-Identifier: Apache-2.0

//go:build gc && !purego && !race && (amd64 || arm64) && !go1.28

package proc

import _ "unsafe" // for go:linkname

// Local says that Pin does what it is for.
const Local = true

// Pin keeps the goroutine on its processor until Unpin, and returns the
// processor's number: from 0, and below GOMAXPROCS at this moment.
//
//go:linkname Pin runtime.procPin
//go:nosplit
func Pin() int

// Unpin ends what Pin began.
//
//go:linkname Unpin runtime.procUnpin
//go:nosplit
func Unpin()
