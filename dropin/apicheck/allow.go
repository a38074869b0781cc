// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"
)

// change is one incompatible difference.
type change struct {
	pkg  string // relative to the module, "." for its root
	text string // as apidiff words it
}

// entry is one line of the allow list: package, text and reason with " | "
// between them. Empty lines and those that begin with # are comments.
type entry struct {
	change
	reason string
	line   int
	used   bool
}

type allowList []*entry

func parseAllowed(text string) (allowList, error) {
	var list allowList
	seen := map[change]int{}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.Split(line, " | ")
		if len(parts) != 3 || parts[0] == "" || parts[1] == "" || strings.TrimSpace(parts[2]) == "" {
			return nil, fmt.Errorf("line %d: %q: want package | change | reason", i+1, line)
		}
		e := &entry{change: change{parts[0], parts[1]}, reason: strings.TrimSpace(parts[2]), line: i + 1}
		if first, ok := seen[e.change]; ok {
			return nil, fmt.Errorf("line %d: repeats line %d", i+1, first)
		}
		seen[e.change] = i + 1
		list = append(list, e)
	}
	return list, nil
}

func (l allowList) excuses(c change) bool {
	for _, e := range l {
		if e.change == c {
			e.used = true
			return true
		}
	}
	return false
}

func (l allowList) unused() (out []*entry) {
	for _, e := range l {
		if !e.used {
			out = append(out, e)
		}
	}
	return out
}
