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
			lines = append(lines, "- {key: "+yamlText(t.Key)+", value: "+yamlText(t.Value)+"}")
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
		tags, err := tagsOf(n)
		if err != nil {
			return err
		}
		headers := make(map[string]string, len(tags))
		for _, t := range tags {
			name := textproto.CanonicalMIMEHeaderKey(t.Key)
			if _, twice := headers[name]; twice {
				return fmt.Errorf("header %s stands there twice", quote(name))
			}
			headers[name] = t.Value
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
		if t.Key == "" {
			return fmt.Errorf("the tag with value %s has no key", quote(t.Value))
		}
		if !utf8.ValidString(t.Key) || !utf8.ValidString(t.Value) {
			return fmt.Errorf("tag %s is not UTF-8", quote(t.Key))
		}
		total += len(t.Key) + len(t.Value)
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
	return nil
}

// parseTags reads k=v,k2=${VAR:default}. A comma inside ${} separates nothing; only the
// first = of an entry does; a variable that is empty counts as unset.
func parseTags(text string, lookup func(string) (string, bool)) ([]Tag, error) {
	var tags []Tag
	for text != "" {
		end := strings.IndexByte(text, ',')
		if open := strings.Index(text, "${"); open >= 0 && open < end {
			brace := strings.IndexByte(text[open:], '}')
			if brace < 0 {
				return nil, fmt.Errorf("%s lacks its closing brace", quote(text[open:]))
			}
			if end = strings.IndexByte(text[open+brace:], ','); end >= 0 {
				end += open + brace
			}
		}
		entry := text
		if text = ""; end >= 0 {
			entry, text = entry[:end], entry[end+1:]
		}
		if entry = strings.TrimSpace(entry); entry == "" {
			continue
		}
		key, value, ok := strings.Cut(entry, "=")
		if !ok {
			return nil, fmt.Errorf("%s has no =", quote(entry))
		}
		value, err := expand(strings.TrimSpace(value), lookup)
		if err != nil {
			return nil, err
		}
		tags = append(tags, Tag{Key: strings.TrimSpace(key), Value: value})
	}
	return tags, nil
}

// expand replaces a value that is wholly ${VAR:default} or ${VAR}.
func expand(value string, lookup func(string) (string, bool)) (string, error) {
	inner, ok := strings.CutPrefix(value, "${")
	if !ok {
		return value, nil
	}
	inner, ok = strings.CutSuffix(inner, "}")
	if !ok {
		return "", fmt.Errorf("%s does not end with its closing brace", quote(value))
	}
	name, def, hasDef := strings.Cut(inner, ":")
	switch v, _ := lookup(name); {
	case name == "":
		return "", fmt.Errorf("%s names no variable", quote(value))
	case v != "":
		return v, nil
	case !hasDef:
		return "", fmt.Errorf("%s has no value and no default, as in ${%s:default}", quote(value), short(name))
	}
	return def, nil
}

// tagsOf reads a mapping, or a list of mappings with key and value.
func tagsOf(n *yaml.Node) ([]Tag, error) {
	var tags []Tag
	switch n.Kind {
	case yaml.MappingNode:
		var bad problems
		pairs := flatten(n, same, &bad)
		if len(bad.list) > 0 {
			return nil, bad.list[0]
		}
		for _, p := range pairs {
			value, err := textOf(p.value)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", quote(p.key.Value), err)
			}
			tags = append(tags, Tag{Key: p.key.Value, Value: value})
		}
		return tags, nil
	case yaml.SequenceNode:
		for _, item := range n.Content {
			t, err := tagOf(follow(item))
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", item.Line, err)
			}
			tags = append(tags, t)
		}
		return tags, nil
	}
	return nil, fmt.Errorf("it is %s", nodeName(n))
}

func tagOf(n *yaml.Node) (Tag, error) {
	if n.Kind != yaml.MappingNode {
		return Tag{}, fmt.Errorf("an entry is %s", nodeName(n))
	}
	var bad problems
	pairs := flatten(n, normalize, &bad)
	if len(bad.list) > 0 {
		return Tag{}, bad.list[0]
	}
	var t Tag
	for _, p := range pairs {
		value, err := textOf(p.value)
		if err != nil {
			return Tag{}, fmt.Errorf("%s: %w", quote(p.key.Value), err)
		}
		switch normalize(p.key.Value) {
		case "key":
			t.Key = value
		case "value":
			t.Value = value
		default:
			return Tag{}, fmt.Errorf("unknown key %s, known here: key, value", quote(p.key.Value))
		}
	}
	if t.Key == "" {
		return Tag{}, errors.New("the tag has no key")
	}
	return t, nil
}
