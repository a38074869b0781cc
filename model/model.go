// SPDX-License-Identifier: Apache-2.0

// Package model holds the nouns of tracing: TraceID, SpanID, SpanContext, Tag,
// Log, Reference, Span, Process and Batch. It imports only the standard
// library and nothing of this module, so a sampler, a reporter or a transport
// can be written with this package open and no other.
//
//	sc := model.NewSpanContext(model.SpanContextConfig{
//		TraceID: model.TraceID{Low: 0x1122},
//		SpanID:  0x1122,
//		Flags:   model.FlagSampled,
//	})
//	fmt.Println(sc) // 0000000000001122:0000000000001122:0000000000000000:1
//
// What it promises: a SpanContext never changes its identity or baggage and is
// safe everywhere; a Tag owns its value; a Span reached through a reporter is
// finished, nothing writes to it any more.
package model

import (
	"fmt"
	"strconv"
)

// TraceID identifies a trace. High is zero for 64-bit trace ids.
type TraceID struct {
	High, Low uint64
}

// SpanID identifies a span within its trace; zero means "none".
type SpanID uint64

// IsValid reports whether any bit is set.
func (t TraceID) IsValid() bool { return t.High != 0 || t.Low != 0 }

// String returns 16 lower-case hex digits, or 32 where High is set: the form
// Jaeger's header and user interface use.
func (t TraceID) String() string { return string(t.AppendHex(make([]byte, 0, 32))) }

// AppendHex appends what String returns.
func (t TraceID) AppendHex(b []byte) []byte {
	if t.High != 0 {
		b = appendHex16(b, t.High)
	}
	return appendHex16(b, t.Low)
}

// String returns 16 lower-case hex digits.
func (s SpanID) String() string { return string(s.AppendHex(make([]byte, 0, 16))) }

// AppendHex appends what String returns.
func (s SpanID) AppendHex(b []byte) []byte { return appendHex16(b, uint64(s)) }

// ParseTraceID reads 1 to 32 hex digits of either case.
func ParseTraceID(s string) (TraceID, error) {
	if len(s) > 32 {
		return TraceID{}, fmt.Errorf("trace id %s: longer than 32 hex digits", shortQuote(s))
	}
	var t TraceID
	low := s
	if len(s) > 16 {
		high, ok := parseHex(s[:len(s)-16])
		if !ok {
			return TraceID{}, fmt.Errorf("trace id %q: not hex digits", s)
		}
		t.High, low = high, s[len(s)-16:]
	}
	v, ok := parseHex(low)
	if !ok {
		return TraceID{}, fmt.Errorf("trace id %q: not 1 to 32 hex digits", s)
	}
	t.Low = v
	return t, nil
}

// ParseSpanID reads 1 to 16 hex digits of either case.
func ParseSpanID(s string) (SpanID, error) {
	v, ok := parseHex(s)
	if !ok {
		return 0, fmt.Errorf("span id %s: not 1 to 16 hex digits", shortQuote(s))
	}
	return SpanID(v), nil
}

const hexDigits = "0123456789abcdef"

func appendHex16(b []byte, v uint64) []byte {
	return append(b,
		hexDigits[v>>60], hexDigits[v>>56&15], hexDigits[v>>52&15], hexDigits[v>>48&15],
		hexDigits[v>>44&15], hexDigits[v>>40&15], hexDigits[v>>36&15], hexDigits[v>>32&15],
		hexDigits[v>>28&15], hexDigits[v>>24&15], hexDigits[v>>20&15], hexDigits[v>>16&15],
		hexDigits[v>>12&15], hexDigits[v>>8&15], hexDigits[v>>4&15], hexDigits[v&15])
}

// parseHex is strict where strconv is not: no sign, no "0x", no underscore.
func parseHex(s string) (v uint64, ok bool) {
	if len(s) == 0 || len(s) > 16 {
		return 0, false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c-'0' <= 9:
			c -= '0'
		case c-'a' <= 5:
			c -= 'a' - 10
		case c-'A' <= 5:
			c -= 'A' - 10
		default:
			return 0, false
		}
		v = v<<4 | uint64(c)
	}
	return v, true
}

// shortQuote quotes hostile input without repeating all of it.
func shortQuote(s string) string {
	if len(s) > 64 {
		return strconv.Quote(s[:64]) + "... (" + strconv.Itoa(len(s)) + " bytes)"
	}
	return strconv.Quote(s)
}
