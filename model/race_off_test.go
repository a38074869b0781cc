// SPDX-License-Identifier: Apache-2.0

//go:build !race

package model_test

const raceEnabled = false
