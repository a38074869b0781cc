// SPDX-License-Identifier: Apache-2.0

package reporter

import (
	"math/bits"
	"runtime"
	"sync"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

// queue holds reported spans until the sending goroutine takes them, encoded or
// as records. It is bounded by memory, and by a number of spans where the user
// asked for one.
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
	encoding bool // an Encode runs, and its answer was not looked at yet
	spans    []*model.Span
	encoded  encoded
	bytes    int
	reported uint64
	dropped  uint64 // for want of room
	late     uint64 // dropped because the queue was closed
}

// encoded are spans of one process as a transport.Encoder made them. A shard has
// one; spans of another process wait as records meanwhile.
type encoded struct {
	process *model.Process
	data    []byte
	ends    []int
}

// How much waits in a shard before the sender is woken: some hundred spans, about
// enough for a full packet.
const (
	wakeRecords = 256 << 10
	wakeEncoded = 64 << 10
)

// leastBytes and leastSpans are the smallest parts worth a shard of their own.
const (
	leastBytes = 1 << 20
	leastSpans = 1024
)

// What a burst leaves behind is bounded: 32 KiB of pointers a shard, and 256 KiB
// of encoded spans twice.
const (
	keepSlots = 4096
	keepData  = 4 * wakeEncoded
)

// endBytes is what an encoded span takes besides its bytes.
const endBytes = 8

func newQueue(maxBytes, maxSpans, wakeBytes int) *queue {
	n := 1 << bits.Len(uint(min(runtime.GOMAXPROCS(0), 64)*2-1))
	// Limits so small that an uneven spread would overrun a shard's part of them
	// long before the whole is full are kept by fewer shards, or one.
	for n > 1 && (maxBytes/n < leastBytes || maxSpans > 0 && maxSpans/n < leastSpans) {
		n /= 2
	}
	q := &queue{shards: make([]shard, n), mask: uint64(n - 1), wake: make(chan struct{}, 1)}
	q.limits = shardLimits{bytes: maxBytes / n, wake: max(min(wakeBytes, maxBytes/n/4), 1)}
	if maxSpans > 0 {
		q.limits.spans = max(maxSpans/n, 1)
	}
	return q
}

// put adds a span, or counts why it could not. wire is the span encoded, nil
// where it has to stay a record. It reports whether it kept the record; if not,
// the caller still has it. A span larger than a shard's limit gets in while the
// first shard is empty, one at a time: the limit bounds memory, it does not judge
// sizes.
func (q *queue) put(span *model.Span, wire []byte) (kept bool) {
	size := len(wire) + endBytes
	if wire == nil {
		size = span.Bytes()
	}
	i := uint64(span.ID) & q.mask
	if size > q.limits.bytes {
		i = 0
	}
	s := &q.shards[i]
	s.mu.Lock()
	if wire != nil && !s.encoded.takes(span.Process) {
		wire, size = nil, span.Bytes()
	}
	if s.refuses(size, &q.limits) {
		s.mu.Unlock()
		q.signal()
		return false
	}
	if wire != nil {
		s.encoded.data = append(s.encoded.data, wire...)
		s.encoded.end(span.Process)
	} else {
		s.spans = append(s.spans, span)
	}
	enough := s.grow(size, &q.limits)
	s.mu.Unlock()
	if enough {
		q.signal()
	}
	return wire == nil
}

// encode is put for a span that is encoded where it is to wait, which spares a
// copy and a buffer: an eighth of a Report. The lock is held for as long as that
// takes, so to must be known to be quick and to call nobody. Who finds the lock
// taken does not wait for it: he encodes elsewhere meanwhile and comes to put.
//
// A shard that is full drops a span of any size, also one that put would have let into
// an empty first shard. Where it is not done, nothing was counted and the span has to go
// to put: as a record, being too large or of another process, or still to be encoded
// ahead.
func (q *queue) encode(to transport.Encoder, span *model.Span) (done, ahead bool) {
	s := &q.shards[uint64(span.ID)&q.mask]
	if !s.mu.TryLock() {
		return false, true
	}
	done, ahead, signal := s.encode(to, span, &q.limits)
	if signal {
		q.signal()
	}
	return done, ahead
}

// encode gives back the lock, if to panics too: then nothing was done.
func (s *shard) encode(to transport.Encoder, span *model.Span, limits *shardLimits) (done, ahead, signal bool) {
	defer s.leave()
	if s.full(endBytes, limits) { // whatever its size
		return s.refuses(endBytes, limits), false, true
	}
	if !s.encoded.takes(span.Process) {
		return false, false, false
	}
	at := len(s.encoded.data)
	s.encoding = true
	data, ok := to.Encode(s.encoded.data, span)
	// Room that was made stays, also for a span that is not taken: the next one would
	// make it again.
	s.encoded.data = data[:at]
	s.encoding = false
	if !ok {
		return false, false, false
	}
	size := len(data) - at + endBytes
	if size <= endBytes || size > limits.bytes {
		return false, true, false
	}
	if s.refuses(size, limits) {
		return true, false, true
	}
	s.encoded.data = data
	s.encoded.end(span.Process)
	return true, false, s.grow(size, limits)
}

// leave ends encode, also where to panicked. A deferred closure that writes to encode's
// results in its place made a span 1 % slower (bench, wide traces of four).
func (s *shard) leave() {
	if s.encoding {
		s.encoding = false
		_ = recover()
	}
	s.mu.Unlock()
}

// full reports whether there is no room for a span of size bytes.
func (s *shard) full(size int, limits *shardLimits) bool {
	n := s.len()
	return s.closed || n > 0 && (s.bytes+size > limits.bytes || limits.spans > 0 && n >= limits.spans)
}

// refuses counts a span, and why there is no room for it if there is none.
func (s *shard) refuses(size int, limits *shardLimits) bool {
	s.reported++
	switch {
	case !s.full(size, limits):
		return false
	case s.closed:
		s.late++
	default:
		s.dropped++
	}
	return true
}

// grow counts the memory of a span that was added, and reports whether the sender
// should be woken.
func (s *shard) grow(size int, limits *shardLimits) bool {
	before := s.bytes
	s.bytes += size
	return before < limits.wake && s.bytes >= limits.wake || limits.spans > 0 && s.len() == (limits.spans+1)/2
}

func (s *shard) len() int { return len(s.spans) + len(s.encoded.ends) }

func (e *encoded) takes(p *model.Process) bool { return e.process == p || len(e.ends) == 0 }

// end ends a span of p at the end of e.data.
func (e *encoded) end(p *model.Process) {
	e.process = p
	e.ends = append(e.ends, len(e.data))
}

// reset empties e and keeps its memory, within bounds.
func (e *encoded) reset() {
	if cap(e.data) > keepData {
		e.data = nil
	}
	if cap(e.ends) > keepSlots {
		e.ends = nil
	}
	*e = encoded{data: e.data[:0], ends: e.ends[:0]}
}

func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take appends the records that wait in shard i to dst, exchanges its encoded
// spans for those of e, which must be empty, and returns the bytes of both.
// Copying some hundred pointers under the lock costs less than losing the
// shard's memory to the caller.
func (q *queue) take(i int, dst []*model.Span, e *encoded) (_ []*model.Span, bytes int) {
	s := &q.shards[i]
	s.mu.Lock()
	defer s.mu.Unlock()
	dst = append(dst, s.spans...)
	clear(s.spans)
	s.encoded, *e = *e, s.encoded
	bytes = s.bytes
	s.spans, s.bytes = s.spans[:0], 0
	if cap(s.spans) > keepSlots {
		s.spans = nil
	}
	return dst, bytes
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

// count adds what came in to stats.
func (q *queue) count(stats *Stats) {
	for i := range q.shards {
		s := &q.shards[i]
		s.mu.Lock()
		stats.Reported += s.reported
		stats.Dropped.QueueFull += s.dropped
		stats.Dropped.Closed += s.late
		s.mu.Unlock()
	}
}
