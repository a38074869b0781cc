// SPDX-License-Identifier: Apache-2.0

// Command apicheck compares the exported API of the drop-in with that of
// jaeger-client-go v2.30.0, package by package.
//
//	cd dropin/apicheck && go run .
//
// It prints one line for each incompatible change and, last, how many there are;
// it exits with 1 if there is one. Both modules have the same path, so each is
// loaded in a module of its own: the old one as a dependency of this module, the
// new one where it lies. What cannot be kept is listed in allow.txt with the
// reason; a line there that excuses nothing is an error too.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

const oldPath = "github.com/uber/jaeger-client-go"

func main() {
	newDir := flag.String("new", "..", "folder of the module to check")
	allowFile := flag.String("allow", "allow.txt", "what is allowed to differ")
	verbose := flag.Bool("v", false, "name the packages compared")
	flag.Parse()
	n, err := run(os.Stdout, ".", *newDir, *allowFile, *verbose)
	if err != nil {
		fmt.Fprintln(os.Stderr, "apicheck:", err)
		os.Exit(2)
	}
	if n > 0 {
		os.Exit(1)
	}
}

// run returns how many incompatible changes there are.
func run(out io.Writer, oldDir, newDir, allowFile string, verbose bool) (int, error) {
	text, err := os.ReadFile(allowFile)
	if err != nil {
		return 0, err
	}
	allowed, err := parseAllowed(string(text))
	if err != nil {
		return 0, fmt.Errorf("%s: %w", allowFile, err)
	}
	changes, compared, err := compareModules(oldDir, newDir)
	if err != nil {
		return 0, err
	}
	if verbose {
		for _, p := range compared {
			fmt.Fprintln(out, "compared:", p)
		}
	}
	n := 0
	for _, c := range changes {
		if !allowed.excuses(c) {
			fmt.Fprintf(out, "%s: %s\n", c.pkg, c.text)
			n++
		}
	}
	for _, e := range allowed.unused() {
		fmt.Fprintf(out, "%s:%d: excuses nothing: %s: %s\n", allowFile, e.line, e.pkg, e.text)
		n++
	}
	fmt.Fprintf(out, "packages: %d\nallowed: %d\nincompatible: %d\n", len(compared), len(allowed), n)
	return n, nil
}
