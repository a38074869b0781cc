// SPDX-License-Identifier: Apache-2.0

package zipkin_test

import (
	"fmt"

	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/transport/zipkin"
)

func Example() {
	_, err := zipkin.NewHTTPTransport("zipkin:9411")
	fmt.Println(err)
	sender, err := zipkin.NewHTTPTransport("http://127.0.0.1:9411/api/v2/spans")
	if err != nil {
		fmt.Println(err)
		return
	}
	_, closer := jaeger.NewTracer("shop", jaeger.NewConstSampler(true), jaeger.NewRemoteReporter(sender))
	defer closer.Close()
	// Output: zipkin: url "zipkin:9411": want http://host:port/api/v1/spans, or https
}
