// SPDX-License-Identifier: Apache-2.0

package zipkin_test

import (
	"fmt"

	"github.com/opentracing/opentracing-go"

	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/zipkin"
)

func Example() {
	b3 := zipkin.NewZipkinB3HTTPHeaderPropagator()
	tracer, closer := jaeger.NewTracer("shop", jaeger.NewConstSampler(true), jaeger.NewNullReporter(),
		jaeger.TracerOptions.Injector(opentracing.HTTPHeaders, b3),
		jaeger.TracerOptions.Extractor(opentracing.HTTPHeaders, b3))
	defer closer.Close()
	span := tracer.StartSpan("checkout")
	defer span.Finish()
	headers := opentracing.HTTPHeadersCarrier{}
	if err := tracer.Inject(span.Context(), opentracing.HTTPHeaders, headers); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(headers["X-B3-Sampled"])
	// Output: [1]
}
