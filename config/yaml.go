// SPDX-License-Identifier: Apache-2.0

package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"sort"
	"strings"

	"gopkg.in/yaml.v3"
)

// maxFile bounds a configuration file, in bytes.
const maxFile = 1 << 20

// Parse reads a YAML document. An empty one is the zero Config. The error lists
// everything wrong in it; rules that join several settings are left to Validate, because
// the environment or code may still change them.
func Parse(document []byte) (*Config, error) {
	return parse(document, "")
}

// ReadFile is Parse of a file of at most 1 MiB. Its errors name the file.
func ReadFile(path string) (*Config, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("config: %w", err)
	}
	defer f.Close()
	document, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("config: %w", err)
	}
	return parse(document, path)
}

func parse(document []byte, file string) (*Config, error) {
	l := loader{c: new(Config), file: file}
	l.source = file
	if len(document) > maxFile {
		l.add("", "a file of more than %d bytes is not accepted", maxFile)
		return nil, l.err()
	}
	root, err := decode(document)
	if err != nil {
		l.add(lineOf(document, err), "%s", message(err))
		return nil, l.err()
	}
	if root != nil {
		l.document(root)
	}
	if err := l.err(); err != nil {
		return nil, err
	}
	return l.c, nil
}

// UnmarshalYAML lets a Config stand in a larger file of yours: it sets what the node sets
// and keeps the rest. On error nothing is changed.
func (c *Config) UnmarshalYAML(n *yaml.Node) error {
	if n == nil {
		return errors.New("config: no YAML node")
	}
	changed := *c
	changed.origin = maps.Clone(c.origin)
	l := loader{c: &changed}
	l.document(n)
	if err := l.err(); err != nil {
		return err
	}
	*c = changed
	return nil
}

var errSecond = errors.New("yaml: a second document is not accepted, want one")

// decode gives the top node of the only document, nil when there is none.
func decode(document []byte) (*yaml.Node, error) {
	d := yaml.NewDecoder(bytes.NewReader(document))
	var first, second yaml.Node
	switch err := d.Decode(&first); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, err
	}
	switch err := d.Decode(&second); {
	case err == nil:
		return nil, errSecond
	case !errors.Is(err, io.EOF):
		return nil, err
	}
	return &first, nil
}

// lineOf finds the line at which the parser gives up: the first line that, with those
// before it, gives the same error. The parser's own numbers are missing for some errors
// and one too small for others; they have to do for a document so long that the search
// would take a second.
func lineOf(document []byte, want error) string {
	const longest = 64 << 10
	if len(document) > longest {
		if found := numbered.FindStringSubmatch(want.Error()); len(found) > 1 && found[1] != "" {
			return "near line " + found[1]
		}
		return ""
	}
	lines := bytes.SplitAfter(document, []byte("\n"))
	n := sort.Search(len(lines), func(i int) bool {
		_, err := decode(bytes.Join(lines[:i+1], nil))
		return err != nil && err.Error() == want.Error()
	})
	return fmt.Sprintf("line %d", min(n+1, len(lines)))
}

var numbered = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

func message(err error) string { return numbered.ReplaceAllString(err.Error(), "") }

// loader writes the settings of one document into c.
type loader struct {
	problems
	c    *Config
	file string
	seen map[string]pair // by canonical key
}

// document takes the wrapper off, if there is one.
func (l *loader) document(n *yaml.Node) {
	for n.Kind == yaml.DocumentNode && len(n.Content) == 1 {
		n = n.Content[0]
	}
	n = follow(n)
	if n.Kind == yaml.MappingNode && len(n.Content) == 2 {
		key, value := normalize(n.Content[0].Value), follow(n.Content[1])
		if (key == "config" || key == "jaeger") && value.Kind == yaml.MappingNode {
			n = value
		}
	}
	l.seen = make(map[string]pair)
	switch {
	case !expands(n):
		l.add(at(n), "with aliases followed it has more than %d keys and values, or no end", maxNodes)
	case n.Kind == yaml.MappingNode:
		l.section(n, "")
	case !isNull(n):
		l.add(at(n), "%s is not accepted, want a mapping of settings", nodeName(n))
	}
}

// section walks a mapping of settings; path is as the reader wrote it.
func (l *loader) section(n *yaml.Node, path string) {
	for _, p := range flatten(n, normalize, &l.problems) {
		p.path = p.key.Value
		if path != "" {
			p.path = path + "." + p.path
		}
		s := index()[normalize(p.path)]
		switch {
		case s != nil:
			l.set(s, p)
		case sections()[normalize(p.path)]:
			if p.value.Kind == yaml.MappingNode {
				l.enable(p.path + ".")
				l.section(p.value, p.path)
			} else if !isNull(p.value) {
				l.add(at(p.key), "%s: %s is not accepted, want a mapping of settings", p.path, nodeName(p.value))
			}
		case path == "" && strings.HasPrefix(strings.ToLower(p.key.Value), "x-"):
			// A place for anchors.
		default:
			l.unknown(at(p.key), p.path)
		}
	}
}

// enable turns on a section that stands in the file, unless the file says otherwise.
func (l *loader) enable(path string) {
	s := index()[normalize(path[:strings.LastIndexByte(path, '.')+1]+"enabled")]
	if s == nil || !s.section {
		return
	}
	if _, said := l.seen[s.key]; !said {
		*s.field(l.c).(*bool) = true
	}
}

func (l *loader) set(s *setting, p pair) {
	if isNull(p.value) {
		return
	}
	for _, target := range s.targets() {
		if first, twice := l.seen[target]; twice {
			l.add(at(p.key), "%s sets what %s of %s has set", p.path, first.path, at(first.key))
			return
		}
	}
	for _, target := range s.targets() {
		l.seen[target] = p
	}
	l.enable(p.path)
	var field any
	if s.field != nil {
		field = s.field(l.c)
	}
	if s.kind.node != nil {
		if err := s.kind.node(field, p.value); err != nil {
			l.add(at(p.key), "%s", refusal(p.path, s, err))
			return
		}
	} else {
		text, err := textOf(p.value)
		if err != nil {
			l.add(at(p.key), "%s", refusal(p.path, s, err))
			return
		}
		if err := s.kind.set(field, text); err != nil {
			l.refuse(at(p.key), p.path, s, text, err)
			return
		}
	}
	where := at(p.key)
	if l.file != "" {
		where = l.file + " " + where
	}
	l.c.remember(s, where)
}

// refusal words an error about a value that is not one line of text.
func refusal(key string, s *setting, err error) string {
	return key + ": " + err.Error() + ", want " + s.kind.want
}
