// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"testing"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/propagation"
	"github.com/jaegerkit/jaeger/reporter"
)

// A service that records nothing takes no decision for those behind it, neither
// on a trace it would have begun nor on one whose decision was left open.
func TestDisabledLeavesTheDecision(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		p        propagation.Propagator
		incoming opentracing.HTTPHeadersCarrier
		want     map[string]string // of what goes out, "" is absent
	}{
		{"its own, jaeger", propagation.NewHTTPHeaders(), nil, map[string]string{"Uber-Trace-Id": "", "Uberctx-K": "v"}},
		{"its own, b3", propagation.NewB3(), nil, map[string]string{"X-B3-Traceid": "", "X-B3-Sampled": ""}},
		{"its own, w3c", propagation.NewW3C(), nil, map[string]string{"Traceparent": "", "Baggage": "k=v"}},
		{"open, b3", propagation.NewB3(), opentracing.HTTPHeadersCarrier{"X-B3-Traceid": {"000000000000000a"}, "X-B3-Spanid": {"000000000000000b"}},
			map[string]string{"X-B3-Traceid": "000000000000000a", "X-B3-Sampled": ""}},
		{"denied, b3", propagation.NewB3(), opentracing.HTTPHeadersCarrier{"B3": {"000000000000000a-000000000000000b-0"}},
			map[string]string{"X-B3-Traceid": "000000000000000a", "X-B3-Sampled": "0"}},
		{"sampled, jaeger", propagation.NewHTTPHeaders(), opentracing.HTTPHeadersCarrier{"Uber-Trace-Id": {"a:b:0:1"}},
			map[string]string{"Uberctx-K": "v"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			tracer, err := jaeger.New("s", reporter.NewDiscard(), jaeger.WithoutRecording(), jaeger.WithPropagator(opentracing.HTTPHeaders, test.p))
			if err != nil {
				t.Fatal(err)
			}
			defer tracer.Close()
			var opts []opentracing.StartSpanOption
			if sc, err := tracer.Extract(opentracing.HTTPHeaders, test.incoming); err == nil {
				opts = append(opts, opentracing.ChildOf(sc))
			}
			root := tracer.StartSpan("op", opts...).SetBaggageItem("k", "v")
			span := tracer.StartSpan("child", opentracing.ChildOf(root.Context())).SetTag("a", 1).SetOperationName("b")
			out := opentracing.HTTPHeadersCarrier{}
			if err := tracer.Inject(span.Context(), opentracing.HTTPHeaders, out); err != nil {
				t.Fatal(err)
			}
			span.Finish()
			root.Finish()
			for key, want := range test.want {
				if got := first(out[key]); got != want {
					t.Errorf("%s: got %q, want %q", key, got, want)
				}
			}
			if s := tracer.Stats(); s.Open != 0 || s.Unsampled != 2 || s.Started != 2 {
				t.Errorf("counts: %+v", s)
			}
		})
	}
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
