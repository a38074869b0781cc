// SPDX-License-Identifier: Apache-2.0

package model

import (
	"fmt"
	"reflect"
	"sort"
	"strconv"
	"unicode/utf8"
)

// Bounds of the text Any writes for a value that has none of its own. fmt has
// no such bounds: a map that contains itself ends the program there.
const (
	maxTextBytes    = 64 << 10
	maxTextDepth    = 8    // values inside values
	maxTextElements = 1000 // of one list or map
	maxSortedKeys   = 64   // larger maps are written in Go's random order
)

var (
	errorType    = reflect.TypeFor[error]()
	stringerType = reflect.TypeFor[fmt.Stringer]()
)

// formatText returns text of v: at most 64 KiB, and at most maxLen bytes where
// that is > 0. The work is bounded by the same number, apart from methods of v.
func formatText(v reflect.Value, maxLen int) string {
	return format(v, maxLen, true)
}

// formatPlain is formatText that calls no method of the value.
func formatPlain(value any, maxLen int) string {
	return format(reflect.ValueOf(value), maxLen, false)
}

func format(v reflect.Value, maxLen int, methods bool) (text string) {
	defer func() {
		// Another goroutine that changes a slice while it is read can make
		// reflect panic.
		if r := recover(); r != nil {
			text = Truncate("!(panic in reflect: "+panicValue(r)+")", maxLen)
		}
	}()
	f := formatter{limit: maxTextBytes, methods: methods}
	if maxLen > 0 {
		f.limit = min(f.limit, maxLen)
	}
	f.value(v, 0)
	if f.full() {
		return string(f.buf[:runeCut(f.buf, f.limit)])
	}
	return string(f.buf)
}

// formatter appends until buf is longer than limit; everything returns early then.
type formatter struct {
	buf     []byte
	limit   int
	methods bool
}

func (f *formatter) full() bool { return len(f.buf) > f.limit }

// text appends s, or of a long one as much as is needed to cut between runes.
func (f *formatter) text(s string) {
	if room := f.limit + utf8.UTFMax - len(f.buf); len(s) > room {
		s = s[:max(room, 0)]
	}
	f.buf = append(f.buf, s...)
}

func (f *formatter) value(v reflect.Value, depth int) {
	if f.full() || (f.methods && f.method(v)) {
		return
	}
	switch v.Kind() {
	case reflect.Invalid:
		f.text("<nil>")
	case reflect.String:
		f.text(v.String())
	case reflect.Bool:
		f.buf = strconv.AppendBool(f.buf, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		f.buf = strconv.AppendInt(f.buf, v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		f.buf = strconv.AppendUint(f.buf, v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		f.buf = strconv.AppendFloat(f.buf, v.Float(), 'g', -1, v.Type().Bits())
	case reflect.Complex64, reflect.Complex128:
		f.text(strconv.FormatComplex(v.Complex(), 'g', -1, v.Type().Bits()))
	case reflect.Pointer:
		f.pointer(v, depth)
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		f.address(v)
	case reflect.Interface:
		f.value(v.Elem(), depth)
	default:
		if depth >= maxTextDepth {
			f.text("...")
			return
		}
		f.container(v, depth+1)
	}
}

// method writes what Error or String return. A value reached through an
// unexported field has no methods as far as reflect is concerned.
func (f *formatter) method(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Invalid, reflect.Interface:
		return false
	}
	t := v.Type()
	switch {
	case t.NumMethod() == 0 || !v.CanInterface():
		return false
	case t.Implements(errorType):
		f.text(errorText(v.Interface().(error)))
	case t.Implements(stringerType):
		f.text(stringerText(v.Interface().(fmt.Stringer)))
	default:
		return false
	}
	return true
}

// pointer follows a pointer the caller passed, and writes the address of one
// found inside a value, as fmt does: that way lie other people's locked data
// and cycles.
func (f *formatter) pointer(v reflect.Value, depth int) {
	if v.IsNil() || depth > 0 {
		f.address(v)
		return
	}
	switch e := v.Elem(); e.Kind() {
	case reflect.Struct, reflect.Map, reflect.Slice, reflect.Array:
		f.text("&")
		f.container(e, depth+1)
	default:
		f.value(e, depth+1)
	}
}

func (f *formatter) address(v reflect.Value) {
	if v.IsNil() {
		f.text("<nil>")
		return
	}
	f.buf = strconv.AppendUint(append(f.buf, "0x"...), uint64(v.Pointer()), 16)
}

// container writes a struct, list or map whose elements are at depth.
func (f *formatter) container(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.Struct:
		f.text("{")
		t := v.Type()
		for i := 0; i < v.NumField() && !f.full(); i++ {
			if i > 0 {
				f.text(" ")
			}
			f.text(t.Field(i).Name)
			f.text(":")
			f.value(v.Field(i), depth)
		}
		f.text("}")
	case reflect.Map:
		f.text("map[")
		if v.Len() <= maxSortedKeys {
			f.sortedMap(v, depth)
		} else {
			f.largeMap(v, depth)
		}
		f.text("]")
	default:
		f.text("[")
		for i, n := 0, v.Len(); i < n && !f.full(); i++ {
			if !f.next(i) {
				break
			}
			f.value(v.Index(i), depth)
		}
		f.text("]")
	}
}

// next separates element i from the one before and ends lists that are too long.
func (f *formatter) next(i int) bool {
	if i > 0 {
		f.text(" ")
	}
	if i == maxTextElements {
		f.text("...")
	}
	return i < maxTextElements
}

func (f *formatter) entry(key, value reflect.Value, depth int) {
	f.value(key, depth)
	f.text(":")
	f.value(value, depth)
}

func (f *formatter) largeMap(v reflect.Value, depth int) {
	it := v.MapRange()
	for i := 0; !f.full() && it.Next() && f.next(i); i++ {
		f.entry(it.Key(), it.Value(), depth)
	}
}

// sortedMap sorts numbers by value and all other keys by their text.
func (f *formatter) sortedMap(v reflect.Value, depth int) {
	type pair struct {
		key, value reflect.Value
		text       string
	}
	pairs := make([]pair, 0, v.Len())
	for it := v.MapRange(); it.Next(); {
		p := pair{key: it.Key(), value: it.Value()}
		if k := p.key.Kind(); k < reflect.Bool || k > reflect.Float64 {
			key := formatter{limit: f.limit, methods: f.methods}
			key.value(p.key, depth)
			p.text = string(key.buf)
		}
		pairs = append(pairs, p)
	}
	sort.SliceStable(pairs, func(i, j int) bool {
		a, b := pairs[i], pairs[j]
		switch {
		case a.text != "" || b.text != "":
			return a.text < b.text
		case a.key.CanInt() && b.key.CanInt():
			return a.key.Int() < b.key.Int()
		case a.key.CanUint() && b.key.CanUint():
			return a.key.Uint() < b.key.Uint()
		case a.key.CanFloat() && b.key.CanFloat():
			x, y := a.key.Float(), b.key.Float()
			return x < y || (x != x && y == y)
		}
		return a.key.Kind() == reflect.Bool && !a.key.Bool() && b.key.Bool()
	})
	for i, p := range pairs {
		if f.full() {
			return
		}
		f.next(i)
		f.entry(p.key, p.value, depth)
	}
}
