// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger/model"
)

// SpanContext is a span's identity, sampling flags and baggage: what crosses a
// process boundary. It never changes and is one pointer wide, so that it goes
// into an interface without an allocation. The zero value is no context, and all
// its methods work.
type SpanContext struct{ c model.SpanContext }

var _ opentracing.SpanContext = SpanContext{}

// traceState is what the drop-in has the spans of a trace share in this process.
type traceState struct {
	made   bool // by NewSpanContext or ContextFromString, and not by a span or a carrier
	values sync.Map
}

// NewSpanContext makes a context of its parts; one that is not sampled leaves
// the decision to the tracer that starts a child of it.
func NewSpanContext(traceID TraceID, spanID, parentID SpanID, sampled bool, baggage map[string]string) SpanContext {
	var flags model.Flags
	if sampled {
		flags = model.FlagSampled
	}
	return madeContext(traceID, spanID, parentID, flags, baggage)
}

func madeContext(traceID TraceID, spanID, parentID SpanID, flags model.Flags, baggage map[string]string) SpanContext {
	var items []model.BaggageItem
	for k, v := range baggage {
		items = append(items, model.BaggageItem{Key: k, Value: v})
	}
	return SpanContext{model.NewSpanContext(model.SpanContextConfig{
		TraceID: model.TraceID(traceID), SpanID: model.SpanID(spanID), ParentID: model.SpanID(parentID),
		Flags: flags, Baggage: items, Deferred: flags == 0, Extension: &traceState{made: true},
	})}
}

// ContextFromString reads what String writes. Flags are hexadecimal, as in the
// other Jaeger clients; the old client read them as decimal.
func ContextFromString(value string) (SpanContext, error) {
	parts := strings.Split(value, ":")
	if len(parts) != 4 {
		return SpanContext{}, fmt.Errorf("span context %q: want trace:span:parent:flags", model.Truncate(value, 100))
	}
	traceID, err := TraceIDFromString(parts[0])
	spanID, err1 := SpanIDFromString(parts[1])
	parentID, err2 := SpanIDFromString(parts[2])
	flags, err3 := strconv.ParseUint(parts[3], 16, 8)
	if err := errors.Join(err, err1, err2, err3); err != nil {
		return SpanContext{}, fmt.Errorf("span context %q: %w", model.Truncate(value, 100), err)
	}
	return madeContext(traceID, spanID, parentID, model.Flags(flags), nil), nil
}

// JaegerContext returns the context as the library behind has it. Its tracers
// find it by this method, too.
func (c SpanContext) JaegerContext() model.SpanContext {
	if !c.c.IsValid() && c.c.IsSampled() {
		if state, ok := c.c.Extension().(*traceState); ok && state.made {
			return withoutFlags(c.c) // a sampled context without ids samples nothing
		}
	}
	return c.c
}

// TraceID returns the trace's id.
func (c SpanContext) TraceID() TraceID { return TraceID(c.c.TraceID()) }

// SpanID returns the span's id.
func (c SpanContext) SpanID() SpanID { return SpanID(c.c.SpanID()) }

// ParentID returns the parent span's id, zero for the root of a trace.
func (c SpanContext) ParentID() SpanID { return SpanID(c.c.ParentID()) }

// Flags returns the flags: 1 sampled, 2 debug, 8 firehose.
func (c SpanContext) Flags() byte { return c.c.Flags() }

// IsSampled reports whether the trace is recorded.
func (c SpanContext) IsSampled() bool { return c.c.IsSampled() }

// IsDebug reports whether the trace was forced.
func (c SpanContext) IsDebug() bool { return c.c.IsDebug() }

// IsFirehose reports whether the trace is to be stored without an index.
func (c SpanContext) IsFirehose() bool { return c.c.IsFirehose() }

// IsValid reports whether the context has a trace and a span id.
func (c SpanContext) IsValid() bool { return c.c.IsValid() }

// IsSamplingFinalized reports whether the sampling decision is taken.
func (c SpanContext) IsSamplingFinalized() bool {
	s := c.c.Sampling()
	return s != nil && !s.Undecided() && !c.c.IsDeferred()
}

// SetFirehose asks Jaeger to store the trace without an index.
func (c SpanContext) SetFirehose() {
	if s := c.c.Sampling(); s != nil {
		s.Set(model.FlagFirehose)
	}
}

// ExtendedSamplingState returns what the trace has under key in this process,
// and the value of initValue, kept from then on, where there is nothing yet.
// It is for a SamplerV2: a trace that has none keeps nothing.
func (c SpanContext) ExtendedSamplingState(key interface{}, initValue func() interface{}) interface{} {
	state, _ := c.c.Extension().(*traceState)
	if state != nil {
		if v, ok := state.values.Load(key); ok {
			return v
		}
	}
	if initValue == nil {
		return nil
	}
	v := initValue()
	if state != nil {
		v, _ = state.values.LoadOrStore(key, v)
	}
	return v
}

// ForeachBaggageItem calls handler for each item until it returns false.
func (c SpanContext) ForeachBaggageItem(handler func(k, v string) bool) {
	if handler != nil {
		c.c.ForeachBaggageItem(handler)
	}
}

// WithBaggageItem returns a context that differs in one item; an empty value
// removes it.
func (c SpanContext) WithBaggageItem(key, value string) SpanContext {
	return SpanContext{c.c.WithBaggageItem(key, value)}
}

// CopyFrom makes c the same as ctx.
func (c *SpanContext) CopyFrom(ctx *SpanContext) {
	if c != nil && ctx != nil {
		*c = *ctx
	}
}

// String returns trace:span:parent:flags in hexadecimal.
func (c SpanContext) String() string { return c.c.String() }

// rebuilt returns a remote context of the parts of c, changed by change.
func rebuilt(c model.SpanContext, change func(*model.SpanContextConfig)) model.SpanContext {
	config := model.SpanContextConfig{
		TraceID: c.TraceID(), SpanID: c.SpanID(), ParentID: c.ParentID(), Flags: c.Flags(),
		DebugID: c.DebugID(), TraceState: c.TraceState(), Extension: c.Extension(), Deferred: c.IsDeferred(),
	}
	c.ForeachBaggageItem(func(k, v string) bool {
		config.Baggage = append(config.Baggage, model.BaggageItem{Key: k, Value: v})
		return true
	})
	change(&config)
	return model.NewSpanContext(config)
}

func withoutFlags(c model.SpanContext) model.SpanContext {
	return rebuilt(c, func(config *model.SpanContextConfig) { config.Flags = 0 })
}

// received is a context that an Extractor of the program's own returned. However
// that made it, it is another process's and its decision final, unless the
// format left it open.
func received(c model.SpanContext) model.SpanContext {
	state, _ := c.Extension().(*traceState)
	if c.Sampling() == nil || c.IsRemote() && (state == nil || !state.made) {
		return c
	}
	return rebuilt(c, func(config *model.SpanContextConfig) { config.Extension, config.Deferred = nil, false })
}

// Reference is a span that another was caused by.
type Reference struct {
	Type    opentracing.SpanReferenceType
	Context SpanContext
}

// selfRefType is known to the library behind, too.
const selfRefType = 99

// SelfRef has StartSpan start a span with the ids, flags and baggage of ctx
// itself.
func SelfRef(ctx SpanContext) opentracing.SpanReference {
	return opentracing.SpanReference{Type: selfRefType, ReferencedContext: ctx}
}
