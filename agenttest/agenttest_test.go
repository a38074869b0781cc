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

func TestHTTPServersRefuse(t *testing.T) {
	t.Parallel()
	taken := agenttest.NewCollector(t)
	tests := []struct {
		name string
		opt  agenttest.Option
		want string
	}{
		{"no port", agenttest.WithAddr("127.0.0.1"), `address "127.0.0.1": `},
		{"every interface", agenttest.WithAddr(":0"), `address ":0": the host must be a loopback address`},
		{"port taken", agenttest.WithAddr(taken.Addr()), `listen for HTTP on "` + taken.Addr() + `": `},
		{"client CA", agenttest.WithClientCA([]byte("x")), "TLS: WithClientCA: no certificate in the PEM"},
		{"empty client CA", agenttest.WithClientCA(nil), "TLS: WithClientCA: no certificate in the PEM"},
		{"agent's option", agenttest.WithBinaryAddr("127.0.0.1:0"), "option WithBinaryAddr is for: agent; not for: "},
	}
	starts := map[string]func(...agenttest.Option) (interface{ Close() error }, error){
		"collector": func(o ...agenttest.Option) (interface{ Close() error }, error) { return agenttest.StartCollector(o...) },
		"config": func(o ...agenttest.Option) (interface{ Close() error }, error) {
			return agenttest.StartConfigServer(o...)
		},
	}
	for kind, start := range starts {
		for _, test := range tests {
			t.Run(kind+" "+test.name, func(t *testing.T) {
				t.Parallel()
				s, err := start(test.opt)
				if err == nil {
					_ = s.Close()
					t.Fatal("got a server, want an error")
				}
				if got, want := err.Error(), "agenttest: "+test.want; !strings.HasPrefix(got, want) {
					t.Errorf("error\ngot  %s\nwant %s...", got, want)
				}
			})
		}
	}
}

func TestOptionsOfOtherServers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		opt  agenttest.Option
		want string
	}{
		{agenttest.WithGzip(), "agenttest: option WithGzip is for: collector; not for: agent"},
		{agenttest.WithTLS(), "agenttest: option WithTLS is for: collector, config server; not for: agent"},
		{agenttest.WithJaegerV2(), "agenttest: option WithJaegerV2 is for: config server; not for: agent"},
	} {
		a, err := agenttest.Start(test.opt)
		if err == nil {
			_ = a.Close()
		}
		if err == nil || err.Error() != test.want {
			t.Errorf("error\ngot  %v\nwant %s", err, test.want)
		}
	}
	a, err := agenttest.Start(agenttest.Option{}) // the zero Option changes nothing
	must(t, err)
	must(t, a.Close())
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
