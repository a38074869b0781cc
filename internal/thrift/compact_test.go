// SPDX-License-Identifier: Apache-2.0

package thrift_test

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"

	apache "github.com/apache/thrift/lib/go/thrift"

	"github.com/jaegerkit/jaeger/internal/thrift"
)

// referee returns what apache/thrift writes.
func referee(t testing.TB, write func(context.Context, apache.TProtocol) error) []byte {
	t.Helper()
	buf := apache.NewTMemoryBuffer()
	p := apache.NewTCompactProtocolConf(buf, nil)
	if err := write(context.Background(), p); err != nil {
		t.Fatal(err)
	}
	if err := p.Flush(context.Background()); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func same(t testing.TB, what string, got, want []byte) {
	t.Helper()
	if !bytes.Equal(got, want) {
		t.Errorf("%s\n got: % x\nwant: % x", what, got, want)
	}
}

func checkIntegers(t testing.TB, v int64) {
	t.Helper()
	want := referee(t, func(ctx context.Context, p apache.TProtocol) error { return p.WriteI64(ctx, v) })
	same(t, "AppendI64", thrift.AppendI64(nil, v), want)
	if got := thrift.I64Len(v); got != len(want) {
		t.Errorf("I64Len(%d)\n got: %d\nwant: %d", v, got, len(want))
	}
	same(t, "AppendI64 behind others", thrift.AppendI64([]byte{0xaa}, v), append([]byte{0xaa}, want...))
	same(t, "AppendI32", thrift.AppendI32(nil, int32(v)),
		referee(t, func(ctx context.Context, p apache.TProtocol) error { return p.WriteI32(ctx, int32(v)) }))
	d := math.Float64frombits(uint64(v))
	same(t, "AppendDouble", thrift.AppendDouble(nil, d),
		referee(t, func(ctx context.Context, p apache.TProtocol) error { return p.WriteDouble(ctx, d) }))
	same(t, "AppendCall", thrift.AppendCall(nil, "emitBatch", int32(v)),
		referee(t, func(ctx context.Context, p apache.TProtocol) error {
			return p.WriteMessageBegin(ctx, "emitBatch", apache.CALL, int32(v))
		}))
	n := int(uint64(v) % (1 << 31))
	want = referee(t, func(ctx context.Context, p apache.TProtocol) error { return p.WriteListBegin(ctx, apache.STRUCT, n) })
	same(t, "AppendList", thrift.AppendList(nil, n, thrift.Struct), want)
	if got := thrift.ListLen(n); got != len(want) {
		t.Errorf("ListLen(%d)\n got: %d\nwant: %d", n, got, len(want))
	}
}

func checkString(t testing.TB, s string) {
	t.Helper()
	valid := strings.ToValidUTF8(s, "\ufffd")
	want := referee(t, func(ctx context.Context, p apache.TProtocol) error { return p.WriteString(ctx, valid) })
	same(t, "AppendString", thrift.AppendString(nil, s), want)
	if got := thrift.StringLen(s); got != len(want) {
		t.Errorf("StringLen(%q)\n got: %d\nwant: %d", s, got, len(want))
	}
	same(t, "AppendBinary", thrift.AppendBinary(nil, s),
		referee(t, func(ctx context.Context, p apache.TProtocol) error { return p.WriteBinary(ctx, []byte(s)) }))
}

func TestIntegersAtEachLength(t *testing.T) {
	t.Parallel()
	for shift := 0; shift < 64; shift++ {
		for d := int64(-2); d <= 2; d++ {
			checkIntegers(t, 1<<shift+d)
			checkIntegers(t, -1<<shift+d)
		}
	}
	for n := int64(0); n < 40; n++ {
		checkIntegers(t, n)
	}
}

func TestStrings(t *testing.T) {
	t.Parallel()
	// Each length in which the ASCII check takes another way, with the one
	// byte that is not ASCII or not UTF-8 at each place.
	for n := 0; n < 40; n++ {
		checkString(t, strings.Repeat("a", n))
		for at := 0; at < n; at++ {
			checkString(t, strings.Repeat("a", at)+"é"+strings.Repeat("b", n-at))
			checkString(t, strings.Repeat("a", at)+"\xff"+strings.Repeat("b", n-at))
		}
	}
	for _, n := range []int{126, 127, 128, 129, 16383, 16384} {
		checkString(t, strings.Repeat("x", n))
		checkString(t, strings.Repeat("\xff", n))
		checkString(t, strings.Repeat("\xffx", n))
	}
}

// TestFields spells a struct whose ids are 1, 3, 4 and 8.
func TestFields(t *testing.T) {
	t.Parallel()
	got := []byte{thrift.Field(1, thrift.I32)}
	got = thrift.AppendI32(got, -7)
	got = append(got, thrift.Field(2, thrift.True), thrift.Field(1, thrift.False), thrift.Field(4, thrift.Binary))
	got = append(thrift.AppendString(got, "x"), thrift.Stop)
	want := referee(t, func(ctx context.Context, p apache.TProtocol) error {
		steps := []func() error{
			func() error { return p.WriteStructBegin(ctx, "") },
			func() error { return p.WriteFieldBegin(ctx, "", apache.I32, 1) },
			func() error { return p.WriteI32(ctx, -7) },
			func() error { return p.WriteFieldBegin(ctx, "", apache.BOOL, 3) },
			func() error { return p.WriteBool(ctx, true) },
			func() error { return p.WriteFieldBegin(ctx, "", apache.BOOL, 4) },
			func() error { return p.WriteBool(ctx, false) },
			func() error { return p.WriteFieldBegin(ctx, "", apache.STRING, 8) },
			func() error { return p.WriteString(ctx, "x") },
			func() error { return p.WriteFieldStop(ctx) },
		}
		for _, step := range steps {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	same(t, "struct", got, want)
}

func FuzzIntegers(f *testing.F) {
	for _, v := range []int64{0, 1, -1, 63, 64, 1 << 31, math.MinInt64, math.MaxInt64} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v int64) { checkIntegers(t, v) })
}

func FuzzStrings(f *testing.F) {
	for _, s := range []string{"", "span.kind", "Grüße aus Köln", "\xc3", "abcdefg\xf0\x9f", strings.Repeat("\xed\xa0\x80", 50)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkString(t, s) })
}
