// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/agenttest"
	"github.com/jaegerkit/jaeger/e2e"
)

// scratchModule is the go.mod of somebody who uses jaeger-client-go and adds the replacement. The second line is only
// there because the first leads to a folder: a released drop-in says itself which release of this module it needs.
const scratchModule = `module example.com/quickstart

go 1.23.0

require github.com/uber/jaeger-client-go v2.30.0+incompatible

replace github.com/uber/jaeger-client-go => %s
replace github.com/jaegerkit/jaeger => %s
`

// quickstartEnv is what the program is told besides where its agent is.
var quickstartEnv = []string{
	"JAEGER_SERVICE_NAME=shop", "JAEGER_SAMPLER_TYPE=const", "JAEGER_SAMPLER_PARAM=1",
	"JAEGER_REPORTER_LOG_SPANS=true", "JAEGER_TAGS=team=web",
}

// TestDropinQuickstart builds the program of jaeger-client-go's documentation in a module outside the repository, and
// wants every span at an agent of agenttest and, through the real agent, in Jaeger.
func TestDropinQuickstart(t *testing.T) {
	t.Parallel()
	bin := buildScratch(t, filepath.Join("published", "testdata", "quickstart", "main.go"))
	t.Run("agenttest", func(t *testing.T) {
		t.Parallel()
		agent := agenttest.New(t)
		host, port, _ := strings.Cut(agent.Addr(), ":")
		env := append([]string{"JAEGER_AGENT_HOST=" + host, "JAEGER_AGENT_PORT=" + port}, quickstartEnv...)
		ctx := patient(t)
		checkPrinted(t, run(ctx, t, env, bin))
		spans, err := agent.WaitSpans(ctx, 4)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, span := range spans {
			got = append(got, fmt.Sprintf("%s %d %d", span.OperationName, len(agenttest.Tags(span.Tags)), len(span.Logs)))
		}
		if got, want := sorted(got), []string{"order 6 2", "pay 3 1", "ship 2 0", "thank 0 0"}; !slices.Equal(got, want) {
			t.Errorf("spans with number of tags and logs:\n got %q\nwant %q", got, want)
		}
	})
	t.Run("jaeger", func(t *testing.T) {
		t.Parallel()
		ctx, j := patient(t), startJaeger(t)
		begin := time.Now()
		id := checkPrinted(t, run(ctx, t, tracerEnv(j, quickstartEnv...), bin))
		trace, err := j.Query.Trace(ctx, id, func(trace e2e.Trace) error { return complete([]e2e.Trace{trace}, 4) })
		if err != nil {
			t.Fatal(err)
		}
		checkTrace(t, trace, shopSpans, 1, begin)
		checkProcess(t, trace, "order", "team:string=web")
		checkAgent(ctx, t, j, 1)
	})
}

// shopSpans are the program's spans as jaeger-client-go delivered them.
var shopSpans = []wantSpan{
	{
		operation: "order", service: "shop",
		tags: []string{
			"items:int64=3", "price:float64=12.5", "sampler.param:bool=true", "sampler.type:string=const",
			"span.kind:string=server", "vip:bool=true",
		},
		logs: [][]string{
			{"event:string=baggage", "key:string=customer", "value:string=42"},
			{"event:string=received", "bytes:int64=512"},
		},
	},
	{
		operation: "pay", service: "shop", refs: []string{"CHILD_OF order"},
		tags: []string{"customer:string=42", "error:bool=true", "span.kind:string=client"},
		logs: [][]string{{"event:string=error", "message:string=card expired"}},
	},
	{
		operation: "ship", service: "shop", refs: []string{"CHILD_OF order"},
		tags: []string{"customer:string=42", "span.kind:string=server"},
	},
	{operation: "thank", service: "shop", refs: []string{"FOLLOWS_FROM order"}},
}

// checkPrinted compares what the program's logger and counters said, and returns the trace's id.
func checkPrinted(t *testing.T, printed []byte) (id string) {
	t.Helper()
	text := string(printed)
	if got := strings.Count(text, "Reporting span "); got != 4 {
		t.Errorf("spans logged: got %d, want 4", got)
	}
	for _, want := range []string{
		"counter jaeger.tracer.traces map[sampled:y state:started] 1",
		"counter jaeger.tracer.traces map[sampled:y state:joined] 1",
		"counter jaeger.tracer.started_spans map[sampled:y] 4",
		"counter jaeger.tracer.finished_spans map[sampled:y] 4",
		"counter jaeger.tracer.reporter_spans map[result:ok] 4",
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("output has no line %q", want)
		}
	}
	if _, err := fmt.Sscanf(text[max(0, strings.Index(text, "trace ")):], "trace %s", &id); err != nil {
		t.Fatalf("no trace id: %v", err)
	}
	if t.Failed() {
		t.Logf("the program printed:\n%s", printed)
	}
	return id
}

// buildScratch does what a user does: go.mod with the replacement, go mod tidy, go build.
func buildScratch(t *testing.T, source string) (bin string) {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	text, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	gomod := fmt.Sprintf(scratchModule, filepath.Join(root, "dropin"), root)
	for name, content := range map[string][]byte{"go.mod": []byte(gomod), "main.go": text} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	goIn(t.Context(), t, dir, "mod", "tidy")
	got := goIn(t.Context(), t, dir, "list", "-m", "-f", "{{.Version}} {{.Replace.Path}}", "github.com/uber/jaeger-client-go")
	if want := "v2.30.0+incompatible " + filepath.Join(root, "dropin"); strings.TrimSpace(string(got)) != want {
		t.Fatalf("jaeger-client-go: got %q, want %q", got, want)
	}
	return build(t, dir, "example.com/quickstart")
}

// goIn runs the go command in dir and returns what it printed.
func goIn(ctx context.Context, t *testing.T, dir string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(ctx, "go", args...)
	var stderr strings.Builder
	cmd.Dir, cmd.Stderr = dir, &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s%s", strings.Join(args, " "), err, out, stderr.String())
	}
	return out
}
