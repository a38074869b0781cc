// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/e2e"
)

// TestQuickstart runs the program that every tutorial starts with, as a reader would, except that its spans go to the
// real agent. The second service knows of the first only what a TEXT_MAP carrier brought.
func TestQuickstart(t *testing.T) {
	t.Parallel()
	quickstart := build(t, "..", "./examples/quickstart")
	ctx, j := patient(t), startJaeger(t)
	want := []wantSpan{
		{
			operation: "TestSpan", service: "your-app-name",
			tags: []string{"sampler.param:bool=true", "sampler.type:string=const", "span.kind:string=client"},
			logs: [][]string{
				{"event:string=baggage", "key:string=customer", "value:string=42"},
				{"event:string=test message", "life:int64=42"},
			},
		},
		{
			operation: "ChildSpan", service: "your-app-name", refs: []string{"CHILD_OF TestSpan"},
			logs: [][]string{{"event:string=down below"}},
		},
		{
			operation: "Handle", service: "second-service", refs: []string{"CHILD_OF TestSpan"},
			tags: []string{"cached:bool=false", "customer:string=42", "span.kind:string=server"},
		},
	}
	begin := time.Now()
	run(ctx, t, tracerEnv(j), quickstart, "-agent", string(j.Agent))

	traces, err := j.Query.Find(ctx, "your-app-name", func(ts []e2e.Trace) error { return complete(ts, len(want)) })
	if err != nil {
		t.Fatal(err)
	}
	trace := traces[0]
	checkTrace(t, trace, want, 1, begin)
	checkProcess(t, trace, "TestSpan")
	checkProcess(t, trace, "Handle")
	checkAgent(ctx, t, j, 2)
	if _, err := j.Query.Services(ctx, "your-app-name", "second-service"); err != nil {
		t.Error(err)
	}
}

// complete says whether there is exactly one trace, with that many spans.
func complete(traces []e2e.Trace, spans int) error {
	if got := traces[0].Operations(); len(traces) != 1 || len(got) != spans {
		return fmt.Errorf("got %d traces, the first with spans %q; want one with %d spans", len(traces), got, spans)
	}
	return nil
}
