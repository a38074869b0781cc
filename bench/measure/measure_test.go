// SPDX-License-Identifier: Apache-2.0

package measure_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/bench/measure"
)

func TestMedian(t *testing.T) {
	for _, test := range []struct {
		name   string
		values []float64
		want   float64
	}{
		{"none", nil, 0},
		{"one", []float64{3}, 3},
		{"odd", []float64{9, 1, 5}, 5},
		{"even", []float64{4, 1, 2, 100}, 3},
	} {
		if got := measure.Median(test.values); got != test.want {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
		}
	}
	values := []float64{3, 1, 2}
	if measure.Median(values); !slices.Equal(values, []float64{3, 1, 2}) {
		t.Errorf("the values were reordered: %v", values)
	}
}

func TestMedianRatio(t *testing.T) {
	for _, test := range []struct {
		name string
		a, b []float64
		want float64
	}{
		{"none", nil, nil, 0},
		{"a slow round slows both", []float64{10, 1000, 10}, []float64{20, 2000, 40}, 0.5},
		{"a round without a denominator", []float64{10, 10}, []float64{0, 40}, 0.25},
		{"different lengths", []float64{1, 7}, []float64{2}, 0.5},
	} {
		if got := measure.MedianRatio(test.a, test.b); got != test.want {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
		}
	}
}

// The referee is a sorted slice.
func TestHistogramIsWithinASixteenth(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var h, part measure.Histogram
	var all []time.Duration
	for i := range 20_000 {
		d := time.Duration(math.Exp(r.Float64() * 25))
		all = append(all, d)
		if i%2 == 0 {
			h.Add(d)
		} else {
			part.Add(d)
		}
	}
	h.Merge(&part)
	slices.Sort(all)
	if got, want := h.Count(), uint64(len(all)); got != want {
		t.Fatalf("got %d durations, want %d", got, want)
	}
	for _, q := range []float64{0, 0.01, 0.5, 0.9, 0.99, 0.999, 1} {
		want := all[min(int(q*float64(len(all))), len(all)-1)]
		got := h.Quantile(q)
		if got < want || float64(got) > float64(want)*17/16+1 {
			t.Errorf("quantile %v: got %v, want %v to a sixteenth more", q, got, want)
		}
	}
}

func TestHistogramEnds(t *testing.T) {
	var h measure.Histogram
	if got := h.Quantile(0.5); got != 0 {
		t.Errorf("empty: got %v, want 0", got)
	}
	h.Add(-5)
	h.Add(math.MaxInt64)
	if got := h.Quantile(0); got != 0 {
		t.Errorf("smallest: got %v, want 0", got)
	}
	if got := h.Quantile(1); got != math.MaxInt64 {
		t.Errorf("largest: got %v, want %v", got, time.Duration(math.MaxInt64))
	}
}

func TestReadingsGrow(t *testing.T) {
	before := measure.Now()
	keep := make([][]byte, 0, 1000)
	for range 1000 {
		keep = append(keep, make([]byte, 100))
	}
	cost := measure.Now().Sub(before).Per(len(keep))
	if cost.Allocs < 1 || cost.Allocs > 3 || cost.Bytes < 100 || cost.Wall <= 0 || cost.CPU < 0 {
		t.Errorf("got %+v for 1 allocation of 100 bytes", cost)
	}
	if got := measure.PeakMemory(); got < 1<<20 || got > 1<<36 {
		t.Errorf("got a peak of %d bytes", got)
	}
}
