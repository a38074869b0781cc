// SPDX-License-Identifier: Apache-2.0

//go:build amd64 && gc && !purego && !race

package spin

// release sets *p to 0, behind all that the caller wrote before. On amd64 every
// store is seen in that order (Intel's manual, volume 3, 9.2.2), and the compiler
// moves nothing across a call of assembly. sync/atomic has only the stronger
// XCHG, which also waits for the store to arrive.
//
//go:noescape
func release(p *uint32)
