// SPDX-License-Identifier: Apache-2.0

package x_test

import (
	"fmt"

	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/x"
)

func Example() {
	byTenant := x.NewTagMatchingSampler("tenant", []x.TagMatcher{{TagValue: "acme"}})
	memory := jaeger.NewInMemoryReporter()
	tracer, closer := jaeger.NewTracer("shop", x.NewPrioritySampler(byTenant, jaeger.NewConstSampler(false)), memory)
	defer closer.Close()
	tracer.StartSpan("checkout").SetTag("tenant", "acme").Finish()
	tracer.StartSpan("checkout").SetTag("tenant", "emca").Finish()
	fmt.Println(memory.SpansSubmitted())
	// Output: 1
}
