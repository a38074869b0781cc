// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"math/bits"
	"time"
)

// Histogram counts durations in buckets of at most 1/16 of their value, from
// 1 ns to 2^63. It is one array: adding takes no allocation and no lock, so each
// goroutine has its own and they are merged at the end.
type Histogram struct {
	buckets [64 * subBuckets]uint64
	count   uint64
	largest time.Duration
}

const (
	subBits    = 4
	subBuckets = 1 << subBits
)

// Add counts one duration; negative ones count as 0.
func (h *Histogram) Add(d time.Duration) {
	d = max(d, 0)
	h.buckets[bucket(uint64(d))]++
	h.count++
	h.largest = max(h.largest, d)
}

// Merge adds what other counted.
func (h *Histogram) Merge(other *Histogram) {
	for i, n := range other.buckets {
		h.buckets[i] += n
	}
	h.count += other.count
	h.largest = max(h.largest, other.largest)
}

// Count returns how many durations were added.
func (h *Histogram) Count() uint64 { return h.count }

// Quantile returns the upper end of the bucket that holds the q-th part of all
// durations, q from 0 to 1, and never more than the largest one; 0 if empty.
func (h *Histogram) Quantile(q float64) time.Duration {
	if h.count == 0 {
		return 0
	}
	rank := min(uint64(q*float64(h.count)), h.count-1)
	var seen uint64
	for i, n := range h.buckets {
		if seen += n; seen > rank {
			return min(time.Duration(upper(i)), h.largest)
		}
	}
	return h.largest
}

// bucket maps values below 16 to themselves, and others by their highest five bits.
func bucket(v uint64) int {
	if v < subBuckets {
		return int(v)
	}
	shift := bits.Len64(v) - subBits - 1
	return (shift+1)<<subBits + int(v>>shift)&(subBuckets-1)
}

// upper returns the largest value of a bucket.
func upper(i int) uint64 {
	if i < subBuckets {
		return uint64(i)
	}
	shift := i>>subBits - 1
	return (uint64(subBuckets+i&(subBuckets-1))+1)<<shift - 1
}
