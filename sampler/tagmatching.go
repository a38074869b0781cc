// SPDX-License-Identifier: Apache-2.0

package sampler

import (
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"

	"github.com/jaegerkit/jaeger/model"
)

// TagMatching keeps a trace as soon as one of its spans in this process has a
// tag with a listed value: a tenant, a feature flag, a test run. It stands for
// TagMatchingSampler of jaeger-client-go's package x, whose tags it sets:
// sampler.type TagMatchingSampler, and sampler.param key=value.
//
// No trace is decided at its start. All are recorded until a value turns up or
// the local root finishes, which costs each unsampled span what a sampled one
// costs; an event costs no allocation.
type TagMatching struct {
	key     string
	matches map[tagValue]*match
	members []Sampler
}

// TagMatch says what to do about a value.
type TagMatch struct {
	// Value is a string, a bool or a number, or of a type made from one. Numbers
	// are compared by what they are worth: 42 and 42.0 are one value, and "42"
	// is another. A long string is compared with what the tracer records, which
	// is cut at its limit for tag values.
	Value any
	// Firehose asks for the firehose flag as well: Decision.Firehose.
	Firehose bool
	// Sampler, asked when the value turns up, says whether to keep the trace; its
	// "no" is final, its tags are not used. Nil keeps them all.
	Sampler Sampler
}

// tagValue is a value as it is compared, with every whole number an integer.
type tagValue struct {
	kind model.Kind
	text string
	bits uint64
}

type match struct {
	tags     Tags
	firehose bool
	sampler  Sampler // may be nil
}

// NewTagMatching returns a sampler that looks for tags of that key. Of two
// matches with one value the later counts. An empty key, no match at all, and a
// value that is no string, bool or number, or NaN, are errors.
func NewTagMatching(key string, matches ...TagMatch) (*TagMatching, error) {
	if key == "" {
		return nil, errors.New("tag matching sampler: key is empty")
	}
	if len(matches) == 0 {
		return nil, fmt.Errorf("tag matching sampler: key %q: no values: want one or more", shorten(key))
	}
	t := &TagMatching{key: key, matches: make(map[tagValue]*match, len(matches))}
	for i, m := range matches {
		tag, err := matchTag(key, m.Value)
		if err != nil {
			return nil, fmt.Errorf("tag matching sampler: key %q: match %d: %w", shorten(key), i+1, err)
		}
		value, _ := valueOf(&tag)
		t.matches[value] = &match{firehose: m.Firehose, sampler: m.Sampler, tags: NewTags(
			model.String(typeKey, "TagMatchingSampler"), model.String(paramKey, key+"="+tag.Text()),
		)}
		if m.Sampler != nil {
			t.members = append(t.members, m.Sampler)
		}
	}
	return t, nil
}

// matchTag makes the tag that the tracer makes of value.
func matchTag(key string, value any) (model.Tag, error) {
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.String:
		return model.String(key, v.String()), nil
	case reflect.Bool:
		return model.Bool(key, v.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return model.Int64(key, v.Int()), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return model.Any(key, v.Uint(), math.MaxInt), nil // beyond int64 it is text
	case reflect.Float32, reflect.Float64:
		if f := v.Float(); !math.IsNaN(f) {
			return model.Float64(key, f), nil
		}
		return model.Tag{}, errors.New("value NaN equals nothing")
	case reflect.Invalid:
		return model.Tag{}, errors.New("no value: want a string, bool or number")
	default:
		return model.Tag{}, fmt.Errorf("value %q of type %T: want a string, bool or number", shorten(fmt.Sprint(value)), value)
	}
}

// valueOf reports false for a tag that no match can have.
func valueOf(t *model.Tag) (tagValue, bool) {
	v := tagValue{kind: t.Kind()}
	switch v.kind {
	case model.KindString:
		v.text = t.Str()
	case model.KindBool:
		if t.Bool() {
			v.bits = 1
		}
	case model.KindInt64:
		v.bits = uint64(t.Int64())
	case model.KindFloat64:
		f := t.Float64()
		if f >= -1<<63 && f < 1<<63 && f == math.Trunc(f) {
			v.kind, v.bits = model.KindInt64, uint64(int64(f))
		} else {
			v.bits = math.Float64bits(f)
		}
	default:
		return v, false
	}
	return v, true
}

// Sample implements Sampler: not yet.
func (t *TagMatching) Sample(model.TraceID, string) Decision {
	if len(t.matches) == 0 { // the zero TagMatching keeps nothing
		return Decision{}
	}
	return Decision{Later: t}
}

// Ask implements Late. It has no state: one serves all traces.
func (t *TagMatching) Ask(e Event) Decision {
	if e.Kind != Tagged || e.Tag.Key != t.key {
		return Decision{Later: t}
	}
	value, _ := valueOf(&e.Tag)
	m := t.matches[value]
	switch {
	case m == nil:
		return Decision{Later: t}
	case m.sampler == nil:
		return Decision{Sample: true, Firehose: m.firehose, Tags: m.tags}
	}
	return m.answer(m.sampler.Sample(e.TraceID, e.Operation))
}

// answer makes the match's own decision of its sampler's.
func (m *match) answer(d Decision) Decision {
	switch {
	case d.Later != nil:
		return Decision{Later: lateMatch{m, d.Later}}
	case d.Sample:
		return Decision{Sample: true, Firehose: m.firehose || d.Firehose, Tags: m.tags}
	}
	return Decision{}
}

// lateMatch waits for a match's sampler that postponed its answer.
type lateMatch struct {
	match *match
	late  Late
}

func (l lateMatch) Ask(e Event) Decision { return l.match.answer(l.late.Ask(e)) }

// Close closes the samplers of the matches that are io.Closers, also those of
// matches that a later one replaced.
func (t *TagMatching) Close() error { return closeAll(t.members) }

func closeAll(members []Sampler) error {
	var errs []error
	for _, s := range members {
		if c, ok := s.(io.Closer); ok {
			errs = append(errs, closeOne(c))
		}
	}
	return errors.Join(errs...)
}

// closeOne contains a panic, which would leave the members behind c open.
func closeOne(c io.Closer) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in Close: %v", p)
		}
	}()
	return c.Close()
}

// String names the key and how many values are looked for.
func (t *TagMatching) String() string {
	return fmt.Sprintf("tagmatching(%q, %d values)", shorten(t.key), len(t.matches))
}
