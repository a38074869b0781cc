// SPDX-License-Identifier: Apache-2.0

//go:build !race

package jaeger_test

const raceEnabled = false
