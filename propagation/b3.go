// SPDX-License-Identifier: Apache-2.0

package propagation

import (
	"strings"

	"github.com/jaegerkit/jaeger/model"
	"github.com/opentracing/opentracing-go"
)

// B3 is Zipkin's format (https://github.com/openzipkin/b3-propagation), in the
// form of several x-b3- headers or of a single one named b3. Both forms are read,
// the single one first. Carriers are those of HTTPHeaders, and so is the cost.
//
// The sampling state has four values. Debug is Jaeger's debug and sampled flags
// together. Without any state the decision is left to the receiver, see
// model.SpanContext.IsDeferred, and a context whose decision is still open is
// written that way. A state without ids is all that some proxies send: "debug"
// is read as a debug id of "b3", "accept" as a context of only the sampled flag,
// and "deny" gets new ids, so that the denial reaches the spans.
//
// Baggage goes into headers of the prefix baggage- (WithB3BaggagePrefix), as
// jaeger-client-go has it: nothing is encoded, so items whose key is no token or
// whose value has control characters are left out. The limits are those of
// HTTPHeaders. The headers of Headers.DebugID and Headers.Baggage work as in it.
// The firehose flag and W3C's trace state are not part of the format.
type B3 struct{ t text }

// NewB3 returns the format that writes x-b3- headers.
func NewB3(opts ...Option) *B3 { return &B3{newText(newNames(opts), true, b3Format)} }

// NewB3Single returns the format that writes the b3 header. NewMulti(NewB3(),
// NewB3Single()) writes both.
func NewB3Single(opts ...Option) *B3 { return &B3{newText(newNames(opts), true, b3SingleFormat)} }

// Inject writes the parts that sc has, as HTTPHeaders does. Where it writes ids
// to a map it also removes B3 headers that are left from another context. The
// parent id is left out where it is zero, and from a b3 header without a
// sampling state.
func (p *B3) Inject(sc model.SpanContext, carrier any) error { return p.t.Inject(sc, carrier) }

// Extract reads a context, see Propagator. Ids have hex digits of either case and
// may lack leading zeros; a trace id of zero counts as none. x-b3-sampled may
// also be true or false. Of several values of one header the first that is not
// empty counts.
func (p *B3) Extract(carrier any) (model.SpanContext, error) { return p.t.Extract(carrier) }

func (p *B3) headers() *text { return &p.t }

// b3State is 0 where the decision is open.
func b3State(sc model.SpanContext) byte {
	switch flags := sc.Flags(); {
	case sc.Sampling().Undecided():
		return 0
	case flags&model.FlagSampled == 0:
		return '0'
	case flags&model.FlagDebug != 0:
		return 'd'
	}
	return '1'
}

func appendB3(b []byte, sc model.SpanContext) []byte {
	b = append(sc.TraceID().AppendHex(b), '-')
	b = sc.SpanID().AppendHex(b)
	state := b3State(sc)
	if state == 0 {
		return b
	}
	b = append(b, '-', state)
	if parent := sc.ParentID(); parent != 0 {
		b = parent.AppendHex(append(b, '-'))
	}
	return b
}

func appendB3Headers(b []byte, sc model.SpanContext, w *idHeaders) []byte {
	b = w.end(b3TraceID, sc.TraceID().AppendHex(b))
	b = w.end(b3SpanID, sc.SpanID().AppendHex(b))
	if parent := sc.ParentID(); parent != 0 {
		b = w.end(b3ParentID, parent.AppendHex(b))
	}
	switch state := b3State(sc); state {
	case 0:
	case 'd':
		b = w.end(b3Flags, append(b, '1'))
	default:
		b = w.end(b3Sampled, append(b, state))
	}
	return b
}

func injectB3Items(sc model.SpanContext, w opentracing.TextMapWriter, prefix string) {
	eachCarried(sc, func(key, value string) {
		if badTokenByte(key) < 0 && !hasControl(value) {
			w.Set(prefix+key, value)
		}
	})
}

// hasControl reports what net/http refuses in a header's value.
func hasControl(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return true
		}
	}
	return false
}

// readB3 falls back to the headers where the single one is damaged.
func (o *others) readB3(c *model.SpanContextConfig) error {
	var single error
	if s := o.list[b3Single].value; s != "" {
		lone, reason := parseB3(s, c)
		if o.lone = lone; reason != "" {
			single = corrupted(fixed[b3Single].lower, s, reason)
		} else if c.TraceID.IsValid() {
			return nil
		}
		*c = model.SpanContextConfig{}
	}
	if at, reason := o.parseB3Headers(c); reason != "" && single == nil {
		single = corrupted(fixed[at].lower, o.list[at].value, reason)
	}
	if c.TraceID.IsValid() {
		return nil
	}
	return single
}

// parseB3 reads trace-span, trace-span-state, trace-span-state-parent, and
// trace-span-parent, which Zipkin's clients write where the state is open. A
// state alone is returned as lone.
func parseB3(s string, c *model.SpanContextConfig) (lone byte, reason string) {
	if len(s) > 68 {
		return 0, "longer than any b3 header"
	}
	if s == "0" || s == "1" || s == "d" {
		return s[0], ""
	}
	trace, rest, ok := strings.Cut(s, "-")
	span, rest, more := strings.Cut(rest, "-")
	if !ok {
		return 0, "want trace-span-state-parent, the last two optional, or a state of 0, 1 or d"
	}
	state, parent, last := strings.Cut(rest, "-")
	if more && !last && len(state) == 16 {
		state, parent, more, last = "", state, false, true
	}
	switch {
	case !more:
		c.Deferred = true
	case state == "1":
		c.Flags = model.FlagSampled
	case state == "d":
		c.Flags = model.FlagSampled | model.FlagDebug
	case state != "0":
		return 0, "state " + shortQuote(state) + ": not 0, 1 or d"
	}
	var good bool
	if c.TraceID, good = parseTraceID(trace); !good {
		return 0, "trace id " + shortQuote(trace) + ": not 1 to 32 hex digits"
	}
	if !c.TraceID.IsValid() {
		return 0, ""
	}
	if c.SpanID, good = parseSpanID(span); !good || c.SpanID == 0 {
		return 0, "span id " + shortQuote(span) + ": not 1 to 16 hex digits, or zero"
	}
	if last {
		if c.ParentID, good = parseSpanID(parent); !good {
			return 0, "parent id " + shortQuote(parent) + ": not 1 to 16 hex digits"
		}
	}
	return 0, ""
}

// parseB3Headers returns which header is damaged and why, and no trace id then.
func (o *others) parseB3Headers(to *model.SpanContextConfig) (at kind, reason string) {
	var c model.SpanContextConfig
	var good bool
	trace, span, parent := o.list[b3TraceID].value, o.list[b3SpanID].value, o.list[b3ParentID].value
	if trace != "" {
		if c.TraceID, good = parseTraceID(trace); !good {
			return b3TraceID, "not 1 to 32 hex digits"
		}
	}
	var state byte
	switch sampled := o.list[b3Sampled].value; {
	case o.list[b3Flags].value == "1":
		state, c.Flags = 'd', model.FlagSampled|model.FlagDebug
	case sampled == "":
		c.Deferred = true
	case sampled == "1" || len(sampled) == 4 && equalFold(sampled, "true"):
		state, c.Flags = '1', model.FlagSampled
	case sampled == "0" || len(sampled) == 5 && equalFold(sampled, "false"):
		state = '0'
	default:
		return b3Sampled, "not 0, 1, true or false"
	}
	if !c.TraceID.IsValid() {
		if o.lone == 0 {
			o.lone = state
		}
		return 0, ""
	}
	if c.SpanID, good = parseSpanID(span); !good || c.SpanID == 0 {
		return b3SpanID, "not 1 to 16 hex digits, or zero"
	}
	if parent != "" {
		if c.ParentID, good = parseSpanID(parent); !good {
			return b3ParentID, "not 1 to 16 hex digits"
		}
	}
	*to = c
	return 0, ""
}

func parseTraceID(s string) (id model.TraceID, ok bool) {
	if len(s) > 32 {
		return id, false
	}
	if n := len(s) - 16; n > 0 {
		if id.High, ok = parseHex(s[:n]); !ok {
			return id, false
		}
		s = s[n:]
	}
	id.Low, ok = parseHex(s)
	return id, ok
}

func parseSpanID(s string) (model.SpanID, bool) {
	v, ok := parseHex(s)
	return model.SpanID(v), ok
}
