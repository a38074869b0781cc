// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/jaegerkit/jaeger/internal/thrift"
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
	mostString    = 1 + 5
	mostList      = 1 + 1 + 5
	mostNumber    = 1 + 10
	mostTag       = mostString + 2 + mostNumber + 1
	mostLog       = mostNumber + mostList + 1
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
	at = thrift.PutI64(b, at, thrift.Field(1, thrift.I64), micros(s.Start))
	at = thrift.PutI64(b, at, thrift.Field(1, thrift.I64), micros(int64(s.Duration)))
	if at = putTags(b, at, s.Tags); at < 0 {
		return -1
	}
	at = thrift.PutList(b, at, thrift.Field(1, thrift.List), len(s.Logs), thrift.Struct)
	for i := range s.Logs {
		l := &s.Logs[i]
		at = thrift.PutI64(b, at, thrift.Field(1, thrift.I64), micros(l.Time))
		if at = putTags(b, at, l.Fields); at < 0 {
			return -1
		}
		b[at] = thrift.Stop
		at++
	}
	b[at] = thrift.Stop
	return at + 1
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
	for {
		n := 0
		if at, n = putPlainTags(b, at, tags); n == len(tags) {
			return at
		}
		t := &tags[n]
		end := len(appendTag(b[:at], t))
		if end-at > mostTag+len(t.Key)+len(t.Str()) {
			return -1
		}
		at, tags = end, tags[n+1:]
	}
}

// putPlainTags writes tags up to the first that is binary, not in ASCII or long.
// It returns where they end and how many they are.
func putPlainTags(b []byte, at int, tags []model.Tag) (end, n int) {
	for i := range tags {
		t := &tags[i]
		key, str, kind := t.Key, t.Str(), t.Kind()
		if len(key)|len(str) > 0x7f {
			return at, i
		}
		put16(b, at, uint16(thrift.Field(1, thrift.Binary))|uint16(len(key))<<8)
		next := thrift.PutASCII(b, at+2, key)
		if next < 0 {
			return at, i
		}
		start := uint32(thrift.Field(1, thrift.I32)) | uint32(kind)<<9
		switch kind {
		case model.KindString:
			put32(b, next, start|uint32(thrift.Field(1, thrift.Binary))<<16|uint32(len(str))<<24)
			if next = thrift.PutASCII(b, next+4, str); next < 0 {
				return at, i
			}
		case model.KindInt64:
			put16(b, next, uint16(start))
			next = thrift.PutI64(b, next+2, thrift.Field(4, thrift.I64), t.Int64())
		case model.KindBool:
			v := uint32(thrift.Field(3, thrift.False))
			if t.Bool() {
				v = uint32(thrift.Field(3, thrift.True))
			}
			put32(b, next, start|v<<16|thrift.Stop<<24)
			at = next + 4
			continue
		case model.KindFloat64:
			put32(b, next, start|uint32(thrift.Field(2, thrift.Double))<<16)
			put64(b, next+3, math.Float64bits(t.Float64()))
			next += 3 + 8
		default:
			return at, i
		}
		b[next] = thrift.Stop
		at = next + 1
	}
	return at, len(tags)
}

// The third index keeps the compiler from guarding against an empty rest of b.
func put16(b []byte, at int, v uint16) { binary.LittleEndian.PutUint16(b[at:at+2:at+2], v) }
func put32(b []byte, at int, v uint32) { binary.LittleEndian.PutUint32(b[at:at+4:at+4], v) }
func put64(b []byte, at int, v uint64) { binary.LittleEndian.PutUint64(b[at:at+8:at+8], v) }
