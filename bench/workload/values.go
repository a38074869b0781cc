// SPDX-License-Identifier: Apache-2.0

package workload

import (
	"fmt"
	"math/rand/v2"
)

// generator draws values; its seed is fixed.
type generator struct{ *rand.Rand }

// keys are those of an HTTP service, in the order of the kinds in tag. Longer
// shapes go on with numbered ones.
var keys = [...]string{"http.method", "http.url", "http.status_code", "peer.hostname", "cached", "component", "db.statement", "db.rows", "user.id", "load"}

const letters = "abcdefghijklmnopqrstuvwxyz0123456789-_/."

// tag draws the n-th tag: string, string, int, string, bool, then the same with
// a float in place of the boolean, and so on.
func (g generator) tag(n, valueBytes int) Tag {
	key := ""
	if n < len(keys) {
		key = keys[n]
	} else {
		key = fmt.Sprintf("attribute.%d", n)
	}
	switch n % 10 {
	case 2, 7:
		return Tag{key, 200 + g.IntN(400)}
	case 4:
		return Tag{key, g.IntN(2) == 0}
	case 9:
		return Tag{key, g.Float64()}
	}
	return Tag{key, g.text(valueBytes)}
}

// text draws a printable string of n bytes.
func (g generator) text(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[g.IntN(len(letters))]
	}
	return string(b)
}
