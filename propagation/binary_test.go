// SPDX-License-Identifier: Apache-2.0

package propagation_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"math"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"unsafe"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/propagation"
	"github.com/opentracing/opentracing-go"
)

const (
	binaryIDs   = "0000000000000000" + "0000000000001122" + "0000000000001122" + "0000000000000000" + "01"
	binaryZeros = "0000000000000000" + "0000000000000000" + "0000000000000000" + "0000000000000000" + "00"
	binaryItem  = "00000001" + "6b" + "00000002" + "7631" // k=v1
)

func within(part, whole string) bool {
	a, b := uintptr(unsafe.Pointer(unsafe.StringData(part))), uintptr(unsafe.Pointer(unsafe.StringData(whole)))
	return part != "" && a >= b && a < b+uintptr(len(whole))
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBinaryGolden(t *testing.T) {
	t.Parallel()
	ids := model.SpanContextConfig{TraceID: model.TraceID{Low: 0x1122}, SpanID: 0x1122, Flags: 1}
	withBaggage := ids
	withBaggage.Baggage = pairs("k", "v1", "empty", "")
	for _, test := range []struct {
		name string
		in   model.SpanContextConfig
		want string
	}{
		{"ids", ids, binaryIDs + "00000000"},
		{
			"everything", model.SpanContextConfig{TraceID: model.TraceID{High: math.MaxUint64, Low: 2}, SpanID: 3, ParentID: 4, Flags: 0xb},
			"ffffffffffffffff" + "0000000000000002" + "0000000000000003" + "0000000000000004" + "0b" + "00000000",
		},
		{"baggage", withBaggage, binaryIDs + "00000001" + binaryItem},
		{"baggage alone", model.SpanContextConfig{Baggage: pairs("k", "v1")}, binaryZeros + "00000001" + binaryItem},
		{"nothing", model.SpanContextConfig{}, binaryZeros + "00000000"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var buf bytes.Buffer
			if err := propagation.NewBinary().Inject(model.NewSpanContext(test.in), &buf); err != nil {
				t.Fatal(err)
			}
			if got := hex.EncodeToString(buf.Bytes()); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestBinaryExtract(t *testing.T) {
	t.Parallel()
	const none = "0000000000000000:0000000000000000:0000000000000000:0"
	long := "00000000" + "00000ffd" + strings.Repeat("78", 0xffd)
	for _, test := range []struct {
		name string
		in   string
		want string // as describe writes it; "not found"; or part of the error
		left int    // bytes not read
	}{
		{"ids", binaryIDs + "00000000", padded + ` [] debug=""`, 0},
		{"what follows stays", binaryIDs + "00000000" + "abcdef", padded + ` [] debug=""`, 3},
		{"baggage", binaryIDs + "00000001" + binaryItem + "ff", padded + ` ["k"="v1"] debug=""`, 1},
		{"baggage alone", binaryZeros + "00000001" + binaryItem, none + ` ["k"="v1"] debug=""`, 0},
		{"duplicate", binaryIDs + "00000002" + binaryItem + "00000001" + "6b" + "00000002" + "7632", padded + ` ["k"="v2"] debug=""`, 0},
		{"case of keys is kept", binaryIDs + "00000001" + "00000001" + "4b" + "00000001" + "76", padded + ` ["K"="v"] debug=""`, 0},
		{"empty key", binaryIDs + "00000001" + "00000000" + "00000001" + "76", padded + ` [""="v"] debug=""`, 0},
		{"empty value", binaryIDs + "00000001" + "00000001" + "6b" + "00000000", padded + ` [] debug=""`, 0},
		{"longest item", binaryIDs + "00000001" + "00000003" + "6b6b6b" + long[8:], padded + ` ["kkk"="` + strings.Repeat("x", 0xffd) + `"] debug=""`, 0},
		{"one byte longer", binaryIDs + "00000001" + "00000004" + "6b6b6b6b" + long[8:], "baggage item 1 of 1: value: length 4093, want 0 to 4092", 0xffd},
		{"zeros", binaryZeros + "00000000", "not found", 0},
		{"zeros but for the span id", "00000000000000000000000000000000" + "0000000000000001" + "0000000000000000" + "01" + "00000000", "not found", 0},
		{"empty", "", "not found", 0},
		{"one byte", "00", "1 of 37 bytes: unexpected EOF", 0},
		{"no count", binaryIDs, "33 of 37 bytes: unexpected EOF", 0},
		{"half a count", binaryIDs + "0000", "35 of 37 bytes: unexpected EOF", 0},
		{"negative count", binaryIDs + "ffffffff", "-1 baggage items", 0},
		{"most negative count", binaryIDs + "80000000", "-2147483648 baggage items", 0},
		{"count without items", binaryIDs + "7fffffff", "baggage item 1 of 2147483647: key: length: unexpected EOF", 0},
		{"negative key length", binaryIDs + "00000001" + "ffffffff", "baggage item 1 of 1: key: length -1, want 0 to 4096", 0},
		{"huge key length", binaryIDs + "00000001" + "7fffffff" + "6b", "key: length 2147483647, want 0 to 4096", 1},
		{"short key", binaryIDs + "00000001" + "00000002" + "6b", "key: want 2 bytes: unexpected EOF", 0},
		{"missing key", binaryIDs + "00000001" + "00000002", "key: want 2 bytes: unexpected EOF", 0},
		{"missing value length", binaryIDs + "00000001" + "00000001" + "6b", "value: length: unexpected EOF", 0},
		{"negative value length", binaryIDs + "00000001" + "00000001" + "6b" + "80000000", "value: length -2147483648, want 0 to 4095", 0},
		{"huge value length", binaryIDs + "00000001" + "00000001" + "6b" + "7fffffff", "value: length 2147483647, want 0 to 4095", 0},
		{"short value", binaryIDs + "00000001" + "00000001" + "6b" + "00000002" + "76", "value: want 2 bytes: unexpected EOF", 0},
		{"second item missing", binaryIDs + "00000002" + binaryItem, "baggage item 2 of 2: key: length: unexpected EOF", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			buf := bytes.NewBuffer(unhex(t, test.in))
			sc, err := propagation.NewBinary().Extract(buf)
			got := describe(sc)
			switch {
			case err == opentracing.ErrSpanContextNotFound:
				got = "not found"
			case err != nil:
				if got = err.Error(); !errors.Is(err, opentracing.ErrSpanContextCorrupted) || sc != (model.SpanContext{}) {
					t.Errorf("got context %v, error %v; want an error that wraps ErrSpanContextCorrupted", sc, err)
				}
			}
			if got != test.want && (err == nil || !strings.Contains(got, test.want)) {
				t.Errorf("got  %.200s\nwant %.200s", got, test.want)
			}
			if buf.Len() != test.left {
				t.Errorf("got %d bytes left, want %d", buf.Len(), test.left)
			}
			again, err2 := propagation.NewBinary().Extract(iotest.OneByteReader(bytes.NewReader(unhex(t, test.in))))
			if describe(again) != describe(sc) || (err2 == nil) != (err == nil) {
				t.Errorf("byte by byte\ngot  %s, error %v\nwant %s, error %v", describe(again), err2, describe(sc), err)
			}
		})
	}
}

// TestBinaryManyItems: writers without limits exist, and the ids are worth
// keeping.
func TestBinaryManyItems(t *testing.T) {
	t.Parallel()
	b := binary.BigEndian.AppendUint32(unhex(t, binaryIDs), 10_000)
	for i := range 10_000 {
		b = append(b, 0, 0, 0, 2, byte(i>>8), byte(i), 0, 0, 0, 1, 'v')
	}
	sc, err := propagation.NewBinary().Extract(bytes.NewReader(b))
	if n, _ := size(sc); err != nil || n != 180 || sc.String() != padded {
		t.Errorf("got %v with %d items, error %v; want %s with 180", sc, n, err, padded)
	}
}

func TestBinaryMemory(t *testing.T) {
	in := append(unhex(t, binaryIDs), 0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	const runs = 100
	for range runs {
		if _, err := propagation.NewBinary().Extract(bytes.NewReader(in)); err == nil {
			t.Fatal("got no error")
		}
	}
	runtime.ReadMemStats(&after)
	if got := (after.TotalAlloc - before.TotalAlloc) / runs; got > 16<<10 {
		t.Errorf("got %d bytes allocated for %d of input, want at most 16 KiB", got, len(in))
	}
}

func TestBinaryCarriers(t *testing.T) {
	t.Parallel()
	p := propagation.NewBinary()
	for _, carrier := range []any{nil, "x", 5, (*bytes.Buffer)(nil), (*bytes.Reader)(nil), opentracing.TextMapCarrier{}} {
		if err := p.Inject(sampled, carrier); err != opentracing.ErrInvalidCarrier {
			t.Errorf("inject into %T: got %v, want ErrInvalidCarrier", carrier, err)
		}
		if _, err := p.Extract(carrier); err != opentracing.ErrInvalidCarrier {
			t.Errorf("extract from %T: got %v, want ErrInvalidCarrier", carrier, err)
		}
	}
	if err := p.Inject(sampled, io.Discard); err != nil {
		t.Errorf("got %v, want no error", err)
	}
	if err := p.Inject(sampled, shortWriter{}); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("got %v, want io.ErrShortWrite", err)
	}
	if err := p.Inject(sampled, failing{}); !errors.Is(err, errDisk) {
		t.Errorf("got %v, want it to wrap %v", err, errDisk)
	}
	if _, err := p.Extract(failing{}); !errors.Is(err, errDisk) || !errors.Is(err, opentracing.ErrSpanContextCorrupted) {
		t.Errorf("got %v, want it to wrap %v and ErrSpanContextCorrupted", err, errDisk)
	}
}

var errDisk = errors.New("disk on fire")

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errDisk }
func (failing) Read([]byte) (int, error)  { return 0, errDisk }

type shortWriter struct{}

func (shortWriter) Write(b []byte) (int, error) { return len(b) - 1, nil }
