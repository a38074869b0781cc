// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/jaegerkit/jaeger/config"
)

// The annotated file is complete: it has every key of the table once, with its default in
// the comment above, and is valid as it stands.
func TestFullFile(t *testing.T) {
	t.Parallel()
	c, err := config.ReadFile("testdata/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
	checkGolden(t, "full.golden", c.String())

	document, err := os.ReadFile("testdata/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defaults := config.DefaultTexts()
	var missing []string
	for key := range defaults {
		missing = append(missing, key)
	}
	everything := regexp.MustCompile(`(?m)^( *)#([a-z])`).ReplaceAllString(string(document), "$1$2")
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(everything), &root); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(everything, "\n")
	var walk func(n *yaml.Node, path string)
	walk = func(n *yaml.Node, path string) {
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := n.Content[i], n.Content[i+1]
			full := path + key.Value
			want, known := defaults[full]
			switch {
			case known:
				at := slices.Index(missing, full)
				if at < 0 {
					t.Errorf("line %d: %s stands there twice", key.Line, full)
					continue
				}
				missing = slices.Delete(missing, at, at+1)
				if got := commentAbove(lines, key.Line-1); !strings.Contains(got, want) {
					t.Errorf("line %d: got the comment %q for %s, want it to say %q", key.Line, got, full, want)
				}
			case value.Kind == yaml.MappingNode:
				walk(value, full+".")
			default:
				t.Errorf("line %d: %s is not a key of the table", key.Line, full)
			}
		}
	}
	walk(root.Content[0], "")
	if len(missing) > 0 {
		slices.Sort(missing)
		t.Errorf("keys that are not in the file: %v", missing)
	}
}

// commentAbove joins the comment lines right above a line.
func commentAbove(lines []string, line int) string {
	var words []string
	for line--; line >= 0; line-- {
		text, ok := strings.CutPrefix(strings.TrimSpace(lines[line]), "# ")
		if !ok {
			break
		}
		words = append([]string{text}, words...)
	}
	return strings.Join(words, " ")
}

// Each setting behind a # is what the comment says it is: good by itself, and refused
// beside the one it excludes.
func TestAlternativesOfFullFile(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("testdata/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	hidden := regexp.MustCompile(`(?m)^( *)#([a-z][a-z_]*):`)
	found := 0
	for _, at := range hidden.FindAllSubmatchIndex(document, -1) {
		found++
		hash, name := at[4]-1, string(document[at[4]:at[5]])
		c, err := config.Parse(slices.Concat(document[:hash], document[hash+1:]))
		if err == nil {
			err = c.Validate()
		}
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v beside what it excludes, want an error that names it", name, err)
		}
	}
	if found != 6 {
		t.Errorf("got %d settings that exclude others, want 6", found)
	}
}
