// SPDX-License-Identifier: Apache-2.0

package agenttest

import "github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"

// Tags turns the tags of a span, of a process or of one log into Go values: string, int64, float64, bool or []byte. The value is
// nil if the field that the tag's type names was not on the wire, or if the type is unknown: a correct client sends
// neither. Of tags with the same key the last one counts. Byte slices are shared with the tag.
func Tags(tags []*jaeger.Tag) map[string]any {
	m := make(map[string]any, len(tags))
	for _, t := range tags {
		m[t.Key] = tagValue(t)
	}
	return m
}

func tagValue(t *jaeger.Tag) any {
	switch {
	case t.VType == jaeger.TagType_STRING && t.VStr != nil:
		return *t.VStr
	case t.VType == jaeger.TagType_LONG && t.VLong != nil:
		return *t.VLong
	case t.VType == jaeger.TagType_DOUBLE && t.VDouble != nil:
		return *t.VDouble
	case t.VType == jaeger.TagType_BOOL && t.VBool != nil:
		return *t.VBool
	case t.VType == jaeger.TagType_BINARY && t.VBinary != nil:
		return t.VBinary
	}
	return nil
}

// FindSpan returns the first span with that operation name, or nil.
func FindSpan(spans []*jaeger.Span, operation string) *jaeger.Span {
	for _, s := range spans {
		if s.OperationName == operation {
			return s
		}
	}
	return nil
}
