// SPDX-License-Identifier: Apache-2.0

// Package weight builds one small HTTP service without tracing and with each
// client, and says what the client added: bytes of the stripped program,
// packages and modules.
//
//	list, err := weight.Measure(ctx, weight.All)
//	for _, w := range list {
//		fmt.Println(w.Peer, w.Size-list[0].Size, w.Packages)
//	}
//
// What it promises: the programs are real packages of this module (mains/), so
// they are compiled, vetted and pinned with it; they are built into a temporary
// directory that is removed; they are never run.
package weight

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// All lists the programs; the first has no tracing.
var All = []string{"nothing", "jaegerkit", "jaeger-client-go", "otel", "otel-bridge", "zipkin-go"}

// Weight is what one program comes to.
type Weight struct {
	Peer     string
	Size     int64 // bytes, without symbols and debugging information
	Packages int   // in the program, the standard library's included
	Foreign  int   // of these, those of other modules than the standard library
	Modules  int   // that they come from
}

// Measure builds the programs one after the other. It must run inside this
// module, with the go command at hand.
func Measure(ctx context.Context, programs []string) (list []Weight, err error) {
	dir, err := os.MkdirTemp("", "bench-weight-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	for _, name := range programs {
		w, err := measure(ctx, dir, name)
		if err != nil {
			return nil, fmt.Errorf("weight of %q: %w", name, err)
		}
		list = append(list, w)
	}
	return list, nil
}

func measure(ctx context.Context, dir, name string) (w Weight, err error) {
	const root = "github.com/jaegerkit/jaeger/bench"
	w.Peer = name
	program := root + "/weight/mains/" + name
	binary := filepath.Join(dir, "program")
	if _, err := run(ctx, "build", "-ldflags=-s -w", "-o", binary, program); err != nil {
		return w, err
	}
	file, err := os.Stat(binary)
	if err != nil {
		return w, err
	}
	w.Size = file.Size()
	deps, err := run(ctx, "list", "-deps", "-f", "{{.ImportPath}} {{with .Module}}{{.Path}}{{end}}", program)
	if err != nil {
		return w, err
	}
	modules := map[string]bool{}
	for line := range strings.Lines(string(deps)) {
		_, module, _ := strings.Cut(strings.TrimSpace(line), " ")
		w.Packages++
		if module != "" && module != root {
			w.Foreign++
			modules[module] = true
		}
	}
	w.Packages-- // the program itself
	w.Modules = len(modules)
	return w, nil
}

func run(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w: %s", strings.Join(args, " "), err, bytes.TrimSpace(stderr.Bytes()))
	}
	return out, nil
}
