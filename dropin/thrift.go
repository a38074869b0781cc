// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger/model"

	j "github.com/uber/jaeger-client-go/thrift-gen/jaeger"
)

// BuildJaegerThrift returns the span as it goes to Jaeger. Of a span that ended
// on a tracer whose parts are all the library's own, it knows ids, name and
// start; see Span.Tags. It does not take the span's lock.
func BuildJaegerThrift(span *Span) *j.Span {
	r := span.exported()
	if r == nil {
		return nil
	}
	return &j.Span{
		TraceIdLow:    int64(r.TraceID.Low),
		TraceIdHigh:   int64(r.TraceID.High),
		SpanId:        int64(r.ID),
		ParentSpanId:  int64(r.ParentID),
		OperationName: r.Operation,
		Flags:         int32(r.Flags),
		StartTime:     r.Start / 1000,
		Duration:      r.Duration.Microseconds(),
		Tags:          thriftTags(r.Tags),
		Logs:          thriftLogs(r.Logs),
		References:    thriftReferences(r.References),
	}
}

// BuildJaegerProcessThrift returns the process of the span's tracer as it goes
// to Jaeger.
func BuildJaegerProcessThrift(span *Span) *j.Process {
	if span == nil {
		return nil
	}
	t := span.tracer()
	if t == nil {
		return nil
	}
	p := t.house.Process()
	return &j.Process{ServiceName: p.ServiceName, Tags: thriftTags(p.Tags)}
}

// ConvertLogsToJaegerTags returns the fields of a log as they go to Jaeger.
func ConvertLogsToJaegerTags(logFields []log.Field) []*j.Tag {
	e := &fieldTags{tags: make([]model.Tag, 0, len(logFields))}
	for _, f := range logFields {
		e.take(f)
	}
	return thriftTags(e.tags)
}

func thriftTags(tags []model.Tag) []*j.Tag {
	out := make([]*j.Tag, len(tags))
	for i := range tags {
		out[i] = thriftTag(&tags[i])
	}
	return out
}

func thriftTag(t *model.Tag) *j.Tag {
	out := &j.Tag{Key: t.Key, VType: j.TagType(t.Kind())}
	switch v := t.Value().(type) {
	case string:
		out.VStr = &v
	case float64:
		out.VDouble = &v
	case bool:
		out.VBool = &v
	case int64:
		out.VLong = &v
	case []byte:
		out.VBinary = v
	}
	return out
}

func thriftLogs(logs []model.Log) []*j.Log {
	out := make([]*j.Log, len(logs))
	for i := range logs {
		out[i] = &j.Log{Timestamp: logs[i].Time / 1000, Fields: thriftTags(logs[i].Fields)}
	}
	return out
}

func thriftReferences(refs []model.Reference) []*j.SpanRef {
	out := make([]*j.SpanRef, len(refs))
	for i, ref := range refs {
		out[i] = &j.SpanRef{
			RefType:     j.SpanRefType(ref.Type),
			TraceIdLow:  int64(ref.TraceID.Low),
			TraceIdHigh: int64(ref.TraceID.High),
			SpanId:      int64(ref.SpanID),
		}
	}
	return out
}

// fieldTags is a log.Encoder.
type fieldTags struct{ tags []model.Tag }

// take survives lazy loggers that panic.
func (e *fieldTags) take(f log.Field) {
	defer func() {
		if p := recover(); p != nil {
			text := model.Any("", p, 200)
			e.EmitString(f.Key(), "!(panic: "+text.Text()+")")
		}
	}()
	f.Marshal(e)
}

func (e *fieldTags) put(t model.Tag) { e.tags = append(e.tags, t) }

func (e *fieldTags) EmitString(key, value string)             { e.put(model.String(key, value)) }
func (e *fieldTags) EmitBool(key string, value bool)          { e.put(model.Bool(key, value)) }
func (e *fieldTags) EmitInt(key string, value int)            { e.put(model.Int64(key, int64(value))) }
func (e *fieldTags) EmitInt32(key string, value int32)        { e.put(model.Int64(key, int64(value))) }
func (e *fieldTags) EmitInt64(key string, value int64)        { e.put(model.Int64(key, value)) }
func (e *fieldTags) EmitUint32(key string, value uint32)      { e.put(model.Int64(key, int64(value))) }
func (e *fieldTags) EmitUint64(key string, value uint64)      { e.put(model.Any(key, value, 0)) }
func (e *fieldTags) EmitFloat32(key string, value float32)    { e.put(model.Float64(key, float64(value))) }
func (e *fieldTags) EmitFloat64(key string, value float64)    { e.put(model.Float64(key, value)) }
func (e *fieldTags) EmitObject(key string, value interface{}) { e.put(model.Any(key, value, 0)) }

func (e *fieldTags) EmitLazyLogger(value log.LazyLogger) {
	if value != nil {
		value(e)
	}
}

var _ log.Encoder = (*fieldTags)(nil)
