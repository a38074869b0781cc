// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package e2e

import "syscall"

// dieWithParent has no equivalent outside Linux: there a killed test binary leaves its servers running.
func dieWithParent() *syscall.SysProcAttr { return nil }
