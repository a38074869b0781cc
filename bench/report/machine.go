// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/bench/peer"
)

// Machine says where and with what the figures were made.
type Machine struct {
	Processor string
	Cores     int
	System    string
	Go        string
	Date      string
	Command   string
	Versions  []string // module and version of each peer
}

// ThisMachine describes the machine that runs the program.
func ThisMachine(command string) Machine {
	m := Machine{
		Processor: processor(),
		Cores:     runtime.NumCPU(),
		System:    system(),
		Go:        runtime.Version(),
		Date:      time.Now().UTC().Format(time.DateOnly),
		Command:   command,
	}
	versions := map[string]string{"github.com/jaegerkit/jaeger": jaeger.Version + " (this tree)"}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, d := range info.Deps {
			if _, known := versions[d.Path]; !known {
				versions[d.Path] = d.Version
			}
		}
	}
	seen := map[string]bool{}
	for _, p := range peer.All {
		if p.Module != "" && !seen[p.Module] {
			seen[p.Module] = true
			m.Versions = append(m.Versions, p.Module+" "+versions[p.Module])
		}
	}
	return m
}

// processor is the model's name where Linux tells it.
func processor() string {
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(info)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				return strings.TrimSpace(value)
			}
		}
	}
	return runtime.GOARCH
}

// system is the kernel with its version where Linux tells it.
func system() string {
	name := runtime.GOOS + "/" + runtime.GOARCH
	if release, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		// The numbers only: what is behind them names who built it.
		number, _, _ := strings.Cut(strings.TrimSpace(string(release)), "-")
		name += ", kernel " + number
	}
	return name
}

func (m *Machine) write(b *bytes.Buffer) {
	fmt.Fprintf(b, "%s, %d cores, %s, %s, %s.\n\n", m.Processor, m.Cores, m.System, m.Go, m.Date)
	for _, v := range m.Versions {
		fmt.Fprintf(b, "- %s\n", v)
	}
	b.WriteString("\n")
}
