// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/config"
)

func TestAliasBombs(t *testing.T) {
	t.Parallel()
	var merges, texts strings.Builder
	merges.WriteString("x-0: &m0 {agent_host: a}\n")
	for i := 1; i < 30; i++ {
		fmt.Fprintf(&merges, "x-%d: &m%d {<<: [*m%d, *m%d]}\n", i, i, i-1, i-1)
	}
	merges.WriteString("reporter: *m29\n")
	fmt.Fprintf(&texts, "x-text: &t %s\ntags:\n", strings.Repeat("x", 100000))
	for range 10000 {
		texts.WriteString("- {key: k, value: *t}\n")
	}
	tests := []struct{ name, document, want string }{
		{"merges", merges.String(), "too many merges"},
		{"texts", texts.String(), "more than 60000 bytes in all"},
		{"size", strings.Repeat("# comment\n", 200000), "a file of more than 1048576 bytes is not accepted"},
		{"itself", "sampler: &s {type: *s}", "sampler.type: a mapping is not accepted"},
		{"its section", "sampler: &s {sampler: *s}", `unknown key "sampler.sampler"`},
		{"depth", strings.Repeat("[", 20000), "line 1: exceeded max depth"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Parse([]byte(test.document))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

func TestSecretsAreNotInErrors(t *testing.T) {
	t.Parallel()
	for _, document := range []string{
		`reporter: {password: "hunter2\x01"}`,
		`reporter: {http_headers: {Authorization: "hunter2\x01"}}`,
		`reporter: {http_headers: {"bad name": hunter2}}`,
		`reporter: {http_headers: hunter2}`,
		`reporter: {endpoint: "http://alice:hunter2@%zz"}`,
		`reporter: {endpoint: "ftp://alice:hunter2@collector"}`,
		`reporter: {endpoint: "alice:hunter2@collector"}`,
		`reporter: {endpoint: "ftp://collector/?access_token=hunter2"}`,
		`reporter: {pasword: hunter2}`,
		`sampler: {server_url: "http://alice:hunter2@:99999"}`,
	} {
		t.Run(document, func(t *testing.T) {
			t.Parallel()
			_, err := config.Parse([]byte(document))
			if err == nil || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("got %v, want an error without the secret", err)
			}
		})
	}
}
