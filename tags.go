// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"reflect"
	"strconv"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger/model"
)

const priorityTag = "sampling.priority"

// SetTag sets a tag. Strings, []byte, booleans and numbers keep their type;
// errors and fmt.Stringers become their text, anything else a bounded %+v.
// Values longer than the limit (256 bytes) are cut. A key set twice is sent
// twice, and readers take the later one; a span keeps at most 1024 tags.
//
// sampling.priority forces the decision for the whole trace as seen from this
// process: above 0 (any number, true, a numeric string) records it with the
// debug flag, 0 or false stops recording it.
func (s *Span) SetTag(key string, value any) opentracing.Span {
	s.setTag(key, value)
	return s
}

func (s *Span) setTag(key string, value any) {
	if len(key) == len(priorityTag) && key == priorityTag {
		s.setPriority(value)
	}
	if !s.data.Sampled() || s.tracer == nil {
		return
	}
	if len(key) > maxNameLength {
		key = model.Truncate(key, maxNameLength)
	}
	limit := s.tracer.limits.tagValue
	s.mu.Lock()
	r := s.recording()
	done := r != nil && len(r.Tags) < maxTags && r.AddTag(key, value, limit)
	s.mu.Unlock()
	if !done {
		s.setOddTag(key, value, limit)
	}
}

// setOddTag sets a tag whose value may run code of its own when it is converted,
// which may use the span and so must not happen under its lock; and one that the
// span has no room or no record for.
func (s *Span) setOddTag(key string, value any, limit int) {
	tag := model.Any(key, value, limit)
	s.mu.Lock()
	r := s.recording()
	if r != nil {
		if len(r.Tags) < maxTags {
			r.Tags = append(r.Tags, tag)
		} else {
			replaceTag(r.Tags, tag)
		}
	}
	s.mu.Unlock()
	if r == nil {
		s.countLate()
	}
}

// replaceTag gives a full span's tag its new value; a new key is not taken any more.
func replaceTag(tags []model.Tag, tag model.Tag) {
	for i := len(tags) - 1; i >= 0; i-- {
		if tags[i].Key == tag.Key {
			tags[i] = tag
			return
		}
	}
}

// setPriority forces the sampling decision. What cannot be read as a number
// or boolean is an ordinary tag.
func (s *Span) setPriority(value any) {
	sampling := s.SpanContext().Sampling()
	priority, ok := priorityOf(value)
	if !ok || sampling == nil || s.tracer == nil {
		return
	}
	s.mu.Lock()
	ended := s.ended()
	s.mu.Unlock()
	if ended {
		return
	}
	switch {
	case !priority:
		sampling.Clear(model.FlagSampled | model.FlagDebug)
	case s.tracer.noDebug:
		sampling.Set(model.FlagSampled)
	default:
		sampling.Set(model.FlagSampled | model.FlagDebug)
	}
}

// priorityOf reports whether value asks for sampling.
func priorityOf(value any) (sample, ok bool) {
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.Bool:
		return v.Bool(), true
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int() > 0, true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return v.Uint() > 0, true
	case reflect.Float32, reflect.Float64:
		return v.Float() > 0, v.Float() == v.Float()
	case reflect.String:
		if f, err := strconv.ParseFloat(v.String(), 64); err == nil && f == f {
			return f > 0, true
		}
		b, err := strconv.ParseBool(v.String())
		return b, err == nil
	}
	return false, false
}
