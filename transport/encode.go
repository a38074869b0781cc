// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"github.com/jaegerkit/jaeger/internal/thrift"
	"github.com/jaegerkit/jaeger/internal/wire"
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
	b = thrift.AppendI64(append(b, thrift.Field(1, thrift.I64)), wire.Micros(s.Start))
	b = thrift.AppendI64(append(b, thrift.Field(1, thrift.I64)), wire.Micros(int64(s.Duration)))
	if p := s.Packed(); p.On {
		b = thrift.AppendList(append(b, thrift.Field(1, thrift.List)), p.TagCount, thrift.Struct)
		b = append(b, p.Tags[:p.TagsEnd]...)
		b = thrift.AppendList(append(b, thrift.Field(1, thrift.List)), p.LogCount, thrift.Struct)
		b = append(append(b, p.Logs[:p.LogsEnd]...), thrift.Stop)
		return b, len(b) <= limit
	}
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
	b = thrift.AppendI64(append(b, thrift.Field(1, thrift.I64)), wire.Micros(l.Time))
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
		b = wire.AppendTag(b, t)
	}
	return b, true
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
