// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"github.com/jaegerkit/jaeger/internal/thrift"
	"github.com/jaegerkit/jaeger/model"
)

// The structs of jaeger.thrift in compact encoding, appended to a slice. Field
// headers carry the distance to the field before, so the first argument of each
// thrift.Field call below is a step, not an id. Lists are written even where
// they are optional and empty, as Jaeger's Go clients always did.

// appendChecked is appendSpan for a span that may not stay within limit, or that
// has a string that is not UTF-8.
func appendChecked(b []byte, s *model.Span, limit int) (_ []byte, whole bool) {
	if len(b)+len(s.Operation) > limit {
		return b, false
	}
	b = thrift.AppendI64(append(b, thrift.Field(1, thrift.I64)), int64(s.TraceID.Low))
	b = thrift.AppendI64(append(b, thrift.Field(1, thrift.I64)), int64(s.TraceID.High))
	b = thrift.AppendI64(append(b, thrift.Field(1, thrift.I64)), int64(s.ID))
	b = thrift.AppendI64(append(b, thrift.Field(1, thrift.I64)), int64(s.ParentID))
	b = thrift.AppendString(append(b, thrift.Field(1, thrift.Binary)), s.Operation)
	b = thrift.AppendList(append(b, thrift.Field(1, thrift.List)), len(s.References), thrift.Struct)
	for i := range s.References {
		if len(b) > limit {
			return b, false
		}
		b = appendReference(b, &s.References[i])
	}
	b = thrift.AppendI32(append(b, thrift.Field(1, thrift.I32)), int32(s.Flags))
	b = thrift.AppendI64(append(b, thrift.Field(1, thrift.I64)), micros(s.Start))
	b = thrift.AppendI64(append(b, thrift.Field(1, thrift.I64)), micros(int64(s.Duration)))
	b, whole = appendTags(append(b, thrift.Field(1, thrift.List)), s.Tags, limit)
	if !whole {
		return b, false
	}
	b = thrift.AppendList(append(b, thrift.Field(1, thrift.List)), len(s.Logs), thrift.Struct)
	for i := range s.Logs {
		b, whole = appendLog(b, &s.Logs[i], limit)
		if !whole {
			return b, false
		}
	}
	return append(b, thrift.Stop), len(b) < limit
}

func appendReference(b []byte, r *model.Reference) []byte {
	b = thrift.AppendI32(append(b, thrift.Field(1, thrift.I32)), int32(r.Type))
	b = thrift.AppendI64(append(b, thrift.Field(1, thrift.I64)), int64(r.TraceID.Low))
	b = thrift.AppendI64(append(b, thrift.Field(1, thrift.I64)), int64(r.TraceID.High))
	b = thrift.AppendI64(append(b, thrift.Field(1, thrift.I64)), int64(r.SpanID))
	return append(b, thrift.Stop)
}

func appendLog(b []byte, l *model.Log, limit int) (_ []byte, whole bool) {
	b = thrift.AppendI64(append(b, thrift.Field(1, thrift.I64)), micros(l.Time))
	b, whole = appendTags(append(b, thrift.Field(1, thrift.List)), l.Fields, limit)
	return append(b, thrift.Stop), whole
}

// appendTags appends a list of tags: its header and the elements.
func appendTags(b []byte, tags []model.Tag, limit int) (_ []byte, whole bool) {
	b = thrift.AppendList(b, len(tags), thrift.Struct)
	for i := range tags {
		t := &tags[i]
		if len(b)+len(t.Key)+len(t.Str()) > limit {
			return b, false
		}
		b = appendTag(b, t)
	}
	return b, true
}

func appendTag(b []byte, t *model.Tag) []byte {
	b = thrift.AppendString(append(b, thrift.Field(1, thrift.Binary)), t.Key)
	// The type is an enum, hence an i32, whose zigzag form is its double.
	b = append(b, thrift.Field(1, thrift.I32), byte(t.Kind())<<1)
	switch t.Kind() {
	case model.KindFloat64:
		b = thrift.AppendDouble(append(b, thrift.Field(2, thrift.Double)), t.Float64())
	case model.KindBool:
		v := thrift.False
		if t.Bool() {
			v = thrift.True
		}
		b = append(b, thrift.Field(3, v))
	case model.KindInt64:
		b = thrift.AppendI64(append(b, thrift.Field(4, thrift.I64)), t.Int64())
	case model.KindBinary:
		b = thrift.AppendBinary(append(b, thrift.Field(5, thrift.Binary)), t.Str())
	default:
		b = thrift.AppendString(append(b, thrift.Field(1, thrift.Binary)), t.Str())
	}
	return append(b, thrift.Stop)
}

// appendProcess appends the Process struct without its field header.
func appendProcess(b []byte, p *model.Process, limit int) (_ []byte, whole bool) {
	if len(p.ServiceName) > limit {
		return b, false
	}
	b = thrift.AppendString(append(b, thrift.Field(1, thrift.Binary)), p.ServiceName)
	b, whole = appendTags(append(b, thrift.Field(1, thrift.List)), p.Tags, limit)
	return append(b, thrift.Stop), whole && len(b) < limit
}

// appendTail appends what follows the spans: Batch.seqNo, Batch.stats and the
// ends of Batch and of the method's arguments. At most maxTail bytes.
func appendTail(b []byte, seqNo int64, s model.ClientStats) []byte {
	b = thrift.AppendI64(append(b, thrift.Field(1, thrift.I64)), seqNo)
	b = append(b, thrift.Field(1, thrift.Struct))
	b = thrift.AppendI64(append(b, thrift.Field(1, thrift.I64)), s.FullQueueDropped)
	b = thrift.AppendI64(append(b, thrift.Field(1, thrift.I64)), s.TooLargeDropped)
	b = thrift.AppendI64(append(b, thrift.Field(1, thrift.I64)), s.FailedToEmit)
	return append(b, thrift.Stop, thrift.Stop, thrift.Stop)
}

const maxTail = 1 + 10 + 1 + 3*(1+10) + 3

// micros rounds down, before 1970 too, so that two times never change places.
func micros(ns int64) int64 {
	us := ns / 1000
	if ns < 0 && us*1000 != ns {
		us--
	}
	return us
}
