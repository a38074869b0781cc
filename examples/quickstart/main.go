// SPDX-License-Identifier: Apache-2.0

// Quickstart is a traced program: it reads the configuration every Jaeger
// tutorial starts with, makes a few spans in two services, sends them as UDP
// packets to an agent inside this process, and draws what that agent received.
//
//	go run ./examples/quickstart
//	go run ./examples/quickstart -agent localhost:6831   # to a real agent instead
package main

import (
	"context"
	_ "embed"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/jaegerkit/jaeger/agenttest"
	"github.com/jaegerkit/jaeger/config"
)

//go:embed config.yaml
var yaml []byte

func main() {
	agent := flag.String("agent", "", "host:port of a real jaeger-agent (default: one inside this program)")
	flag.Parse()
	if err := run(*agent); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

func run(addr string) error {
	if addr != "" {
		if err := trace(addr); err != nil {
			return err
		}
		fmt.Printf("3 spans handed to the network for %s; UDP does not say whether they arrive.\n", addr)
		return nil
	}
	agent, err := agenttest.Start()
	if err != nil {
		return err
	}
	defer agent.Close()
	if err := trace(agent.Addr()); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if _, err := agent.WaitSpans(ctx, 3); err != nil {
		return err
	}
	draw(os.Stdout, agent.Batches())
	return nil
}

// trace runs both services with their spans sent to the agent at addr, and
// fails if one of them could not be handed over.
func trace(addr string) error {
	cfg, err := config.Parse(append(yaml, "\nreporter: {local_agent_host_port: \""+addr+"\"}"...))
	if err != nil {
		return err
	}
	cfg.Logger = slog.NewTextHandler(os.Stderr, nil)
	tracer, err := cfg.InitTracer()
	if err != nil {
		return err
	}
	defer tracer.Close()
	if err := testSpan(tracer, cfg); err != nil {
		return err
	}
	return closeAll(tracer)
}
