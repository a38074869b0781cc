// SPDX-License-Identifier: Apache-2.0

package workload_test

import (
	"reflect"
	"testing"

	"github.com/jaegerkit/jaeger/bench/workload"
)

func TestDataIsWhatTheShapeSays(t *testing.T) {
	for _, shape := range workload.All {
		t.Run(shape.Name, func(t *testing.T) {
			data := shape.Data()
			if got, want := len(data.Names), max(shape.Operations, 1); got != want {
				t.Errorf("got %d names, want %d", got, want)
			}
			for i := range 200 {
				set := data.Set(i)
				if got, want := len(set.Tags), shape.Tags; got != want {
					t.Fatalf("got %d tags, want %d", got, want)
				}
				if got, want := len(set.Logs), shape.Logs; got != want {
					t.Fatalf("got %d logs, want %d", got, want)
				}
				for _, tag := range set.Tags {
					if s, ok := tag.Value.(string); ok && len(s) != shape.ValueBytes {
						t.Fatalf("tag %q has %d bytes, want %d", tag.Key, len(s), shape.ValueBytes)
					}
				}
			}
			if !reflect.DeepEqual(data, shape.Data()) {
				t.Error("two calls gave different data")
			}
			if other, err := workload.ByName(shape.Name); err != nil || other != shape {
				t.Errorf("ByName: got %+v, %v", other, err)
			}
		})
	}
}

func TestSpansInARowDiffer(t *testing.T) {
	data := workload.Standard.Data()
	for i := range 100 {
		if reflect.DeepEqual(data.Set(i), data.Set(i+1)) {
			t.Fatalf("spans %d and %d carry the same values", i, i+1)
		}
	}
}

func TestKindsAreMixed(t *testing.T) {
	got := map[string]int{}
	for _, tag := range workload.Many.Data().Set(0).Tags {
		got[reflect.TypeOf(tag.Value).String()]++
	}
	want := map[string]int{"string": 18, "int": 6, "bool": 3, "float64": 3}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestByNameRefusesUnknownShapes(t *testing.T) {
	if _, err := workload.ByName("round"); err == nil || err.Error() != `shape "round" is not known` {
		t.Errorf("got error %v", err)
	}
}
