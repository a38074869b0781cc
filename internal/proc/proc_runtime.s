// SPDX-License-Identifier: Apache-2.0

//go:build gc && !purego && !race && (amd64 || arm64) && !go1.28

// The compiler takes functions without a body only where there is assembly.
