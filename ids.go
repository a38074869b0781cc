// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"math/rand/v2"

	"github.com/jaegerkit/jaeger/model"
)

// idOr returns id, or one from the program's own source.
func (t *Tracer) idOr(id uint64) uint64 {
	if t.ids != nil {
		return drawn(t.ids)
	}
	return id
}

// traceID makes a trace id of its low half.
func (t *Tracer) traceID(low uint64) model.TraceID {
	if t.wide {
		return model.TraceID{Low: low, High: t.highID()}
	}
	return model.TraceID{Low: low}
}

// highID draws the high half of a trace id of 128 bits.
func (t *Tracer) highID() uint64 {
	if t.highIDs != nil {
		return drawn(t.highIDs)
	}
	return t.idOr(randomID())
}

// randomID draws from math/rand/v2's global source, ChaCha8, seeded by the
// operating system, one state per thread, no lock. It never returns 0, which is no
// id.
func randomID() uint64 {
	for {
		if id := rand.Uint64(); id != 0 {
			return id
		}
	}
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
