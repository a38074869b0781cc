// SPDX-License-Identifier: Apache-2.0

package model_test

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/jaegerkit/jaeger/model"
)

type hidden struct {
	Shown  time.Duration
	hidden time.Duration
	boom   panics
}

type tree struct {
	Name  string
	Left  *tree
	Items []any
}

// TestTextIsThatOfFmt: where fmt is bounded, Any writes what "%+v" writes.
func TestTextIsThatOfFmt(t *testing.T) {
	t.Parallel()
	ch := make(chan int)
	n := 1
	pn := &n
	for _, test := range []struct {
		name  string
		value any
	}{
		{"struct", struct {
			A int
			B string
			C []byte
			D any
			E *int
		}{1, "two", []byte("xy"), nil, nil}},
		{"nested pointer", tree{"root", &tree{}, []any{pn}}},
		{"unexported fields", hidden{time.Second, time.Second, panics{1}}},
		{"empty struct", struct{}{}},
		{"floats", []float64{0, math.Copysign(0, -1), 1, 1e6, 123456789, 1e20, 1e21, 1e-4, 1e-5, math.Inf(1), math.Inf(-1), math.NaN()}},
		{"float32", []float32{0.1, 1e10, 16777216}},
		{"complex", []complex128{1 + 2i, complex(math.Inf(1), -0.5)}},
		{"complex64", complex64(0.1 - 1i)},
		{"uints", []any{uint8(1), uint64(math.MaxUint64), uintptr(3)}},
		{"bools", [2]bool{true, false}},
		{"nil slice", []string(nil)},
		{"nil map", map[string]int(nil)},
		{"errors inside", []error{fmt.Errorf("a"), nil}},
		{"stringers inside", map[string]time.Duration{"x": time.Second}},
		{"map of strings", map[string]int{"b": 1, "a": 2, "": 3, "c": 4}},
		{"map of ints", map[int]string{10: "a", -2: "b", 9: "c"}},
		{"map of uints", map[uint8]string{10: "a", 2: "b", 9: "c"}},
		{"map of bools", map[bool]int{true: 1, false: 0}},
		{"map of floats", map[float64]int{10: 1, 9: 2, math.NaN(): 3, -1: 4, math.Inf(-1): 5}},
		{"map of arrays", map[[2]int]int{{2, 1}: 1, {1, 2}: 2}},
		{"map of stringer keys", map[time.Duration]int{time.Hour: 1, time.Second: 2}},
		{"pointer to map", &map[string]int{"a": 1}},
		{"pointer to slice", &[]int{1}},
		{"pointer to array", &[1]string{"x"}},
		{"func", func() {}},
		{"nil func", (func())(nil)},
		{"chan", ch},
		{"nil chan", (chan int)(nil)},
		{"unsafe pointer", unsafe.Pointer(pn)},
		{"pointer to pointer inside", []**int{&pn}},
		{"nil unsafe pointer", unsafe.Pointer(nil)},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			tag := model.Any("k", test.value, 0)
			if got, want := tag.Str(), fmt.Sprintf("%+v", test.value); got != want {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
}

func TestTextOfEndlessValues(t *testing.T) {
	t.Parallel()
	list := []any{1, nil}
	list[1] = list
	dict := map[string]any{}
	dict["self"] = dict
	var iface any
	iface = &iface
	type self *self
	var pointer self
	pointer = &pointer
	ring := &tree{Name: "ring"}
	ring.Left = ring
	ring.Items = []any{ring, *ring}
	wide := make([]any, 5000)
	for i := range wide {
		wide[i] = wide
	}
	byInterface := map[any]any{1: "a", "x": 2, 2.5: nil}
	byInterface[[1]any{"k"}] = byInterface
	for _, test := range []struct {
		name  string
		value any
		want  string // regular expression
	}{
		{"slice", list, `^(\[1 ){8}\.\.\.\]{8}$`},
		{"map", dict, `^(map\[self:){8}\.\.\.\]{8}$`},
		{"interface", iface, `^0x[0-9a-f]+$`},
		{"pointer", pointer, `^0x[0-9a-f]+$`},
		{"ring", ring, `^&{Name:ring Left:0x[0-9a-f]+ Items:\[0x[0-9a-f]+ {Name:ring Left:0x`},
		{"wide", wide, `^\[{8}\.\.\. \.\.\. `},
		{"interface keys", byInterface, `^map\[1:a 2\.5:<nil> \[k\]:map\[1:a`},
		{"huge array", &[1 << 24]struct{}{}, `^&\[({} ){1000}\.\.\.\]$`},
		{"huge array by value", [1 << 20]byte{}, `^\[(0 ){1000}\.\.\.\]$`},
		{"long string inside", []string{strings.Repeat("x", 10<<20)}, `^\[x+$`},
		{"hostile elements", []any{panics{"boom"}, (*pointerStringer)(nil), panicsWithItself{}}, `^\[!\(panic in String: boom\) <nil> !\(panic in Error: model_test\.panicsWithItself\)\]$`},
	} {
		for _, maxLen := range []int{0, 40, 1 << 30, math.MaxInt} {
			tag := model.Any("k", test.value, maxLen)
			limit := 64 << 10
			if maxLen > 0 {
				limit = min(limit, maxLen)
			}
			if got := tag.Str(); len(got) > limit {
				t.Errorf("%s: got %d bytes, want at most %d", test.name, len(got), limit)
			} else if maxLen != 40 && !regexp.MustCompile(test.want).MatchString(got) {
				t.Errorf("%s: got  %.300q\nwant a match of %q", test.name, got, test.want)
			}
		}
	}
}

func TestTextOfLargeMaps(t *testing.T) {
	t.Parallel()
	m, nan := map[int]int{}, map[float64]int{}
	for i := range 5000 {
		m[i] = i
		nan[math.NaN()] = i
	}
	tag := model.Any("k", m, 0)
	if got := strings.Count(tag.Str(), ":"); got != 1000 || !strings.HasSuffix(tag.Str(), " ...]") {
		t.Errorf("got %d entries, ending %q; want 1000 and an ellipsis", got, tag.Str()[len(tag.Str())-10:])
	}
	tag = model.Any("k", nan, 0)
	if got := strings.Count(tag.Str(), "NaN:"); got != 1000 {
		t.Errorf("got %d entries, want 1000", got)
	}
}
