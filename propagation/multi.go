// SPDX-License-Identifier: Apache-2.0

package propagation

import (
	"errors"
	"reflect"
	"slices"

	"github.com/jaegerkit/jaeger/model"
	"github.com/opentracing/opentracing-go"
)

// Multi is several formats at once, for fleets that do not all speak the same.
// The header formats of this package are read in one walk over the carrier and
// written with the two allocations of one format; baggage costs more.
type Multi struct{ list []Propagator }

// NewMulti returns the formats in their order of preference. A nil among them is
// passed over. Propagators of one's own may be among them.
func NewMulti(propagators ...Propagator) *Multi {
	m := &Multi{}
	for _, p := range propagators {
		if p == nil || isNil(p, reflect.Pointer, reflect.Func, reflect.Map) {
			continue
		}
		if other, ok := p.(*Multi); ok {
			for _, p := range other.list {
				m.add(p)
			}
			continue
		}
		m.add(p)
	}
	return m
}

// add puts p behind the others, together with the last of them if it can be, or
// with one that reads the same, as B3's two forms do: apart, each would remove
// what the other wrote.
func (m *Multi) add(p Propagator) {
	if h, ok := p.(interface{ headers() *text }); ok {
		p = h.headers()
	}
	if t, ok := p.(*text); ok {
		for i, other := range m.list {
			other, ok := other.(*text)
			if !ok {
				continue
			}
			sameForm := other.b3Items && slices.Equal(t.reads, []format{b3Format})
			if both, ok := merge(other, t); ok && (sameForm || i == len(m.list)-1) {
				m.list[i] = both
				return
			}
		}
	}
	m.list = append(m.list, p)
}

// Inject writes all formats. Where two write the same header the first of them
// counts. One that fails does not keep the others from writing; the error is that
// of the first.
func (m *Multi) Inject(sc model.SpanContext, carrier any) error {
	var first error
	for _, p := range slices.Backward(m.list) {
		if err := p.Inject(sc, carrier); err != nil {
			first = err
		}
	}
	return first
}

// Extract takes ids and flags of the first format that has an undamaged context;
// if only damaged ones are there, the error is that of the first. Baggage, the
// debug id and the trace state of the others are added: an item counts as it
// stands in the first format that has its key, upper or lower case being the same,
// and a trace state only where the trace id is the same, too.
//
// Of a damaged format nothing is taken, unless it is read in one walk with others.
//
// A format that cannot use the carrier is passed over, unless none can. A carrier
// that can be read only once is for one format, or several of this package's
// header formats.
func (m *Multi) Extract(carrier any) (model.SpanContext, error) {
	if len(m.list) == 1 {
		return m.list[0].Extract(carrier)
	}
	var got model.SpanContext
	var damaged error
	usable := len(m.list) == 0
	for _, p := range m.list {
		sc, err := p.Extract(carrier)
		if !errors.Is(err, opentracing.ErrInvalidCarrier) {
			usable = true
			if err != nil && damaged == nil && !errors.Is(err, opentracing.ErrSpanContextNotFound) {
				damaged = err
			}
		}
		if err == nil {
			got = combine(got, sc)
		}
	}
	switch {
	case !usable:
		return model.SpanContext{}, opentracing.ErrInvalidCarrier
	case damaged != nil && !got.IsValid():
		return model.SpanContext{}, damaged
	case got == model.SpanContext{}:
		return model.SpanContext{}, opentracing.ErrSpanContextNotFound
	}
	return got, nil
}

// combine returns what two formats say together. It makes a new context only
// where the second adds something.
func combine(first, second model.SpanContext) model.SpanContext {
	switch {
	case first == model.SpanContext{}:
		return second
	case second == model.SpanContext{}:
		return first
	}
	ids := first
	if !first.IsValid() && second.IsValid() {
		ids = second
	}
	if ids.IsValid() && !ids.IsRemote() {
		return ids // InProcess: it shares the sampling state of its trace
	}
	c := model.SpanContextConfig{
		TraceID: ids.TraceID(), SpanID: ids.SpanID(), ParentID: ids.ParentID(), Flags: ids.Flags(), Deferred: ids.IsDeferred(),
		DebugID: first.DebugID(), TraceState: ids.TraceState(),
	}
	if c.DebugID == "" {
		c.DebugID = second.DebugID()
	}
	if c.TraceState == "" && first.TraceID() == second.TraceID() {
		c.TraceState = second.TraceState()
	}
	var all items
	for _, sc := range []model.SpanContext{first, second} {
		var list []model.BaggageItem
		sc.ForeachBaggageItem(func(key, value string) bool {
			list = append(list, model.BaggageItem{Key: key, Value: value})
			return true
		})
		all.addMissing(list)
	}
	if ids == first && c.DebugID == ids.DebugID() && c.TraceState == ids.TraceState() && len(all.list) == ids.BaggageLen() {
		return ids
	}
	c.Baggage = all.list
	return model.NewSpanContext(c)
}
