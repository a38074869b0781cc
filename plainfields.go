// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"math"
	"reflect"
	"unsafe"

	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger/model"
)

// plainField is how opentracing-go lays out a log.Field in the last of its versions,
// v1.2.0 of 2020. A field with a string, a boolean or a number is read where it
// lies and written where it stays: half of the price of Field.Marshal, which copies it
// three times and hands it to a log.Encoder, from where it is copied once more because
// values of other kinds run code of their own. fieldKinds makes sure of the layout.
type plainField struct {
	key   string
	kind  int
	num   int64
	str   string
	other any
}

// fieldKind says what a plainField holds.
type fieldKind uint8

const (
	notPlain fieldKind = iota
	plainString
	plainBool
	plainInt
	plainFloat32
	plainFloat64
)

// fieldKinds says what plainField.kind stands for. Where fields are not what is
// expected none of them is plain.
var fieldKinds = learnFieldKinds(reflect.TypeFor[log.Field](), fieldSamples)

// fieldSamples have the numbers that are in use. What is not among them is not plain:
// of values of 64 bits without a sign not all are integers to Jaeger.
var fieldSamples = []fieldSample{
	{log.String("k", "v"), plainString, 0, "v"},
	{log.Bool("k", true), plainBool, 1, ""},
	{log.Int("k", -2), plainInt, -2, ""},
	{log.Int32("k", -3), plainInt, -3, ""},
	{log.Int64("k", -4), plainInt, -4, ""},
	{log.Uint32("k", 1<<31), plainInt, 1 << 31, ""},
	{log.Float32("k", 0.5), plainFloat32, int64(math.Float32bits(0.5)), ""},
	{log.Float64("k", -0.5), plainFloat64, math.MinInt64 + int64(math.Float64bits(0.5)), ""},
}

type fieldSample struct {
	field log.Field
	kind  fieldKind
	num   int64
	str   string
}

func learnFieldKinds(field reflect.Type, samples []fieldSample) (kinds [16]fieldKind) {
	expected := reflect.TypeFor[plainField]()
	if field.Size() != expected.Size() || field.NumField() != expected.NumField() {
		return kinds
	}
	for i := range field.NumField() {
		got, want := field.Field(i), expected.Field(i)
		if got.Offset != want.Offset || got.Type.Kind() != want.Type.Kind() {
			return kinds
		}
	}
	for i := range samples {
		s := &samples[i]
		f := plain([]log.Field{s.field})[0]
		if f.kind < 0 || f.kind >= len(kinds) || kinds[f.kind] != notPlain || f != (plainField{"k", f.kind, s.num, s.str, nil}) {
			return [16]fieldKind{}
		}
		kinds[f.kind] = s.kind
	}
	return kinds
}

// plain returns fields as they lie. It means nothing for those that are not plain.
func plain(fields []log.Field) []plainField {
	return unsafe.Slice((*plainField)(unsafe.Pointer(unsafe.SliceData(fields))), len(fields))
}

// plainSize returns about the memory that fields take in a record, whose values have
// limit bytes at most, and whether all of them are plain and not too many.
func plainSize(fields []log.Field, limit int) (size uint64, ok bool) {
	if len(fields) > maxTags {
		return 0, false
	}
	fs := plain(fields)
	size = logBytes
	for i := range fs {
		f := &fs[i]
		if f.of() == notPlain {
			return 0, false
		}
		size += fieldBytes + uint64(min(len(f.key), maxNameLength)) + uint64(min(len(f.str), limit))
	}
	return size, true
}

func (f *plainField) of() fieldKind {
	if k := uint(f.kind); k < uint(len(fieldKinds)) {
		return fieldKinds[k]
	}
	return notPlain
}

// put writes f, which is plain, to t.
func (f *plainField) put(t *model.Tag, limit int) {
	key := f.key
	if len(key) > maxNameLength {
		key = model.Truncate(key, maxNameLength)
	}
	switch f.of() {
	case plainString:
		value := f.str
		if len(value) > limit {
			value = model.Truncate(value, limit)
		}
		t.SetString(key, value)
	case plainBool:
		t.SetBool(key, f.num != 0)
	case plainFloat32:
		t.SetFloat64(key, float64(math.Float32frombits(uint32(f.num))))
	case plainFloat64:
		t.SetFloat64(key, math.Float64frombits(uint64(f.num)))
	default:
		t.SetInt64(key, f.num)
	}
}
