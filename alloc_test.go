// SPDX-License-Identifier: Apache-2.0

//go:build !race

package jaeger_test

import (
	"net"
	"testing"
	"unsafe"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/internal/proc"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/sampler"
	"github.com/jaegerkit/jaeger/transport"
)

// Seven of them are an allocation of 504 bytes, in a size class of 512.
func TestSpanSize(t *testing.T) {
	if got := unsafe.Sizeof(jaeger.Span{}); got > 72 {
		t.Errorf("a Span takes %d bytes, want at most 72", got)
	}
}

// sixtyRoots is seven to an allocation, where a processor has any to itself.
var sixtyRoots = map[bool]float64{true: 9, false: 60}[proc.Local]

// The counts that the budgets name, beyond what the caller's own options
// cost. The race detector makes sync.Pool drop things, so it is left out.
func TestAllocations(t *testing.T) {
	for _, test := range []struct {
		name string
		want float64
		run  func(b *bench) func()
	}{
		{"unsampled span, 5 tags and 1 log", 1, func(b *bench) func() { return func() { b.span(b.off) } }},
		{"sixty unsampled roots", sixtyRoots, func(b *bench) func() {
			return func() {
				for range 60 {
					b.off.StartSpan("op").Finish()
				}
			}
		}},
		{"unsampled root with what a caller carries", 1, func(b *bench) func() {
			carried := opentracing.ChildOf(model.NewSpanContext(model.SpanContextConfig{Baggage: []model.BaggageItem{{Key: "k", Value: "v"}}}))
			opts := []opentracing.StartSpanOption{carried}
			return func() { b.off.StartSpan("op", opts...).Finish() }
		}},
		{"unsampled root of 128 bits", 1, func(b *bench) func() {
			wide := b.with(jaeger.WithSampler(sampler.NewConst(false)), jaeger.With128BitTraceIDs())
			return func() { wide.StartSpan("op").Finish() }
		}},
		{"sampled span, 5 tags and 1 log", 2, func(b *bench) func() { return func() { b.span(b.on) } }},
		{"unsampled span in a wrapper", 1, func(b *bench) func() {
			return func() {
				w := &wrapped{note: "x"}
				b.off.StartSpanIn(&w.Span, nil, "op")
				w.Finish()
				sink = w
			}
		}},
		{"sampled span, detached", 2, func(b *bench) func() {
			return func() {
				w := &wrapped{note: "x"}
				b.on.StartSpanIn(&w.Span, nil, "op")
				w.Detach(opentracing.FinishOptions{}).Release()
				sink = w
			}
		}},
		{"Context", 0, func(b *bench) func() {
			s := b.on.StartSpan("op")
			return func() { sink = s.Context() }
		}},
		{"inject HTTP headers", 2, func(b *bench) func() {
			sc, h := b.on.StartSpan("op").Context(), opentracing.HTTPHeadersCarrier{}
			return func() { check(b.on.Inject(sc, opentracing.HTTPHeaders, h)) }
		}},
		{"extract HTTP headers", 1, func(b *bench) func() {
			h := opentracing.HTTPHeadersCarrier(b.headers())
			return func() {
				sc, err := b.on.Extract(opentracing.HTTPHeaders, h)
				check(err)
				sink = sc
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			run := test.run(newBench(t))
			if got := testing.AllocsPerRun(1000, run); got > test.want {
				t.Errorf("got %v allocations, want at most %v", got, test.want)
			}
		})
	}
}

// Over UDP a recorded span costs its handle, shared by some, and nothing else.
func TestAllocationsOverUDP(t *testing.T) {
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	udp, err := transport.NewUDP(c.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	tracer, err := jaeger.New("svc", reporter.NewRemote(udp))
	if err != nil {
		t.Fatal(err)
	}
	defer tracer.Close()
	fields := []log.Field{log.String("event", "rendered"), log.Int("items", 3)}
	got := testing.AllocsPerRun(1000, func() {
		s := tracer.StartSpan("op")
		s.SetTag("http.method", "GET").SetTag("http.url", "/cart/4711").SetTag("cached", true)
		s.LogFields(fields...)
		s.Finish()
	})
	if got > 1 {
		t.Errorf("got %v allocations, want 1 at most", got)
	}
}
