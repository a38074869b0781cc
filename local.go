// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"github.com/jaegerkit/jaeger/internal/proc"
	"github.com/jaegerkit/jaeger/model"
)

// local is what one processor has to itself, so that a span that is not recorded
// costs no locked instruction when it starts and a seventh of an allocation. Only
// who is pinned to the processor writes to it.
//
// Spans that come from here have no observers and no Extension, for the reason that
// Handles gives. What a child has from its parent keeps the first span of its trace here
// alive and nothing more, if that is no part of a wrapper. One Pin serves for all that
// such a span needs.
type local struct {
	roots    ready[Span]
	branches ready[branch]
	children ready[branch]

	seed    uint64
	ids     int           // how many more ids the sequence of seed has
	encoder *fieldEncoder // not in use
	n       [events]uint64
	_       [136]byte // nobody else's cache lines, wherever the first one begins
}

// id makes a random id, which is not 0.
func (l *local) id() uint64 {
	l.seed += golden
	if id := mix(l.seed); id != 0 {
		return id
	}
	return golden
}

// sequence is about how many ids are made of one seed.
const sequence = 256

// reserve begins another sequence where this one has not n ids left, and takes them off.
func (l *local) reserve(n int) {
	if l.ids < n {
		l.seed, l.ids = randomID(), sequence
	}
	l.ids -= n
}

// root returns a zero Span and a random id.
func (c *counts) root() (s *Span, id uint64) {
	locals := c.locals
	p := proc.Pin()
	var l *local
	if p < len(locals) && len(locals[p].roots.some) > 0 {
		l = &locals[p]
	} else {
		proc.Unpin()
		if l = c.refill(); l == nil {
			return &Span{}, randomID()
		}
	}
	s, id = l.roots.pop(), l.id()
	proc.Unpin()
	return s, id
}

// draw returns a random id and counts the span that it is for.
func (c *counts) draw(e event) (id uint64) {
	locals := c.locals
	if p := proc.Pin(); p < len(locals) {
		l := &locals[p]
		l.reserve(1)
		id = l.id()
		proc.Count(&l.n[e])
		proc.Unpin()
		return id
	}
	proc.Unpin()
	id = randomID()
	c.add(model.SpanID(id), e)
	return id
}

// refill makes Spans and reserves an id for each, for the processor it returns, with
// the goroutine pinned to it: not always the one that had none. It returns nil, and
// nothing is pinned, where there is none.
func (c *counts) refill() *local {
	if len(c.locals) == 0 {
		return nil
	}
	some := several[Span]()
	p := proc.Pin()
	if p >= len(c.locals) {
		proc.Unpin()
		return nil
	}
	l := &c.locals[p]
	l.roots.some = some
	l.reserve(len(some))
	return l
}

// branch returns a zero one.
func (c *counts) branch() *branch {
	locals := c.locals
	p := proc.Pin()
	if p >= len(locals) {
		proc.Unpin()
		return &branch{}
	}
	l := &locals[p]
	if len(l.branches.some) > 0 {
		b := l.branches.pop()
		proc.Unpin()
		return b
	}
	proc.Unpin()
	some := several[branch]()
	if p := proc.Pin(); p < len(locals) {
		locals[p].branches.some = some[1:]
	}
	proc.Unpin()
	return &some[0]
}

// mix is the output function of SplitMix64 (Steele, Lea, Flood: Fast Splittable
// Pseudorandom Number Generators, 2014), which turns multiples of golden into
// numbers as good as random. A sequence of them follows each seed, which comes from
// math/rand/v2 like all other ids: a third of what as many of those cost.
// Who knows one knows the next; ids are no secrets. It is 0 for 0 only.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

const golden = 0x9e3779b97f4a7c15
