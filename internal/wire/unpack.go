// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"encoding/binary"
	"math"

	"github.com/jaegerkit/jaeger/internal/thrift"
	"github.com/jaegerkit/jaeger/model"
)

// What a log and each of its fields take in a record without their strings: bytes,
// about. Logs count against TakeLog's limit with that.
const LogBytes, FieldBytes = 64, 48

// Unpack turns the packed tags and logs of a record into Tags and Logs, as they were set.
// Their strings are parts of two allocations. It does nothing for other records.
func Unpack(s *model.Span) {
	p := s.Packed()
	if !p.On {
		return
	}
	r := reader{string(p.Tags[:p.TagsEnd])}
	for range p.TagCount {
		s.Tags = append(s.Tags, r.tag())
	}
	r = reader{string(p.Logs[:p.LogsEnd])}
	var fields []model.Tag
	for i := range p.LogCount {
		r.next(1)
		at := r.i64()*1000 + int64(p.Nanos[i])
		size := uint64(LogBytes)
		fields = fields[:0]
		for range r.list() {
			f := r.tag()
			size += FieldBytes + uint64(len(f.Key)) + uint64(len(f.Str()))
			fields = append(fields, f)
		}
		r.next(1)
		s.TakeLog(math.MaxInt, size, at, fields...)
	}
	s.StopPacking()
}

// reader reads what this package wrote.
type reader struct{ rest string }

func (r *reader) next(n int) (s string) {
	s, r.rest = r.rest[:n], r.rest[n:]
	return s
}

func (r *reader) varint() (v uint64) {
	for shift := 0; ; shift += 7 {
		b := r.next(1)[0]
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return v
		}
	}
}

func (r *reader) i64() int64 {
	v := r.varint()
	return int64(v>>1) ^ -int64(v&1)
}

func (r *reader) str() string { return r.next(int(r.varint())) }

// list returns how many elements follow.
func (r *reader) list() int {
	if n := int(r.next(2)[1] >> 4); n < 15 {
		return n
	}
	return int(r.varint())
}

func (r *reader) tag() (t model.Tag) {
	r.next(1)
	key := r.str()
	header := r.next(3)
	switch kind := model.Kind(header[1] >> 1); kind {
	case model.KindInt64:
		t.SetInt64(key, r.i64())
	case model.KindFloat64:
		t.SetFloat64(key, math.Float64frombits(binary.LittleEndian.Uint64([]byte(r.next(8)))))
	case model.KindBool:
		t.SetBool(key, header[2] == thrift.Field(3, thrift.True))
	case model.KindBinary:
		t = model.Binary(key, []byte(r.str()))
	default:
		t.SetString(key, r.str())
	}
	r.next(1)
	return t
}
