// SPDX-License-Identifier: Apache-2.0

package model

import (
	"math"
	"slices"
)

// maxLogBytes is the memory that the logs of TakeLog may have in one record: 4 MiB.
const maxLogBytes = 4 << 20

// taken counts what TakeLog was given.
type taken struct {
	logs     uint32 // those overwritten since included
	bytes    uint32 // memory of these
	overflow uint16 // logs refused because their memory was used up
}

// TakeLog is AddLog within bounds: of more than limit logs the first and the newest
// are kept, and when logs of 4 MiB have been taken no more are. size is the
// log's memory in bytes. ArrangeLogs has to follow before the record is read.
func (s *Span) TakeLog(limit int, size uint64, at int64, fields ...Tag) {
	room, stale, _ := s.reserve(limit, size, at, len(fields))
	copy(room, fields)
	clear(stale)
}

// ReserveLog is TakeLog of a log with n fields for the caller to write. It returns false
// if the log was not taken. What it returns holds what is left of other logs, or of
// other spans: each field has to be written whole (Tag.SetString and its sisters) before
// anything else is done with s. at is in nanoseconds since the Unix epoch.
func (s *Span) ReserveLog(limit int, size uint64, at int64, n int) ([]Tag, bool) {
	room, stale, ok := s.reserve(limit, size, at, n)
	clear(stale)
	return room, ok
}

// reserve also returns fields of an earlier log that nobody is going to write over.
func (s *Span) reserve(limit int, size uint64, at int64, n int) (room, stale []Tag, ok bool) {
	t := &s.taken
	if uint64(t.bytes)+size > maxLogBytes {
		if t.overflow < math.MaxUint16 {
			t.overflow++
		}
		return nil, nil, false
	}
	t.bytes += uint32(size)
	t.logs++
	if len(s.Logs) < limit {
		return s.addLog(at, n), nil, true
	}
	room, stale = s.replaceLog(ringSlot(int(t.logs)-1, limit), at, n)
	return room, stale, true
}

// A span keeps its first logs and its newest: slots below firstLogs are written
// once, those behind are a ring.
func firstLogs(limit int) int { return (limit - 1) / 2 }

// ringSlot is where the n-th log (from 0) goes, for n at or above limit.
func ringSlot(n, limit int) int {
	first := firstLogs(limit)
	return first + (n-first)%(limit-first)
}

// ArrangeLogs puts what TakeLog took with this limit in order of time, once. If logs
// were overwritten, the oldest of the ring gives its place to a log that says how
// many are missing, in the words of Jaeger's other clients. Where only those are
// missing that found the memory used up, it stands last.
func (s *Span) ArrangeLogs(limit int) {
	if int(s.taken.logs) > limit || s.taken.overflow > 0 {
		s.arrangeLogs(limit)
	}
}

func (s *Span) arrangeLogs(limit int) {
	logs, overflow := int(s.taken.logs), int(s.taken.overflow)
	s.taken = taken{}
	if logs <= limit {
		at := s.Start
		if n := len(s.Logs); n > 0 {
			at = s.Logs[n-1].Time
		}
		s.AddLog(at, droppedLogs(overflow)...)
		return
	}
	first := firstLogs(limit)
	ring := s.Logs[first:limit]
	rotateLeft(ring, (logs-first)%len(ring))
	s.ReplaceLog(first, ring[0].Time, droppedLogs(logs-limit+1+overflow)...)
}

func droppedLogs(n int) []Tag {
	return []Tag{
		String("event", "dropped Span logs"),
		Int64("dropped_log_count", int64(n)),
		String("component", "jaeger-client"),
	}
}

func rotateLeft(logs []Log, n int) {
	slices.Reverse(logs[:n])
	slices.Reverse(logs[n:])
	slices.Reverse(logs)
}
