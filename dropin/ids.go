// SPDX-License-Identifier: Apache-2.0

package jaeger

import "github.com/jaegerkit/jaeger/model"

// TraceID identifies a trace. High is zero for trace ids of 64 bits.
type TraceID struct {
	High, Low uint64
}

// SpanID identifies a span within its trace; zero means none.
type SpanID uint64

// String returns 16 hex digits, or 32 where High is set.
func (t TraceID) String() string { return model.TraceID(t).String() }

// IsValid reports whether any bit is set.
func (t TraceID) IsValid() bool { return t != TraceID{} }

// TraceIDFromString reads 1 to 32 hex digits.
func TraceIDFromString(s string) (TraceID, error) {
	id, err := model.ParseTraceID(s)
	return TraceID(id), err
}

// String returns 16 hex digits.
func (s SpanID) String() string { return model.SpanID(s).String() }

// SpanIDFromString reads 1 to 16 hex digits.
func SpanIDFromString(s string) (SpanID, error) {
	id, err := model.ParseSpanID(s)
	return SpanID(id), err
}
