// SPDX-License-Identifier: Apache-2.0

package propagation

import (
	"math/rand/v2"
	"strings"

	"github.com/jaegerkit/jaeger/model"
	"github.com/opentracing/opentracing-go"
)

// plain is context for the usual carrier of Jaeger's format: ids and nothing else.
func (t *text) plain(f *found) (model.SpanContext, error) {
	var c model.SpanContextConfig
	switch {
	case f.trace.name == "":
		return model.SpanContext{}, opentracing.ErrSpanContextNotFound
	case !t.parse(f.trace.value, &c):
		return model.SpanContext{}, traceError(t.trace, f.trace.value)
	case !c.TraceID.IsValid():
		return model.SpanContext{}, opentracing.ErrSpanContextNotFound
	}
	return model.NewRemoteContext(c.TraceID, c.SpanID, c.ParentID, c.Flags), nil
}

// context makes the context of what was found: the ids of the first format that
// has good ones, and the baggage of all.
func (t *text) context(f *found, o *others) (model.SpanContext, error) {
	var c model.SpanContextConfig
	var damaged error
	for _, r := range t.reads {
		if err := t.readIDs(r, f, o, &c); err != nil {
			if damaged == nil {
				damaged = err
			}
		} else if c.TraceID.IsValid() && (c.SpanID != 0 || len(t.reads) == 1) {
			break
		}
		c = model.SpanContextConfig{}
	}
	if damaged != nil && !c.TraceID.IsValid() {
		return model.SpanContext{}, damaged
	}
	if o != nil {
		t.readOthers(f, o, &c)
	}
	if f.rest != nil {
		t.readRest(f.rest, &c)
	}
	if o != nil && o.lone != 0 && !c.TraceID.IsValid() && c.DebugID == "" {
		decideWithoutIDs(o.lone, &c)
	}
	if !c.TraceID.IsValid() && len(c.Baggage) == 0 && c.DebugID == "" && c.Flags == 0 {
		return model.SpanContext{}, opentracing.ErrSpanContextNotFound
	}
	return model.NewSpanContext(c), nil
}

// readIDs leaves c without a trace id where the format has none.
func (t *text) readIDs(r format, f *found, o *others, c *model.SpanContextConfig) error {
	switch r {
	case w3cFormat:
		return o.readW3C(c)
	case b3Format:
		return o.readB3(c)
	}
	if f.trace.name != "" && !t.parse(f.trace.value, c) {
		return traceError(t.trace, f.trace.value)
	}
	return nil
}

// readOthers keeps the trace state also where the ids were taken from another
// format that names the same trace, as in fleets that send several.
func (t *text) readOthers(f *found, o *others, c *model.SpanContextConfig) {
	if parent := o.list[traceParent].value; parent != "" && c.TraceID.IsValid() {
		var w3c model.SpanContextConfig
		if parseTraceParent(trimSpace(parent), &w3c) == "" && w3c.TraceID == c.TraceID {
			c.TraceState = strings.Clone(readTraceState(o.list[traceState].value))
		}
	}
	if list := o.list[w3cBaggage].value; list != "" {
		f.more().of(t.place[w3cFormat]).addW3C(list)
	}
}

// readRest takes the list last, so that what a person wrote by hand wins over
// what programs passed on.
func (t *text) readRest(r *rest, c *model.SpanContextConfig) {
	for _, later := range r.later {
		if later != nil {
			r.baggage.addMissing(later.list)
		}
	}
	if r.list.name != "" {
		r.baggage.addList(r.list.value)
	}
	if r.debugID.name != "" {
		c.DebugID = t.readDebugID(r.debugID.value)
	}
	c.Baggage = r.baggage.list
}

// decideWithoutIDs keeps what B3 says of a request that has no ids yet. A denial
// can reach the spans of this process and those behind it only in a context that
// has ids, so it gets some; no span of theirs is ever reported. An accepted or
// debugged trace must not have a parent that nobody reports.
func decideWithoutIDs(state byte, c *model.SpanContextConfig) {
	switch state {
	case 'd':
		c.DebugID = fixed[b3Single].lower
	case '1':
		c.Flags = model.FlagSampled
	case '0':
		c.TraceID.Low = rand.Uint64() | 1
		c.SpanID = model.SpanID(c.TraceID.Low)
	}
}

func (t *text) parse(s string, c *model.SpanContextConfig) bool {
	if parsePadded(s, c) {
		return true
	}
	if len(s) > maxTraceBytes {
		return false
	}
	*c = model.SpanContextConfig{}
	if t.escaped && strings.IndexByte(s, '%') >= 0 {
		return parseEscaped(s, c)
	}
	return parseTrace(s, c)
}

func parseEscaped(s string, c *model.SpanContextConfig) bool {
	var buf [maxTraceBytes]byte
	return parseTrace(appendUnescaped(buf[:0], s, true), c)
}

// readDebugID cuts an id that no person wrote; as a tag it is cut further.
func (t *text) readDebugID(s string) string {
	if !t.escaped {
		return strings.Clone(model.Truncate(s, maxItemBytes))
	}
	if len(s) > 3*maxItemBytes {
		s = s[:3*maxItemBytes]
	}
	return model.Truncate(string(appendUnescaped(nil, s, false)), maxItemBytes)
}
