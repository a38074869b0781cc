// SPDX-License-Identifier: Apache-2.0

package weight_test

import (
	"os"
	"slices"
	"testing"

	"github.com/jaegerkit/jaeger/bench/weight"
)

func TestTheListIsWhatThereIs(t *testing.T) {
	entries, err := os.ReadDir("mains")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	want := slices.Sorted(slices.Values(weight.All))
	if !slices.Equal(got, want) {
		t.Errorf("mains has %v, want %v", got, want)
	}
	if weight.All[0] != "nothing" {
		t.Errorf("the first is %q, want the program that the others are compared with", weight.All[0])
	}
}

func TestMeasure(t *testing.T) {
	list, err := weight.Measure(t.Context(), []string{"nothing"})
	if err != nil {
		t.Fatal(err)
	}
	if w := list[0]; w.Size < 1<<20 || w.Packages < 100 || w.Foreign != 0 || w.Modules != 0 {
		t.Errorf("got %+v for a program of the standard library", w)
	}
	if _, err := weight.Measure(t.Context(), []string{"everything"}); err == nil {
		t.Error("a program that is not there was built")
	}
}
