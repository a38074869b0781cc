// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/apache/thrift/lib/go/thrift"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/agent"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"

	"github.com/jaegerkit/jaeger/model"
)

// refereePacket is the message that jaeger-idl's types and apache/thrift make
// of b.
func refereePacket(t testing.TB, b *model.Batch, seq int64) []byte {
	t.Helper()
	buf := thrift.NewTMemoryBuffer()
	p := thrift.NewTCompactProtocolConf(buf, nil)
	ctx := context.Background()
	args := agent.AgentEmitBatchArgs{Batch: refereeBatch(b, seq)}
	for _, step := range []func() error{
		func() error { return p.WriteMessageBegin(ctx, "emitBatch", thrift.CALL, int32(seq)) },
		func() error { return args.Write(ctx, p) },
		func() error { return p.WriteMessageEnd(ctx) },
		func() error { return p.Flush(ctx) },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	return buf.Bytes()
}

func refereeBatch(b *model.Batch, seq int64) *jaeger.Batch {
	out := &jaeger.Batch{
		Process: &jaeger.Process{ServiceName: text(b.Process.ServiceName), Tags: refereeTags(b.Process.Tags)},
		Spans:   []*jaeger.Span{},
		SeqNo:   &seq,
		Stats: &jaeger.ClientStats{
			FullQueueDroppedSpans: b.Stats.FullQueueDropped,
			TooLargeDroppedSpans:  b.Stats.TooLargeDropped,
			FailedToEmitSpans:     b.Stats.FailedToEmit,
		},
	}
	for _, s := range b.Spans {
		span := &jaeger.Span{
			TraceIdLow: int64(s.TraceID.Low), TraceIdHigh: int64(s.TraceID.High),
			SpanId: int64(s.ID), ParentSpanId: int64(s.ParentID),
			OperationName: text(s.Operation), Flags: int32(s.Flags),
			StartTime: refereeTime(s.Start), Duration: s.Duration.Microseconds(),
			References: []*jaeger.SpanRef{}, Tags: refereeTags(s.Tags), Logs: []*jaeger.Log{},
		}
		for _, r := range s.References {
			span.References = append(span.References, &jaeger.SpanRef{RefType: jaeger.SpanRefType(r.Type),
				TraceIdLow: int64(r.TraceID.Low), TraceIdHigh: int64(r.TraceID.High), SpanId: int64(r.SpanID)})
		}
		for _, l := range s.Logs {
			span.Logs = append(span.Logs, &jaeger.Log{Timestamp: refereeTime(l.Time), Fields: refereeTags(l.Fields)})
		}
		out.Spans = append(out.Spans, span)
	}
	return out
}

func text(s string) string { return strings.ToValidUTF8(s, "\ufffd") }

func refereeTime(ns int64) int64 { return time.Unix(0, ns).UnixMicro() }

func refereeTags(tags []model.Tag) []*jaeger.Tag {
	out := []*jaeger.Tag{}
	for i := range tags {
		tag := &jaeger.Tag{Key: text(tags[i].Key), VType: jaeger.TagType(tags[i].Kind())}
		switch v := tags[i].Value().(type) {
		case string:
			v = text(v)
			tag.VStr = &v
		case float64:
			tag.VDouble = &v
		case bool:
			tag.VBool = &v
		case int64:
			tag.VLong = &v
		case []byte:
			tag.VBinary = v
		}
		out = append(out, tag)
	}
	return out
}

// decode reads a packet as an agent does, and wants all of it to be read.
func decode(t testing.TB, packet []byte) *jaeger.Batch {
	t.Helper()
	buf := thrift.NewTMemoryBuffer()
	buf.Write(packet)
	p := thrift.NewTCompactProtocolConf(buf, nil)
	ctx := context.Background()
	name, kind, _, err := p.ReadMessageBegin(ctx)
	var args agent.AgentEmitBatchArgs
	if err == nil {
		err = args.Read(ctx, p)
	}
	if err != nil {
		t.Fatalf("decode %d bytes: %v", len(packet), err)
	}
	if name != "emitBatch" || kind != thrift.CALL || buf.Len() != 0 {
		t.Fatalf("message %q of kind %d with %d bytes behind it", name, kind, buf.Len())
	}
	return args.Batch
}

// describe writes tags as key=value for comparison.
func describe(tags []*jaeger.Tag) string {
	var parts []string
	for _, tag := range tags {
		v := ""
		switch {
		case tag.VStr != nil:
			v = *tag.VStr
		case tag.VLong != nil:
			v = fmt.Sprint(*tag.VLong)
		case tag.VBool != nil:
			v = fmt.Sprint(*tag.VBool)
		}
		if len(v) > 130 {
			v = fmt.Sprintf("%d bytes", len(v))
		}
		parts = append(parts, tag.Key+"="+v)
	}
	return strings.Join(parts, " ")
}

// randomBatch makes a batch of up to spans spans whose strings are pieces of
// words.
func randomBatch(r *rand.Rand, words string, spans int) *model.Batch {
	word := func() string {
		from := r.IntN(len(words) + 1)
		return words[from : from+r.IntN(min(len(words)-from, 300)+1)]
	}
	number := func() uint64 { return r.Uint64() >> r.IntN(64) }
	count := func() int { // mostly small, now and then beyond a list header's short and middle forms
		switch r.IntN(40) {
		case 0:
			return 120 + r.IntN(20)
		case 1, 2:
			return 10 + r.IntN(10)
		}
		return r.IntN(5)
	}
	tags := func() []model.Tag {
		out := make([]model.Tag, 0)
		for range count() {
			switch r.IntN(5) {
			case 0:
				out = append(out, model.String(word(), word()))
			case 1:
				out = append(out, model.Float64(word(), []float64{0, -1.5, nan, inf, r.NormFloat64()}[r.IntN(5)]))
			case 2:
				out = append(out, model.Bool(word(), r.IntN(2) == 0))
			case 3:
				out = append(out, model.Int64(word(), int64(number())))
			default:
				out = append(out, model.Binary(word(), []byte(word())))
			}
		}
		return out
	}
	b := &model.Batch{
		Process: &model.Process{ServiceName: word(), Tags: tags()},
		Stats:   model.ClientStats{FullQueueDropped: int64(number()), TooLargeDropped: int64(number()), FailedToEmit: int64(number())},
	}
	for range spans {
		s := &model.Span{
			Process: b.Process, TraceID: model.TraceID{High: number(), Low: number()},
			ID: model.SpanID(number()), ParentID: model.SpanID(number()), Flags: model.Flags(r.Uint32()),
			Operation: word(), Start: int64(number()) * (1 - 2*int64(r.IntN(2))), Duration: time.Duration(number() >> 1),
			Tags: tags(),
		}
		for range count() {
			s.References = append(s.References, model.Reference{Type: model.RefType(r.IntN(2)),
				TraceID: model.TraceID{High: number(), Low: number()}, SpanID: model.SpanID(number())})
		}
		for range count() {
			s.AddLog(int64(number()), tags()...)
		}
		b.Spans = append(b.Spans, s)
	}
	return b
}
