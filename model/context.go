// SPDX-License-Identifier: Apache-2.0

package model

// Flags travel with a context in the last part of the uber-trace-id header.
type Flags = uint8

const (
	// FlagSampled says the trace is recorded.
	FlagSampled Flags = 1
	// FlagDebug asks every later sampler to keep the trace.
	FlagDebug Flags = 2
	// FlagFirehose asks the backend to store the span without indexing it.
	FlagFirehose Flags = 8
)

// SpanContext is a span's identity, sampling flags and baggage: what crosses a
// process boundary. It is an immutable value one pointer wide, so it is copied
// and boxed into an interface without allocating, and is safe from any
// goroutine. The zero value is valid to use and IsValid reports false on it.
//
// One thing may differ between two reads of the same value: the flags of a
// local trace, where someone forces the sampling decision in between.
type SpanContext struct{ d *ContextData }

// SpanContextConfig are the parts of a context that came from elsewhere.
type SpanContextConfig struct {
	TraceID  TraceID
	SpanID   SpanID
	ParentID SpanID // zero where the sender did not say
	Flags    Flags
	// Baggage is owned by the context from here on; a later item replaces an
	// earlier one of the same key only if the caller saw to it.
	Baggage []BaggageItem
	// DebugID is the value of a jaeger-debug-id header, which asks for a new,
	// always recorded trace that carries it as a tag.
	DebugID string
	// TraceState is W3C's tracestate as it was received. It is carried to every
	// descendant, like baggage, and never looked into.
	TraceState string
	// Extension is a value of a wrapper's own that goes with the context to all
	// descendants in this process, and never over the wire. Nil for everybody else.
	Extension any
	// Deferred says that the sender left the sampling decision to the receiver,
	// as B3 without a sampling state does. Flags are then zero.
	Deferred bool
}

// BaggageItem is one key and value carried along the whole trace.
type BaggageItem struct{ Key, Value string }

// NewSpanContext makes a remote context: one allocation, two with baggage, a
// debug id or a trace state.
func NewSpanContext(c SpanContextConfig) SpanContext {
	sc := NewRemoteContext(c.TraceID, c.SpanID, c.ParentID, c.Flags)
	if c.Deferred {
		sc.d.own.bits |= undecidedBit
	}
	sc.d.lineage.extra = newExtra(contextExtra{baggage: c.Baggage, debugID: c.DebugID, traceState: c.TraceState, extension: c.Extension})
	return sc
}

// NewRemoteContext is NewSpanContext for a context of ids and flags alone, as most
// are: it saves copying what is not there, a twentieth of an Extract.
func NewRemoteContext(t TraceID, span, parent SpanID, f Flags) SpanContext {
	r := &apart{}
	r.low, r.ContextData.lineage, r.own.bits = t.Low, &r.lineage, uint32(f)|remoteBit|madeBit
	r.lineage.high, r.lineage.spanID, r.lineage.parentID, r.lineage.sampling = t.High, span, parent, &r.own
	return SpanContext{&r.ContextData}
}

// TraceID returns the trace's id, zero for a context of only baggage or a debug id.
func (c SpanContext) TraceID() TraceID {
	if c.d == nil {
		return TraceID{}
	}
	return TraceID{High: c.d.high(), Low: c.d.low}
}

// SpanID returns the span's id.
func (c SpanContext) SpanID() SpanID {
	if c.d == nil {
		return 0
	}
	if l := c.d.lineage; l != nil {
		return l.spanID
	}
	return SpanID(c.d.low)
}

// ParentID returns the parent span's id, zero for the root of a trace.
func (c SpanContext) ParentID() SpanID {
	if c.d == nil || c.d.lineage == nil {
		return 0
	}
	return c.d.lineage.parentID
}

// extra is what few contexts carry, else nil.
func (c SpanContext) extra() *contextExtra {
	if c.d == nil || c.d.lineage == nil {
		return nil
	}
	return c.d.lineage.extra
}

// Flags returns the flags as they stand now.
func (c SpanContext) Flags() Flags {
	if c.d == nil {
		return 0
	}
	return Flags(c.d.State())
}

// IsSampled reports whether the trace is recorded.
func (c SpanContext) IsSampled() bool { return c.Flags()&FlagSampled != 0 }

// IsDebug reports whether the trace was forced with the debug flag.
func (c SpanContext) IsDebug() bool { return c.Flags()&FlagDebug != 0 }

// IsFirehose reports whether the firehose flag is set.
func (c SpanContext) IsFirehose() bool { return c.Flags()&FlagFirehose != 0 }

// IsValid reports whether both ids are set, so that a child can continue the trace.
func (c SpanContext) IsValid() bool {
	if c.d == nil {
		return false
	}
	if l := c.d.lineage; l != nil {
		return l.spanID != 0 && c.d.low|l.high != 0
	}
	return c.d.low != 0
}

// IsRemote reports whether the context came through a carrier or
// NewSpanContext rather than from a span of this process.
func (c SpanContext) IsRemote() bool {
	return c.d != nil && c.d.State()&remoteBit != 0
}

// IsDeferred reports whether the context came from elsewhere without a sampling
// decision, which is then the receiver's to take.
func (c SpanContext) IsDeferred() bool { return c.IsRemote() && c.d.State().Undecided() }

// TraceState returns W3C's tracestate as it was received, "" without one.
func (c SpanContext) TraceState() string {
	if e := c.extra(); e != nil {
		return e.traceState
	}
	return ""
}

// Extension returns what NewSpanContext was given as such, nil without one.
func (c SpanContext) Extension() any {
	if e := c.extra(); e != nil {
		return e.extension
	}
	return nil
}

// DebugID returns the jaeger-debug-id the caller sent, "" without one.
func (c SpanContext) DebugID() string {
	if e := c.extra(); e != nil {
		return e.debugID
	}
	return ""
}

// Sampling returns the state that the local spans of this trace share, nil for
// the zero context.
func (c SpanContext) Sampling() *Sampling {
	if c.d == nil {
		return nil
	}
	return c.d.sampling()
}

// String returns trace:span:parent:flags in hex, the uber-trace-id form.
func (c SpanContext) String() string { return string(c.AppendTo(make([]byte, 0, 70))) }

// AppendTo appends what String returns; at most 70 bytes.
func (c SpanContext) AppendTo(b []byte) []byte {
	b = append(c.TraceID().AppendHex(b), ':')
	b = append(c.SpanID().AppendHex(b), ':')
	b = append(c.ParentID().AppendHex(b), ':')
	f := c.Flags()
	if f > 15 {
		b = append(b, hexDigits[f>>4])
	}
	return append(b, hexDigits[f&15])
}
