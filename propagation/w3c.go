// SPDX-License-Identifier: Apache-2.0

package propagation

import (
	"github.com/jaegerkit/jaeger/model"
)

// W3C is the format of the W3C recommendations Trace Context
// (https://www.w3.org/TR/trace-context/) and Baggage
// (https://www.w3.org/TR/baggage/): traceparent, tracestate and baggage. Carriers
// are those of HTTPHeaders, and so is the cost.
//
// Trace ids of 64 bits are written with 16 zeros in front and read back as 64
// bits. Of the flags only "sampled" survives: the format has no place for debug,
// firehose, the parent id or an open decision, which reads as "not sampled".
//
// tracestate is passed on as it came, see model.SpanContext.TraceState, by every
// span of the trace; this library has no entry of its own in it. Up to 32 members
// and 8192 bytes are kept; a list that is longer or malformed is dropped, and the
// trace goes on.
//
// Baggage is written in the order it was set, values percent-encoded, up to 64
// members and 8192 bytes, which is what every reader takes; items beyond, and
// those whose key is no token, are left out. What is read may be as large as in
// HTTPHeaders. Values are made valid UTF-8; properties of members are dropped.
// The headers of Headers.DebugID and Headers.Baggage work as in HTTPHeaders, so
// that jaeger-debug-id starts a debug trace also here.
type W3C struct{ t text }

// NewW3C returns the format; of the options WithHeaders has an effect.
func NewW3C(opts ...Option) *W3C { return &W3C{newText(newNames(opts), true, w3cFormat)} }

// Inject writes the parts that sc has, as HTTPHeaders does. Where it writes a
// traceparent to a map it removes a tracestate that is left from another context.
func (p *W3C) Inject(sc model.SpanContext, carrier any) error { return p.t.Inject(sc, carrier) }

// Extract reads a context, see Propagator. Versions above 00 are read as far as
// version 00 goes. More than one traceparent is damage; several tracestate and
// baggage headers are one list.
func (p *W3C) Extract(carrier any) (model.SpanContext, error) { return p.t.Extract(carrier) }

func (p *W3C) headers() *text { return &p.t }

const traceParentBytes = 2 + 1 + 32 + 1 + 16 + 1 + 2

func appendTraceParent(b []byte, sc model.SpanContext) []byte {
	id := sc.TraceID()
	b = append(b, "00-"...)
	b = model.SpanID(id.High).AppendHex(b)
	b = model.SpanID(id.Low).AppendHex(b)
	b = append(b, '-')
	b = sc.SpanID().AppendHex(b)
	return append(b, '-', '0', '0'+sc.Flags()&model.FlagSampled)
}

func (o *others) readW3C(c *model.SpanContextConfig) error {
	s := o.list[traceParent].value
	if s == "" {
		return nil
	}
	if reason := parseTraceParent(trimSpace(s), c); reason != "" {
		return corrupted(fixed[traceParent].lower, s, reason)
	}
	return nil
}

// parseTraceParent returns what is wrong.
func parseTraceParent(s string, c *model.SpanContextConfig) (reason string) {
	const form = "want 00-trace-span-flags of 2, 32, 16 and 2 lower-case hex digits"
	if len(s) < traceParentBytes {
		return form
	}
	for i := 0; i < traceParentBytes; i++ {
		if 'A' <= s[i] && s[i] <= 'F' {
			return form
		}
	}
	high, bad1 := hex16(s[3:])
	low, bad2 := hex16(s[19:])
	span, bad3 := hex16(s[36:])
	bad := hexValue[s[0]] | hexValue[s[1]] | hexValue[s[53]] | hexValue[s[54]]
	switch {
	case bad1|bad2|bad3 != 0 || bad > 15 || s[2] != '-' || s[35] != '-' || s[52] != '-':
		return form
	case s[:2] == "ff":
		return "version ff is forbidden"
	case s[:2] == "00" && len(s) > traceParentBytes:
		return "longer than version 00 has it"
	case len(s) > traceParentBytes && s[traceParentBytes] != '-':
		return form
	case high|low == 0:
		return "trace id is zero"
	case span == 0:
		return "span id is zero"
	}
	c.TraceID, c.SpanID = model.TraceID{High: high, Low: low}, model.SpanID(span)
	c.Flags = hexValue[s[54]] & model.FlagSampled
	return ""
}
