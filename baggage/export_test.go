// SPDX-License-Identifier: Apache-2.0

package baggage

// ParseAnswer opens parseAnswer.
func ParseAnswer(body []byte) (map[string]int, error) { return parseAnswer(body) }

// MaxKeys opens maxKeys.
const MaxKeys = maxKeys
