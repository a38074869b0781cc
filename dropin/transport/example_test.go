// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"fmt"

	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/transport"
)

func Example() {
	sender := transport.NewHTTPTransport("http://127.0.0.1:14268/api/traces", transport.HTTPBasicAuth("user", "secret"))
	tracer, closer := jaeger.NewTracer("shop", jaeger.NewConstSampler(false), jaeger.NewRemoteReporter(sender))
	defer closer.Close()
	span := tracer.StartSpan("checkout") // not sampled, so nothing is sent
	defer span.Finish()
	fmt.Println(span.(*jaeger.Span).OperationName())
	// Output: checkout
}
