// SPDX-License-Identifier: Apache-2.0

//go:build race

package reporter_test

// raceEnabled: under the race detector sync.Pool drops records at random.
const raceEnabled = true
