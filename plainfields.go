// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"math"
	"reflect"
	"unsafe"

	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger/internal/wire"
	"github.com/jaegerkit/jaeger/model"
)

// plainField is how opentracing-go lays out a log.Field in the last of its versions,
// v1.2.0 of 2020. A field with a string, a boolean or a number is read where it
// lies and written where it stays. Field.Marshal copies it three times and hands it to a
// log.Encoder, from where it has to be copied once more because fields of other types run
// code of their own: a log of two fields takes twice as long that way.
//
// learnFieldKinds makes sure of the layout. Where it is another one, every log takes that
// way, as do those with a field that is not plain.
type plainField struct {
	key       string
	fieldType int
	num       int64
	str       string
	other     any
}

// sameSize has to be known before a log.Field is looked at as a plainField.
const sameSize = unsafe.Sizeof(log.Field{}) == unsafe.Sizeof(plainField{}) &&
	unsafe.Alignof(log.Field{}) == unsafe.Alignof(plainField{})

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

// fieldKinds has the kind for each plainField.fieldType.
type fieldKinds [16]fieldKind

var knownFields = learnFieldKinds(reflect.TypeFor[log.Field](), fieldSamples)

// fieldSamples are one field of each type that is plain, and what is to be found in it.
// uint64 is not among them because of those that no int64 holds.
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

// learnFieldKinds returns the kinds of samples, none if the type, of the size of
// log.Field, or one of the samples is not what was expected.
func learnFieldKinds(field reflect.Type, samples []fieldSample) (kinds fieldKinds) {
	if !sameSize || !sameLayout(field, reflect.TypeFor[plainField]()) {
		return kinds
	}
	for i := range samples {
		s := &samples[i]
		f := plain([]log.Field{s.field})[0]
		if f.fieldType < 0 || f.fieldType >= len(kinds) || kinds[f.fieldType] != notPlain {
			return fieldKinds{}
		}
		if f != (plainField{"k", f.fieldType, s.num, s.str, nil}) {
			return fieldKinds{}
		}
		kinds[f.fieldType] = s.kind
	}
	return kinds
}

// sameLayout reports whether both are structs of the same members, which then lie the
// same. An int may have a name of its own.
func sameLayout(got, want reflect.Type) bool {
	if got.Kind() != reflect.Struct || got.NumField() != want.NumField() {
		return false
	}
	for i := range got.NumField() {
		g, w := got.Field(i).Type, want.Field(i).Type
		if g != w && (g.Kind() != reflect.Int || w.Kind() != reflect.Int) {
			return false
		}
	}
	return true
}

// plain returns fields as they lie. It means nothing for those that are not plain.
func plain(fields []log.Field) []plainField {
	return unsafe.Slice((*plainField)(unsafe.Pointer(unsafe.SliceData(fields))), len(fields))
}

// plainSize returns about the memory in bytes that fields take in a record, and whether
// all of them are plain and within the limits, that of values being limit bytes: what
// has to be cut takes memory, which is not for under a lock.
func plainSize(fields []log.Field, limit int) (size uint64, ok bool) {
	if !sameSize || len(fields) > maxTags {
		return 0, false
	}
	fs := plain(fields)
	size = logBytes
	for i := range fs {
		f := &fs[i]
		if f.kind() == notPlain || len(f.key) > maxNameLength || len(f.str) > limit {
			return 0, false
		}
		size += fieldBytes + uint64(len(f.key)) + uint64(len(f.str))
	}
	return size, true
}

func (f *plainField) kind() fieldKind {
	if t := uint(f.fieldType); t < uint(len(knownFields)) {
		return knownFields[t]
	}
	return notPlain
}

// put writes f, which is plain, to t.
func (f *plainField) put(t *model.Tag) {
	switch f.kind() {
	case plainString:
		t.SetString(f.key, f.str)
	case plainBool:
		t.SetBool(f.key, f.num != 0)
	case plainFloat32:
		t.SetFloat64(f.key, float64(math.Float32frombits(uint32(f.num))))
	case plainFloat64:
		t.SetFloat64(f.key, math.Float64frombits(uint64(f.num)))
	default:
		t.SetInt64(f.key, f.num)
	}
}

// pack is put for a log that is packed, at an index; -1 where that cannot be done.
func (f *plainField) pack(b []byte, at int) int {
	end := -1
	switch f.kind() {
	case plainString:
		end = wire.PutString(b, at, f.key, f.str)
	case plainBool:
		end = wire.PutBool(b, at, f.key, f.num != 0)
	case plainInt:
		end = wire.PutInt64(b, at, f.key, f.num)
	}
	if end < 0 {
		var t model.Tag
		f.put(&t)
		end = wire.PutTag(b, at, &t)
	}
	return end
}
