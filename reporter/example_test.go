// SPDX-License-Identifier: Apache-2.0

package reporter_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
)

// printer is a transport.Sender; a real one comes from package transport.
type printer struct{}

func (printer) Send(_ context.Context, b *model.Batch) (int, error) {
	for _, span := range b.Spans {
		fmt.Println(b.Process.ServiceName, span.Operation, span.Duration)
	}
	return len(b.Spans), nil
}

func (printer) Close() error { return nil }

// exampleSpan is what a tracer hands to its reporter when a span finishes.
func exampleSpan(operation string, d time.Duration) *model.Span {
	span := model.NewSpan()
	span.Process = &model.Process{ServiceName: "checkout"}
	span.TraceID, span.ID = model.TraceID{Low: 0x1122}, 0x1122
	span.Operation, span.Duration = operation, d
	return span
}

func ExampleNewRemote() {
	rep := reporter.NewRemote(printer{}, reporter.WithFlushInterval(500*time.Millisecond))
	rep.Report(exampleSpan("GET /cart", 3*time.Millisecond))
	if err := rep.Close(); err != nil { // sends what waits
		fmt.Println(err)
	}
	rep.Report(exampleSpan("too late", 0))
	stats := rep.Stats()
	fmt.Println(stats.Reported, "reported,", stats.Sent, "sent,", stats.Dropped.Closed, "after the end")
	// Output:
	// checkout GET /cart 3ms
	// 2 reported, 1 sent, 1 after the end
}

func ExampleRemote_Shutdown() {
	rep := reporter.NewRemote(printer{})
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := rep.Shutdown(ctx); err != nil {
		fmt.Println(err) // names how many spans were left when the time was over
	}
	fmt.Println(rep.Stats().Queued, "waiting")
	// Output:
	// 0 waiting
}

func ExampleMemory() {
	rep := reporter.NewMemory()
	rep.Report(exampleSpan("GET /cart", 3*time.Millisecond))
	for _, span := range rep.Spans() {
		fmt.Println(span.TraceID, span.Operation, span.Duration)
	}
	// Output:
	// 0000000000001122 GET /cart 3ms
}

func ExampleNewLogging() {
	handler := slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{} // the output of an example has to stay the same
		}
		return a
	}})
	rep := reporter.NewLogging(slog.New(handler))
	span := exampleSpan("GET /cart", 3*time.Millisecond)
	span.Tags = append(span.Tags, model.Int64("http.status_code", 200))
	span.AddLog(span.Start+1e6, model.String("event", "cache miss"))
	rep.Report(span)
	// Output:
	// level=INFO msg=span operation="GET /cart" trace_id=0000000000001122 span_id=0000000000001122 duration=3ms tags.http.status_code=200 logs.+1ms.event="cache miss"
}

func ExampleNewMulti() {
	kept := reporter.NewMemory()
	rep := reporter.NewMulti(reporter.NewRemote(printer{}), kept)
	rep.Report(exampleSpan("GET /cart", 3*time.Millisecond))
	if err := rep.Close(); err != nil {
		fmt.Println(err)
	}
	fmt.Println(len(kept.Spans()), "kept")
	// Output:
	// checkout GET /cart 3ms
	// 1 kept
}
