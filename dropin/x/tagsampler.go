// SPDX-License-Identifier: Apache-2.0

package x

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"

	"github.com/uber/jaeger-client-go"
)

// TagMatcher is a value to look for. Numbers are compared by what they are worth,
// whatever their type; other values by ==. One that cannot be compared is never
// found.
type TagMatcher struct {
	TagValue interface{} `json:"value"`
	Firehose bool        `json:"firehose"`
}

// TagMatchingSampler samples a trace when one of its spans gets a tag with one of
// the values.
type TagMatchingSampler struct {
	jaeger.SamplerV2Base
	key     string
	matches map[interface{}]match
}

type match struct {
	firehose bool
	tags     []jaeger.Tag
}

// NewTagMatchingSampler returns a sampler that looks for tags of that key. Of two
// matchers with one value the later counts.
func NewTagMatchingSampler(tagKey string, matchers []TagMatcher) *TagMatchingSampler {
	s := &TagMatchingSampler{key: tagKey, matches: make(map[interface{}]match, len(matchers))}
	for _, m := range matchers {
		if value, ok := valueOf(m.TagValue); ok {
			s.matches[value] = match{m.Firehose, []jaeger.Tag{
				jaeger.NewTag("sampler.type", "TagMatchingSampler"),
				jaeger.NewTag("sampler.param", fmt.Sprintf("%s=%v", tagKey, m.TagValue)),
			}}
		}
	}
	return s
}

// valueOf makes one value of equal numbers: JSON has them all as float64.
func valueOf(value interface{}) (interface{}, bool) {
	v := reflect.ValueOf(value)
	switch {
	case !v.IsValid():
		return nil, true
	case v.CanInt():
		return v.Int(), true
	case v.CanUint() && v.Uint() <= math.MaxInt64:
		return int64(v.Uint()), true
	case v.CanFloat():
		f := v.Float()
		if f == math.Trunc(f) && f >= -1<<63 && f < 1<<63 {
			return int64(f), true
		}
		return f, f == f
	}
	return value, v.Comparable()
}

// TagMatchingSamplingStrategy is a sampler as JSON has it:
//
//	{"key": "tenant", "matchers": [{"value": "acme", "firehose": true}, {"value": 42}]}
//
// An older form, {"key": "tenant", "values": {"acme": {"firehose": true}}}, goes
// before the matchers.
type TagMatchingSamplingStrategy struct {
	Key      string                `json:"key"`
	Matchers []TagMatcher          `json:"matchers"`
	Values   map[string]TagMatcher `json:"values"`
}

// NewTagMatchingSamplerFromStrategyJSON returns the sampler of a text.
func NewTagMatchingSamplerFromStrategyJSON(jsonString []byte) (*TagMatchingSampler, error) {
	var strategy TagMatchingSamplingStrategy
	if err := json.Unmarshal(jsonString, &strategy); err != nil {
		return nil, fmt.Errorf("tag matching strategy %.200q: %w", jsonString, err)
	}
	return NewTagMatchingSamplerFromStrategy(strategy), nil
}

// NewTagMatchingSamplerFromStrategy returns the sampler of a strategy.
func NewTagMatchingSamplerFromStrategy(strategy TagMatchingSamplingStrategy) *TagMatchingSampler {
	matchers := slices.Clone(strategy.Matchers)
	for _, value := range slices.Sorted(maps.Keys(strategy.Values)) {
		matchers = append(matchers, TagMatcher{TagValue: value, Firehose: strategy.Values[value].Firehose})
	}
	return NewTagMatchingSampler(strategy.Key, matchers)
}

var notYet = jaeger.SamplingDecision{Retryable: true}

// OnCreateSpan says "not yet".
func (s *TagMatchingSampler) OnCreateSpan(span *jaeger.Span) jaeger.SamplingDecision { return notYet }

// OnSetOperationName says "not yet".
func (s *TagMatchingSampler) OnSetOperationName(span *jaeger.Span, operationName string) jaeger.SamplingDecision {
	return notYet
}

// OnSetTag samples if the tag is one of those looked for.
func (s *TagMatchingSampler) OnSetTag(span *jaeger.Span, key string, value interface{}) jaeger.SamplingDecision {
	if s == nil || key != s.key {
		return notYet
	}
	v, ok := valueOf(value)
	if !ok {
		return notYet
	}
	m, ok := s.matches[v]
	if !ok {
		return notYet
	}
	if m.firehose {
		span.SpanContext().SetFirehose()
	}
	return jaeger.SamplingDecision{Sample: true, Tags: m.tags}
}

// OnFinishSpan says "not yet".
func (s *TagMatchingSampler) OnFinishSpan(span *jaeger.Span) jaeger.SamplingDecision { return notYet }
