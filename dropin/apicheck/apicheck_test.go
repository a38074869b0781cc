// SPDX-License-Identifier: Apache-2.0

package main

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func check(t *testing.T, path, src string) *types.Package {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	p, err := (&types.Config{Importer: importer.Default()}).Check(path, fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestCompare(t *testing.T) {
	t.Parallel()
	const base = `package p
type T struct{ A int; b string }
func (*T) M() int { return 0 }
type I interface{ F() }
type hidden struct{}
func (hidden) Shown() {}
var V hidden
const C = 1
`
	for _, test := range []struct {
		name, from, to string
		want           []string
	}{
		{"the same", "", "", nil},
		{"unexported field", "b string", "b, c int", nil},
		{"new field and function", "A int;", "A int; Z int;", nil},
		{"field gone", "A int; ", "", []string{"T.A: removed"}},
		{"method gone", "func (*T) M() int { return 0 }", "", []string{"(*T).M: removed"}},
		{"method changed", "M() int { return 0 }", "M() {}", []string{"(*T).M: changed from func() int to func()"}},
		{"interface grown", "F()", "F(); G()", []string{"I.G: added"}},
		{"method of a hidden type gone", "Shown", "hid", []string{"hidden.Shown: removed"}},
		{"constant changed", "C = 1", "C = 2", []string{"C: value changed from 1 to 2"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			before, after := check(t, "example.com/p", base), check(t, "example.com/p", strings.Replace(base, test.from, test.to, 1))
			var got []string
			for _, c := range compare("p", before, after) {
				got = append(got, c.text)
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

func TestAllowList(t *testing.T) {
	t.Parallel()
	list, err := parseAllowed("# a comment\n\np | X: removed | nobody used it\nq | Y: removed | the same\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		pkg, text string
		want      bool
	}{{"p", "X: removed", true}, {"q", "X: removed", false}, {"p", "X: removed: more", false}} {
		if got := list.excuses(change{test.pkg, test.text}); got != test.want {
			t.Errorf("%s: %s: got %t, want %t", test.pkg, test.text, got, test.want)
		}
	}
	if got := list.unused(); len(got) != 1 || got[0].line != 4 {
		t.Errorf("unused: got %v, want the entry of line 4", got)
	}
}

func TestAllowListErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want string }{
		{"no reason", "p | X: removed", "line 1"},
		{"empty reason", "p | X: removed |  ", "line 1"},
		{"twice", "p | X | a\n\np | X | b", "line 3: repeats line 1"},
	} {
		if _, err := parseAllowed(test.text); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", test.name, err, test.want)
		}
	}
}

// TestRun compares the old module with a small one in its place.
func TestRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("go.mod", "module "+oldPath+"\n\ngo 1.23.0\n")
	write("internal/throttler/t.go", "package throttler\n\ntype Throttler interface{ IsAllowed(operation string) bool }\n")
	allow := write("allow.txt", "internal/throttler | DefaultThrottler: removed | for this test\nnowhere | X | for this test\n")
	var out strings.Builder
	n, err := run(&out, ".", dir, allow, true)
	if err != nil {
		t.Fatal(err)
	}
	got := out.String()
	for _, want := range []string{
		"compared: internal/throttler\n", "config: package is missing\n", "thrift-gen/jaeger: package is missing\n",
		"allow.txt:2: excuses nothing: nowhere: X\n", "packages: 1\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got  %q\nwant %q in it", got, want)
		}
	}
	for _, not := range []string{"DefaultThrottler", "internal/baggage"} {
		if strings.Contains(got, not) {
			t.Errorf("got  %q\nwant no %q in it", got, not)
		}
	}
	if n < 15 {
		t.Errorf("got %d changes, want one for each missing package", n)
	}
}
