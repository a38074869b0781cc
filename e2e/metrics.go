// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Metrics are samples of a process's Prometheus page, keyed as the page spells them: name{label="value",...}.
type Metrics map[string]float64

// AgentMetrics reads the agent's own counters: packets and batches received, decoding errors, spans forwarded, and
// what it learned from each client's seqNo and ClientStats (jaeger_agent_client_stats_*).
func (j *Jaeger) AgentMetrics(ctx context.Context) (Metrics, error) {
	page, err := get(ctx, "http://"+string(j.agentAdmin)+"/metrics")
	if err != nil {
		return nil, err
	}
	return parseMetrics(page)
}

// Has reports whether there is any series of the name.
func (m Metrics) Has(name string) bool {
	for key := range m {
		if got, _, _ := strings.Cut(key, "{"); got == name {
			return true
		}
	}
	return false
}

// Sum adds up every series of the name whose labels contain all the given texts, such as `protocol="compact"`.
func (m Metrics) Sum(name string, labels ...string) float64 {
	var sum float64
series:
	for key, value := range m {
		got, rest, _ := strings.Cut(key, "{")
		if got != name {
			continue
		}
		for _, label := range labels {
			if !strings.Contains(rest, label) {
				continue series
			}
		}
		sum += value
	}
	return sum
}

// parseMetrics reads the Prometheus text format as far as Jaeger writes it: no timestamps, a line a sample.
func parseMetrics(page []byte) (Metrics, error) {
	m := Metrics{}
	lines := bufio.NewScanner(bytes.NewReader(page))
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cut := strings.LastIndexByte(line, ' ')
		if cut < 0 {
			return nil, fmt.Errorf("metrics line %q: no value", line)
		}
		value, err := strconv.ParseFloat(line[cut+1:], 64)
		if err != nil {
			return nil, fmt.Errorf("metrics line %q: %w", line, err)
		}
		m[line[:cut]] = value
	}
	return m, lines.Err()
}
