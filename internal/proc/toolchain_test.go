// SPDX-License-Identifier: Apache-2.0

//go:build !race && gc && !purego && (amd64 || arm64)

package proc_test

import (
	"os"
	"runtime"
	"testing"

	"github.com/jaegerkit/jaeger/internal/proc"
)

// The newest toolchain that CI has must be among those that Pin is built for.
func TestPinIsBuiltForThisToolchain(t *testing.T) {
	if os.Getenv("CI") == "" {
		t.Skip("for CI")
	}
	if !proc.Local {
		t.Errorf("with %s spans cost twice as much: test that version, then raise the bound in the build constraints", runtime.Version())
	}
}
