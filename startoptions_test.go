// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"testing"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
)

var serverKind = ext.SpanKindRPCServerEnum

func serverOf(sc opentracing.SpanContext) opentracing.StartSpanOption { return ext.RPCServerOption(sc) }

// shared is an option whose map and slice are its own.
type shared struct {
	tags map[string]any
	refs []opentracing.SpanReference
}

func (o shared) Apply(s *opentracing.StartSpanOptions) { s.Tags, s.References = o.tags, o.refs }

func TestForeignOptionKeepsWhatItOwns(t *testing.T) {
	tracer, kept := newTracer(t)
	o := shared{map[string]any{"a": 1}, []opentracing.SpanReference{opentracing.ChildOf(remote(1, 2, 1))}}
	together(4, func(int) {
		for range 100 {
			tracer.StartSpan("x", o).Finish()
			tracer.StartSpan("y", ext.RPCServerOption(remote(3, 4, 1))).Finish()
		}
	})
	if len(o.tags) != 1 || o.refs[0].ReferencedContext == nil {
		t.Errorf("got %v, want the option left alone", o)
	}
	for _, span := range kept.Spans() {
		want := "a=int64(1)"
		if span.Operation == "y" {
			want = "span.kind=string(server)"
		}
		if set(span) != want || len(span.References) != 1 {
			t.Fatalf("got %s %s %v, want %s", span.Operation, set(span), span.References, want)
		}
	}
}

func TestOptionsCountInTheirOrder(t *testing.T) {
	tracer, kept := newTracer(t)
	a, b := remote(0xa, 0xa1, 1), remote(0xb, 0xb1, 1)
	tracer.StartSpan("op", ext.RPCServerOption(a), opentracing.ChildOf(b), opentracing.Tag{Key: "span.kind", Value: "client"}).Finish()
	got := only(t, kept)
	if kind, _ := got.Tag("span.kind"); got.TraceID.Low != 0xa || kind.Str() != "client" || len(got.References) != 2 {
		t.Errorf("got trace %v kind %s references %v", got.TraceID, kind.Str(), got.References)
	}
	kept.Reset()
	tracer.StartSpan("op", opentracing.Tag{Key: "k", Value: 1}, shared{tags: map[string]any{"k": 2}}, opentracing.Tag{Key: "k", Value: 3}).Finish()
	if got, want := set(only(t, kept)), "k=int64(3)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

type panicOption struct{ opentracing.StartTime }

func (panicOption) Apply(*opentracing.StartSpanOptions) { panic("option") }

func TestForeignOptions(t *testing.T) {
	tracer, kept := newTracer(t)
	var none *opentracing.Tag
	tracer.StartSpan("op", none, panicOption{}, opentracing.Tag{Key: "a", Value: 1}).Finish()
	if got, want := set(only(t, kept)), "a=int64(1)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
