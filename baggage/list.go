// SPDX-License-Identifier: Apache-2.0

package baggage

import (
	"errors"
	"fmt"
	"sort"

	"github.com/jaegerkit/jaeger/internal/fetch"
)

// Unrestricted allows every key, with values of up to so many bytes;
// DefaultMaxValueLength for 0 and less.
type Unrestricted int

// Restriction implements Restrictor.
func (u Unrestricted) Restriction(string) (allowed bool, maxValueLength int) {
	return true, length(int(u))
}

// length is what a length of nothing stands for.
func length(n int) int {
	if n <= 0 {
		return DefaultMaxValueLength
	}
	return n
}

// List allows the keys it was made of. The zero List allows none.
type List struct{ lengths map[string]int }

// NewList returns a restrictor that allows these keys, with values of up to so
// many bytes; 0 stands for DefaultMaxValueLength. An empty key and a negative
// length are errors, all of which are named. Keys are compared as they are, so
// UserID is not userid.
func NewList(lengths map[string]int) (*List, error) {
	l := &List{lengths: make(map[string]int, len(lengths))}
	var errs []error
	for key, n := range lengths {
		if key == "" {
			errs = append(errs, errors.New("baggage key is empty"))
		}
		if n < 0 {
			errs = append(errs, fmt.Errorf("baggage key %q: max value length %d: want 0 or more bytes", fetch.Shorten(key), n))
		}
		l.lengths[key] = length(n)
	}
	if errs != nil {
		sort.Slice(errs, func(i, j int) bool { return errs[i].Error() < errs[j].Error() })
		return nil, errors.Join(errs...)
	}
	return l, nil
}

// Restriction implements Restrictor.
func (l *List) Restriction(key string) (allowed bool, maxValueLength int) {
	maxValueLength, allowed = l.lengths[key]
	return allowed, maxValueLength
}
