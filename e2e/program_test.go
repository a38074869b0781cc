// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/e2e"
)

// build compiles one program of the module in dir.
func build(t *testing.T, dir, pkg string) string {
	t.Helper()
	bin, err := e2e.GoBuild(t.Context(), dir, pkg, t.TempDir(), os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	return bin
}

// tracerEnv is this process's environment with no JAEGER_* variable but those that lead to the agent, and extra.
func tracerEnv(j *e2e.Jaeger, extra ...string) []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "JAEGER_") {
			env = append(env, v)
		}
	}
	env = append(env, "JAEGER_AGENT_HOST="+j.Agent.Host(), "JAEGER_AGENT_PORT="+j.Agent.Port())
	return append(env, extra...)
}

// run executes bin to its end and returns what it printed; anything but exit status 0 fails the test.
func run(ctx context.Context, t *testing.T, env []string, bin string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(ctx, bin, args...)
	var stdout, stderr bytes.Buffer
	cmd.Env, cmd.Stdout, cmd.Stderr = env, &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\nstdout:\n%s\nstderr:\n%s", filepath.Base(bin), err, stdout.Bytes(), stderr.Bytes())
	}
	return stdout.Bytes()
}

// serve starts bin, which prints its URL first and ends with its standard input. finish ends it, by force if it has to,
// and returns what it printed after the URL; it is called at the latest when the test ends.
func serve(t *testing.T, env []string, bin string, args ...string) (url string, finish func() []byte) {
	t.Helper()
	cmd := exec.Command(bin, args...)
	var stderr bytes.Buffer
	cmd.Env, cmd.Stderr = env, &stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	output := bufio.NewReader(stdout)
	var rest []byte
	finished := false
	finish = func() []byte {
		if finished {
			return rest
		}
		finished = true
		stdin.Close()
		defer time.AfterFunc(patience, func() { cmd.Process.Kill() }).Stop()
		rest, _ = io.ReadAll(output)
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v\nstdout:\n%s\nstderr:\n%s", filepath.Base(bin), err, rest, stderr.Bytes())
		}
		return rest
	}
	t.Cleanup(func() { finish() })
	line, err := output.ReadString('\n')
	if err != nil {
		finish()
		t.Fatalf("%s printed %q instead of its URL: %v", filepath.Base(bin), line, err)
	}
	return strings.TrimSpace(line), finish
}

// checkStats compares what a program says its tracer did. All it sent was sampled, all the rest was not.
func checkStats(t *testing.T, printed []byte, wantSent, wantUnsampled uint64) {
	t.Helper()
	var s jaeger.Stats
	if err := json.Unmarshal(printed, &s); err != nil {
		t.Fatalf("counters %q: %v", printed, err)
	}
	if s.Reporter.Sent != wantSent || s.Unsampled != wantUnsampled || s.Started != wantSent+wantUnsampled ||
		s.Open != 0 || s.LateCalls != 0 || s.DecodingErrors != 0 || s.Reporter.Dropped.Total() != 0 {
		t.Errorf("counters:\n got %+v\nwant %d sent, %d unsampled, nothing else", s, wantSent, wantUnsampled)
	}
}
