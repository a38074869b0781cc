// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"fmt"
	"time"
)

// The types below are the query API's JSON, as Jaeger 1.62 writes it (model/json). Ids are hex without a fixed width.

// Trace is every span of one trace id, with the processes they came from.
type Trace struct {
	TraceID   string             `json:"traceID"`
	Spans     []Span             `json:"spans"`
	Processes map[string]Process `json:"processes"`
	Warnings  []string           `json:"warnings"`
}

// Span is one span. Warnings are Jaeger's: a clock it adjusted, a reference it could not use, an id it saw twice.
type Span struct {
	TraceID       string      `json:"traceID"`
	SpanID        string      `json:"spanID"`
	Flags         uint32      `json:"flags"`
	OperationName string      `json:"operationName"`
	References    []Reference `json:"references"`
	StartTime     int64       `json:"startTime"` // microseconds since 1970
	Duration      int64       `json:"duration"`  // microseconds
	Tags          []Tag       `json:"tags"`
	Logs          []Log       `json:"logs"`
	ProcessID     string      `json:"processID"` // a key of Trace.Processes
	Warnings      []string    `json:"warnings"`
}

// Reference leads to another span: CHILD_OF or FOLLOWS_FROM. Jaeger writes the parent as the first.
type Reference struct {
	RefType string `json:"refType"`
	TraceID string `json:"traceID"`
	SpanID  string `json:"spanID"`
}

// Tag is one typed value: string, bool, int64, float64 or binary (base64 in JSON). Jaeger writes an int64 that
// JavaScript cannot hold as a string; its Type is int64 all the same.
type Tag struct {
	Key   string `json:"key"`
	Type  string `json:"type"`
	Value any    `json:"value"`
}

// String is the form in which tests compare tags: key:type=value.
func (t Tag) String() string { return fmt.Sprintf("%s:%s=%v", t.Key, t.Type, t.Value) }

// Log is what happened at one moment.
type Log struct {
	Timestamp int64 `json:"timestamp"` // microseconds since 1970
	Fields    []Tag `json:"fields"`
}

// Process is the program that made a span.
type Process struct {
	ServiceName string `json:"serviceName"`
	Tags        []Tag  `json:"tags"`
}

// Start is StartTime as a time.
func (s Span) Start() time.Time { return time.UnixMicro(s.StartTime) }

// End is when the span finished.
func (s Span) End() time.Time { return time.UnixMicro(s.StartTime + s.Duration) }

// Named returns the trace's only span with that operation name.
func (t Trace) Named(operation string) (Span, error) {
	var found []Span
	for _, s := range t.Spans {
		if s.OperationName == operation {
			found = append(found, s)
		}
	}
	if len(found) != 1 {
		return Span{}, fmt.Errorf("trace %s has %d spans named %q, want 1, among %q", t.TraceID, len(found), operation, t.Operations())
	}
	return found[0], nil
}

// Operations are the names of all spans, in the order of the answer.
func (t Trace) Operations() []string {
	names := make([]string, len(t.Spans))
	for i, s := range t.Spans {
		names[i] = s.OperationName
	}
	return names
}

// Strings is Tag.String of each, without the tag that Jaeger's collector adds to every span.
func Strings(tags []Tag) []string {
	var out []string
	for _, t := range tags {
		if t.Key != "internal.span.format" {
			out = append(out, t.String())
		}
	}
	return out
}

// Lookup returns the first tag that has the key; duplicates are possible.
func Lookup(tags []Tag, key string) (Tag, bool) {
	for _, t := range tags {
		if t.Key == key {
			return t, true
		}
	}
	return Tag{}, false
}
