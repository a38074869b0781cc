// SPDX-License-Identifier: Apache-2.0

// Sink is an agent in a process of its own that counts what it gets. It prints
// its address, waits until as many spans came as its argument says or a quarter
// of a minute is over, and prints what it saw as JSON when its input ends.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/jaegerkit/jaeger/agenttest"
)

// Seen is what the sink prints.
type Seen struct {
	Spans    int64
	Packets  int
	Lost     int64
	Rejected int
}

func main() {
	want, err := strconv.Atoi(os.Args[1])
	if err != nil {
		fail(err)
	}
	agent, err := agenttest.Start(agenttest.WithCountOnly())
	if err != nil {
		fail(err)
	}
	fmt.Println(agent.Addr())
	_, _ = io.Copy(io.Discard, os.Stdin)
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	if _, err := agent.WaitSpans(ctx, want); err != nil {
		fmt.Fprintln(os.Stderr, "sink:", err)
	}
	_ = json.NewEncoder(os.Stdout).Encode(Seen{agent.SpanCount(), agent.Packets(), agent.Lost(), agent.Rejected()})
	agent.Close()
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "sink:", err)
	os.Exit(1)
}
