// SPDX-License-Identifier: Apache-2.0

package e2e

// StartOn and FreePorts let a test choose ports that are taken.
var (
	StartOn   = startOn
	FreePorts = freePorts
)
