// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// anyPort lets the kernel choose at bind time: for listeners that nobody here talks to but that cannot be turned off.
const anyPort = "127.0.0.1:0"

// adminStarted is what Jaeger's programs log when their admin server runs.
const adminStarted = `"Admin server started"`

// attempts is how often a process is started again because one of its ports was taken meanwhile.
const attempts = 10

// startAllInOne fills in what the all-in-one serves and returns the collector's gRPC address.
//
// The environment holds the storage type and nothing else of the caller's, because each of its flags can be set by a
// variable too. The all-in-one traces itself; always_off keeps those traces away from whatever listens on 4317.
func (j *Jaeger) startAllInOne(ctx context.Context, bin, dir string, choose chooser) (Addr, error) {
	env := []string{"SPAN_STORAGE_TYPE=memory", "OTEL_TRACES_SAMPLER=always_off", "NO_PROXY=*"}
	var strategies []string
	if file := filepath.Join(dir, StrategiesFile); exists(file) {
		strategies = []string{"--sampling.strategies-file=" + file}
	}
	var collector Addr
	err := withPorts(ctx, choose, 4, 0, func(tcp, _ []Addr) error {
		admin, query := tcp[0], tcp[1]
		collector, j.CollectorHTTP = tcp[2], tcp[3]
		p, err := startProcess("all-in-one", bin, filepath.Join(dir, "all-in-one.log"), env, append(strategies,
			"--admin.http.host-port="+string(admin),
			"--query.http-server.host-port="+string(query),
			"--query.grpc-server.host-port="+anyPort,
			"--collector.grpc-server.host-port="+string(collector),
			"--collector.http-server.host-port="+string(j.CollectorHTTP),
			"--collector.otlp.enabled=false",
			"--collector.zipkin.host-port=",
			"--http-server.host-port="+anyPort,
			"--processor.jaeger-compact.server-host-port="+anyPort,
			"--processor.jaeger-binary.server-host-port="+anyPort,
			"--processor.zipkin-compact.server-host-port="+anyPort,
		)...)
		if err != nil {
			return err
		}
		if err := p.waitReady(ctx, adminStarted, func() error { return healthy(ctx, admin) }); err != nil {
			p.stop()
			return err
		}
		j.allInOne, j.Query = p, &Query{base: "http://" + string(query)}
		return nil
	})
	return collector, err
}

// StrategiesFile is the name of a file of sampling strategies, in the JSON that --sampling.strategies-file takes, which
// Start has the all-in-one read if it is in the directory.
const StrategiesFile = "strategies.json"

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// startAgent fills in what the agent serves. The agent connects to the collector only when it has to, and would lose
// its first spans if that failed; a sampling strategy is the collector's to give, so being asked for one makes the
// agent connect, and its answer shows that it has.
func (j *Jaeger) startAgent(ctx context.Context, bin, dir string, collector Addr, choose chooser) error {
	env := []string{"NO_PROXY=*"}
	return withPorts(ctx, choose, 2, 2, func(tcp, udp []Addr) error {
		j.agentAdmin, j.AgentHTTP = tcp[0], tcp[1]
		j.Agent, j.AgentBinary = udp[0], udp[1]
		p, err := startProcess("agent", bin, filepath.Join(dir, "agent.log"), env,
			"--admin.http.host-port="+string(j.agentAdmin),
			"--http-server.host-port="+string(j.AgentHTTP),
			"--processor.jaeger-compact.server-host-port="+string(j.Agent),
			"--processor.jaeger-binary.server-host-port="+string(j.AgentBinary),
			"--processor.zipkin-compact.server-host-port="+anyPort,
			"--reporter.grpc.host-port="+string(collector),
			"--agent.tags="+agentTags(),
		)
		if err != nil {
			return err
		}
		j.agent = p
		err = p.waitReady(ctx, adminStarted, func() error {
			if err := healthy(ctx, j.agentAdmin); err != nil {
				return err
			}
			_, err := get(ctx, "http://"+string(j.AgentHTTP)+"/sampling?service=e2e")
			return err
		})
		if err != nil {
			p.stop()
		}
		return err
	})
}

// withPorts calls start with addresses that choose has chosen, and again with others as long as it fails because one of
// them was taken before its process got to bind it.
func withPorts(ctx context.Context, choose chooser, nTCP, nUDP int, start func(tcp, udp []Addr) error) error {
	var last error
	for range attempts {
		tcp, udp, err := choose(nTCP, nUDP)
		if err != nil {
			return err
		}
		if last = start(tcp, udp); last == nil || !errors.Is(last, errPortTaken) || ctx.Err() != nil {
			return last
		}
	}
	return fmt.Errorf("%d attempts: %w", attempts, last)
}

// healthy asks an admin server whether its process is ready: 200 if so, 503 before.
func healthy(ctx context.Context, admin Addr) error {
	_, err := get(ctx, "http://"+string(admin)+"/")
	return err
}

// get reads at most 64 MiB; a status other than 200 is an error that quotes the beginning of the body.
func get(ctx context.Context, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 64<<20))
	if err != nil {
		return nil, fmt.Errorf("get %s: %w", url, err)
	}
	if resp.StatusCode != http.StatusOK {
		return nil, &statusError{url: url, code: resp.StatusCode, body: string(body[:min(len(body), 300)])}
	}
	return body, nil
}

// client keeps no connection: a test that ends leaves no goroutine behind.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

type statusError struct {
	url  string
	code int
	body string
}

func (e *statusError) Error() string {
	return fmt.Sprintf("get %s: status %d, %q", e.url, e.code, e.body)
}

func agentTags() string {
	var pairs []string
	for k, v := range AgentTags {
		pairs = append(pairs, k+"="+v)
	}
	sort.Strings(pairs)
	return strings.Join(pairs, ",")
}
