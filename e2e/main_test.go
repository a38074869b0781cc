// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/jaegerkit/jaeger/e2e"
)

// patience is how long a test waits for anything at all: far longer than a loaded machine needs, so that it only
// ever runs out when something is broken.
const patience = time.Minute

var backends e2e.Backends

func TestMain(m *testing.M) {
	var err error
	if backends, err = e2e.BuildBackends(context.Background(), "bin", os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}

// patient is a context that ends with the test, or when patience does.
func patient(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// startJaeger is an agent and an all-in-one for one test alone. What they logged is printed if the test fails.
func startJaeger(t *testing.T) *e2e.Jaeger {
	t.Helper()
	return startJaegerIn(t, t.TempDir())
}

// startJaegerIn is startJaeger with a directory that holds files for it.
func startJaegerIn(t *testing.T, dir string) *e2e.Jaeger {
	t.Helper()
	j, err := e2e.Start(patient(t), backends, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		j.Stop()
		if t.Failed() {
			t.Logf("what Jaeger logged:\n%s", j.Logs())
		}
	})
	return j
}
