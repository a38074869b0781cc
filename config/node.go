// SPDX-License-Identifier: Apache-2.0

package config

import (
	"fmt"
	"sync"

	"gopkg.in/yaml.v3"
)

// pair is a key of a mapping with its value, aliases followed.
type pair struct {
	key, value *yaml.Node
	path       string // dotted, as the reader wrote it
}

// sections are what stands before a dot in the paths, normalised.
var sections = sync.OnceValue(func() map[string]bool {
	m := make(map[string]bool)
	for path := range index() {
		for i, c := range path {
			if c == '.' {
				m[path[:i]] = true
			}
		}
	}
	return m
})

// maxNodes bounds a document with its aliases followed, so that a few lines of aliases to
// aliases cannot ask for hours of work. An alias inside what it names has no end and is
// refused with them.
const maxNodes = 100000

// expands reports whether n with its aliases followed stays within maxNodes. Long texts
// count as several nodes.
func expands(n *yaml.Node) bool {
	left := maxNodes
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		n = follow(n)
		left -= 1 + len(n.Value)/64
		for i := 0; i < len(n.Content) && left >= 0; i++ {
			walk(n.Content[i])
		}
	}
	walk(n)
	return left >= 0
}

// flatten lists the pairs of a mapping, merges (<<) included: what the mapping says itself
// wins, then the earlier of the merged ones. Keys are the same when fold makes them so;
// one that a mapping repeats is bad, whether it is merged or not.
func flatten(n *yaml.Node, fold func(string) string, bad *problems) (pairs []pair) {
	taken := make(map[string]bool)
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		own := make(map[string]*yaml.Node)
		var parents []*yaml.Node
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := follow(n.Content[i]), follow(n.Content[i+1])
			if key.Kind != yaml.ScalarNode {
				bad.add(at(n.Content[i]), "%s is not accepted as a key", nodeName(key))
				continue
			}
			if key.ShortTag() == "!!merge" {
				if value.Kind == yaml.SequenceNode {
					parents = append(parents, value.Content...)
				} else {
					parents = append(parents, value)
				}
				continue
			}
			name := fold(key.Value)
			if first := own[name]; first != nil {
				bad.add(at(n.Content[i]), "key %s repeats %s of %s", quote(key.Value), quote(first.Value), at(first))
				continue
			}
			own[name] = key
			if !taken[name] {
				taken[name] = true
				pairs = append(pairs, pair{key: key, value: value})
			}
		}
		for _, parent := range parents {
			if m := follow(parent); m.Kind == yaml.MappingNode {
				walk(m)
			} else {
				bad.add(at(parent), "%s cannot be merged, want a mapping", nodeName(m))
			}
		}
	}
	walk(n)
	return pairs
}

// follow gives what an alias stands for.
func follow(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

// at names the line of a node.
func at(n *yaml.Node) string { return fmt.Sprintf("line %d", n.Line) }

// isNull is true for what counts as unset: null, nothing, and an empty text.
func isNull(n *yaml.Node) bool {
	return n.Kind == 0 || n.Kind == yaml.ScalarNode && (n.ShortTag() == "!!null" || n.Value == "")
}

func nodeName(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	return "a single value"
}

// textOf gives the text of a scalar as it stands in the file, "" for null.
func textOf(n *yaml.Node) (string, error) {
	n = follow(n)
	if n.Kind != yaml.ScalarNode {
		return "", fmt.Errorf("%s is not accepted", nodeName(n))
	}
	switch tag := n.ShortTag(); tag {
	case "!!null":
		return "", nil
	case "!!str", "!!int", "!!float", "!!bool", "!!timestamp", "!!merge":
		return n.Value, nil
	default:
		return "", fmt.Errorf("the YAML tag %s is not accepted", quote(tag))
	}
}

// textsOf gives the texts of a list, or of one scalar.
func textsOf(n *yaml.Node) ([]string, error) {
	if n.Kind != yaml.SequenceNode {
		text, err := textOf(n)
		return []string{text}, err
	}
	const most = 100
	if len(n.Content) > most {
		return nil, fmt.Errorf("a list of more than %d is not accepted", most)
	}
	texts := make([]string, len(n.Content))
	for i, item := range n.Content {
		text, err := textOf(item)
		if err != nil {
			return nil, err
		}
		texts[i] = text
	}
	return texts, nil
}
