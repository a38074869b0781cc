// SPDX-License-Identifier: Apache-2.0

// Package e2e runs the tracer against the real thing: a jaeger-agent and a Jaeger all-in-one, both v1.62.0, started
// on free loopback ports as processes of their own, and asks Jaeger's query API what arrived.
//
//	bins, err := e2e.BuildBackends(ctx, "bin", os.Stderr) // minutes the first time, a millisecond later
//	j, err := e2e.Start(ctx, bins, dir)                   // logs go to dir/agent.log and dir/all-in-one.log
//	defer j.Stop()
//	cmd.Env = append(os.Environ(), "JAEGER_AGENT_HOST="+j.Agent.Host(), "JAEGER_AGENT_PORT="+j.Agent.Port())
//	err = cmd.Run() // a traced program
//	traces, err := j.Query.Find(ctx, "its-service", func(ts []e2e.Trace) error { return nil })
//
// It promises: every socket is bound to 127.0.0.1; a port that somebody takes between the choice and the bind costs
// a new attempt, never a skip; only processes it started are stopped, by their handle; on Linux they die with the
// process that started them. A span's way is always the whole one: program -> UDP -> jaeger-agent -> gRPC ->
// collector -> memory storage -> JSON.
package e2e

import (
	"context"
	"fmt"
	"net"
)

// AgentTags are what the agent is told to add to the Process of every span that passes through it (--agent.tags). A
// span that carries them did come through the agent.
var AgentTags = map[string]string{"region": "test", "token": "abc"}

// Addr is a host:port on loopback.
type Addr string

// Host is the address without its port, as JAEGER_AGENT_HOST takes it.
func (a Addr) Host() string {
	host, _, _ := net.SplitHostPort(string(a))
	return host
}

// Port is the port alone, as JAEGER_AGENT_PORT takes it.
func (a Addr) Port() string {
	_, port, _ := net.SplitHostPort(string(a))
	return port
}

// Jaeger is a running agent with a running all-in-one behind it. Its fields do not change after Start; its methods
// may be called from any goroutine.
type Jaeger struct {
	Agent         Addr // UDP, Thrift compact: where a tracer sends by default (elsewhere 6831)
	AgentBinary   Addr // UDP, Thrift binary (elsewhere 6832)
	AgentHTTP     Addr // sampling strategies over HTTP (elsewhere 5778)
	CollectorHTTP Addr // POST /api/traces, Thrift over HTTP (elsewhere 14268)
	Query         *Query

	agentAdmin Addr
	agent      *process
	allInOne   *process
}

// Start runs an all-in-one, then an agent that reports to it, and returns when both say that they are ready and the
// agent is connected to the collector. Logs go to dir, which must exist. It gives up when ctx ends or when several
// attempts found their ports taken; the error ends with the last lines that the failing process logged.
func Start(ctx context.Context, b Backends, dir string) (*Jaeger, error) {
	return startOn(ctx, b, dir, freePorts)
}

func startOn(ctx context.Context, b Backends, dir string, choose chooser) (*Jaeger, error) {
	j := &Jaeger{}
	collector, err := j.startAllInOne(ctx, b.AllInOne, dir, choose)
	if err != nil {
		return nil, fmt.Errorf("start all-in-one: %w", err)
	}
	if err := j.startAgent(ctx, b.Agent, dir, collector, choose); err != nil {
		j.allInOne.stop()
		return nil, fmt.Errorf("start agent: %w", err)
	}
	return j, nil
}

// Stop ends both processes, the agent first so that it can hand over what it holds, and waits until they are gone. A
// second Stop does nothing.
func (j *Jaeger) Stop() {
	j.agent.stop()
	j.allInOne.stop()
}

// Logs are what both processes have printed so far, each under a line with its name.
func (j *Jaeger) Logs() string {
	return j.agent.log() + j.allInOne.log()
}
