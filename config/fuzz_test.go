// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/config"
)

// FuzzParse: no document panics, and what is accepted prints as a document that is
// accepted and prints the same.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, file := range files {
		document, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(document)
	}
	f.Add([]byte("tags: [{key: \"a: b\", value: \"{c, #d}\"}]\nsampler: &s {<<: *s}"))
	f.Add([]byte("reporter: {endpoint: 'http://u:p@h/a b?token=1&x#y', http_headers: {a!: b}}"))
	f.Add([]byte("sampler: {server_url: ':1'}\nreporter: {agent_host: 'fe80::1%a-b'}"))
	f.Fuzz(func(t *testing.T, document []byte) {
		c, err := config.Parse(document)
		if err != nil {
			if c != nil || !strings.HasPrefix(err.Error(), "config: ") {
				t.Errorf("got %v, %v", c, err)
			}
			return
		}
		checkStable(t, c)
	})
}

// FuzzTags: no value of JAEGER_TAGS panics, and what is accepted prints back.
func FuzzTags(f *testing.F) {
	for _, seed := range []string{"k=v,k2=${ENVVAR:default}", "foo", "a=${X}", "a=${X", "a=${:", "=,=", "a=b=c,${A:,}", "a=${A:b}c,d=,"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := new(config.Config).FromEnvOf(map[string]string{"JAEGER_TAGS": text, "X": "x"})
		if err == nil {
			checkStable(t, c)
		}
	})
}

func checkStable(t *testing.T, c *config.Config) {
	t.Helper()
	first := c.String()
	again, err := config.Parse([]byte(first))
	if err != nil {
		t.Fatalf("what was printed does not read back: %v\n%s", err, first)
	}
	if second := again.String(); second != first {
		t.Errorf("got %s\nwant %s", second, first)
	}
	if len(again.Tags) != len(c.Tags) {
		t.Fatalf("got %d tags, want %d", len(again.Tags), len(c.Tags))
	}
	for i := range c.Tags {
		if again.Tags[i] != c.Tags[i] {
			t.Errorf("got tag %q, want %q", again.Tags[i], c.Tags[i])
		}
	}
}
