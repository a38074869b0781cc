// SPDX-License-Identifier: Apache-2.0

package model_test

import (
	"math"
	"testing"
	"unsafe"

	"github.com/jaegerkit/jaeger/model"
)

func TestTag(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		tag   model.Tag
		kind  string
		value any
		text  string
	}{
		{"string", model.String("k", "v"), "string", "v", "v"},
		{"int64", model.Int64("k", -5), "int64", int64(-5), "-5"},
		{"float64", model.Float64("k", 2.5), "float64", 2.5, "2.5"},
		{"infinity", model.Float64("k", math.Inf(1)), "float64", math.Inf(1), "+Inf"},
		{"true", model.Bool("k", true), "bool", true, "true"},
		{"false", model.Bool("k", false), "bool", false, "false"},
		{"binary", model.Binary("k", []byte{1, 2}), "binary", "\x01\x02", "2 bytes"},
		{"zero", model.Tag{Key: "k"}, "string", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			tag := test.tag
			got := tag.Value()
			if b, ok := got.([]byte); ok {
				got = string(b)
			}
			if tag.Key != "k" || tag.Kind().String() != test.kind || got != test.value || tag.Text() != test.text {
				t.Errorf("got  %s %s %#v %q\nwant k %s %#v %q", tag.Key, tag.Kind(), got, tag.Text(), test.kind, test.value, test.text)
			}
		})
	}
	if got, want := model.Kind(9).String(), "Kind(9)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if size := unsafe.Sizeof(model.Tag{}); unsafe.Sizeof(uintptr(0)) == 8 && size != 48 {
		t.Errorf("got a tag of %d bytes, want 48", size)
	}
}

func TestBinaryIsACopy(t *testing.T) {
	t.Parallel()
	b := []byte("abc")
	tag := model.Binary("k", b)
	b[0] = 'X'
	tag.Value().([]byte)[1] = 'X'
	if got := tag.Str(); got != "abc" {
		t.Errorf("got %q, want %q", got, "abc")
	}
}

// Assign does nothing that takes as long as a value is large.
func TestAssignCutsNothing(t *testing.T) {
	t.Parallel()
	before := model.Int64("key", 1)
	for _, test := range []struct {
		value  string
		maxLen int
		want   bool
	}{
		{"12345", 5, true},
		{"123456", 5, false},
		{"", 1, true},
		{"123456", 0, true},
		{"123456", -1, true},
	} {
		tag, want := before, before
		if test.want {
			want = model.String("k", test.value)
		}
		if got := tag.Assign("k", test.value, test.maxLen); got != test.want || tag != want {
			t.Errorf("%q in %d bytes: got %t, %+v, want %t, %+v", test.value, test.maxLen, got, tag, test.want, want)
		}
		made := model.Any("k", test.value, test.maxLen)
		if got, want := made.Str(), model.Truncate(test.value, test.maxLen); got != want {
			t.Errorf("%q in %d bytes: got %q, want %q", test.value, test.maxLen, got, want)
		}
	}
}
