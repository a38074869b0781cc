// SPDX-License-Identifier: Apache-2.0

//go:build !race

package reporter_test

const raceEnabled = false
