// SPDX-License-Identifier: Apache-2.0

package config

// ParseTags opens parseTags.
var ParseTags = parseTags
