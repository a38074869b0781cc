// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/uber/jaeger-client-go/config"
)

// FuzzParseTags: what is accepted comes back when it is written down.
func FuzzParseTags(f *testing.F) {
	for _, s := range []string{"a=b", " a = b ,c=d=e", "a=${X:y}", "a=${X}", "a", "", "=", ",", "a=${:}", "a=${", "a=${}}", "a=${X:${Y:z}}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "${") && !strings.Contains(text, "${X") {
			return // the environment's own business
		}
		tags, err := config.ParseTags(text)
		if err != nil || strings.Contains(text, "${") {
			return // defaults are not trimmed
		}
		var pairs []string
		for _, tag := range tags {
			pairs = append(pairs, fmt.Sprint(tag.Key, "=", tag.Value))
		}
		back, err := config.ParseTags(strings.Join(pairs, ","))
		if err != nil || fmt.Sprint(back) != fmt.Sprint(tags) {
			t.Errorf("got %v, %v of %q, want %v", back, err, pairs, tags)
		}
	})
}
