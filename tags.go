// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"reflect"
	"slices"
	"strconv"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger/internal/wire"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

const priorityTag = "sampling.priority"

// SetTag sets a tag. Strings, []byte, booleans and numbers keep their type;
// errors and fmt.Stringers become their text, anything else a bounded %+v.
// Values longer than the limit (256 bytes) are cut. A key set twice is sent
// twice, and readers take the later one; a span keeps at most 1024 tags.
//
// sampling.priority forces the decision for the whole trace as seen from this
// process: above 0 (any number, true, a numeric string) records it with the
// debug flag, 0 or false stops recording it. A throttler may refuse the debug
// flag (WithDebugThrottler), and then nothing is forced.
func (s *Span) SetTag(key string, value any) opentracing.Span {
	// Each way ends in one call, behind which nothing is left to do: a function that
	// goes on after a call keeps its arguments in memory, in every case.
	state := s.data.State()
	if len(key) == len(priorityTag) {
		return s.setPriorityTag(key, value)
	}
	if state.Idle() {
		return s
	}
	return s.setTag(key, value, state)
}

// setPriorityTag is SetTag for a key that may be sampling.priority.
func (s *Span) setPriorityTag(key string, value any) *Span {
	if key == priorityTag {
		s.setPriority(value)
	}
	if state := s.data.State(); !state.Idle() {
		s.setTag(key, value, state)
	}
	return s
}

// setTag is for a span that is recorded, or told of.
func (s *Span) setTag(key string, value any, state model.State) *Span {
	if !state.Plain() {
		s.setToldTag(key, value)
		return s
	}
	if len(key) > maxNameLength {
		key = model.Truncate(key, maxNameLength)
	}
	limit := s.tracer.limits.tagValue
	done := false
	s.mu.Lock()
	if r := s.packing(); r != nil {
		if p := r.Packed(); p.On {
			if p.TagCount < maxTags {
				end := -1
				if v, ok := value.(string); !ok {
					end = wire.PutValue(p.Tags, p.TagsEnd, key, value)
				} else if len(v) <= limit {
					end = wire.PutString(p.Tags, p.TagsEnd, key, v)
				}
				if end >= 0 {
					p.TagsEnd, done = end, true
					p.TagCount++
				} else {
					done = packTag(p, key, value, limit)
				}
			}
		} else if n := len(r.Tags); n < cap(r.Tags) && n < maxTags { // AddTag, a call less
			if tags := r.Tags[:n+1]; tags[n].Assign(key, value, limit) {
				r.Tags, done = tags, true
			}
		} else if n < maxTags {
			done = r.AddTag(key, value, limit)
		}
	}
	s.mu.Unlock()
	if !done {
		s.setOddTag(key, value, limit)
	}
	return s
}

// setToldTag sets a tag that others hear of: the span's observers, or the sampler
// of a trace that is undecided.
func (s *Span) setToldTag(key string, value any) {
	if s.data.Recording() {
		tag := model.Any(model.Truncate(key, maxNameLength), value, s.tracer.limits.tagValue)
		if s.putTag(tag) && s.data.State().Undecided() {
			s.tracer.tell(s.happened(sampler.Tagged, tag, 0, nil))
		}
	}
	if w := s.watching(); w != nil {
		w.tagged(key, value)
	}
}

// setOddTag sets a tag whose value may run code of its own when it is converted,
// which may use the span, or has to be cut, which takes as long as it is large: neither
// must happen under the lock. And one that the span has no room or no record for.
func (s *Span) setOddTag(key string, value any, limit int) { s.putTag(model.Any(key, value, limit)) }

// packTag is for a tag that is not quite as usual, or lacks room.
func packTag(p *model.Packed, key string, value any, limit int) bool {
	var t model.Tag
	return t.Assign(key, value, limit) && wire.AddTag(p, &t)
}

// addTags adds tags to a record that nobody else has.
func addTags(r *model.Span, tags ...model.Tag) {
	if p := r.Packed(); p.On {
		for len(tags) > 0 && wire.AddTag(p, &tags[0]) {
			tags = tags[1:]
		}
		if len(tags) == 0 {
			return
		}
		wire.Unpack(r)
	}
	r.Tags = append(r.Tags, tags...)
}

// explained is what a sampler says of its decisions, packed.
type explained struct {
	tags []model.Tag
	wire []byte
}

// explain adds the tags of the decision to the record of a span that is being made. A
// sampler that decides alike has the same list each time, which is then packed once.
func (s *Span) explain(tags []model.Tag) {
	if len(tags) == 0 {
		return
	}
	r := s.record
	p := r.Packed()
	if !p.On || p.TagsEnd > 0 {
		addTags(r, tags...)
		return
	}
	e := s.tracer.explained.Load()
	if e != nil && len(e.tags) == len(tags) && &e.tags[0] == &tags[0] {
		p.TagsEnd, p.TagCount = copy(p.Tags, e.wire), len(tags)
		return
	}
	addTags(r, tags...)
	// Another list takes its place now and then: there may be many, or a new sampler.
	if (e == nil || r.ID%1024 == 0) && p.On && p.TagsEnd <= packedExplained {
		s.tracer.explained.Store(&explained{tags, slices.Clone(p.Tags[:p.TagsEnd])})
	}
}

// packedExplained is less than each record has room for: bytes.
const packedExplained = 256

// putTag reports whether the span is still recorded.
func (s *Span) putTag(tag model.Tag) bool {
	s.mu.Lock()
	r := s.packing()
	if r != nil {
		if p := r.Packed(); !p.On || p.TagCount >= maxTags || !wire.AddTag(p, &tag) {
			wire.Unpack(r)
			if len(r.Tags) < maxTags {
				r.Tags = append(r.Tags, tag)
			} else {
				replaceTag(r.Tags, tag)
			}
		}
	}
	s.mu.Unlock()
	if r == nil {
		s.countLate()
	}
	return r != nil
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
	flags := model.FlagSampled
	if priority && !s.tracer.noDebug {
		if sampling.Flags()&model.FlagDebug == 0 && !s.mayDebug() {
			return
		}
		flags |= model.FlagDebug
	}
	switch {
	case priority && !s.force(flags):
		sampling.Set(flags)
	case !priority && !s.force(0):
		sampling.Clear(model.FlagSampled | model.FlagDebug)
	}
}

// mayDebug asks the throttler for one more debug trace. One that panics has
// refused.
func (s *Span) mayDebug() (allowed bool) {
	t := s.tracer
	if t.throttler == nil {
		return true
	}
	defer func() {
		if recover() != nil {
			allowed = false
		}
		if !allowed {
			t.counts.throttled.Add(1)
		}
	}()
	return t.throttler.Allow(s.OperationName())
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
