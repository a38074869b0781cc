// SPDX-License-Identifier: Apache-2.0

package agenttest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"runtime"
)

// Host is a loopback address with all of Jaeger's receiving side at the ports that clients know by default: an agent at 6831
// and 6832, its config server at 5778, a collector at 14268. So JAEGER_AGENT_HOST alone, set to IP, leads a client to it.
//
// On Linux each Host has an address of its own in 127.0.0.0/8. Elsewhere there is only 127.0.0.1: one Host at a time, and
// no Jaeger beside it.
type Host struct {
	Agent     *Agent
	Config    *ConfigServer
	Collector *Collector
}

// NewHost starts a host that tb closes when the test ends. A failure to start is reported by tb.Fatalf.
func NewHost(tb TB) *Host {
	tb.Helper()
	h, err := StartHost()
	return ended(tb, h, err)
}

// StartHost starts a host. The caller must Close it. An error names the address that could not be used.
func StartHost() (h *Host, err error) {
	if runtime.GOOS != "linux" {
		return startHost("127.0.0.1")
	}
	for range 8 { // someone else may have taken an address
		ip := net.IPv4(127, byte(1+rand.IntN(254)), byte(rand.IntN(256)), byte(1+rand.IntN(254)))
		if h, err = startHost(ip.String()); err == nil {
			return h, nil
		}
	}
	return nil, err
}

func startHost(ip string) (*Host, error) {
	var h Host
	var problems [3]error
	h.Agent, problems[0] = Start(WithAddr(ip+":6831"), WithBinaryAddr(ip+":6832"))
	h.Config, problems[1] = StartConfigServer(WithAddr(ip + ":5778"))
	h.Collector, problems[2] = StartCollector(WithAddr(ip + ":14268"))
	if err := errors.Join(problems[:]...); err != nil {
		_ = h.Close()
		return nil, fmt.Errorf("agenttest: host %s: %w", ip, err)
	}
	return &h, nil
}

// IP returns the host's address, for JAEGER_AGENT_HOST.
func (h *Host) IP() string {
	ip, _, _ := net.SplitHostPort(h.Agent.Addr())
	return ip
}

// Close closes all servers. The error is always nil.
func (h *Host) Close() error {
	if h.Collector != nil {
		_ = h.Collector.Close()
	}
	if h.Config != nil {
		_ = h.Config.Close()
	}
	if h.Agent != nil {
		_ = h.Agent.Close()
	}
	return nil
}
