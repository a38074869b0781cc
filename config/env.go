// SPDX-License-Identifier: Apache-2.0

package config

import (
	"maps"
	"os"
	"strings"
)

// FromEnv makes a Config from the JAEGER_* environment variables alone. The error lists
// every variable that is wrong.
func FromEnv() (*Config, error) {
	return new(Config).FromEnv()
}

// FromEnv sets what the JAEGER_* environment variables say and returns c. A variable that
// is empty counts as unset. On error c is unchanged and the result is nil.
func (c *Config) FromEnv() (*Config, error) {
	return c.fromEnv(os.LookupEnv)
}

func (c *Config) fromEnv(lookup func(string) (string, bool)) (*Config, error) {
	if c == nil {
		c = new(Config)
	}
	changed := *c
	changed.origin = maps.Clone(c.origin)
	var bad problems
	for i := range settings {
		s := &settings[i]
		for _, name := range s.env {
			value, _ := lookup(name)
			if strings.TrimSpace(value) == "" {
				continue
			}
			set := s.kind.set
			if s.kind.env != nil {
				set = func(field any, text string) error { return s.kind.env(field, text, lookup) }
			}
			if err := set(s.field(&changed), value); err != nil {
				bad.refuse(name, s.key, s, value, err)
			} else {
				changed.remember(s, name)
			}
			break
		}
	}
	if err := bad.err(); err != nil {
		return nil, err
	}
	*c = changed
	return c, nil
}
