// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"fmt"

	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/config"
)

func Example() {
	cfg := config.Configuration{
		ServiceName: "shop",
		Sampler:     &config.SamplerConfig{Type: jaeger.SamplerTypeConst, Param: 1},
	}
	memory := jaeger.NewInMemoryReporter()                        // in place of cfg.Reporter, for an agent
	tracer, closer, err := cfg.NewTracer(config.Reporter(memory)) // and config.Logger, config.Metrics
	if err != nil {
		fmt.Println(err)
		return
	}
	defer closer.Close()
	tracer.StartSpan("checkout").Finish()
	fmt.Println(memory.GetSpans()[0].(*jaeger.Span).OperationName())
	// Output: checkout
}
