// SPDX-License-Identifier: Apache-2.0

package e2e

import "syscall"

// dieWithParent has the kernel kill the child when the thread that started it ends, so that a test binary that is
// itself killed (go test's -timeout) leaves no server behind.
func dieWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
