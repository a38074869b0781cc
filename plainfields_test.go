// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
)

// With the version of opentracing-go that the module asks for all of them are known;
// with fields of another layout none is, and none with other contents.
func TestFieldKindsAreLearned(t *testing.T) {
	if !sameSize {
		t.Error("a log.Field is not of the size that was expected")
	}
	members := func(values ...any) reflect.Type {
		var fields []reflect.StructField
		for i, v := range values {
			fields = append(fields, reflect.StructField{Name: fmt.Sprint("F", i), Type: reflect.TypeOf(v).Elem()})
		}
		return reflect.StructOf(fields)
	}
	var (
		text   *string
		number *int
		small  *uint8
		long   *int64
		other  *any
		err    *error
	)
	field := reflect.TypeFor[log.Field]()
	wrong := slices.Clone(fieldSamples)
	wrong[3].num++
	twice := append(slices.Clone(fieldSamples), fieldSample{log.Int("k", 1), plainBool, 1, ""})
	far := plainField{key: "k", fieldType: len(fieldKinds{})}
	before := far
	before.fieldType = -1
	for _, test := range []struct {
		name    string
		field   reflect.Type
		samples []fieldSample
		want    int
	}{
		{"log.Field", field, fieldSamples, 8},
		{"no struct", reflect.TypeFor[[9]uintptr](), fieldSamples, 0},
		{"the same members", members(text, number, long, text, other), fieldSamples, 8},
		{"a smaller member", members(text, small, long, text, other), fieldSamples, 0},
		{"another interface", members(text, number, long, text, err), fieldSamples, 0},
		{"another order", members(text, number, text, long, other), fieldSamples, 0},
		{"a member less", members(text, number, long, text), fieldSamples, 0},
		{"a member more", members(text, number, long, text, other, other), fieldSamples, 0},
		{"another value", field, wrong, 0},
		{"one number for two kinds", field, twice, 0},
		{"a value elsewhere", field, []fieldSample{{log.Object("k", 1), plainInt, 0, ""}}, 0},
		{"a large number", field, []fieldSample{{*(*log.Field)(unsafe.Pointer(&far)), plainInt, 0, ""}}, 0},
		{"a negative number", field, []fieldSample{{*(*log.Field)(unsafe.Pointer(&before)), plainInt, 0, ""}}, 0},
	} {
		got := 0
		for _, kind := range learnFieldKinds(test.field, test.samples) {
			if kind != notPlain {
				got++
			}
		}
		if got != test.want {
			t.Errorf("%s: got %d kinds, want %d", test.name, got, test.want)
		}
	}
}

// comparePlain reads fields where they lie and has them marshalled: the referee.
func comparePlain(t *testing.T, tracer *Tracer, fields []log.Field) (plainly bool) {
	t.Helper()
	size, ok := plainSize(fields, tracer.limits.logValue)
	if !ok {
		return false
	}
	e := tracer.fields(fields)
	defer tracer.release(e)
	got := slices.Repeat([]model.Tag{model.Binary("stale", []byte("stale"))}, len(fields))
	for i, f := range plain(fields) {
		f.put(&got[i])
	}
	same := func(a, b model.Tag) bool {
		return a == b || a.Key == b.Key && a.Kind() == model.KindFloat64 && b.Kind() == model.KindFloat64 &&
			math.Float64bits(a.Float64()) == math.Float64bits(b.Float64())
	}
	if !slices.EqualFunc(got, e.tags, same) {
		t.Errorf("%v:\n got %v\nwant %v", fields, got, e.tags)
	}
	if want := e.size(); size != want {
		t.Errorf("%v: got a size of %d, want %d", fields, size, want)
	}
	return true
}

func TestPlainFields(t *testing.T) {
	tracer, err := New("svc", reporter.NewDiscard(), WithMaxLogValueLength(10))
	if err != nil {
		t.Fatal(err)
	}
	defer tracer.Close()
	long := strings.Repeat("ä", 700)
	for _, test := range []struct {
		name  string
		field log.Field
		want  bool
	}{
		{"string", log.String("k", "v"), true},
		{"empty", log.String("", ""), true},
		{"zero", log.Field{}, true},
		{"long value", log.String("k", "12345678901"), false},
		{"not too long", log.String("k", "1234567890"), true},
		{"long key", log.Int(long, 1), false},
		{"not UTF-8", log.String("\xff", "\xff"), true},
		{"event", log.Event("e"), true},
		{"true", log.Bool("k", true), true},
		{"false", log.Bool("k", false), true},
		{"int", log.Int("k", math.MinInt), true},
		{"int32", log.Int32("k", math.MinInt32), true},
		{"int64", log.Int64("k", math.MinInt64), true},
		{"uint32", log.Uint32("k", math.MaxUint32), true},
		{"uint64", log.Uint64("k", math.MaxUint64), false},
		{"float32", log.Float32("k", -0.1), true},
		{"float64", log.Float64("k", math.Inf(-1)), true},
		{"NaN", log.Float64("k", math.NaN()), true},
		{"error", log.Error(errors.New("e")), false},
		{"object", log.Object("k", []int{1}), false},
		{"lazy", log.Lazy(func(log.Encoder) {}), false},
		{"noop", log.Noop(), false},
	} {
		for _, fields := range [][]log.Field{{test.field}, {log.Int("first", 1), test.field, log.String("last", "1")}} {
			if got := comparePlain(t, tracer, fields); got != test.want {
				t.Errorf("%s: got plain %t, want %t", test.name, got, test.want)
			}
		}
	}
	if !comparePlain(t, tracer, nil) {
		t.Error("got that no field is not plain")
	}
	if comparePlain(t, tracer, make([]log.Field, maxTags+1)) || !comparePlain(t, tracer, make([]log.Field, maxTags)) {
		t.Errorf("want %d fields plain and no more", maxTags)
	}
}

func FuzzPlainFields(f *testing.F) {
	tracer, err := New("svc", reporter.NewDiscard(), WithMaxLogValueLength(20))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { tracer.Close() })
	f.Add("key", "value", int64(1), 0.5, true)
	f.Add(strings.Repeat("k", 2000), strings.Repeat("\xc3\xa4", 30), int64(math.MinInt64), math.NaN(), false)
	f.Fuzz(func(t *testing.T, key, value string, n int64, x float64, b bool) {
		got := comparePlain(t, tracer, []log.Field{
			log.String(key, value), log.Bool(key, b), log.Int(key, int(n)), log.Int32(key, int32(n)), log.Int64(key, n),
			log.Uint32(key, uint32(n)), log.Float32(key, float32(x)), log.Float64(key, x),
		})
		if want := len(key) <= maxNameLength && len(value) <= 20; got != want {
			t.Errorf("got plain %t of a key of %d bytes and a value of %d", got, len(key), len(value))
		}
	})
}
