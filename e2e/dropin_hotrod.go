// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"path/filepath"
	"strings"
)

// HotROD is a running demo of Jaeger's: a frontend that finds a car and asks a customer service (with a pretended
// mysql), a driver service (with a pretended redis that fails every fifth time) and a route service. Each is a process,
// and each and both databases have a tracer of their own.
//
// The program binds all interfaces, and so belongs into a network that is nothing but loopback.
type HotROD struct {
	processes []*process
}

// The ports that the program takes unless told otherwise.
const (
	hotrodFrontend Addr = "127.0.0.1:8080"
	hotrodCustomer Addr = "127.0.0.1:8081"
	hotrodDriver   Addr = "127.0.0.1:8082"
	hotrodRoute    Addr = "127.0.0.1:8083"
)

// StartHotROD runs the program bin four times, with tracers that report to agent, and returns when all services listen.
// The frontend is the last because it connects to the driver service once, at its start, and then only a second later
// again. Logs go to dir.
func StartHotROD(ctx context.Context, bin, dir string, agent Addr) (*HotROD, error) {
	env := []string{"NO_PROXY=*", "JAEGER_AGENT_HOST=" + agent.Host(), "JAEGER_AGENT_PORT=" + agent.Port()}
	h := &HotROD{}
	for _, service := range []struct {
		name string
		at   Addr
	}{{"customer", hotrodCustomer}, {"driver", hotrodDriver}, {"route", hotrodRoute}, {"frontend", hotrodFrontend}} {
		p, err := startProcess(service.name, bin, filepath.Join(dir, service.name+".log"), env, service.name)
		if err == nil {
			h.processes = append(h.processes, p)
			err = p.waitReady(ctx, service.name, func() error { return accepts(ctx, service.at) })
		}
		if err != nil {
			h.Stop()
			return nil, fmt.Errorf("start HotROD: %w", err)
		}
	}
	return h, nil
}

// accepts is nil when a TCP connection to at can be made.
func accepts(ctx context.Context, at Addr) error {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", string(at))
	if err != nil {
		return err
	}
	return conn.Close()
}

// Dispatch orders a car, as the button of that customer does on the demo's page, and returns the driver's licence plate.
func (h *HotROD) Dispatch(ctx context.Context, customer int) (driver string, err error) {
	body, err := get(ctx, fmt.Sprintf("http://%s/dispatch?customer=%d&nonse=0.5", hotrodFrontend, customer))
	if err != nil {
		return "", err
	}
	var ride struct{ Driver string }
	if err := json.Unmarshal(body, &ride); err != nil {
		return "", fmt.Errorf("answer %q: %w", body, err)
	}
	return ride.Driver, nil
}

// Stop ends the processes and waits until they are gone. A second Stop does nothing.
func (h *HotROD) Stop() {
	for _, p := range h.processes {
		p.stop()
	}
}

// Logs are what the processes have printed so far.
func (h *HotROD) Logs() string {
	var b strings.Builder
	for _, p := range h.processes {
		b.WriteString(p.log())
	}
	return b.String()
}
