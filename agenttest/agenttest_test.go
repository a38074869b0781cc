// SPDX-License-Identifier: Apache-2.0

package agenttest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/agenttest"
)

func TestStartRefuses(t *testing.T) {
	t.Parallel()
	taken := agenttest.New(t)
	tests := []struct {
		name string
		opt  agenttest.Option
		want string
	}{
		{"no port", agenttest.WithAddr("127.0.0.1"), `address "127.0.0.1": `},
		{"not loopback", agenttest.WithAddr("192.0.2.1:6831"), `address "192.0.2.1:6831": the host must be a loopback address`},
		{"every interface", agenttest.WithAddr(":0"), `address ":0": the host must be a loopback address`},
		{"empty", agenttest.WithAddr(""), `address "": the host must be a loopback address`},
		{"compact port taken", agenttest.WithAddr(taken.Addr()), `listen for Thrift compact on "` + taken.Addr() + `": `},
		{"binary not loopback", agenttest.WithBinaryAddr("0.0.0.0:0"), `address "0.0.0.0:0": the host must be a loopback address`},
		{"binary port taken", agenttest.WithBinaryAddr(taken.BinaryAddr()), `listen for Thrift binary on "` + taken.BinaryAddr() + `": `},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a, err := agenttest.Start(test.opt)
			if err == nil {
				_ = a.Close()
				t.Fatalf("got an agent on %s, want an error", a.Addr())
			}
			if got, want := err.Error(), "agenttest: "+test.want; !strings.HasPrefix(got, want) {
				t.Errorf("error\ngot  %s\nwant %s...", got, want)
			}
		})
	}
}

// recorder is a TB that fails without ending the goroutine.
type recorder struct {
	failure  string
	cleanups []func()
}

func (r *recorder) Helper()                           {}
func (r *recorder) Fatalf(format string, args ...any) { r.failure = fmt.Sprintf(format, args...) }
func (r *recorder) Cleanup(f func())                  { r.cleanups = append(r.cleanups, f) }

func TestNew(t *testing.T) {
	t.Parallel()
	var failing recorder
	if a := agenttest.New(&failing, agenttest.WithAddr("nowhere")); a != nil || !strings.Contains(failing.failure, `"nowhere"`) {
		t.Errorf("got agent %v, failure %q, want none and one that quotes the address", a, failing.failure)
	}
	var tb recorder
	a := agenttest.New(&tb)
	if tb.failure != "" || len(tb.cleanups) != 1 {
		t.Fatalf("got failure %q and %d cleanups, want none and 1", tb.failure, len(tb.cleanups))
	}
	tb.cleanups[0]()
	if err := a.ComeBack(); err == nil {
		t.Error("ComeBack after the cleanup: got no error, want one: the agent must be closed")
	}
}
