// SPDX-License-Identifier: Apache-2.0

package sampler

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
)

// NewTagMatchingJSON returns the sampler that a strategy describes in the form
// of jaeger-client-go's NewTagMatchingSamplerFromStrategyJSON:
//
//	{"key": "tenant", "matchers": [{"value": "acme", "firehose": false}, {"value": 42}]}
//
// An older form, {"key": ..., "values": {"acme": {"firehose": false}}}, is read
// too and counts over the matchers. What is in neither form is an error, as is
// what NewTagMatching refuses, and a text over 1 MiB.
func NewTagMatchingJSON(strategy []byte) (*TagMatching, error) {
	t, err := parseTagMatching(strategy)
	if err != nil {
		return nil, fmt.Errorf("tag matching strategy %q: %w", shorten(string(strategy)), err)
	}
	return t, nil
}

const longestStrategy = 1 << 20 // bytes

// tagMatcher also stands for what is in values, where its own value is not used.
type tagMatcher struct {
	Value    any  `json:"value"`
	Firehose bool `json:"firehose"`
}

func parseTagMatching(text []byte) (*TagMatching, error) {
	if len(text) > longestStrategy {
		return nil, fmt.Errorf("%d bytes: want %d or less", len(text), longestStrategy)
	}
	var s struct {
		Key      string                `json:"key"`
		Matchers []tagMatcher          `json:"matchers"`
		Values   map[string]tagMatcher `json:"values"`
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("more text after the strategy")
	}
	matches := make([]TagMatch, 0, len(s.Matchers)+len(s.Values))
	for i, m := range s.Matchers {
		if n, ok := m.Value.(json.Number); ok {
			value, err := numeral(n)
			if err != nil {
				return nil, fmt.Errorf("matcher %d: %w", i+1, err)
			}
			m.Value = value
		}
		matches = append(matches, TagMatch{Value: m.Value, Firehose: m.Firehose})
	}
	for _, value := range slices.Sorted(maps.Keys(s.Values)) {
		matches = append(matches, TagMatch{Value: value, Firehose: s.Values[value].Firehose})
	}
	return NewTagMatching(s.Key, matches...)
}

// numeral keeps integers exact that a float64 could not hold.
func numeral(n json.Number) (any, error) {
	if i, err := strconv.ParseInt(string(n), 10, 64); err == nil {
		return i, nil
	}
	if u, err := strconv.ParseUint(string(n), 10, 64); err == nil {
		return u, nil
	}
	f, err := n.Float64()
	if err != nil {
		return nil, fmt.Errorf("value %s: want a smaller number", shorten(string(n)))
	}
	return f, nil
}
