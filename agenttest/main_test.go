// SPDX-License-Identifier: Apache-2.0

package agenttest_test

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/apache/thrift/lib/go/thrift"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/agent"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"
	"go.uber.org/goleak"

	"github.com/jaegerkit/jaeger/agenttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	compact  thrift.TProtocolFactory = thrift.NewTCompactProtocolFactoryConf(nil)
	strict   thrift.TProtocolFactory = thrift.NewTBinaryProtocolFactoryConf(&thrift.TConfiguration{TBinaryStrictWrite: thrift.BoolPtr(true)})
	unstrict thrift.TProtocolFactory = thrift.NewTBinaryProtocolFactoryConf(&thrift.TConfiguration{TBinaryStrictWrite: thrift.BoolPtr(false)})
)

// testContext ends long after every sane wait has: only a hanging test meets it.
func testContext(tb testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	tb.Cleanup(cancel)
	return ctx
}

func ptr[T any](v T) *T { return &v }

func batchOf(seq int64, operations ...string) *jaeger.Batch {
	b := &jaeger.Batch{
		Process: &jaeger.Process{
			ServiceName: "shop",
			Tags:        []*jaeger.Tag{{Key: "client-uuid", VType: jaeger.TagType_STRING, VStr: ptr("c0ffee")}},
		},
		Spans: []*jaeger.Span{},
		SeqNo: ptr(seq),
	}
	for i, op := range operations {
		b.Spans = append(b.Spans, &jaeger.Span{
			TraceIdLow: 0x1122, SpanId: int64(i + 1), OperationName: op, Flags: 1, StartTime: 1_000_000, Duration: 5,
			References: []*jaeger.SpanRef{{RefType: jaeger.SpanRefType_CHILD_OF, TraceIdLow: 0x1122, SpanId: 7}},
			Tags: []*jaeger.Tag{
				{Key: "http.status_code", VType: jaeger.TagType_LONG, VLong: ptr(int64(200))},
				{Key: "ok", VType: jaeger.TagType_BOOL, VBool: ptr(true)},
				{Key: "ratio", VType: jaeger.TagType_DOUBLE, VDouble: ptr(0.5)},
				{Key: "raw", VType: jaeger.TagType_BINARY, VBinary: []byte{0, 255}},
				{Key: "who", VType: jaeger.TagType_STRING, VStr: ptr("jürgen")},
			},
			Logs: []*jaeger.Log{{Timestamp: 1_000_001, Fields: []*jaeger.Tag{{Key: "event", VType: jaeger.TagType_STRING, VStr: ptr("hit")}}}},
		})
	}
	return b
}

// call encodes emitBatch as Go clients do, through the generated AgentClient.
func call(tb testing.TB, f thrift.TProtocolFactory, b *jaeger.Batch) []byte {
	tb.Helper()
	buf := thrift.NewTMemoryBuffer()
	if err := agent.NewAgentClientFactory(buf, f).EmitBatch(context.Background(), b); err != nil {
		tb.Fatalf("EmitBatch: %v", err)
	}
	return buf.Bytes()
}

// message encodes any message header, with emitBatch's arguments behind it.
func message(tb testing.TB, f thrift.TProtocolFactory, method string, kind thrift.TMessageType, b *jaeger.Batch) []byte {
	tb.Helper()
	buf := thrift.NewTMemoryBuffer()
	p, ctx := f.GetProtocol(buf), context.Background()
	args := agent.AgentEmitBatchArgs{Batch: b}
	if err := p.WriteMessageBegin(ctx, method, kind, 0); err != nil {
		tb.Fatalf("message header: %v", err)
	}
	if err := args.Write(ctx, p); err != nil {
		tb.Fatalf("message body: %v", err)
	}
	return buf.Bytes()
}

// dial returns a function that sends packets to addr over one connected socket.
func dial(tb testing.TB, addr string) func([]byte) error {
	tb.Helper()
	conn, err := net.Dial("udp", addr)
	if err != nil {
		tb.Fatalf("dial %q: %v", addr, err)
	}
	tb.Cleanup(func() { _ = conn.Close() })
	return func(data []byte) error {
		n, err := conn.Write(data)
		if err == nil && n != len(data) {
			err = fmt.Errorf("short write: %d of %d bytes", n, len(data))
		}
		return err
	}
}

// sendAll sends n packets to addr and returns when all have arrived. It never has more than 50 on the way, which the
// smallest of socket buffers hold.
func sendAll(tb testing.TB, a *agenttest.Agent, addr string, n int, packet func(i int) []byte) {
	tb.Helper()
	send, ctx := dial(tb, addr), testContext(tb)
	for i := range n {
		must(tb, send(packet(i)))
		if i%50 == 49 || i == n-1 {
			must(tb, a.Wait(ctx, func() bool { return a.Packets() == i+1 }))
		}
	}
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatalf("error: got %v, want none", err)
	}
}
