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

// The programs, as the tool lines of backends/go.mod name them.
const (
	agentPackage    = "github.com/jaegertracing/jaeger/cmd/agent"
	allInOnePackage = "github.com/jaegertracing/jaeger/cmd/all-in-one"
)

// progressEvery is how often a build that still runs says so.
const progressEvery = 5 * time.Second

// Backends are the paths of the built programs.
type Backends struct {
	Agent    string
	AllInOne string
}

// BuildBackends builds both programs into dir unless they are there already, made from the same backends/go.mod and
// go.sum by the same Go release. One after the other, since each keeps every core busy; progress gets a line every few
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
	stamp, err := backendsStamp()
	if err != nil {
		return Backends{}, err
	}
	var b Backends
	for _, tool := range []struct {
		pkg string
		bin *string
	}{{agentPackage, &b.Agent}, {allInOnePackage, &b.AllInOne}} {
		if *tool.bin, err = buildTool(ctx, tool.pkg, dir, stamp, progress); err != nil {
			return Backends{}, err
		}
	}
	return b, nil
}

// buildTool leaves the program in dir alone if its stamp file says that it was built from the same input.
func buildTool(ctx context.Context, pkg, dir string, stamp []byte, progress io.Writer) (string, error) {
	bin := programIn(dir, pkg)
	stampFile := bin + ".stamp"
	if old, err := os.ReadFile(stampFile); err == nil && bytes.Equal(old, stamp) {
		if _, err := os.Stat(bin); err == nil {
			return bin, nil
		}
	}
	if err := os.Remove(stampFile); err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	if _, err := GoBuild(ctx, "backends", pkg, dir, progress); err != nil {
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

// backendsStamp changes with everything that decides what the programs are.
func backendsStamp() ([]byte, error) {
	h := sha256.New()
	fmt.Fprintln(h, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join("backends", name))
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
