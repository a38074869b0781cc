// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// InstallNode installs the packages of node/package-lock.json for node/service.js, unless they are there, and returns
// how to start that program: node and its path. The working directory must be this package's.
func InstallNode(ctx context.Context, progress io.Writer) (node, script string, err error) {
	if node, err = exec.LookPath("node"); err != nil {
		return "", "", err
	}
	if script, err = filepath.Abs(filepath.Join("node", "service.js")); err != nil {
		return "", "", err
	}
	if _, err := os.Stat(filepath.Join("node", "node_modules", "jaeger-client", "package.json")); err == nil {
		return node, script, nil
	}
	fmt.Fprintln(progress, "installing the packages of node/")
	cmd := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	cmd.Dir = "node"
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", "", fmt.Errorf("npm ci: %w\n%s", err, out)
	}
	return node, script, nil
}
