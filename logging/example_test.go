// SPDX-License-Identifier: Apache-2.0

package logging_test

import (
	"fmt"
	"log/slog"
	"os"

	"github.com/jaegerkit/jaeger/logging"
)

func ExampleNewHandler() {
	next := slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: noTime})
	logger := slog.New(logging.NewHandler(next))
	ctx := with(sc) // opentracing.ContextWithSpan(ctx, span)
	logger.InfoContext(ctx, "paid", "order", 7)
	// Output: msg=paid order=7 trace_id=00000000000000010000000000000abc span_id=0000000000000def
}

// console is a logger of a program's own.
type console struct{}

func (console) Infof(format string, args ...any) { fmt.Printf("info  "+format+"\n", args...) }
func (console) Error(msg string)                 { fmt.Println("error", msg) }

func ExampleFromLogger() {
	logger := slog.New(logging.FromLogger(console{}))
	logger.Warn("jaeger: spans lost", "queue_full", 12, "error", "connection refused")
	logger.Error("jaeger: closed late")
	// Output:
	// info  jaeger: spans lost queue_full=12 error="connection refused"
	// error jaeger: closed late
}
