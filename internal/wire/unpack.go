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
// It does nothing for other records.
func Unpack(s *model.Span) {
	p := s.Packed()
	if !p.On {
		return
	}
	r := reader{p.Tags[:p.TagsEnd]}
	for range p.TagCount {
		s.Tags = append(s.Tags, r.tag())
	}
	r = reader{p.Logs[:p.LogsEnd]}
	var fields []model.Tag
	for i := range p.LogCount {
		r.skip(1)
		at := r.i64()*1000 + int64(p.Nanos[i])
		size := uint64(LogBytes)
		fields = fields[:0]
		for range r.list() {
			f := r.tag()
			size += FieldBytes + uint64(len(f.Key)) + uint64(len(f.Str()))
			fields = append(fields, f)
		}
		r.skip(1)
		s.TakeLog(math.MaxInt, size, at, fields...)
	}
	s.StopPacking()
}

// reader reads what this package wrote.
type reader struct{ b []byte }

func (r *reader) skip(n int) { r.b = r.b[n:] }

func (r *reader) varint() uint64 {
	v, n := binary.Uvarint(r.b)
	r.skip(n)
	return v
}

func (r *reader) i64() int64 {
	v := r.varint()
	return int64(v>>1) ^ -int64(v&1)
}

func (r *reader) str() string {
	n := int(r.varint())
	s := string(r.b[:n])
	r.skip(n)
	return s
}

// list returns how many elements follow.
func (r *reader) list() int {
	n := int(r.b[1] >> 4)
	r.skip(2)
	if n == 15 {
		n = int(r.varint())
	}
	return n
}

func (r *reader) tag() (t model.Tag) {
	r.skip(1)
	key := r.str()
	kind := model.Kind(r.b[1] >> 1)
	header := r.b[2]
	r.skip(3)
	switch kind {
	case model.KindInt64:
		t = model.Int64(key, r.i64())
	case model.KindFloat64:
		t = model.Float64(key, math.Float64frombits(binary.LittleEndian.Uint64(r.b)))
		r.skip(8)
	case model.KindBool:
		t = model.Bool(key, header == thrift.Field(3, thrift.True))
	case model.KindBinary:
		t = model.Binary(key, []byte(r.str()))
	default:
		t = model.String(key, r.str())
	}
	r.skip(1)
	return t
}
