// SPDX-License-Identifier: Apache-2.0

package baggage

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/jaegerkit/jaeger/internal/fetch"
)

// maxKeys bounds the keys of a server's list. More is an error and not a part of
// the list: what is not in it would be refused.
const maxKeys = 2000

// parseAnswer reads what a Jaeger agent answers on /baggageRestrictions:
// a list of BaggageRestriction of jaeger-idl's baggage.thrift, written as JSON.
// A length of 0, or none, stands for DefaultMaxValueLength; an entry with a
// negative one is no permission, nor is one without a key. Of several entries
// for a key the last counts. Null is an empty list, as it is of servers in Go.
// An object is what a server answers that has no such endpoint but one for all
// paths, as Jaeger 2: ErrAbsent.
func parseAnswer(body []byte) (map[string]int, error) {
	var items []struct {
		BaggageKey     string
		MaxValueLength int
	}
	err := json.Unmarshal(body, &items)
	switch {
	case err != nil && bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("{")) && json.Valid(body):
		err = fmt.Errorf("%w: want a list", fetch.ErrAbsent)
	case len(items) > maxKeys:
		err = fmt.Errorf("%d keys: want %d at most", len(items), maxKeys)
	}
	if err != nil {
		return nil, fmt.Errorf("baggage restrictions %q: %w", fetch.Shorten(string(body)), err)
	}
	lengths := make(map[string]int, len(items))
	for _, item := range items {
		if item.BaggageKey == "" || item.MaxValueLength < 0 {
			delete(lengths, item.BaggageKey)
			continue
		}
		lengths[item.BaggageKey] = length(item.MaxValueLength)
	}
	return lengths, nil
}
