// SPDX-License-Identifier: Apache-2.0

package model

// BaggageItem returns the value carried under key, "" without one.
func (c SpanContext) BaggageItem(key string) string {
	for _, item := range c.baggage() {
		if item.Key == key {
			return item.Value
		}
	}
	return ""
}

// BaggageLen returns how many items are carried.
func (c SpanContext) BaggageLen() int { return len(c.baggage()) }

// ForeachBaggageItem calls handler for each item in the order they were set,
// until it returns false. It implements opentracing.SpanContext.
func (c SpanContext) ForeachBaggageItem(handler func(key, value string) bool) {
	for _, item := range c.baggage() {
		if !handler(item.Key, item.Value) {
			return
		}
	}
}

// WithBaggageItem returns a context that differs in one baggage item; an empty
// value removes it. The cost is a copy of the baggage.
func (c SpanContext) WithBaggageItem(key, value string) SpanContext {
	old := c.baggage()
	items := make([]BaggageItem, 0, len(old)+1)
	placed := value == ""
	for _, item := range old {
		if item.Key != key {
			items = append(items, item)
		} else if !placed {
			items, placed = append(items, BaggageItem{key, value}), true
		}
	}
	if !placed {
		items = append(items, BaggageItem{key, value})
	}
	if c.d == nil {
		return NewSpanContext(SpanContextConfig{Baggage: items})
	}
	r := &apart{}
	r.low, r.ContextData.lineage = c.d.low, &r.lineage
	r.lineage = Lineage{high: c.d.high(), spanID: c.SpanID(), parentID: c.ParentID(), sampling: c.d.sampling()}
	if r.lineage.sampling == nil {
		r.lineage.sampling = &r.own
	}
	r.lineage.extra = newExtra(contextExtra{baggage: items, debugID: c.DebugID(), traceState: c.TraceState(), extension: c.Extension()})
	return SpanContext{&r.ContextData}
}

func (c SpanContext) baggage() []BaggageItem {
	if e := c.extra(); e != nil {
		return e.baggage
	}
	return nil
}
