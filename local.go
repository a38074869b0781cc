// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"math/rand/v2"

	"github.com/jaegerkit/jaeger/internal/proc"
)

// local is what one processor has to itself, so that a span that is not recorded
// costs no locked instruction when it starts and a quarter of an allocation. Only
// who is pinned to the processor writes to it.
type local struct {
	handles *[handles]Span // those below left are zero
	left    uint
	seed    uint64
	n       [events]uint64
	encoder *fieldEncoder
	_       [256 - 8*(4+events)]byte // nobody else's cache lines
}

// handles is how many Spans are made in one allocation of 512 bytes, for a third
// less than as many of their own. As long as one of them is in use the memory of
// all is, so it is only for spans without a parent in this process: no such span
// refers to another, and what one keeps alive beyond itself ends there.
const handles = 4

// pop takes one of the handles, of which there must be one, and makes a random id,
// which is not 0. The goroutine is pinned.
func (l *local) pop() (s *Span, id uint64) {
	l.left--
	l.seed += golden
	if id = mix(l.seed); id == 0 {
		id = golden
	}
	return &l.handles[l.left%handles], id
}

// take returns a zero Span and a random id, which is not 0.
func (c *counts) take() (s *Span, id uint64) {
	locals := c.locals
	p := proc.Pin()
	if p >= len(locals) {
		proc.Unpin()
		return &Span{}, randomID()
	}
	l := &locals[p]
	if l.left == 0 {
		proc.Unpin()
		if l = c.refill(); l == nil {
			return &Span{}, randomID()
		}
	}
	s, id = l.pop()
	proc.Unpin()
	return s, id
}

// refill makes handles, and returns whose they are with the goroutine pinned; nil,
// and not pinned, for a processor that came after New.
func (c *counts) refill() *local {
	fresh, seed := new([handles]Span), rand.Uint64()
	p := proc.Pin()
	if p >= len(c.locals) {
		proc.Unpin()
		return nil
	}
	l := &c.locals[p] // not always the one that was empty
	l.handles, l.left, l.seed = fresh, handles, seed
	return l
}

// mix is the output function of SplitMix64 (Steele, Lea, Flood: Fast Splittable
// Pseudorandom Number Generators, 2014), which turns multiples of golden into
// numbers as good as random. A few of them follow each seed, which comes from
// math/rand/v2 like all other ids: a third of what as many of those cost. It is 0
// for 0 only.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

const golden = 0x9e3779b97f4a7c15
