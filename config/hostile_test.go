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
	var merges, texts, unknown strings.Builder
	for i := range 30000 {
		fmt.Fprintf(&unknown, "reporter.agent_hast%d: 1\n", i)
	}
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
		{"merges", merges.String(), "with aliases followed it has more than 100000 keys and values"},
		{"texts", texts.String(), "more than 100000 keys and values"},
		{"number", "x-n: &n " + strings.Repeat("9", 100000) + "\ntags: [" + strings.Repeat("{key: k, value: *n},", 20000) + "]", "more than 100000 keys and values"},
		{"tags", "tags: [" + strings.Repeat("{key: k, value: "+strings.Repeat("v", 5000)+"},", 20) + "]", "more than 60000 bytes in all"},
		{"repeated keys, merged", "x-k: &k {" + strings.Repeat("key: a,", 2000) + "}\nx-m: &m {<<: [" + strings.Repeat("*k,", 9) + "]}\ntags: [*m]", `line 3: tags: line 3: line 1: key "key" repeats "key" of line 1`},
		{"the same again and again", "x-k: &k {" + strings.Repeat("key: a,", 2000) + "}\nx-m: &m {<<: [" + strings.Repeat("*k,", 9) + "]}\ntags: [" + strings.Repeat("*m,", 20) + "]", "more than 100000 keys and values"},
		{"repeated keys", strings.Repeat("a: 1\n", 40000), "and 39950 more"},
		{"unknown keys", unknown.String(), "and 29950 more"},
		{"error far down", strings.Repeat("x-a: 1\n", 20000) + "\t:", "config: near line 20000: found a tab character"},
		{"size", strings.Repeat("# comment\n", 200000), "a file of more than 1048576 bytes is not accepted"},
		{"itself", "sampler: &s {type: *s}", "more than 100000 keys and values, or no end"},
		{"its section", "sampler: &s {sampler: *s}", "more than 100000 keys and values, or no end"},
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
		`reporter: {auth_token: "hunter2 hunter2"}`,
		`reporter: {zipkin_endpoint: "zipkin:9411/?token=hunter2"}`,
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

func TestNilNode(t *testing.T) {
	if err := new(config.Config).UnmarshalYAML(nil); err == nil {
		t.Error("got no error for a nil node")
	}
}
