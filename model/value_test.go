// SPDX-License-Identifier: Apache-2.0

package model_test

import (
	"errors"
	"math"
	"net"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
	"unsafe"

	"github.com/jaegerkit/jaeger/model"
)

type (
	namedString string
	namedInt    int
	namedBool   bool
	namedFloat  float64
	namedBytes  []byte
	point       struct{ X, Y int }
)

type pointerStringer struct{ name string }

func (p *pointerStringer) String() string { return p.name }

type pointerError struct{ text string }

func (p *pointerError) Error() string { return p.text }

type both struct{}

func (both) Error() string  { return "from Error" }
func (both) String() string { return "from String" }

type panics struct{ with any }

func (p panics) String() string { panic(p.with) }

type panicsError struct{ with any }

func (p panicsError) Error() string { panic(p.with) }

type panicsWithItself struct{}

func (p panicsWithItself) Error() string { panic(p) }

type nilMapWriter struct{ m map[string]int }

func (n nilMapWriter) String() string { n.m["a"] = 1; return "unreachable" }

// rawBytes is what json.RawMessage was before Go 1.27, which gave that a String method.
type rawBytes []byte

func TestAny(t *testing.T) {
	t.Parallel()
	number, text, yes := 5, "five", true
	for _, test := range []struct {
		name  string
		value any
		kind  model.Kind
		want  any
	}{
		{"string", "v", model.KindString, "v"},
		{"empty string", "", model.KindString, ""},
		{"invalid utf-8", "a\xff", model.KindString, "a\xff"},
		{"bool", true, model.KindBool, true},
		{"false", false, model.KindBool, false},
		{"int", -1, model.KindInt64, int64(-1)},
		{"int8", int8(-8), model.KindInt64, int64(-8)},
		{"int16", int16(-16), model.KindInt64, int64(-16)},
		{"int32", int32(-32), model.KindInt64, int64(-32)},
		{"int64", int64(math.MinInt64), model.KindInt64, int64(math.MinInt64)},
		{"uint", uint(1), model.KindInt64, int64(1)},
		{"uint8", uint8(8), model.KindInt64, int64(8)},
		{"uint16", uint16(16), model.KindInt64, int64(16)},
		{"uint32", uint32(math.MaxUint32), model.KindInt64, int64(math.MaxUint32)},
		{"uint64", uint64(math.MaxInt64), model.KindInt64, int64(math.MaxInt64)},
		{"uintptr", uintptr(7), model.KindInt64, int64(7)},
		{"uint64 above int64", uint64(math.MaxInt64) + 1, model.KindString, "9223372036854775808"},
		{"largest uint64", uint64(math.MaxUint64), model.KindString, "18446744073709551615"},
		{"float64", 1.5, model.KindFloat64, 1.5},
		{"float32", float32(0.5), model.KindFloat64, 0.5},
		{"infinity", math.Inf(-1), model.KindFloat64, math.Inf(-1)},
		{"bytes", []byte{0, 1, 0xff}, model.KindBinary, []byte{0, 1, 0xff}},
		{"nil bytes", []byte(nil), model.KindBinary, []byte{}},
		{"nil", nil, model.KindString, "<nil>"},
		{"error", errors.New("broken"), model.KindString, "broken"},
		{"stringer", 1500 * time.Millisecond, model.KindString, "1.5s"},
		{"stringer made of bytes", net.IPv4(127, 0, 0, 1), model.KindString, "127.0.0.1"},
		{"error before stringer", both{}, model.KindString, "from Error"},
		{"pointer stringer", &pointerStringer{"p"}, model.KindString, "p"},
		{"named string", namedString("client"), model.KindString, "client"},
		{"named bytes", namedBytes("raw"), model.KindBinary, []byte("raw")},
		{"made from []byte", rawBytes(`{"a":1}`), model.KindBinary, []byte(`{"a":1}`)},
		{"named int", namedInt(5), model.KindString, "5"},
		{"named bool", namedBool(true), model.KindString, "true"},
		{"named float", namedFloat(2.5), model.KindString, "2.5"},
		{"struct", point{1, 2}, model.KindString, "{X:1 Y:2}"},
		{"struct pointer", &point{1, 2}, model.KindString, "&{X:1 Y:2}"},
		{"int pointer", &number, model.KindString, "5"},
		{"string pointer", &text, model.KindString, "five"},
		{"bool pointer", &yes, model.KindString, "true"},
		{"nil pointer", (*point)(nil), model.KindString, "<nil>"},
		{"nil stringer", (*pointerStringer)(nil), model.KindString, "<nil>"},
		{"nil error", (*pointerError)(nil), model.KindString, "<nil>"},
		{"panicking stringer", panics{"boom"}, model.KindString, "!(panic in String: boom)"},
		{"panicking error", panicsError{errors.New("boom")}, model.KindString, "!(panic in Error: boom)"},
		{"panic with a number", panics{42}, model.KindString, "!(panic in String: 42)"},
		{"panic with a struct", panics{point{1, 2}}, model.KindString, "!(panic in String: {X:1 Y:2})"},
		{"panic with a stringer", panics{time.Second}, model.KindString, "!(panic in String: 1s)"},
		{"panic with another that panics", panics{panicsError{1}}, model.KindString, "!(panic in String: model_test.panicsError)"},
		{"panic with itself", panicsWithItself{}, model.KindString, "!(panic in Error: model_test.panicsWithItself)"},
		{"runtime error", nilMapWriter{}, model.KindString, "!(panic in String: assignment to entry in nil map)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			tag := model.Any("key", test.value, 0)
			if tag.Key != "key" || tag.Kind() != test.kind {
				t.Errorf("got  key %q kind %v\nwant key %q kind %v", tag.Key, tag.Kind(), "key", test.kind)
			}
			if b, ok := test.want.([]byte); ok {
				if got := string(tag.Value().([]byte)); got != string(b) {
					t.Errorf("got  %q\nwant %q", got, b)
				}
			} else if got := tag.Value(); got != test.want {
				t.Errorf("got  %#v\nwant %#v", got, test.want)
			}
		})
	}
}

func TestAnyNaN(t *testing.T) {
	t.Parallel()
	tag := model.Any("k", math.NaN(), 0)
	if got := tag.Float64(); tag.Kind() != model.KindFloat64 || !math.IsNaN(got) {
		t.Errorf("got %v %v, want float64 NaN", tag.Kind(), got)
	}
}

func TestAnyLimits(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 300)
	for _, test := range []struct {
		name  string
		value any
		want  string
	}{
		{"string", long, strings.Repeat("é", 5)},
		{"named string", namedString(long), strings.Repeat("é", 5)},
		{"bytes", []byte(long), long[:11]},
		{"named bytes", namedBytes(long), long[:11]},
		{"error", errors.New(long), strings.Repeat("é", 5)},
		{"stringer", &pointerStringer{long}, strings.Repeat("é", 5)},
		{"uint64", uint64(math.MaxUint64), "18446744073"},
		{"text", []string{"a", long}, "[a " + strings.Repeat("é", 4)},
		{"text that ends at the limit", []string{"123456789"}, "[123456789]"},
		{"text one longer", []string{"1234567890"}, "[1234567890"},
		{"panicking stringer", panics{"boom"}, "!(panic in "},
		{"nil", nil, "<nil>"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			tag := model.Any("k", test.value, 11)
			if got := tag.Str(); got != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
	t.Run("panic text without limit", func(t *testing.T) {
		t.Parallel()
		tag := model.Any("k", panics{strings.Repeat("x", 1<<20)}, 0)
		if got := len(tag.Str()); got > 300 {
			t.Errorf("got %d bytes, want at most 300", got)
		}
	})
}

func TestAnyOwnsItsValue(t *testing.T) {
	t.Parallel()
	b, list := []byte("before"), []string{"before"}
	named := namedBytes("before")
	tags := []model.Tag{model.Any("bytes", b, 0), model.Any("named", named, 0), model.Any("list", list, 0)}
	copy(b, "after!")
	copy(named, "after!")
	list[0] = "after"
	for _, tag := range tags {
		if !strings.Contains(tag.Str(), "before") {
			t.Errorf("%s: got %q, want the value at the time of the call", tag.Key, tag.Str())
		}
	}
}

func TestAnyKeepsNoLongString(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1<<20)
	tag := model.Any("k", long, 256)
	if unsafe.StringData(tag.Str()) == unsafe.StringData(long) {
		t.Error("a cut tag shares the memory of the long string")
	}
	tag = model.Any("k", &pointerStringer{long}, 256)
	if unsafe.StringData(tag.Str()) == unsafe.StringData(long) {
		t.Error("a cut tag shares the memory of the stringer's text")
	}
	tag = model.Any("k", long, 0)
	if unsafe.StringData(tag.Str()) != unsafe.StringData(long) {
		t.Error("a string that fits was copied")
	}
}

var sink model.Tag

func TestAnyAllocations(t *testing.T) {
	for _, test := range []struct {
		name  string
		value any
		want  float64
	}{
		{"string", strings.Repeat("x", 100), 0},
		{"bool", true, 0},
		{"int", 1 << 30, 0},
		{"int64", int64(1 << 40), 0},
		{"uint16", uint16(1 << 15), 0},
		{"uint64", uint64(1 << 40), 0},
		{"float64", 1.5, 0},
		{"float32", float32(1.5), 0},
		{"nil", nil, 0},
		{"error", errors.New("broken"), 0},
		{"named string", namedString("client"), 0},
		{"bytes", []byte("four"), 1},
		{"cut string", strings.Repeat("x", 1000), 1},
	} {
		if got := testing.AllocsPerRun(100, func() { sink = model.Any("k", test.value, 256) }); got > test.want {
			t.Errorf("%s: got %v allocations, want at most %v", test.name, got, test.want)
		}
	}
}

func FuzzAnyText(f *testing.F) {
	f.Add("a", []byte("b"), int64(1), 1.5, uint8(3), 12)
	f.Add("a€", []byte("\xff"), int64(-1), math.NaN(), uint8(200), 0)
	f.Fuzz(func(t *testing.T, s string, b []byte, i int64, x float64, width uint8, maxLen int) {
		type node struct {
			S string
			B []byte
			M map[float64]any
			L []any
		}
		n := &node{S: s, B: b, M: map[float64]any{x: i, math.NaN(): s}}
		for range width {
			n.L = append(n.L, n.L, n, s, n.M)
		}
		n.M[float64(i)] = n.M
		tag := model.Any("k", n, maxLen)
		limit := 64 << 10
		if maxLen > 0 {
			limit = min(limit, maxLen)
		}
		if got := tag.Str(); len(got) > limit || (utf8.ValidString(s) && !utf8.ValidString(got)) {
			t.Errorf("got %d bytes, want at most %d of valid UTF-8: %.100q", len(got), limit, got)
		}
	})
}

func BenchmarkAny(b *testing.B) {
	for _, bench := range []struct {
		name  string
		value any
	}{
		{"string", "GET"},
		{"int", 200},
		{"error", errors.New("broken")},
		{"struct", point{1, 2}},
		{"map", map[string]any{"a": 1, "b": "two", "c": []int{3}}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				sink = model.Any("k", bench.value, 256)
			}
		})
	}
}
