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
