// SPDX-License-Identifier: Apache-2.0

package throttle

// Grant opens grant.
type Grant = grant

// ParseAnswer opens parseAnswer.
func ParseAnswer(body []byte) ([]Grant, error) { return parseAnswer(body) }

const (
	LongestName     = longestName
	LongestQuestion = longestQuestion
	MostCredits     = mostCredits
)
