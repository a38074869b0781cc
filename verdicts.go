// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"sync"
	"sync/atomic"

	"github.com/jaegerkit/jaeger/model"
)

// verdicts are the undecided traces of a tracer, by the sampling state their
// spans share: decided traces, the ordinary case, know nothing of this. A trace
// is decided by the tracer that began it; spans another tracer of the process
// adds are recorded if the answer is there when they finish.
type verdicts struct {
	shards [16]shard
	bytes  atomic.Int64 // memory of finished spans
}

// shard holds the traces with some of the trace ids.
type shard struct {
	mu             sync.Mutex // never held while another lock is taken
	traces         map[*model.Sampling]*verdict
	oldest, newest *verdict // in the order they began
	closed         bool
}

func (v *verdicts) shard(id model.TraceID) *shard { return &v.shards[id.Low%uint64(len(v.shards))] }

// find returns the verdict that the trace of s waits for, nil without one.
func (v *verdicts) find(s *Span) *verdict {
	sc := s.data.Context()
	sh := v.shard(sc.TraceID())
	sh.mu.Lock()
	defer sh.mu.Unlock()
	return sh.traces[sc.Sampling()]
}

// add lists a verdict, or returns false once closed. The oldest has to go where
// there are too many; the caller settles it.
func (s *shard) add(v *verdict, room int) (tooMany *verdict, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, false
	}
	if len(s.traces) >= room {
		tooMany = s.oldest
		s.drop(tooMany)
	}
	if s.traces == nil {
		s.traces = make(map[*model.Sampling]*verdict)
	}
	s.traces[v.sampling], v.listed = v, true
	v.older, s.newest = s.newest, v
	if v.older != nil {
		v.older.newer = v
	} else {
		s.oldest = v
	}
	return tooMany, true
}

func (s *shard) remove(v *verdict) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(v)
}

// drop is remove with mu held.
func (s *shard) drop(v *verdict) {
	if !v.listed {
		return
	}
	delete(s.traces, v.sampling)
	if v.older != nil {
		v.older.newer = v.newer
	} else {
		s.oldest = v.newer
	}
	if v.newer != nil {
		v.newer.older = v.older
	} else {
		s.newest = v.older
	}
	v.older, v.newer, v.listed = nil, nil, false
}

// empty takes all verdicts out and lets none in any more.
func (s *shard) empty() []*verdict {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	all := make([]*verdict, 0, len(s.traces))
	for s.oldest != nil {
		all = append(all, s.oldest)
		s.drop(s.oldest)
	}
	return all
}

func (v *verdicts) undecided() (n uint64) {
	for i := range v.shards {
		s := &v.shards[i]
		s.mu.Lock()
		n += uint64(len(s.traces))
		s.mu.Unlock()
	}
	return n
}
