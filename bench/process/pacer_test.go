// SPDX-License-Identifier: Apache-2.0

package process

import (
	"errors"
	"testing"
	"time"
)

func TestPacer(t *testing.T) {
	start := time.Unix(1_700_000_000, 0)
	for _, test := range []struct {
		name string
		rate float64
		at   []time.Duration
		want []int
	}{
		{"steady", 10_000, []time.Duration{0, time.Millisecond, 2 * time.Millisecond, 3 * time.Millisecond}, []int{0, 10, 10, 10}},
		{"fractions add up", 400, []time.Duration{2 * time.Millisecond, 4 * time.Millisecond, 5 * time.Millisecond}, []int{0, 1, 1}},
		{"a late tick is made up for", 10_000, []time.Duration{2 * time.Millisecond, 10 * time.Millisecond}, []int{20, 80}},
		{"a stall is forgiven", 10_000, []time.Duration{time.Second, time.Second, time.Second + 2*time.Millisecond}, []int{200, 0, 20}},
		{"one at least", 1, []time.Duration{5 * time.Second, 6 * time.Second}, []int{1, 1}},
	} {
		p := newPacer(test.rate, LeastTick, start)
		for i, at := range test.at {
			if got := p.due(start.Add(at)); got != test.want[i] {
				t.Errorf("%s: got %d groups at %v, want %d", test.name, got, at, test.want[i])
			}
		}
	}
}

func TestTickFor(t *testing.T) {
	failed := errors.New("no processor")
	for _, test := range []struct {
		name    string
		perTick time.Duration
		err     error
		want    time.Duration
	}{
		{"cheap", 20 * time.Microsecond, nil, 2 * time.Millisecond},
		{"just", 25 * time.Microsecond, nil, 2 * time.Millisecond},
		{"dear", 40 * time.Microsecond, nil, 5 * time.Millisecond},
		{"dearer", 100 * time.Microsecond, nil, 10 * time.Millisecond},
		{"too dear", time.Millisecond, nil, 10 * time.Millisecond},
		{"unknown", 0, failed, 2 * time.Millisecond},
	} {
		got, err := tickFor(func(tick time.Duration) (float64, error) {
			return float64(test.perTick) / float64(tick), test.err
		})
		if got != test.want || err != test.err {
			t.Errorf("%s: got %v and error %v, want %v and %v", test.name, got, err, test.want, test.err)
		}
	}
}

func TestPacedCountsItsGroups(t *testing.T) {
	next := 0
	got := paced(4000, 4, LeastTick, 20*time.Millisecond, func(i int) {
		if i != next {
			t.Errorf("got group %d, want %d", i, next)
		}
		next++
	})
	if got != next || got == 0 || got > 20 {
		t.Errorf("got %d groups after %d calls, want as many, and 1 to 20", got, next)
	}
}
