// SPDX-License-Identifier: Apache-2.0

package config

import (
	"fmt"
	"log/slog"
	"maps"
	"regexp"
	"strconv"
	"strings"
)

// mask stands for a secret. It is what net/url prints for one.
const mask = "xxxxx"

// String prints the settings in effect, defaults included, as YAML that Parse reads.
// Passwords, values of HTTP headers and secrets in URLs are masked.
func (c Config) String() string {
	full, _ := c.complete()
	var b strings.Builder
	open := ""
	for i := range settings {
		s := &settings[i]
		if s.sets != nil || s.field == nil {
			continue
		}
		value := s.printed(full)
		if value == "" {
			continue
		}
		indent, name := "", s.key
		if section, rest, ok := strings.Cut(s.key, "."); ok {
			if section != open {
				b.WriteString(section + ":\n")
				open = section
			}
			indent, name = "  ", rest
		}
		b.WriteString(indent + name + ":" + strings.ReplaceAll(value, "\n", "\n"+indent) + "\n")
	}
	return b.String()
}

// GoString keeps secrets out of %#v.
func (c Config) GoString() string { return c.String() }

// LogValue keeps secrets out of structured logs.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalText keeps secrets out of whatever writes a Config as JSON or YAML.
func (c Config) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// String masks the secrets among the fields.
func (r Reporter) String() string {
	type plain Reporter // without this method
	for _, secret := range []*string{&r.Password, &r.AuthToken} {
		if *secret != "" {
			*secret = mask
		}
	}
	for name := range r.HTTPHeaders {
		r.HTTPHeaders = maps.Clone(r.HTTPHeaders)
		r.HTTPHeaders[name] = mask
	}
	r.Endpoint, r.ZipkinEndpoint = redact(r.Endpoint), redact(r.ZipkinEndpoint)
	return fmt.Sprintf("%+v", plain(r))
}

// GoString keeps secrets out of %#v.
func (r Reporter) GoString() string { return r.String() }

// MarshalText keeps secrets out of JSON and structured logs.
func (r Reporter) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// printed gives what follows the colon, "" for what is unset and has no default.
func (s *setting) printed(c *Config) string {
	if s.kind.entries != nil {
		if lines := s.kind.entries(s.field(c)); len(lines) > 0 {
			return "\n  " + strings.Join(lines, "\n  ")
		}
		return ""
	}
	value := s.effective(c)
	switch {
	case value == "":
		return ""
	case s.secret:
		return " " + mask
	}
	return " " + yamlText(redact(value))
}

var simple = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9_./:-]*[A-Za-z0-9_/-])?$`)

// yamlText quotes what YAML would not read back as it stands, between braces too.
func yamlText(s string) string {
	if simple.MatchString(s) && !strings.EqualFold(s, "null") {
		return s
	}
	return strconv.Quote(strings.ToValidUTF8(s, "\uFFFD"))
}

// settingsTable prints the table of the README, in Markdown.
func settingsTable() string {
	var b strings.Builder
	b.WriteString("| Key | Also | Variable | Default | Meaning |\n|---|---|---|---|---|\n")
	for _, s := range settings {
		def := s.def
		switch {
		case s.sets != nil && def == "":
			def = "see there"
		case def == "":
			def = "none"
		case s.unit != "":
			def += " " + s.unit
		}
		cells := []string{code(s.key), code(s.aliases...), code(s.env...), def, s.doc}
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	return b.String()
}

func code(names ...string) string {
	if len(names) == 0 {
		return ""
	}
	return "`" + strings.Join(names, "`, `") + "`"
}
