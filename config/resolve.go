// SPDX-License-Identifier: Apache-2.0

package config

import (
	"strings"
)

// origin is where a setting came from, and the text it got there: should code change the
// field later, the place is no longer to blame.
type origin struct {
	where, text string
}

// now gives the text of a setting in c.
func (s *setting) now(c *Config) string {
	field := s.field(c)
	if s.kind.entries != nil {
		return strings.Join(s.kind.entries(field), "\n")
	}
	return s.kind.text(field)
}

// effective gives the text of a setting in c with its default filled in.
func (s *setting) effective(c *Config) string {
	text := s.kind.text(s.field(c))
	switch {
	case s.resolve != nil:
		return s.resolve(c, text)
	case text == "":
		return s.def
	}
	return text
}

// remember notes where the value that s just wrote came from.
func (c *Config) remember(s *setting, where string) {
	if c.origin == nil {
		c.origin = make(map[string]origin)
	}
	for _, target := range s.targets() {
		if t := index()[normalize(target)]; t.field != nil {
			c.origin[target] = origin{where, t.now(c)}
		}
	}
}

// whence names where the present value of a setting came from, "" for code and defaults.
func (c *Config) whence(key string) string {
	o, ok := c.origin[key]
	if !ok || o.text != index()[normalize(key)].now(c) {
		return ""
	}
	return o.where
}

// Validate says whether c is complete and consistent, and if not, everything that is
// wrong with it. It does not change c.
func (c *Config) Validate() error {
	_, err := c.complete()
	return err
}

// complete gives c with every default filled in and every spelling made canonical, and
// the error of Validate. What is wrong stays in the result as it was.
func (c *Config) complete() (*Config, error) {
	var bad problems
	full := c.completed(&bad)
	return full, bad.err()
}

func (c *Config) completed(bad *problems) *Config {
	if c == nil {
		c = new(Config)
	}
	full := *c
	for i := range settings {
		s := &settings[i]
		if s.sets != nil || s.field == nil {
			continue
		}
		field := s.field(&full)
		if s.kind.check != nil {
			if err := s.kind.check(field); err != nil {
				bad.add(c.whence(s.key), "%s", refusal(s.key, s, err))
			}
			continue
		}
		if text := s.effective(&full); text != "" {
			if err := s.kind.set(field, text); err != nil {
				bad.refuse(c.whence(s.key), s.key, s, text, err)
			}
		}
	}
	full.crossCheck(bad, c)
	return &full
}

// crossCheck applies the rules that join several settings of the completed c; written is
// what it was completed from.
func (c *Config) crossCheck(bad *problems, written *Config) {
	if c.ServiceName == "" && !c.Disabled {
		bad.add("", "service_name: no value, want the name of the service (also JAEGER_SERVICE_NAME)")
	}
	if (c.Sampler.Type == "probabilistic" || c.Sampler.Type == "remote") && c.Sampler.Param > 1 {
		bad.add(written.whence("sampler.param"), "sampler.param: %q is not accepted, want a probability from 0 to 1 for the %s sampler",
			formatAmount(c.Sampler.Param), c.Sampler.Type)
	}
	switch {
	case c.Reporter.User != "" && c.Reporter.Password == "":
		bad.add(written.whence("reporter.user"), "reporter.user: %s has no password, want both or neither (also JAEGER_USER, JAEGER_PASSWORD)", quote(c.Reporter.User))
	case c.Reporter.User == "" && c.Reporter.Password != "":
		bad.add(written.whence("reporter.password"), "reporter.password: there is no user, want both or neither (also JAEGER_USER, JAEGER_PASSWORD)")
	}
	c.crossCheckHeaders(bad, written)

	const perTag = 8 // bytes of a tag on the wire beyond its texts, at most
	process := len(c.ServiceName)
	for _, t := range c.Tags {
		process += len(t.Key) + len(t.Value) + perTag
	}
	if c.Reporter.Endpoint == "" && process > c.Reporter.MaxPacketSize/2 {
		bad.add(written.whence("tags"), "tags: with the service name they take %d bytes of each packet, want at most half of reporter.max_packet_size, %d",
			process, c.Reporter.MaxPacketSize)
	}
}

// crossCheckHeaders keeps one header from being read as another.
func (c *Config) crossCheckHeaders(bad *problems, written *Config) {
	names := []struct{ key, value string }{
		{"headers.trace_context_header_name", c.Headers.Trace},
		{"headers.jaeger_debug_header", c.Headers.DebugID},
		{"headers.jaeger_baggage_header", c.Headers.Baggage},
	}
	for i, n := range names {
		if strings.HasPrefix(n.value, c.Headers.BaggagePrefix) {
			bad.add(written.whence(n.key), "%s: %q is not accepted, it would be read as baggage, want a name that does not start with %q",
				n.key, n.value, c.Headers.BaggagePrefix)
		}
		for _, other := range names[:i] {
			if n.value == other.value {
				bad.add(written.whence(n.key), "%s: %q is not accepted, %s has it, want three different names", n.key, n.value, other.key)
			}
		}
	}
}

// refuseLater refuses what was asked for and this version has no machinery for.
func (c *Config) refuseLater(bad *problems, written *Config) {
	if c.Disabled || written == nil {
		return
	}
	for i := range settings {
		s := &settings[i]
		if s.later && s.sets == nil && s.field != nil && s.now(written) != "" && s.now(c) != s.def {
			bad.add(written.whence(s.key), "%s: not available in this version, leave it out", s.key)
		}
	}
}
