// SPDX-License-Identifier: Apache-2.0

package rpcmetrics

// Normalize replaces each byte of an operation's name that is not a letter, a
// digit or one of - _ / . by -, for metrics systems that take no others. A name
// without such bytes is returned as it is.
func Normalize(operation string) string {
	for i := 0; i < len(operation); i++ {
		if !safe(operation[i]) {
			return string(appendSafe(make([]byte, 0, len(operation)), operation))
		}
	}
	return operation
}

func appendSafe(b []byte, operation string) []byte {
	for i := 0; i < len(operation); i++ {
		c := operation[i]
		if !safe(c) {
			c = '-'
		}
		b = append(b, c)
	}
	return b
}

func safe(c byte) bool {
	return c-'a' < 26 || c-'A' < 26 || c-'0' < 10 || c == '-' || c == '_' || c == '/' || c == '.'
}
