// SPDX-License-Identifier: Apache-2.0

package jaeger

import "math/rand/v2"

// newID draws from math/rand/v2's global source, ChaCha8, seeded by the
// operating system, one state per thread, no lock; or from the program's own.
func (t *Tracer) newID() uint64 {
	if t.ids != nil {
		return drawn(t.ids)
	}
	return randomID()
}

// randomID never returns 0, which is no id.
func randomID() uint64 {
	for {
		if id := rand.Uint64(); id != 0 {
			return id
		}
	}
}

// newHighID is the high half of a trace id of 128 bits.
func (t *Tracer) newHighID() uint64 {
	if t.highIDs != nil {
		return drawn(t.highIDs)
	}
	return t.newID()
}

// drawn asks a source of the program's for an id. One that panics or returns
// nothing but zero, which is no id, is replaced for once.
func drawn(source func() uint64) (id uint64) {
	defer func() {
		if recover() != nil {
			id = randomID()
		}
	}()
	for range 8 {
		if id := source(); id != 0 {
			return id
		}
	}
	return randomID()
}
