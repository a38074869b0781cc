// SPDX-License-Identifier: Apache-2.0

package jaeger

import "github.com/jaegerkit/jaeger/model"

// Tag is a key with a value of any type.
type Tag struct {
	key   string
	value interface{}
}

// NewTag returns one.
func NewTag(key string, value interface{}) Tag { return Tag{key, value} }

// modelTags are tags as the library records them, values read now and not cut.
func modelTags(tags []Tag) []model.Tag { return cutTags(tags, 0) }

// cutTags cuts values to limit bytes.
func cutTags(tags []Tag, limit int) []model.Tag {
	if len(tags) == 0 {
		return nil
	}
	out := make([]model.Tag, len(tags))
	for i, t := range tags {
		out[i] = model.Any(t.key, t.value, limit)
	}
	return out
}

// oldTags is the way back.
func oldTags(tags []model.Tag) []Tag {
	if len(tags) == 0 {
		return nil
	}
	out := make([]Tag, len(tags))
	for i := range tags {
		out[i] = Tag{tags[i].Key, tags[i].Value()}
	}
	return out
}
