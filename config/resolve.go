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
	c.crossCheckSecrets(bad, written)
	c.crossCheckEndpoint(bad, written)
	c.crossCheckHeaders(bad, written)

	const perTag = 8 // bytes of a tag on the wire beyond its texts, at most
	process := len(c.ServiceName)
	for _, t := range c.Tags {
		process += len(t.Key) + len(valueText(t.Value)) + perTag
	}
	if c.Reporter.Endpoint == "" && c.Reporter.ZipkinEndpoint == "" && process > c.Reporter.MaxPacketSize/2 {
		bad.add(written.whence("tags"), "tags: with the service name they take %d bytes of each packet, want at most half of reporter.max_packet_size, %d",
			process, c.Reporter.MaxPacketSize)
	}
}

// crossCheckSecrets wants one way of saying who calls.
func (c *Config) crossCheckSecrets(bad *problems, written *Config) {
	switch {
	case c.Reporter.User != "" && c.Reporter.Password == "":
		bad.add(written.whence("reporter.user"), "reporter.user: %s has no password, want both or neither (also JAEGER_USER, JAEGER_PASSWORD)", quote(c.Reporter.User))
	case c.Reporter.User == "" && c.Reporter.Password != "":
		bad.add(written.whence("reporter.password"), "reporter.password: there is no user, want both or neither (also JAEGER_USER, JAEGER_PASSWORD)")
	case c.Reporter.User != "" && c.Reporter.AuthToken != "":
		bad.add(written.whence("reporter.auth_token"), "reporter.auth_token: there is a user, too, want one of them (also JAEGER_AUTH_TOKEN, JAEGER_USER)")
	}
	if c.Reporter.User == "" && c.Reporter.AuthToken == "" {
		return
	}
	for name := range c.Reporter.HTTPHeaders {
		if strings.EqualFold(name, "Authorization") {
			bad.add(written.whence("reporter.http_headers"), "reporter.http_headers: %s says who calls, and so do reporter.user or reporter.auth_token, want one of them", quote(name))
		}
	}
}

var tlsKeys = []string{"reporter.tls.ca", "reporter.tls.cert", "reporter.tls.key", "reporter.tls.server_name", "reporter.tls.skip_host_verify"}

// crossCheckEndpoint wants one place for the spans, and TLS settings only where they
// have a meaning.
func (c *Config) crossCheckEndpoint(bad *problems, written *Config) {
	r := &c.Reporter
	if r.Endpoint != "" && r.ZipkinEndpoint != "" {
		bad.add(written.whence("reporter.zipkin_endpoint"), "reporter.zipkin_endpoint: there is a collector_endpoint, too, want one of them")
	}
	files := []struct{ key, value, other, otherKey string }{
		{"reporter.tls.cert", r.TLS.Cert, r.TLS.Key, "reporter.tls.key"},
		{"reporter.tls.key", r.TLS.Key, r.TLS.Cert, "reporter.tls.cert"},
	}
	for _, f := range files {
		if f.value != "" && f.other == "" {
			bad.add(written.whence(f.key), "%s: %s has no %s, want both or neither", f.key, quote(f.value), f.otherKey)
		}
	}
	if r.TLS == (TLS{}) {
		return
	}
	where := ""
	for i := 0; i < len(tlsKeys) && where == ""; i++ {
		where = written.whence(tlsKeys[i])
	}
	switch to := r.Endpoint + r.ZipkinEndpoint; {
	case to == "":
		bad.add(where, "reporter.tls: spans go to the agent over UDP, which has no TLS, want a collector_endpoint or zipkin_endpoint with https, or no TLS settings")
	case !strings.HasPrefix(strings.ToLower(to), "https:"):
		bad.add(where, "reporter.tls: %s is not an https URL, want one or no TLS settings", quote(redact(to)))
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
		for _, format := range c.Propagation {
			if reserved(format, n.value) {
				bad.add(written.whence(n.key), "%s: %q is not accepted, the format %s of propagation has it, want another name", n.key, n.value, format)
			}
		}
	}
	for _, format := range c.Propagation {
		for _, name := range formatHeaders[format] {
			if strings.HasPrefix(name, c.Headers.BaggagePrefix) {
				bad.add(written.whence("headers.trace_baggage_header_prefix"), "headers.trace_baggage_header_prefix: %q is not accepted, %q of the format %s would be read as baggage, want another prefix",
					c.Headers.BaggagePrefix, name, format)
				break
			}
		}
	}
}
