// SPDX-License-Identifier: Apache-2.0

//go:build !amd64 || !gc || race

package spin

import "sync/atomic"

// release sets *p to 0, behind all that the caller wrote before: one store with
// release order on arm64.
func release(p *uint32) { atomic.StoreUint32(p, 0) }
