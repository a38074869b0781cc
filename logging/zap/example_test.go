// SPDX-License-Identifier: Apache-2.0

package zap_test

import (
	"context"
	"fmt"

	"github.com/opentracing/opentracing-go"
	uber "go.uber.org/zap"

	"github.com/jaegerkit/jaeger"
	jaegerzap "github.com/jaegerkit/jaeger/logging/zap"
	"github.com/jaegerkit/jaeger/reporter"
)

func ExampleTrace() {
	logger := uber.NewExample()
	ids := func() uint64 { return 0xabc } // for the example's sake
	tracer, err := jaeger.New("checkout", reporter.NewDiscard(), jaeger.WithIDs(ids))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer tracer.Close()

	span := tracer.StartSpan("pay")
	ctx := opentracing.ContextWithSpan(context.Background(), span)
	logger.Info("paid", uber.Int("order", 7), jaegerzap.Trace(ctx))
	span.Finish()
	// Output: {"level":"info","msg":"paid","order":7,"trace":{"span":"0000000000000abc","trace":"0000000000000abc","sampled":true}}
}
