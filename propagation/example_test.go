// SPDX-License-Identifier: Apache-2.0

package propagation_test

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/propagation"
	"github.com/opentracing/opentracing-go"
)

func ExampleHTTPHeaders() {
	p := propagation.NewHTTPHeaders()

	header := http.Header{}
	sc := model.NewSpanContext(model.SpanContextConfig{TraceID: model.TraceID{Low: 0x1122}, SpanID: 0x1122, Flags: model.FlagSampled})
	if err := p.Inject(sc.WithBaggageItem("tenant", "blue team"), header); err != nil {
		fmt.Println(err)
	}
	fmt.Println(header)

	back, err := p.Extract(header)
	fmt.Println(back, back.BaggageItem("tenant"), err)

	_, err = p.Extract(http.Header{})
	fmt.Println(errors.Is(err, opentracing.ErrSpanContextNotFound))

	_, err = p.Extract(http.Header{"Uber-Trace-Id": {"rubbish"}})
	fmt.Println(err)
	// Output:
	// map[Uber-Trace-Id:[0000000000001122:0000000000001122:0000000000000000:1] Uberctx-Tenant:[blue%20team]]
	// 0000000000001122:0000000000001122:0000000000000000:1 blue team <nil>
	// true
	// uber-trace-id "rubbish": want 4 parts separated by colons: trace:span:parent:flags: opentracing: SpanContext data corrupted in Extract carrier
}

func ExampleWithHeaders() {
	names, err := propagation.WithHeaders(propagation.Headers{Trace: "X-Trace-Id"})
	if err != nil {
		fmt.Println(err)
		return
	}
	p := propagation.NewTextMap(names)
	sc, err := p.Extract(opentracing.TextMapCarrier{"x-trace-id": "1122:1122:0:1"})
	fmt.Println(sc, err)

	_, err = propagation.WithHeaders(propagation.Headers{Trace: "x trace id"})
	fmt.Println(err)
	// Output:
	// 0000000000001122:0000000000001122:0000000000000000:1 <nil>
	// trace header "x trace id": ' ' may not stand in a header name
}

func ExampleNewMulti() {
	// A fleet on its way from Jaeger's headers to W3C's, with Zipkin's still about.
	p := propagation.NewMulti(propagation.NewHTTPHeaders(), propagation.NewW3C(), propagation.NewB3Single())

	sc, err := p.Extract(http.Header{
		"Traceparent": {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
		"Tracestate":  {"congo=t61rcWkgMzE"},
		"Baggage":     {"tenant=blue%20team"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sc, sc.BaggageItem("tenant"))

	header := http.Header{}
	if err := p.Inject(sc, header); err != nil {
		fmt.Println(err)
	}
	for _, name := range []string{"uber-trace-id", "uberctx-tenant", "traceparent", "tracestate", "baggage", "b3", "baggage-tenant"} {
		fmt.Println(name+":", header.Get(name))
	}
	// Output:
	// 4bf92f3577b34da6a3ce929d0e0e4736:00f067aa0ba902b7:0000000000000000:1 blue team
	// uber-trace-id: 4bf92f3577b34da6a3ce929d0e0e4736:00f067aa0ba902b7:0000000000000000:1
	// uberctx-tenant: blue%20team
	// traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
	// tracestate: congo=t61rcWkgMzE
	// baggage: tenant=blue%20team
	// b3: 4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1
	// baggage-tenant: blue team
}

func ExampleNewB3() {
	p := propagation.NewB3()
	sc, err := p.Extract(http.Header{"B3": {"80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-d"}})
	fmt.Println(sc, sc.IsDebug(), err)

	header := http.Header{}
	fmt.Println(p.Inject(sc, header))
	fmt.Println(header)
	// Output:
	// 80f198ee56343ba864fe8b2a57d3eff7:e457b5a2e4d86bd1:0000000000000000:3 true <nil>
	// <nil>
	// map[X-B3-Flags:[1] X-B3-Spanid:[e457b5a2e4d86bd1] X-B3-Traceid:[80f198ee56343ba864fe8b2a57d3eff7]]
}
