// SPDX-License-Identifier: Apache-2.0

package thrift_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	apache "github.com/apache/thrift/lib/go/thrift"

	"github.com/uber/jaeger-client-go/thrift"
	"github.com/uber/jaeger-client-go/thrift-gen/jaeger"
	"github.com/uber/jaeger-client-go/thrift-gen/zipkincore"
)

var ctx = context.Background()

func str(s string) *string      { return &s }
func num(n int64) *int64        { return &n }
func yes(b bool) *bool          { return &b }
func real64(f float64) *float64 { return &f }

// batch has a value of every type that Jaeger's IDL uses.
func batch() *jaeger.Batch {
	return &jaeger.Batch{
		Process: &jaeger.Process{ServiceName: "checkout", Tags: []*jaeger.Tag{{Key: "s", VType: jaeger.TagType_STRING, VStr: str("v")}}},
		Spans: []*jaeger.Span{{
			TraceIdLow: 1, TraceIdHigh: -1, SpanId: 2, ParentSpanId: 3, OperationName: "op", Flags: 1, StartTime: 1 << 50, Duration: 5,
			References: []*jaeger.SpanRef{{RefType: jaeger.SpanRefType_FOLLOWS_FROM, TraceIdLow: 7, SpanId: 8}},
			Tags: []*jaeger.Tag{
				{Key: "d", VType: jaeger.TagType_DOUBLE, VDouble: real64(-0.5)},
				{Key: "b", VType: jaeger.TagType_BOOL, VBool: yes(true)},
				{Key: "l", VType: jaeger.TagType_LONG, VLong: num(-9)},
				{Key: "x", VType: jaeger.TagType_BINARY, VBinary: []byte{0, 255}},
			},
			Logs: []*jaeger.Log{{Timestamp: 9, Fields: []*jaeger.Tag{}}},
		}},
		SeqNo: num(4),
		Stats: &jaeger.ClientStats{FullQueueDroppedSpans: 1, TooLargeDroppedSpans: 2, FailedToEmitSpans: 3},
	}
}

var protocols = map[string]thrift.TProtocolFactory{
	"binary":             thrift.NewTBinaryProtocolFactoryDefault(),
	"binary, not strict": thrift.NewTBinaryProtocolFactory(false, false),
	"binary, set up":     thrift.NewTBinaryProtocolFactoryConf(&thrift.TConfiguration{MaxMessageSize: 1 << 20}),
	"compact":            thrift.NewTCompactProtocolFactory(),
	"compact, set up":    thrift.NewTCompactProtocolFactoryConf(&thrift.TConfiguration{MaxMessageSize: 1 << 20}),
	"header":             thrift.NewTHeaderProtocolFactory(),
	"header, compact":    thrift.NewTHeaderProtocolFactoryConf(&thrift.TConfiguration{THeaderProtocolID: thrift.THeaderProtocolIDPtrMust(thrift.THeaderProtocolCompact)}),
	"configured later":   thrift.TProtocolFactoryConf(thrift.NewTBinaryProtocolFactoryDefault(), &thrift.TConfiguration{MaxMessageSize: 1 << 20}),
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for name, factory := range protocols {
		b := thrift.NewTMemoryBufferLen(10)
		p := factory.GetProtocol(b)
		if err := batch().Write(ctx, p); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := p.Flush(ctx); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := jaeger.NewBatch()
		if err := got.Read(ctx, factory.GetProtocol(b)); err != nil || !got.Equals(batch()) {
			t.Errorf("%s:\ngot  %v %v\nwant %v", name, got, err, batch())
		}
		if b.RemainingBytes() != 0 {
			t.Errorf("%s: %d bytes left", name, b.RemainingBytes())
		}
	}
}

// TestZipkin has the types that Jaeger's own IDL has not: i16, byte, bool fields.
func TestZipkin(t *testing.T) {
	t.Parallel()
	want := &zipkincore.Span{
		TraceID: 1, Name: "n", ID: 2, Debug: true,
		Annotations:       []*zipkincore.Annotation{{Timestamp: 3, Value: "cs", Host: &zipkincore.Endpoint{Ipv4: 4, Port: -5, ServiceName: "s"}}},
		BinaryAnnotations: []*zipkincore.BinaryAnnotation{{Key: "k", Value: []byte("v"), AnnotationType: zipkincore.AnnotationType_STRING}},
	}
	for name, factory := range protocols {
		b := thrift.NewTMemoryBuffer()
		p := factory.GetProtocol(b)
		if err := errors.Join(want.Write(ctx, p), p.Flush(ctx)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := zipkincore.NewSpan()
		if err := got.Read(ctx, factory.GetProtocol(b)); err != nil || !got.Equals(want) {
			t.Errorf("%s:\ngot  %v %v\nwant %v", name, got, err, want)
		}
	}
}

// TestSkip reads a batch as a struct that knows none of its fields but one.
func TestSkip(t *testing.T) {
	t.Parallel()
	for name, factory := range protocols {
		b := thrift.NewTMemoryBuffer()
		p := factory.GetProtocol(b)
		if err := errors.Join(batch().Write(ctx, p), p.WriteMapBegin(ctx, thrift.STRING, thrift.SET, 1), p.WriteString(ctx, "k"),
			p.WriteSetBegin(ctx, thrift.I16, 2), p.WriteI16(ctx, 1), p.WriteI16(ctx, 2), p.WriteSetEnd(ctx), p.WriteMapEnd(ctx),
			p.WriteByte(ctx, 7), p.Flush(ctx)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		in := factory.GetProtocol(b)
		err := errors.Join(in.Skip(ctx, thrift.STRUCT), thrift.SkipDefaultDepth(ctx, in, thrift.MAP))
		last, e := in.ReadByte(ctx)
		if err != nil || e != nil || last != 7 {
			t.Errorf("%s: got %d %v %v, want 7", name, last, err, e)
		}
	}
	for _, test := range []struct {
		name  string
		bytes string
		as    thrift.TType
		depth int
		want  int
	}{
		{"too deep", "", thrift.STRUCT, 0, thrift.DEPTH_LIMIT},
		{"lists too deep", "\x0f\x00\x00\x00\x01\x0f\x00\x00\x00\x01\x0f", thrift.LIST, 2, thrift.DEPTH_LIMIT},
		{"no such type", "", 99, 9, thrift.INVALID_DATA},
		{"more than there is", "\x03\x05\xff\xff\xff", thrift.LIST, 9, thrift.SIZE_LIMIT},
		{"negative size", "\x03\xff\xff\xff\xff", thrift.LIST, 9, thrift.NEGATIVE_SIZE},
	} {
		b := thrift.NewTMemoryBuffer()
		b.WriteString(test.bytes)
		err := thrift.Skip(ctx, thrift.NewTBinaryProtocolTransport(b), test.as, test.depth)
		var e thrift.TProtocolException
		if !errors.As(err, &e) || e.TypeId() != test.want {
			t.Errorf("%s: got %v, want an exception of type %d", test.name, err, test.want)
		}
	}
}

// TestSameBytes has apache/thrift as the referee.
func TestSameBytes(t *testing.T) {
	t.Parallel()
	ours, theirs := thrift.NewTMemoryBuffer(), apache.NewTMemoryBuffer()
	p, q := thrift.NewTCompactProtocol(ours), apache.NewTCompactProtocolConf(theirs, nil)
	err := errors.Join(
		p.WriteMessageBegin(ctx, "m", thrift.ONEWAY, 5), p.WriteStructBegin(ctx, "s"), p.WriteFieldBegin(ctx, "f", thrift.BOOL, 1), p.WriteBool(ctx, true),
		p.WriteFieldEnd(ctx), p.WriteFieldBegin(ctx, "g", thrift.MAP, 20), p.WriteMapBegin(ctx, thrift.I64, thrift.DOUBLE, 1), p.WriteI64(ctx, -3),
		p.WriteDouble(ctx, 0.1), p.WriteMapEnd(ctx), p.WriteFieldEnd(ctx), p.WriteFieldStop(ctx), p.WriteStructEnd(ctx), p.WriteMessageEnd(ctx),
		q.WriteMessageBegin(ctx, "m", apache.ONEWAY, 5), q.WriteStructBegin(ctx, "s"), q.WriteFieldBegin(ctx, "f", apache.BOOL, 1), q.WriteBool(ctx, true),
		q.WriteFieldEnd(ctx), q.WriteFieldBegin(ctx, "g", apache.MAP, 20), q.WriteMapBegin(ctx, apache.I64, apache.DOUBLE, 1), q.WriteI64(ctx, -3),
		q.WriteDouble(ctx, 0.1), q.WriteMapEnd(ctx), q.WriteFieldEnd(ctx), q.WriteFieldStop(ctx), q.WriteStructEnd(ctx), q.WriteMessageEnd(ctx),
	)
	if err != nil || !bytes.Equal(ours.Bytes(), theirs.Bytes()) {
		t.Errorf("got  %x %v\nwant %x", ours.Bytes(), err, theirs.Bytes())
	}
	in := thrift.NewTCompactProtocol(ours)
	name, kind, seq, err := in.ReadMessageBegin(ctx)
	if name != "m" || kind != thrift.ONEWAY || seq != 5 || err != nil {
		t.Errorf("got %q %d %d %v", name, kind, seq, err)
	}
	if in.Transport() != thrift.TTransport(ours) {
		t.Error("Transport is not the one given")
	}
}

func TestEndOfInput(t *testing.T) {
	t.Parallel()
	for name, factory := range protocols {
		_, err := factory.GetProtocol(thrift.NewTMemoryBuffer()).ReadI32(ctx)
		var e thrift.TException
		if !errors.As(err, &e) || e.TExceptionType() == thrift.TExceptionTypeUnknown || !errors.Is(err, io.EOF) {
			t.Errorf("%s: got %v (%T), want an exception that wraps the end of the input", name, err, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, factory := range []thrift.TProtocolFactory{protocols["binary"], protocols["compact"]} {
		b := thrift.NewTMemoryBuffer()
		if err := batch().Write(ctx, factory.GetProtocol(b)); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, factory := range []thrift.TProtocolFactory{protocols["binary"], protocols["compact"]} {
			b := thrift.NewTMemoryBuffer()
			b.Write(data)
			first := jaeger.NewBatch()
			if first.Read(ctx, factory.GetProtocol(b)) != nil {
				continue
			}
			again := thrift.NewTMemoryBuffer()
			if err := first.Write(ctx, factory.GetProtocol(again)); err != nil {
				t.Fatal(err)
			}
			written := bytes.Clone(again.Bytes())
			second := jaeger.NewBatch()
			if err := second.Read(ctx, factory.GetProtocol(again)); err != nil {
				t.Fatalf("%v after %v", err, first)
			}
			third := thrift.NewTMemoryBuffer()
			if err := second.Write(ctx, factory.GetProtocol(third)); err != nil || !bytes.Equal(third.Bytes(), written) {
				t.Fatalf("got  %x %v\nwant %x", third.Bytes(), err, written)
			}
		}
	})
}
