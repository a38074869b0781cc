// SPDX-License-Identifier: Apache-2.0

package config

import (
	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/baggage"
	"github.com/jaegerkit/jaeger/metrics"
	"github.com/jaegerkit/jaeger/sampler"
	"github.com/jaegerkit/jaeger/throttle"
	"github.com/jaegerkit/jaeger/transport"
)

// SnapshotOf is what goes to the metrics of these counts.
func SnapshotOf(n jaeger.Stats, s sampler.RemoteStats, b baggage.RemoteStats, t throttle.RemoteStats) metrics.Snapshot {
	c := counts{n, s, b, t}
	return c.snapshot()
}

// SettingsTable is the table of the README.
func SettingsTable() string { return settingsTable() }

// Complete gives the settings in effect.
func (c *Config) Complete() (*Config, error) { return c.complete() }

// UDPOptions are those that the transport to the agent is made with.
func (c *Config) UDPOptions() ([]transport.UDPOption, error) {
	full, err := c.complete()
	if err != nil {
		return nil, err
	}
	return (&builder{Config: full, log: full.logger()}).udpOptions(), nil
}

// FromEnvOf overlays variables that are not those of the process.
func (c *Config) FromEnvOf(vars map[string]string) (*Config, error) {
	return c.fromEnv(func(name string) (string, bool) {
		v, ok := vars[name]
		return v, ok
	})
}

// Paths lists every dotted path that a file may have, and Variables every variable.
func Paths() (paths []string) {
	for _, s := range settings {
		paths = append(append(paths, s.key), s.aliases...)
	}
	return paths
}

func Variables() (names []string) {
	for _, s := range settings {
		names = append(names, s.env...)
	}
	return names
}

// DefaultTexts says of each canonical key what the documentation has to say of its default.
func DefaultTexts() map[string]string {
	texts := make(map[string]string)
	for _, s := range settings {
		switch {
		case s.def != "":
			texts[s.key] = "Default: " + s.def
		case s.sets != nil:
			texts[s.key] = "Default: see there"
		default:
			texts[s.key] = "No default"
		}
	}
	return texts
}
