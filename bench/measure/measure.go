// SPDX-License-Identifier: Apache-2.0

// Package measure reads what work costs: wall time, processor time of the whole
// process, allocations and peak memory; and makes one number of several rounds.
//
//	before := measure.Now()
//	work(n)
//	cost := measure.Now().Sub(before).Per(n)
//	fmt.Println(cost.Wall, cost.CPU, cost.Allocs, cost.Bytes)
//
// What it promises: processor time is what the kernel charged to all threads,
// the garbage collector's and the reporters' included; nothing is subtracted.
// Reading stops the world for some microseconds, so it is done around thousands
// of operations, never around one.
package measure

import (
	"runtime"
	"slices"
	"time"
)

// Reading is the state of the process at one moment.
type Reading struct {
	wall    time.Time
	cpu     time.Duration
	mallocs uint64
	bytes   uint64
}

// Now takes a reading of the whole process.
func Now() Reading {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return Reading{time.Now(), ProcessCPU(), m.Mallocs, m.TotalAlloc}
}

// Cost is the difference between two readings, or that per operation.
type Cost struct {
	Wall   float64 `json:"wall"` // nanoseconds
	CPU    float64 `json:"cpu"`  // nanoseconds, user and system
	Allocs float64 `json:"allocs"`
	Bytes  float64 `json:"bytes"`
}

// Sub returns what happened since before.
func (r Reading) Sub(before Reading) Cost {
	return Cost{
		Wall:   float64(r.wall.Sub(before.wall)),
		CPU:    float64(r.cpu - before.cpu),
		Allocs: float64(r.mallocs - before.mallocs),
		Bytes:  float64(r.bytes - before.bytes),
	}
}

// Per divides the cost by a number of operations.
func (c Cost) Per(n int) Cost {
	f := float64(max(n, 1))
	return Cost{c.Wall / f, c.CPU / f, c.Allocs / f, c.Bytes / f}
}

// Median returns the middle of values, the mean of the two middle ones where
// their number is even, and 0 without any. It does not change values.
func Median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	mid := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[mid]
	}
	return (sorted[mid-1] + sorted[mid]) / 2
}

// MedianRatio returns the median of a[i]/b[i]: rounds that ran next to each
// other are compared, so that a slow minute of the machine slows both. Rounds
// in which b is 0 are left out.
func MedianRatio(a, b []float64) float64 {
	var ratios []float64
	for i := range min(len(a), len(b)) {
		if b[i] != 0 {
			ratios = append(ratios, a[i]/b[i])
		}
	}
	return Median(ratios)
}
