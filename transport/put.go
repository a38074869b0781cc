// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"encoding/binary"
	"slices"

	"github.com/jaegerkit/jaeger/internal/thrift"
	"github.com/jaegerkit/jaeger/internal/wire"
	"github.com/jaegerkit/jaeger/model"
)

// appendSpan appends one element of Batch.spans. It stops as soon as b is bound
// to become longer than limit, and says so: a span with a value of 10 MB costs
// neither the time nor the memory of encoding it.
//
// Of nearly every span it is known beforehand that it stays within the limit. Room
// is made for it once, some 20 bytes a tag more than it takes, and nothing is
// checked on the way: 130 ns for 215 of a span with 5 tags and a log (Zen 3).
// Checking limit and room at each tag made it 150. What is left behind the span
// that is returned, within the capacity of b, is scratch.
//
// A string that is not UTF-8 and becomes longer than the room for it costs a
// second turn.
func appendSpan(b []byte, s *model.Span, limit int) (_ []byte, whole bool) {
	at := len(b)
	if n := mostOf(s); int64(at)+n <= int64(limit) {
		if cap(b)-at < int(n) {
			b = slices.Grow(b, int(n))
		}
		if end := putSpan(b[:cap(b)], at, s); end >= 0 {
			return b[:end], true
		}
	}
	return appendChecked(b, s, limit)
}

// The most bytes that the parts of a span take besides their strings; of the span,
// with what PutList may write beyond its end.
const (
	mostString    = wire.MostString
	mostList      = 1 + 1 + 5
	mostNumber    = 1 + 10
	mostTag       = wire.MostTag
	mostLog       = wire.MostLog
	mostReference = 3 + 3*mostNumber + 1
	mostSpan      = 6*mostNumber + mostString + 3 + 3*mostList + 1 + thrift.PutRoom
)

// mostOf returns how many bytes s takes at most, if its strings are UTF-8. 64 bits
// hold what a record in 32 bits of memory can add up to.
func mostOf(s *model.Span) int64 {
	n := mostSpan + int64(len(s.Operation)) + int64(len(s.References))*mostReference + mostOfTags(s.Tags) + int64(len(s.Logs))*mostLog
	for i := range s.Logs {
		n += mostOfTags(s.Logs[i].Fields)
	}
	if p := s.Packed(); p.On {
		n += int64(p.TagsEnd + p.LogsEnd)
	}
	return n
}

func mostOfTags(tags []model.Tag) int64 {
	n := int64(len(tags)) * mostTag
	for i := range tags {
		n += int64(len(tags[i].Key)) + int64(len(tags[i].Str()))
	}
	return n
}

// putSpan writes s to b[at:], which has room for mostOf(s), and returns where it
// ends; -1 if that was not enough.
func putSpan(b []byte, at int, s *model.Span) int {
	at = thrift.PutI64(b, at, thrift.Field(1, thrift.I64), int64(s.TraceID.Low))
	at = thrift.PutI64(b, at, thrift.Field(1, thrift.I64), int64(s.TraceID.High))
	at = thrift.PutI64(b, at, thrift.Field(1, thrift.I64), int64(s.ID))
	at = thrift.PutI64(b, at, thrift.Field(1, thrift.I64), int64(s.ParentID))
	if at = putOperation(b, at, s.Operation); at < 0 {
		return -1
	}
	at = thrift.PutList(b, at, thrift.Field(1, thrift.List), len(s.References), thrift.Struct)
	for i := range s.References {
		r := &s.References[i]
		at = thrift.PutVarint(b, at, thrift.Field(1, thrift.I32), uint64(r.Type)<<1)
		at = thrift.PutI64(b, at, thrift.Field(1, thrift.I64), int64(r.TraceID.Low))
		at = thrift.PutI64(b, at, thrift.Field(1, thrift.I64), int64(r.TraceID.High))
		at = thrift.PutI64(b, at, thrift.Field(1, thrift.I64), int64(r.SpanID))
		b[at] = thrift.Stop
		at++
	}
	at = thrift.PutVarint(b, at, thrift.Field(1, thrift.I32), uint64(s.Flags)<<1)
	at = thrift.PutI64(b, at, thrift.Field(1, thrift.I64), wire.Micros(s.Start))
	at = thrift.PutI64(b, at, thrift.Field(1, thrift.I64), wire.Micros(int64(s.Duration)))
	if p := s.Packed(); p.On {
		at = thrift.PutList(b, at, thrift.Field(1, thrift.List), p.TagCount, thrift.Struct)
		at += copy(b[at:], p.Tags[:p.TagsEnd])
		at = thrift.PutList(b, at, thrift.Field(1, thrift.List), p.LogCount, thrift.Struct)
		at += copy(b[at:], p.Logs[:p.LogsEnd])
		b[at] = thrift.Stop
		return at + 1
	}
	if at = putTags(b, at, s.Tags); at < 0 {
		return -1
	}
	if at = putLogs(b, at, s.Logs); at < 0 {
		return -1
	}
	b[at] = thrift.Stop
	return at + 1
}

func putLogs(b []byte, at int, logs []model.Log) int {
	at = thrift.PutList(b, at, thrift.Field(1, thrift.List), len(logs), thrift.Struct)
	for i := range logs {
		l := &logs[i]
		at = thrift.PutI64(b, at, thrift.Field(1, thrift.I64), wire.Micros(l.Time))
		if at = putTags(b, at, l.Fields); at < 0 {
			return -1
		}
		b[at] = thrift.Stop
		at++
	}
	return at
}

func putOperation(b []byte, at int, s string) int {
	if len(s) < 0x80 {
		put16(b, at, uint16(thrift.Field(1, thrift.Binary))|uint16(len(s))<<8)
		if end := thrift.PutASCII(b, at+2, s); end >= 0 {
			return end
		}
	}
	// It goes elsewhere than into b only if it becomes longer than it may.
	end := len(thrift.AppendString(append(b[:at], thrift.Field(1, thrift.Binary)), s))
	if end-at > mostString+len(s) {
		return -1
	}
	return end
}

// putTags writes a list of tags and the header of its field. Tags that are not
// plain are appended, which stays within b as in putOperation.
func putTags(b []byte, at int, tags []model.Tag) int {
	at = thrift.PutList(b, at, thrift.Field(1, thrift.List), len(tags), thrift.Struct)
	for i := range tags {
		t := &tags[i]
		end := wire.PutPlain(b, at, t)
		if end < 0 {
			if end = len(wire.AppendTag(b[:at], t)); end-at > mostTag+len(t.Key)+len(t.Str()) {
				return -1
			}
		}
		at = end
	}
	return at
}

// The third index keeps the compiler from guarding against an empty rest of b.
func put16(b []byte, at int, v uint16) { binary.LittleEndian.PutUint16(b[at:at+2:at+2], v) }
