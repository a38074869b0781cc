// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"math/bits"
	"runtime"
	"sync/atomic"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
)

// Stats count spans since New. Once the tracer is closed and all spans are
// finished, Started equals Unsampled plus Reporter.Reported, and Reported
// equals Sent plus Dropped.Total(), provided the reporter counts.
type Stats struct {
	Started        uint64 // spans started
	Unsampled      uint64 // spans finished without being recorded
	Finished       uint64 // spans finished and handed to the reporter
	Open           uint64 // spans started and not finished yet
	LateCalls      uint64 // tags, logs and names lost because the span was finished
	DecodingErrors uint64 // damaged contexts seen by Extract
	Reporter       reporter.Stats
}

// Stats returns the counts as of now.
func (t *Tracer) Stats() Stats {
	s := Stats{DecodingErrors: t.counts.decodingErrors.Load()}
	for i := range t.counts.cells {
		c := &t.counts.cells[i]
		// Ends before starts: a span in between is open, never negative.
		s.Unsampled += c.unsampled.Load()
		s.Finished += c.finished.Load()
		s.LateCalls += c.late.Load()
	}
	for i := range t.counts.cells {
		s.Started += t.counts.cells[i].started.Load()
	}
	s.Open = s.Started - s.Unsampled - s.Finished
	if c, ok := t.reporter.(reporter.Counter); ok {
		s.Reporter = c.Stats()
	}
	return s
}

// counts are spread by span id over cells a cache line apart, so that spans on
// different cores seldom write to the same one.
type counts struct {
	cells          []cell
	mask           uint64
	decodingErrors atomic.Uint64
}

type cell struct {
	started, unsampled, finished, late atomic.Uint64
	_                                  [128 - 32]byte
}

func newCounts() *counts {
	n := 1 << bits.Len(uint(min(runtime.GOMAXPROCS(0), 64)*4-1))
	return &counts{cells: make([]cell, n), mask: uint64(n - 1)}
}

func (c *counts) of(id model.SpanID) *cell { return &c.cells[uint64(id)&c.mask] }
