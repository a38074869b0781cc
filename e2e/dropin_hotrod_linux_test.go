// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"debug/buildinfo"
	"fmt"
	"maps"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/e2e"
)

// hotrodVar tells the test's second process, in a network of its own, where the program is.
const hotrodVar = "E2E_HOTROD"

// hotrodSpans are a dispatch's spans by service, span.kind and operation, "-" without a kind, as jaeger-client-go's were: three of redis'
// thirteen answers are timeouts, each followed by a retry.
var hotrodSpans = map[string]int{
	"frontend server HTTP GET /dispatch":                1,
	"frontend - HTTP GET: /customer":                    1,
	"frontend - HTTP GET: /route":                       10,
	"frontend client HTTP GET":                          11,
	"frontend client /driver.DriverService/FindNearest": 1,
	"customer server HTTP GET /customer":                1,
	"mysql client SQL SELECT":                           1,
	"driver server /driver.DriverService/FindNearest":   1,
	"redis client FindDriverIDs":                        1,
	"redis client GetDriver":                            13,
	"route server HTTP GET /route":                      10,
}

// TestDropinHotROD orders a car in the demo that Jaeger's documentation begins with, in its last version that was
// traced by jaeger-client-go, built with the drop-in in its place, and asks Jaeger for the trace of the whole ride.
func TestDropinHotROD(t *testing.T) {
	t.Parallel()
	bin := os.Getenv(hotrodVar)
	if bin == "" {
		bin = build(t, "hotrod", "github.com/jaegertracing/jaeger/examples/hotrod")
		checkReplaced(t, bin)
		inOwnNetwork(t, hotrodVar+"="+bin)
		return
	}
	raiseLoopback(t)
	ctx, j := patient(t), startJaeger(t)
	hotrod, err := e2e.StartHotROD(ctx, bin, t.TempDir(), j.Agent)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		hotrod.Stop()
		if t.Failed() {
			t.Logf("what HotROD logged:\n%s", hotrod.Logs())
		}
	})
	driver, err := hotrod.Dispatch(ctx, 123)
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^T7\d{5}C$`).MatchString(driver) {
		t.Errorf("driver: got %q, want a licence plate", driver)
	}
	want := 0
	for _, n := range hotrodSpans {
		want += n
	}
	traces, err := j.Query.Find(ctx, "frontend", func(ts []e2e.Trace) error { return complete(ts, want) })
	if err != nil {
		t.Fatal(err)
	}
	trace := traces[0]
	if got := spansBySort(trace); !maps.Equal(got, hotrodSpans) {
		t.Errorf("spans:\n got %v\nwant %v", got, hotrodSpans)
	}
	checkRide(t, trace)
	if _, err := j.Query.Services(ctx, "frontend", "customer", "mysql", "driver", "redis", "route"); err != nil {
		t.Error(err)
	}
	// The demo finds the ids for its own log by a type assertion to jaeger.SpanContext.
	if logged := fmt.Sprintf(`"trace_id": %q`, trace.TraceID); !strings.Contains(hotrod.Logs(), logged) {
		t.Errorf("HotROD's log has no %s", logged)
	}
	checkAgent(ctx, t, j, 6)
}

// checkRide compares what holds for every span, the errors, and the baggage that the frontend sends to the route service.
func checkRide(t *testing.T, trace e2e.Trace) {
	t.Helper()
	roots, failed, baggage := 0, 0, 0
	for _, span := range trace.Spans {
		service := trace.Processes[span.ProcessID].ServiceName
		if len(span.Warnings) != 0 || span.Flags != 1 {
			t.Errorf("%s of %s: got flags %d, warnings %q; want 1 and none", span.OperationName, service, span.Flags, span.Warnings)
		}
		if tag, ok := e2e.Lookup(span.Tags, "error"); ok {
			if failed++; service != "redis" || tag.String() != "error:bool=true" {
				t.Errorf("%s of %s: got %q, want errors in redis only", span.OperationName, service, tag)
			}
		}
		for _, log := range span.Logs {
			if got := fmt.Sprint(e2e.Strings(log.Fields)); got == "[event:string=baggage key:string=customer value:string=Rachel's Floral Designs]" {
				baggage++
			}
		}
		switch {
		case len(span.References) == 0:
			if roots++; service != "frontend" {
				t.Errorf("%s of %s has no parent", span.OperationName, service)
			}
		case len(span.References) != 1 || !strings.HasPrefix(references(trace, span)[0], "CHILD_OF ") || references(trace, span)[0] == "CHILD_OF ?":
			t.Errorf("%s of %s: got references %q, want one parent in the trace", span.OperationName, service, references(trace, span))
		}
	}
	if got, want := fmt.Sprint(roots, failed, baggage), "1 3 1"; got != want {
		t.Errorf("roots, failed spans, baggage logged: got %s, want %s", got, want)
	}
}

// spansBySort counts a trace's spans by service, kind and operation.
func spansBySort(trace e2e.Trace) map[string]int {
	counts := map[string]int{}
	for _, span := range trace.Spans {
		kind := "-"
		if tag, ok := e2e.Lookup(span.Tags, "span.kind"); ok {
			kind = fmt.Sprint(tag.Value)
		}
		counts[trace.Processes[span.ProcessID].ServiceName+" "+kind+" "+span.OperationName]++
	}
	return counts
}

// checkReplaced reads from the program itself that it was built with the drop-in.
func checkReplaced(t *testing.T, bin string) {
	t.Helper()
	info, err := buildinfo.ReadFile(bin)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range info.Deps {
		if m.Path == "github.com/uber/jaeger-client-go" && m.Replace != nil && m.Replace.Path == "../../dropin" {
			return
		}
	}
	t.Fatalf("%s was not built with the drop-in:\n%s", bin, info)
}
