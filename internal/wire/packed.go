// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"github.com/jaegerkit/jaeger/internal/thrift"
	"github.com/jaegerkit/jaeger/model"
)

// A record that would become larger than this, or has a tag or log larger than that, is
// better off with Tags and Logs: packing copies, and unpacking has to allocate as much,
// under a span's lock.
const (
	maxPacked = 8 << 10
	maxItem   = 4 << 10
)

// PutValue writes a tag with a value of the types that most have but strings, if it is
// plain and there is room.
func PutValue(b []byte, at int, key string, value any) int {
	switch v := value.(type) {
	case int:
		return PutInt64(b, at, key, int64(v))
	case bool:
		return PutBool(b, at, key, v)
	case float64:
		return PutFloat64(b, at, key, v)
	case int64:
		return PutInt64(b, at, key, v)
	}
	return -1
}

// AddTag packs any tag, and reports false where the record has to be unpacked for it.
func AddTag(p *model.Packed, t *model.Tag) bool {
	if !room(&p.Tags, p.TagsEnd, MostTag+len(t.Key)+len(t.Str())) {
		return false
	}
	end := PutTag(p.Tags, p.TagsEnd, t)
	if end < 0 {
		return false
	}
	p.TagsEnd = end
	p.TagCount++
	return true
}

// BeginLog makes room for a log with n fields that take at most size bytes together with
// MostLog, writes its beginning, and returns where the fields go: -1 if the record has to
// be unpacked for it. EndLog has to follow, or the log does not count. at is in
// nanoseconds since the Unix epoch.
func BeginLog(p *model.Packed, at int64, n int, size uint64) int {
	if p.LogCount >= len(p.Nanos) || size > maxItem || !room(&p.Logs, p.LogsEnd, int(size)) {
		return -1
	}
	us := Micros(at)
	p.Nanos[p.LogCount] = uint16(at - us*1000)
	end := thrift.PutI64(p.Logs, p.LogsEnd, thrift.Field(1, thrift.I64), us)
	return thrift.PutList(p.Logs, end, thrift.Field(1, thrift.List), n, thrift.Struct)
}

// EndLog ends a log whose fields end at the index.
func EndLog(p *model.Packed, at int) {
	p.Logs[at] = thrift.Stop
	p.LogsEnd = at + 1
	p.LogCount++
}

// room sees to n bytes behind end.
func room(b *[]byte, end, n int) bool {
	if n > maxItem {
		return false
	}
	if end+n <= len(*b) {
		return true
	}
	if end+n > maxPacked {
		return false
	}
	grown := make([]byte, min(2*(end+n), maxPacked))
	copy(grown, (*b)[:end])
	*b = grown
	return true
}
