// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"time"
)

// backend is a program that is not under test, and the module that says which version of it. Each has a module of its
// own so that what they require does not mix.
type backend struct{ module, pkg string }

var (
	agentBackend     = backend{"backends", "github.com/jaegertracing/jaeger/cmd/agent"}
	allInOneBackend  = backend{"backends", "github.com/jaegertracing/jaeger/cmd/all-in-one"}
	collectorBackend = backend{"collector", "github.com/jaegerkit/jaeger/e2e/collector"}
)

// progressEvery is how often a build that still runs says so.
const progressEvery = 5 * time.Second

// Backends are the paths of the built programs.
type Backends struct {
	Agent     string
	AllInOne  string
	Collector string // OpenTelemetry's
}

// BuildBackends builds the programs into dir unless they are there already, made from the same go.mod and go.sum by
// the same Go release. One after the other, since each keeps every core busy; progress gets a line every few
// seconds with the time so far. The working directory must be this package's, as it is in its tests. A build that is
// interrupted leaves nothing that passes for a program.
func BuildBackends(ctx context.Context, dir string, progress io.Writer) (Backends, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Backends{}, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return Backends{}, err
	}
	var b Backends
	for _, program := range []struct {
		backend
		bin *string
	}{{agentBackend, &b.Agent}, {allInOneBackend, &b.AllInOne}, {collectorBackend, &b.Collector}} {
		if *program.bin, err = program.build(ctx, dir, progress); err != nil {
			return Backends{}, err
		}
	}
	return b, nil
}

// build leaves the program in dir alone if its stamp file says that it was built from the same input.
func (p backend) build(ctx context.Context, dir string, progress io.Writer) (string, error) {
	stamp, err := p.stamp()
	if err != nil {
		return "", err
	}
	bin := programIn(dir, p.pkg)
	stampFile := bin + ".stamp"
	if old, err := os.ReadFile(stampFile); err == nil && bytes.Equal(old, stamp) {
		if _, err := os.Stat(bin); err == nil {
			return bin, nil
		}
	}
	if err := os.Remove(stampFile); err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	if _, err := GoBuild(ctx, p.module, p.pkg, dir, progress); err != nil {
		return "", err
	}
	return bin, os.WriteFile(stampFile, stamp, 0o644)
}

// GoBuild runs go build for pkg of the module in moduleDir and returns the program, which it puts into outDir. It
// reports to progress when it starts, every few seconds while it runs, and when it is done.
func GoBuild(ctx context.Context, moduleDir, pkg, outDir string, progress io.Writer) (string, error) {
	bin := programIn(outDir, pkg)
	begin := time.Now()
	cmd := exec.CommandContext(ctx, "go", "build", "-o", bin, pkg)
	var output bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = moduleDir, &output, &output
	fmt.Fprintf(progress, "building %s\n", pkg)
	if err := cmd.Start(); err != nil {
		return "", fmt.Errorf("build %s: %w", pkg, err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	tick := time.NewTicker(progressEvery)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			if err != nil {
				return "", fmt.Errorf("build %s: %w\n%s", pkg, err, output.Bytes())
			}
			fmt.Fprintf(progress, "built %s in %s\n", pkg, time.Since(begin).Round(100*time.Millisecond))
			return bin, nil
		case <-tick.C:
			fmt.Fprintf(progress, "building %s: %s\n", pkg, time.Since(begin).Round(time.Second))
		}
	}
}

// stamp changes with everything that decides what the program is.
func (p backend) stamp() ([]byte, error) {
	files, err := filepath.Glob(filepath.Join(p.module, "*.*"))
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	fmt.Fprintln(h, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		h.Write(text)
	}
	return fmt.Appendf(nil, "%x\n", h.Sum(nil)), nil
}

// programIn is where go build puts the program of pkg.
func programIn(dir, pkg string) string {
	bin := filepath.Join(dir, path.Base(pkg))
	if runtime.GOOS == "windows" {
		bin += ".exe"
	}
	return bin
}
