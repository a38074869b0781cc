// SPDX-License-Identifier: Apache-2.0

package reporter

import (
	"math/bits"
	"runtime"
	"sync"

	"github.com/jaegerkit/jaeger/model"
)

// queue holds reported spans until the sending goroutine takes them. It is
// bounded by memory, and by a number of spans where the user asked for one.
//
// Producers are spread over shards by span id, which is random already, so that
// goroutines on many cores seldom meet on one lock or write to one cache line:
// the counters of what came in live under the same locks. The order of spans is
// not kept and does not matter to any backend.
type queue struct {
	shards []shard
	mask   uint64
	limits shardLimits
	wake   chan struct{} // one token: some shard is worth a look
}

type shardLimits struct {
	bytes int // memory of the records waiting in one shard
	spans int // 0 is no limit
	wake  int // bytes at which the sender is woken before its interval is over
}

type shard struct {
	mu       sync.Mutex
	closed   bool
	spans    []*model.Span
	bytes    int
	reported uint64
	full     uint64 // dropped for want of room
	late     uint64 // dropped because the queue was closed
	_        [128 - 72]byte
}

// wakeBytes is how much waits in a shard before the sender is woken: some
// hundred spans, enough for a full packet or more.
const wakeBytes = 256 << 10

// keepSlots bounds what a burst leaves behind: 32 KiB of pointers a shard.
const keepSlots = 4096

func newQueue(maxBytes, maxSpans int) *queue {
	n := 1 << bits.Len(uint(min(runtime.GOMAXPROCS(0), 64)*2-1))
	// A count so small that an uneven spread would overrun a shard's part of it
	// is kept exactly, in one shard.
	for maxSpans > 0 && n > 1 && maxSpans/n < 1024 {
		n /= 2
	}
	q := &queue{shards: make([]shard, n), mask: uint64(n - 1), wake: make(chan struct{}, 1)}
	q.limits = shardLimits{bytes: maxBytes / n, wake: min(wakeBytes, maxBytes/n/4)}
	if maxSpans > 0 {
		q.limits.spans = max(maxSpans/n, 1)
	}
	return q
}

// put adds a span or counts why it could not, and then reports false. A span
// larger than the limit gets in while its shard is empty: the limit bounds
// memory, it does not judge sizes.
func (q *queue) put(span *model.Span) bool {
	size := span.Bytes()
	s := &q.shards[uint64(span.ID)&q.mask]
	s.mu.Lock()
	s.reported++
	if s.closed {
		s.late++
		s.mu.Unlock()
		return false
	}
	if n := len(s.spans); n > 0 && (s.bytes+size > q.limits.bytes || q.limits.spans > 0 && n >= q.limits.spans) {
		s.full++
		s.mu.Unlock()
		q.signal()
		return false
	}
	before := s.bytes
	s.bytes += size
	s.spans = append(s.spans, span)
	enough := before < q.limits.wake && s.bytes >= q.limits.wake ||
		q.limits.spans > 0 && len(s.spans) == (q.limits.spans+1)/2
	s.mu.Unlock()
	if enough {
		q.signal()
	}
	return true
}

func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take returns what waits in shard i and leaves spare, emptied, in its place.
func (q *queue) take(i int, spare []*model.Span) []*model.Span {
	clear(spare)
	if cap(spare) > keepSlots {
		spare = nil
	}
	s := &q.shards[i]
	s.mu.Lock()
	spans := s.spans
	s.spans, s.bytes = spare[:0], 0
	s.mu.Unlock()
	return spans
}

// close makes every later put a counted drop; what waits stays to be taken.
func (q *queue) close() {
	for i := range q.shards {
		s := &q.shards[i]
		s.mu.Lock()
		s.closed = true
		s.mu.Unlock()
	}
}

// count adds what came in and what waits to stats.
func (q *queue) count(stats *Stats) {
	for i := range q.shards {
		s := &q.shards[i]
		s.mu.Lock()
		stats.Reported += s.reported
		stats.Dropped.QueueFull += s.full
		stats.Dropped.Closed += s.late
		stats.Queued += uint64(len(s.spans))
		s.mu.Unlock()
	}
}
