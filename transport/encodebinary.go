// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"github.com/jaegerkit/jaeger/internal/thrift"
	"github.com/jaegerkit/jaeger/internal/wire"
	"github.com/jaegerkit/jaeger/model"
)

// binaryForm is the body that collectors take over HTTP: the struct Batch of
// jaeger.thrift in binary encoding, without a message around it. It has neither
// seqNo nor stats, which only agents read.
type binaryForm struct{}

func (binaryForm) contentType() string { return "application/x-thrift" }

func (binaryForm) check(*model.Span) error { return nil }

func (binaryForm) flatten(s *model.Span, _ *model.Process) *model.Span { return s }

func (binaryForm) tail() byte { return thrift.Stop }

// head appends Batch.process and the header of Batch.spans.
func (binaryForm) head(b []byte, p *model.Process, room int) (_ []byte, cut bool) {
	at := len(b)
	short := p
	for left := room; ; left -= left / 4 {
		var whole bool
		b = thrift.AppendStructField(b[:at], 1)
		if b, whole = appendBinaryProcess(b, short, at+room); whole {
			return thrift.AppendListField(b, 2, 0), cut
		}
		// reduceProcess counts bytes of the compact encoding, which is shorter:
		// hence several tries.
		short, cut = reduceProcess(p, left), true
	}
}

func (binaryForm) seal(body []byte, head, n int) { thrift.SetListLen(body, head, n) }

func (binaryForm) appendSpan(b []byte, s *model.Span, _ *model.Process, limit int) (_ []byte, whole bool) {
	if len(b)+len(s.Operation) > limit {
		return b, false
	}
	b = thrift.AppendI64Field(b, 1, int64(s.TraceID.Low))
	b = thrift.AppendI64Field(b, 2, int64(s.TraceID.High))
	b = thrift.AppendI64Field(b, 3, int64(s.ID))
	b = thrift.AppendI64Field(b, 4, int64(s.ParentID))
	b = thrift.AppendStringField(b, 5, s.Operation)
	b = thrift.AppendListField(b, 6, len(s.References))
	for i := range s.References {
		if len(b) > limit {
			return b, false
		}
		b = appendBinaryReference(b, &s.References[i])
	}
	b = thrift.AppendI32Field(b, 7, int32(s.Flags))
	b = thrift.AppendI64Field(b, 8, wire.Micros(s.Start))
	b = thrift.AppendI64Field(b, 9, wire.Micros(int64(s.Duration)))
	if b, whole = appendBinaryTags(b, 10, s.Tags, limit); !whole {
		return b, false
	}
	b = thrift.AppendListField(b, 11, len(s.Logs))
	for i := range s.Logs {
		b = thrift.AppendI64Field(b, 1, wire.Micros(s.Logs[i].Time))
		if b, whole = appendBinaryTags(b, 2, s.Logs[i].Fields, limit); !whole {
			return b, false
		}
		b = append(b, thrift.Stop)
	}
	return append(b, thrift.Stop), len(b) < limit
}

func appendBinaryReference(b []byte, r *model.Reference) []byte {
	b = thrift.AppendI32Field(b, 1, int32(r.Type))
	b = thrift.AppendI64Field(b, 2, int64(r.TraceID.Low))
	b = thrift.AppendI64Field(b, 3, int64(r.TraceID.High))
	b = thrift.AppendI64Field(b, 4, int64(r.SpanID))
	return append(b, thrift.Stop)
}

func appendBinaryTags(b []byte, id byte, tags []model.Tag, limit int) (_ []byte, whole bool) {
	b = thrift.AppendListField(b, id, len(tags))
	for i := range tags {
		t := &tags[i]
		if len(b)+len(t.Key)+len(t.Str()) > limit {
			return b, false
		}
		b = appendBinaryTag(b, t)
	}
	return b, len(b) <= limit
}

func appendBinaryTag(b []byte, t *model.Tag) []byte {
	b = thrift.AppendStringField(b, 1, t.Key)
	b = thrift.AppendI32Field(b, 2, int32(t.Kind()))
	switch t.Kind() {
	case model.KindFloat64:
		b = thrift.AppendDoubleField(b, 4, t.Float64())
	case model.KindBool:
		b = thrift.AppendBoolField(b, 5, t.Bool())
	case model.KindInt64:
		b = thrift.AppendI64Field(b, 6, t.Int64())
	case model.KindBinary:
		b = thrift.AppendBinaryField(b, 7, t.Str())
	default:
		b = thrift.AppendStringField(b, 3, t.Str())
	}
	return append(b, thrift.Stop)
}

func appendBinaryProcess(b []byte, p *model.Process, limit int) (_ []byte, whole bool) {
	if len(b)+len(p.ServiceName) > limit {
		return b, false
	}
	b = thrift.AppendStringField(b, 1, p.ServiceName)
	b, whole = appendBinaryTags(b, 2, p.Tags, limit)
	return append(b, thrift.Stop), whole && len(b) < limit
}
