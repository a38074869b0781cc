// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"
	"maps"
	"net/textproto"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/jaegerkit/jaeger/transport"
)

// maxEntries bounds all keys and values of one collection together, in bytes: the tags
// ride in every packet, and a packet has no room for more.
const maxEntries = 60000

var tagList = kind{
	want: "a mapping of texts or a list of {key, value}, in a variable k=v,k2=${VAR:default}",
	node: func(field any, n *yaml.Node) error {
		tags, err := tagsOf(n)
		if err == nil {
			err = checkTags(tags)
		}
		if err == nil {
			*field.(*[]Tag) = tags
		}
		return err
	},
	env: func(field any, text string, lookup func(string) (string, bool)) error {
		tags, err := parseTags(text, lookup)
		if err == nil {
			err = checkTags(tags)
		}
		if err == nil {
			*field.(*[]Tag) = tags
		}
		return err
	},
	check: func(field any) error { return checkTags(*field.(*[]Tag)) },
	entries: func(field any) []string {
		var lines []string
		for _, t := range *field.(*[]Tag) {
			lines = append(lines, "- {key: "+yamlText(t.Key)+", value: "+yamlValue(t.Value)+"}")
		}
		return lines
	},
}

// headerMap keeps names in their canonical form.
var headerMap = kind{
	want: "a mapping of header names to texts",
	node: func(field any, n *yaml.Node) error {
		if n.Kind != yaml.MappingNode {
			return fmt.Errorf("it is %s", nodeName(n))
		}
		var bad problems
		headers := make(map[string]string)
		for _, p := range flatten(n, same, &bad) {
			name := textproto.CanonicalMIMEHeaderKey(p.key.Value)
			if _, twice := headers[name]; twice {
				return fmt.Errorf("header %s stands there twice", quote(name))
			}
			value, err := textOf(p.value)
			if err != nil {
				return fmt.Errorf("%s: %w", quote(p.key.Value), err)
			}
			headers[name] = value
		}
		if len(bad.list) > 0 {
			return bad.list[0]
		}
		if err := checkHeaders(headers); err != nil {
			return err
		}
		*field.(*map[string]string) = headers
		return nil
	},
	check: func(field any) error { return checkHeaders(*field.(*map[string]string)) },
	entries: func(field any) []string {
		headers := *field.(*map[string]string)
		var lines []string
		for _, name := range slices.Sorted(maps.Keys(headers)) {
			// Which header is a secret cannot be told from its name.
			lines = append(lines, yamlText(name)+": "+mask)
		}
		return lines
	},
}

func checkTags(tags []Tag) error {
	total := 0
	for _, t := range tags {
		value := valueText(t.Value)
		if t.Key == "" {
			return fmt.Errorf("the tag with value %s has no key", quote(value))
		}
		if !utf8.ValidString(t.Key) || !utf8.ValidString(value) {
			return fmt.Errorf("tag %s is not UTF-8", quote(t.Key))
		}
		total += len(t.Key) + len(value)
		if total > maxEntries {
			return fmt.Errorf("more than %d bytes in all", maxEntries)
		}
	}
	return nil
}

// checkHeaders never shows a value, which may be a secret.
func checkHeaders(headers map[string]string) error {
	total := 0
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		value := headers[name]
		if _, err := parseHeaderName(name); err != nil {
			return fmt.Errorf("%s is not a header name", quote(name))
		}
		if _, err := plain(value); err != nil {
			return fmt.Errorf("value of header %s: %w", quote(name), err)
		}
		total += len(name) + len(value)
		if total > maxEntries {
			return fmt.Errorf("more than %d bytes in all", maxEntries)
		}
	}
	// Some are the transport's own. It shows no value either, and connects to nothing.
	t, err := transport.NewHTTP("http://localhost", transport.WithHTTPHeaders(headers))
	if err != nil {
		return errors.New(strings.TrimPrefix(err.Error(), "http transport: "))
	}
	return t.Close()
}
