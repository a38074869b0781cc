// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"math/bits"
	"runtime"
	"sync/atomic"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
)

// Stats count spans since New. Started equals Unsampled plus Finished plus Open.
// Finished equals Reporter.Reported, and once the tracer is closed Reported
// equals Sent plus Dropped.Total(), provided the reporter counts.
type Stats struct {
	Started        uint64 // spans started
	Unsampled      uint64 // spans not recorded, finished or not
	Finished       uint64 // recorded spans that were finished and handed to the reporter
	Open           uint64 // recorded spans not finished yet
	LateCalls      uint64 // tags, logs, names and baggage lost because the span was finished
	DecodingErrors uint64 // damaged contexts seen by Extract
	Reporter       reporter.Stats
}

// Stats returns the counts as of now.
func (t *Tracer) Stats() Stats {
	c := t.counts
	s := Stats{DecodingErrors: c.decodingErrors.Load()}
	// What happens to a span last is read first, so that no difference below is
	// negative.
	s.Finished, s.LateCalls = c.sum(finished), c.sum(late)
	stopped := c.sum(stopped)
	forced := c.sum(forced)
	s.Unsampled = c.sum(unsampled) - forced + stopped
	s.Open = c.sum(sampled) + forced - stopped - s.Finished
	s.Started = s.Unsampled + s.Finished + s.Open
	if counter, ok := t.reporter.(reporter.Counter); ok {
		s.Reporter = counter.Stats()
	}
	return s
}

// event is something that is counted once for a span.
type event int

const (
	sampled   event = iota // started with a record
	unsampled              // started without one
	forced                 // given one later
	stopped                // finished without its record, after sampling.priority=0
	finished               // its record was handed over
	late                   // a call after Finish
	events
)

// counts are spread by span id over cells a cache line apart, so that spans on
// different cores seldom write to the same one. An unsampled span is counted
// once, when it starts: an addition is a tenth of what it costs.
type counts struct {
	cells          []cell
	mask           uint64
	decodingErrors atomic.Uint64
}

type cell struct {
	n [events]atomic.Uint64
	_ [128 - 8*events]byte
}

func newCounts() *counts {
	n := 1 << bits.Len(uint(min(runtime.GOMAXPROCS(0), 64)*4-1))
	return &counts{cells: make([]cell, n), mask: uint64(n - 1)}
}

// add returns how many there were in the cell of id.
func (c *counts) add(id model.SpanID, e event) uint64 {
	return c.cells[uint64(id)&c.mask].n[e].Add(1)
}

func (c *counts) sum(e event) (n uint64) {
	for i := range c.cells {
		n += c.cells[i].n[e].Load()
	}
	return n
}
