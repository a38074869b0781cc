// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"math/bits"
	"runtime"
	"sync/atomic"

	"github.com/jaegerkit/jaeger/internal/proc"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
)

// Stats count spans since New, but for the fields that say "now". Started equals
// Unsampled plus Finished plus Open plus Waiting plus Overflowed. Finished minus
// Detached equals Reporter.Reported, and once the tracer is closed Reported
// equals Sent plus Dropped.Total(), provided the reporter counts.
//
// Unsampled may fall, when a span is forced after it started, and Finished and
// Unsampled take from Waiting what a late decision (sampler.Late) lets through
// or throws away.
type Stats struct {
	Started    uint64 // spans started
	Unsampled  uint64 // spans not recorded in the end, finished or not
	Finished   uint64 // recorded spans that were finished and handed to the reporter or to the caller of Detach
	Open       uint64 // recorded spans not finished now
	Waiting    uint64 // finished spans whose trace is undecided now
	Overflowed uint64 // finished spans of undecided traces for which there was no room to wait
	Detached   uint64 // those of Finished that went to the caller of Detach
	LateCalls  uint64 // tags, logs, names and baggage lost because the span was finished

	// What was known of the sampling when a trace or span started, or a span
	// finished, never taken back. SpansStarted sum up to Started.
	TracesStarted BySampling // traces that began here
	TracesJoined  BySampling // spans with a parent in another process
	SpansStarted  BySampling
	SpansFinished BySampling // Unsampled ones that never had a record only with WithFinishCount

	Undecided uint64 // traces waiting for a late decision now
	Abandoned uint64 // undecided traces answered with no, because there were too many or at Close

	BaggageSet       uint64 // baggage items set or removed on spans
	BaggageRefused   uint64 // items refused by the restrictor or the limits
	BaggageTruncated uint64 // items whose value was cut
	DebugThrottled   uint64 // debug traces the throttler refused
	DecodingErrors   uint64 // damaged contexts seen by Extract
	Reporter         reporter.Stats
}

// BySampling splits a number of traces or spans by the sampling decision.
type BySampling struct {
	Sampled, Unsampled uint64
	Undecided          uint64 // the sampler had not decided yet
}

// Total returns the sum.
func (b BySampling) Total() uint64 { return b.Sampled + b.Unsampled + b.Undecided }

func (b BySampling) plus(c BySampling) BySampling {
	return BySampling{b.Sampled + c.Sampled, b.Unsampled + c.Unsampled, b.Undecided + c.Undecided}
}

// Stats returns the counts as of now.
func (t *Tracer) Stats() Stats {
	c := &t.counts
	s := Stats{
		BaggageSet: c.baggageSet.Load(), BaggageRefused: c.baggageRefused.Load(), BaggageTruncated: c.baggageTruncated.Load(),
		Undecided: t.verdicts.undecided(), Abandoned: c.abandoned.Load(),
		DebugThrottled: c.throttled.Load(), DecodingErrors: c.decodingErrors.Load(),
	}
	// What happens to a span last is read first, so that no difference below is
	// negative.
	s.Detached = c.sum(detached)
	admitted, rejected, overflowed := c.sum(admitted), c.sum(rejected), c.sum(overflowed)
	finished, stopped, postponed := c.sum(finished), c.sum(stopped), c.sum(postponed)
	s.SpansFinished = BySampling{finished, c.sum(finishedUnsampled) + stopped, postponed}
	s.LateCalls = c.sum(late)
	forced := c.sum(forced)

	children := c.started(asChild)
	s.TracesStarted, s.TracesJoined = c.started(asRoot), c.started(asJoined)
	s.SpansStarted = children.plus(s.TracesStarted).plus(s.TracesJoined)
	s.Unsampled = s.SpansStarted.Unsampled - forced + stopped + rejected
	s.Finished = finished + admitted
	s.Open = s.SpansStarted.Sampled + s.SpansStarted.Undecided + forced - stopped - finished - postponed
	s.Waiting, s.Overflowed = postponed-admitted-rejected-overflowed, overflowed
	s.Started = s.SpansStarted.Total()
	if counter, ok := t.reporter.(reporter.Counter); ok {
		s.Reporter = counter.Stats()
	}
	return s
}

// event is something that is counted once for a span.
type event int

// A span that starts is counted once, under the sum of how it started and what
// it was.
const (
	unsampled event = iota // without a record
	sampled                // with one
	undecided              // with one that may not be kept
	kinds

	asChild  event = 0         // with a parent in this process
	asRoot   event = kinds     // of a new trace
	asJoined event = 2 * kinds // with a parent in another process
)

const (
	finished          = 3*kinds + iota // its record was handed over at once
	stopped                            // its record was thrown away at Finish, because the trace is not sampled any more
	forced                             // given a record after it started
	late                               // a call after Finish
	finishedUnsampled                  // finished without ever having had a record; WithFinishCount only
	detached                           // its record went to the caller
	postponed                          // finished while the trace was undecided; one of these next, if any:
	admitted                           // its record was handed over then
	rejected                           // its record was thrown away then
	overflowed                         // there was no room for its record
	events
)

// counts are what a tracer counts.
type counts struct {
	locals []local // one for each processor; none where those cannot be told apart
	cells  []cell  // for everybody else
	mask   uint64

	// What is rare has one counter.
	decodingErrors, throttled, abandoned         atomic.Uint64
	baggageSet, baggageRefused, baggageTruncated atomic.Uint64
}

// cell is a share of the counts, by span id, a cache line or more apart from the
// others, so that spans on different cores seldom write to the same one.
type cell struct {
	n [events]atomic.Uint64
	_ [256 - 8*events]byte
}

func newCounts() counts {
	if proc.Local {
		return counts{locals: make([]local, processors()), cells: make([]cell, 1)}
	}
	n := 1 << bits.Len(uint(min(runtime.GOMAXPROCS(0), 64)*4-1))
	return counts{cells: make([]cell, n), mask: uint64(n - 1)}
}

// add counts something of the span with this id, and returns how many there were
// in the same place.
func (c *counts) add(id model.SpanID, e event) (n uint64) {
	if proc.Local {
		locals := c.locals
		if p := proc.Pin(); p < len(locals) {
			n = proc.Count(&locals[p].n[e])
			proc.Unpin()
			return n
		}
		proc.Unpin()
	}
	return c.cells[uint64(id)&c.mask].n[e].Add(1)
}

func (c *counts) sum(e event) (n uint64) {
	for i := range c.locals {
		n += atomic.LoadUint64(&c.locals[i].n[e])
	}
	for i := range c.cells {
		n += c.cells[i].n[e].Load()
	}
	return n
}

func (c *counts) started(how event) BySampling {
	return BySampling{c.sum(how + sampled), c.sum(how + unsampled), c.sum(how + undecided)}
}

func (c *counts) baggage(refused, cut bool) {
	if refused {
		c.baggageRefused.Add(1)
		return
	}
	c.baggageSet.Add(1)
	if cut {
		c.baggageTruncated.Add(1)
	}
}
