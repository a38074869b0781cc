// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/jaegerkit/jaeger/model"
)

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
			value, err := valueOf(p.value)
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
		value, err := valueOf(p.value)
		if err != nil {
			return Tag{}, fmt.Errorf("%s: %w", quote(p.key.Value), err)
		}
		switch normalize(p.key.Value) {
		case "key":
			t.Key, _ = textOf(p.value)
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

// valueOf gives a scalar the type it has in YAML: whole numbers that fit an int64 and are
// written as Go writes them, other numbers, booleans spelled true or false. Everything
// else is text as it stands: 007, which may be a name, keeps its zeros.
func valueOf(n *yaml.Node) (any, error) {
	text, err := textOf(n)
	if err != nil {
		return nil, err
	}
	switch follow(n).ShortTag() {
	case "!!int":
		if v, err := strconv.ParseInt(text, 10, 64); err == nil && strconv.FormatInt(v, 10) == text {
			return v, nil
		}
	case "!!float":
		// YAML writes .inf and .nan, Go does without the dot.
		if v, err := strconv.ParseFloat(dotted.Replace(strings.ToLower(text)), 64); err == nil {
			return v, nil
		}
	case "!!bool":
		if v, err := strconv.ParseBool(text); err == nil {
			return v, nil
		}
	}
	return text, nil
}

var dotted = strings.NewReplacer(".inf", "inf", ".nan", "nan")

// asTag is what the value of a tag is on the wire.
func asTag(v any) model.Tag { return model.Any("", v, 0) }

// valueText is what a value looks like, of whatever type.
func valueText(v any) string {
	tag := asTag(v)
	return tag.Text()
}

// yamlValue prints a value so that valueOf gives one of the same type. Bytes, which a
// file cannot hold, are printed as text.
func yamlValue(v any) string {
	tag := asTag(v)
	text := tag.Text()
	switch tag.Kind() {
	case model.KindInt64, model.KindBool:
		return text
	case model.KindFloat64:
		switch f := tag.Float64(); {
		case math.IsNaN(f):
			return ".nan"
		case math.IsInf(f, 0):
			return strings.Replace(strings.TrimPrefix(strings.ToLower(text), "+"), "inf", ".inf", 1)
		case !strings.ContainsAny(text, ".e"):
			return text + ".0" // as a whole number it would be read as one
		}
		return text
	}
	if _, err := strconv.ParseFloat(text, 64); err == nil || strings.EqualFold(text, "true") || strings.EqualFold(text, "false") {
		return strconv.Quote(text)
	}
	return yamlText(text)
}
