// SPDX-License-Identifier: Apache-2.0

package model

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// Span is the record of one finished, sampled span. Whoever gets one from a
// Reporter or Sender contract reads it and writes nothing. Tags and Logs are there for
// everybody but this module's UDP transport, see Packed.
//
// Ownership: a record belongs to the reporter it was handed to, which may keep
// it for ever. A reporter that is done with it and knows that no one else sees
// it calls Release, which lets the tracer use the memory for another span;
// not calling Release is always safe and costs an allocation.
type Span struct {
	Process    *Process
	TraceID    TraceID
	ID         SpanID
	ParentID   SpanID // zero for roots
	Flags      Flags
	Shared     bool // the id is the caller's, for the other half of one RPC (Zipkin's shared spans)
	LocalRoot  bool // the first span of its trace in this process: its parent is elsewhere, or it has none
	Operation  string
	Start      int64         // nanoseconds since the Unix epoch
	Duration   time.Duration // never negative
	References []Reference
	Tags       []Tag
	Logs       []Log

	// fields backs the Fields of the newest Logs, so that logs cost no allocation
	// of their own. It never moves: when it is full the next slice takes over,
	// and no copy of a field is left behind to keep a replaced one alive.
	fields []Tag
	unused int // tags of memory that no log uses any more, at most
	taken  taken

	packed Packed // 128 bytes, whether it is used or not

	shares int32 // holders who have yet to call Release; atomic once there are two
}

// Log is a timed event of a span.
type Log struct {
	Time   int64 // nanoseconds since the Unix epoch
	Fields []Tag
}

// RefType is the kind of a Reference, numbered as SpanRefType in jaeger.thrift.
type RefType uint8

const (
	ChildOf RefType = iota
	FollowsFrom
)

// Reference points to a span this one was caused by, the parent included.
type Reference struct {
	Type    RefType
	TraceID TraceID
	SpanID  SpanID
}

// StartTime returns Start as local time.
func (s *Span) StartTime() time.Time { return time.Unix(0, s.Start) }

// Tag returns the last tag set under key, so that a later SetTag wins.
func (s *Span) Tag(key string) (Tag, bool) {
	for i := len(s.Tags) - 1; i >= 0; i-- {
		if s.Tags[i].Key == key {
			return s.Tags[i], true
		}
	}
	return Tag{}, false
}

// fewTags is what most spans have at most, beside a sampler's.
const fewTags = 6

// AddTag appends a tag if Tag.Assign can make it from value, and reports whether
// it did.
func (s *Span) AddTag(key string, value any, maxLen int) bool {
	n := len(s.Tags)
	if n == cap(s.Tags) {
		s.Tags = slices.Grow(s.Tags, fewTags)
	}
	tags := s.Tags[:n+1]
	if !tags[n].Assign(key, value, maxLen) {
		return false
	}
	s.Tags = tags
	return true
}

// AddLog appends an event with a copy of fields.
func (s *Span) AddLog(at int64, fields ...Tag) { copy(s.addLog(at, len(fields)), fields) }

// addLog appends an event with n fields, which are for the caller to write.
func (s *Span) addLog(at int64, n int) []Tag {
	from := len(s.fields)
	if room := cap(s.fields); from+n > room {
		s.unused += room - from
		s.fields, from = make([]Tag, 0, max(n, min(2*room, keepFields))), 0
	}
	s.fields = s.fields[:from+n]
	fields := s.fields[from : from+n : from+n]
	s.Logs = append(s.Logs, Log{Time: at, Fields: fields})
	return fields
}

// ReplaceLog puts an event in the place of an earlier one, whose fields are
// overwritten.
func (s *Span) ReplaceLog(i int, at int64, fields ...Tag) {
	room, stale := s.replaceLog(i, at, len(fields))
	copy(room, fields)
	clear(stale)
}

// replaceLog is addLog in the place of an earlier event. It also returns those of
// the earlier one's fields that are not written over.
func (s *Span) replaceLog(i int, at int64, n int) (room, stale []Tag) {
	log := &s.Logs[i]
	log.Time = at
	old := log.Fields[:cap(log.Fields)]
	if n <= len(old) {
		log.Fields = old[:n]
		return log.Fields, old[n:]
	}
	log.Fields = make([]Tag, n)
	s.unused += len(old)
	return log.Fields, old
}

// Clone returns a copy that shares no memory with s but the Process and the
// bytes of strings, neither of which ever changes. It is the caller's own:
// Release does nothing on it.
func (s *Span) Clone() *Span {
	c := &Span{
		Process: s.Process, TraceID: s.TraceID, ID: s.ID, ParentID: s.ParentID, Flags: s.Flags,
		Operation: s.Operation, Start: s.Start, Duration: s.Duration, Shared: s.Shared, LocalRoot: s.LocalRoot,
		References: slices.Clone(s.References), Tags: slices.Clone(s.Tags), taken: s.taken,
	}
	if s.packed.On {
		c.packed = s.packed.clone()
	}
	if len(s.Logs) == 0 {
		return c
	}
	n := 0
	for i := range s.Logs {
		n += len(s.Logs[i].Fields)
	}
	c.fields = make([]Tag, 0, n)
	c.Logs = make([]Log, 0, len(s.Logs))
	for i := range s.Logs {
		c.AddLog(s.Logs[i].Time, s.Logs[i].Fields...)
	}
	return c
}

// Bytes returns about how much memory the record holds, strings included: what
// a bounded queue should count. A string counts with its own length: one that
// the caller cut out of a larger string keeps all of that alive, which nobody
// can see here; strings.Clone before SetTag avoids it.
func (s *Span) Bytes() int {
	tags := cap(s.Tags) + cap(s.fields) - len(s.fields) + s.unused
	n := int(unsafe.Sizeof(*s)) + len(s.Operation) + cap(s.References)*int(unsafe.Sizeof(Reference{})) +
		cap(s.Logs)*int(unsafe.Sizeof(Log{})) + s.packed.bytes()
	for i := range s.Tags {
		n += len(s.Tags[i].Key) + len(s.Tags[i].str)
	}
	for i := range s.Logs {
		tags += cap(s.Logs[i].Fields)
		for j := range s.Logs[i].Fields {
			n += len(s.Logs[i].Fields[j].Key) + len(s.Logs[i].Fields[j].str)
		}
	}
	return n + tags*int(unsafe.Sizeof(Tag{}))
}

// Slices larger than these are not kept for the next span: one monster would
// otherwise be paid for by all that come after it.
const (
	keepTags   = 64
	keepLogs   = 32
	keepFields = 128
)

// Up to this many elements of a slice are left for the next span to overwrite
// rather than cleared, which costs a tenth of a span with 5 tags while the
// garbage collector runs. What they refer to is kept alive until then, or until
// the collector empties the pool.
const keepStale = 16

var spans = sync.Pool{New: func() any {
	return &Span{References: make([]Reference, 0, 1)}
}}

// NewSpan returns an empty record, reused where possible.
func NewSpan() *Span {
	s := spans.Get().(*Span)
	s.shares = 1
	return s
}

// Share says that n more holders will call Release.
func (s *Span) Share(n int) {
	if atomic.LoadInt32(&s.shares) > 0 {
		atomic.AddInt32(&s.shares, int32(n))
	}
}

// Release gives the record back when its last holder is done. The caller must
// not touch the record, its slices included, afterwards. On a record that did
// not come from NewSpan it does nothing.
func (s *Span) Release() {
	// The only holder has nobody to tell: two locked instructions less are 3 % of
	// a span.
	if n := atomic.LoadInt32(&s.shares); n <= 0 || n > 1 && atomic.AddInt32(&s.shares, -1) != 0 {
		return
	}
	s.shares = 0
	s.Process, s.Operation = nil, ""
	s.TraceID, s.ID, s.ParentID, s.Flags = TraceID{}, 0, 0, 0
	s.Shared, s.LocalRoot = false, false
	s.Start, s.Duration = 0, 0
	if s.packed.On { // and nothing else was used
		s.packed.reset()
	} else {
		s.taken = taken{}
		s.Tags = recycle(s.Tags, keepTags)
		s.Logs = recycle(s.Logs, keepLogs)
		s.fields, s.unused = recycle(s.fields, keepFields), 0
	}
	s.References = recycle(s.References, keepLogs)
	spans.Put(s)
}

func recycle[T any](s []T, keep int) []T {
	if cap(s) > keep {
		return nil
	}
	if len(s) > keepStale {
		clear(s[keepStale:])
	}
	return s[:0]
}
