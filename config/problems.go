// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jaegerkit/jaeger/model"
)

// problem is one thing wrong, and where: a line, a variable, or "" for a value set in code.
type problem struct {
	where, text string
}

func (p problem) Error() string {
	if p.where == "" {
		return p.text
	}
	return p.where + ": " + p.text
}

// problems is the error of this package: all that is wrong in one source, a line each.
type problems struct {
	source string // a file's path, or ""
	list   []problem
	more   int // beyond maxProblems
}

const maxProblems = 50

func (p *problems) add(where, format string, args ...any) {
	if len(p.list) == maxProblems {
		p.more++
		return
	}
	p.list = append(p.list, problem{where, fmt.Sprintf(format, args...)})
}

// err is nil when nothing is wrong. Problems of a file come in the order of its lines.
func (p *problems) err() error {
	if len(p.list) == 0 {
		return nil
	}
	slices.SortStableFunc(p.list, func(a, b problem) int { return a.line() - b.line() })
	return p
}

// line gives the number in "line 7", or 0.
func (p problem) line() int {
	digits, _ := strings.CutPrefix(p.where, "line ")
	n, _ := strconv.Atoi(digits)
	return n
}

func (p *problems) Error() string {
	var b strings.Builder
	b.WriteString("config: ")
	if p.source != "" {
		b.WriteString(p.source + ": ")
	}
	if len(p.list) == 1 {
		b.WriteString(p.list[0].Error())
		return b.String()
	}
	fmt.Fprintf(&b, "%d problems:", len(p.list)+p.more)
	for _, one := range p.list {
		b.WriteString("\n\t" + one.Error())
	}
	if p.more > 0 {
		fmt.Fprintf(&b, "\n\tand %d more", p.more)
	}
	return b.String()
}

// Unwrap gives the problems one by one.
func (p *problems) Unwrap() []error {
	errs := make([]error, len(p.list))
	for i := range p.list {
		errs[i] = p.list[i]
	}
	return errs
}

// refuse adds a value that its kind did not accept. key is as the reader wrote it.
func (p *problems) refuse(where, key string, s *setting, value string, err error) {
	shown := "the value (not shown)"
	if !s.secret {
		shown = quote(redact(value))
	}
	hint := ""
	if !errors.Is(err, errPlain) {
		hint = " (" + err.Error() + ")"
	}
	p.add(where, "%s: %s is not accepted, want %s%s", key, shown, s.kind.want, hint)
}

// unknown adds a key that no row of the table has.
func (p *problems) unknown(where, key string) {
	if len(p.list) == maxProblems {
		p.more++ // without a search for a hint that nobody sees
		return
	}
	if near := nearest(key); near != "" {
		p.add(where, "unknown key %s, nearest known key %q", quote(key), near)
		return
	}
	p.add(where, "unknown key %s, known here: %s", quote(key), strings.Join(siblings(key), ", "))
}

// nearest finds the known path that a mistyped or misplaced one most likely stands for,
// or "".
func nearest(key string) string {
	const longest = 64 // bounds the work; the longest known path is shorter
	if len(key) > longest {
		return ""
	}
	key = normalize(key)
	best, at := "", max(2, len(last(key))/3)+1
	for _, s := range settings {
		for _, path := range append([]string{s.key}, s.aliases...) {
			candidate := normalize(path)
			d := distance(key, candidate)
			if last(key) == last(candidate) {
				d = min(d, 1)
			}
			if d < at {
				best, at = path, d
			}
		}
	}
	return best
}

// siblings lists what the section of a path knows: settings and, at the top, sections.
func siblings(key string) []string {
	prefix := strings.TrimSuffix(normalize(key), last(normalize(key)))
	var known []string
	for _, s := range settings {
		if !strings.HasPrefix(normalize(s.key), prefix) {
			continue
		}
		name, _, _ := strings.Cut(behind(s.key, prefix), ".")
		if !slices.Contains(known, name) {
			known = append(known, name)
		}
	}
	return known
}

// behind is what a key has after as many sections as prefix has.
func behind(key, prefix string) string {
	for range strings.Count(prefix, ".") {
		_, key, _ = strings.Cut(key, ".")
	}
	return key
}

func last(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// distance counts insertions, deletions, substitutions and swaps of neighbours.
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(a)][len(b)]
}

// short cuts what a person would not read to the end, between runes.
func short(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return model.Truncate(s, most) + "..."
}

func quote(s string) string { return strconv.Quote(short(s)) }
