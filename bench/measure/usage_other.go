// SPDX-License-Identifier: Apache-2.0

//go:build !unix

package measure

import (
	"runtime"
	"time"
)

var began = time.Now()

// ProcessCPU returns the time since the process began: this system has no
// getrusage, so the figures called CPU are wall time here.
func ProcessCPU() time.Duration { return time.Since(began) }

// PeakMemory returns what the runtime asked the system for.
func PeakMemory() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}
