// SPDX-License-Identifier: Apache-2.0

package thrift_test

import (
	"context"
	"math"
	"strings"
	"testing"

	apache "github.com/apache/thrift/lib/go/thrift"

	"github.com/jaegerkit/jaeger/internal/thrift"
)

// binaryField returns what apache/thrift writes for field id.
func binaryField(t testing.TB, id int16, kind apache.TType, write func(context.Context, apache.TProtocol) error) []byte {
	t.Helper()
	buf := apache.NewTMemoryBuffer()
	p := apache.NewTBinaryProtocolConf(buf, nil)
	ctx := context.Background()
	for _, step := range []func() error{
		func() error { return p.WriteFieldBegin(ctx, "", kind, id) },
		func() error { return write(ctx, p) },
		func() error { return p.Flush(ctx) },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	return buf.Bytes()
}

func checkFields(t testing.TB, id byte, v int64) {
	t.Helper()
	same(t, "AppendI64Field", thrift.AppendI64Field(nil, id, v), binaryField(t, int16(id), apache.I64,
		func(ctx context.Context, p apache.TProtocol) error { return p.WriteI64(ctx, v) }))
	same(t, "AppendI32Field", thrift.AppendI32Field(nil, id, int32(v)), binaryField(t, int16(id), apache.I32,
		func(ctx context.Context, p apache.TProtocol) error { return p.WriteI32(ctx, int32(v)) }))
	d := math.Float64frombits(uint64(v))
	same(t, "AppendDoubleField", thrift.AppendDoubleField(nil, id, d), binaryField(t, int16(id), apache.DOUBLE,
		func(ctx context.Context, p apache.TProtocol) error { return p.WriteDouble(ctx, d) }))
	same(t, "AppendBoolField", thrift.AppendBoolField(nil, id, v&1 != 0), binaryField(t, int16(id), apache.BOOL,
		func(ctx context.Context, p apache.TProtocol) error { return p.WriteBool(ctx, v&1 != 0) }))
	same(t, "AppendStructField", thrift.AppendStructField(nil, id), binaryField(t, int16(id), apache.STRUCT,
		func(context.Context, apache.TProtocol) error { return nil }))
	n := int(uint64(v) % (1 << 31))
	want := binaryField(t, int16(id), apache.LIST,
		func(ctx context.Context, p apache.TProtocol) error { return p.WriteListBegin(ctx, apache.STRUCT, n) })
	same(t, "AppendListField", thrift.AppendListField(nil, id, n), want)
	late := append(thrift.AppendListField([]byte{1, 2}, id, 0), 3)
	thrift.SetListLen(late, 2+thrift.ListFieldLen, n)
	same(t, "SetListLen", late, append(append([]byte{1, 2}, want...), 3))
}

func checkText(t testing.TB, id byte, s string) {
	t.Helper()
	valid := strings.ToValidUTF8(s, "\ufffd")
	same(t, "AppendStringField", thrift.AppendStringField([]byte{}, id, s), binaryField(t, int16(id), apache.STRING,
		func(ctx context.Context, p apache.TProtocol) error { return p.WriteString(ctx, valid) }))
	same(t, "AppendBinaryField", thrift.AppendBinaryField(nil, id, s), binaryField(t, int16(id), apache.STRING,
		func(ctx context.Context, p apache.TProtocol) error { return p.WriteBinary(ctx, []byte(s)) }))
}

func TestBinaryFields(t *testing.T) {
	t.Parallel()
	for shift := 0; shift < 64; shift++ {
		for d := int64(-1); d <= 1; d++ {
			checkFields(t, byte(shift), 1<<shift+d)
			checkFields(t, byte(255-shift), -1<<shift+d)
		}
	}
	for n := 0; n < 40; n++ {
		checkText(t, byte(n), strings.Repeat("a", n))
		checkText(t, byte(n), strings.Repeat("a", n)+"é")
		checkText(t, byte(n), strings.Repeat("a", n)+"\xff\xfe\xfdb\xff")
	}
	checkText(t, 1, strings.Repeat("x\xff", 70_000))
}

func FuzzBinaryFields(f *testing.F) {
	f.Add(byte(1), int64(-1), "http.url")
	f.Add(byte(11), int64(math.MaxInt64), "Grüße \xff\xfe aus \xe2\x82 Köln")
	f.Fuzz(func(t *testing.T, id byte, v int64, s string) {
		checkFields(t, id, v)
		checkText(t, id, s)
	})
}

func TestBinaryAllocatesNothing(t *testing.T) {
	b := make([]byte, 0, 256)
	if n := testing.AllocsPerRun(100, func() {
		b = thrift.AppendI64Field(b[:0], 1, 42)
		b = thrift.AppendStringField(b, 2, "Grüße")
		b = append(thrift.AppendListField(b, 3, 0), thrift.Stop)
	}); n != 0 {
		t.Errorf("got: %v allocations\nwant: 0", n)
	}
}
