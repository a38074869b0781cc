// SPDX-License-Identifier: Apache-2.0

package propagation_test

import (
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/propagation"
	"github.com/opentracing/opentracing-go"
)

// zipkinSpan is such a carrier as TChannel has.
type zipkinSpan struct {
	trace, span, parent uint64
	flags               byte
}

func (z *zipkinSpan) TraceID() uint64      { return z.trace }
func (z *zipkinSpan) SpanID() uint64       { return z.span }
func (z *zipkinSpan) ParentID() uint64     { return z.parent }
func (z *zipkinSpan) Flags() byte          { return z.flags }
func (z *zipkinSpan) SetTraceID(v uint64)  { z.trace = v }
func (z *zipkinSpan) SetSpanID(v uint64)   { z.span = v }
func (z *zipkinSpan) SetParentID(v uint64) { z.parent = v }
func (z *zipkinSpan) SetFlags(v byte)      { z.flags = v }

func TestZipkinSpan(t *testing.T) {
	t.Parallel()
	p := propagation.NewZipkinSpan()
	for _, test := range []struct {
		name string
		in   model.SpanContextConfig
		want zipkinSpan
	}{
		{"64 bits", model.SpanContextConfig{TraceID: model.TraceID{Low: 1 << 63}, SpanID: 2, ParentID: 3, Flags: 11}, zipkinSpan{1 << 63, 2, 3, 11}},
		{"128 bits", model.SpanContextConfig{TraceID: model.TraceID{High: 9, Low: 1}, SpanID: 2, Flags: 1}, zipkinSpan{1, 2, 0, 1}},
		{"deferred", model.SpanContextConfig{TraceID: model.TraceID{Low: 1}, SpanID: 2, Deferred: true}, zipkinSpan{1, 2, 0, 0}},
		{"no ids", model.SpanContextConfig{Baggage: pairs("k", "v"), Flags: 1}, zipkinSpan{}},
	} {
		var got zipkinSpan
		if err := p.Inject(model.NewSpanContext(test.in), &got); err != nil || got != test.want {
			t.Errorf("%s: got %v, error %v; want %v", test.name, got, err, test.want)
		}
		want := model.NewSpanContext(model.SpanContextConfig{
			TraceID: model.TraceID{Low: test.want.trace}, SpanID: model.SpanID(test.want.span), ParentID: model.SpanID(test.want.parent), Flags: test.want.flags,
		})
		sc, err := p.Extract(&got)
		if test.want.trace == 0 {
			if err != opentracing.ErrSpanContextNotFound {
				t.Errorf("%s: got %s, want nothing", test.name, describeAll(sc, err))
			}
		} else if err != nil || describe(sc) != describe(want) {
			t.Errorf("%s: got %s, want %s", test.name, describeAll(sc, err), describe(want))
		}
	}
}

func TestInProcess(t *testing.T) {
	t.Parallel()
	p := propagation.NewInProcess()
	var data model.ContextData
	data.InitRoot(model.TraceID{Low: 1}, 1, 0, 1, model.SpanContext{}, nil)
	var carrier model.SpanContext
	if _, err := p.Extract(&carrier); err != opentracing.ErrSpanContextNotFound {
		t.Errorf("got %v from a zero context", err)
	}
	if err := p.Inject(data.Context(), &carrier); err != nil || carrier != data.Context() {
		t.Errorf("got %v, error %v", carrier, err)
	}
	if got, err := p.Extract(&carrier); err != nil || got != data.Context() {
		t.Errorf("got %v, error %v; want the context itself", got, err)
	}
}

func TestCarriersOfOtherKinds(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]propagation.Propagator{propagation.ZipkinSpanFormat: propagation.NewZipkinSpan(), propagation.SpanContextFormat: propagation.NewInProcess()} {
		for _, carrier := range []any{nil, 1, opentracing.TextMapCarrier{}, (*zipkinSpan)(nil), (*model.SpanContext)(nil), model.SpanContext{}} {
			if err := p.Inject(sampled, carrier); err != opentracing.ErrInvalidCarrier {
				t.Errorf("%s: inject into %T: got %v", name, carrier, err)
			}
			if _, err := p.Extract(carrier); err != opentracing.ErrInvalidCarrier {
				t.Errorf("%s: extract from %T: got %v", name, carrier, err)
			}
		}
	}
}
