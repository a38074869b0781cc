// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/config"
	"github.com/jaegerkit/jaeger/transport"
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
	f.Add([]byte("tags: {a: 007, b: 1.0, c: -.inf, d: .NaN, e: '1', f: True, g: 1e3, h: 0x1, i: 1_0, j: 2026-01-01, k: ~}\npropagation: [w3c, b3-single]"))
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

// FuzzAgentHost: what Validate accepts as the agent, the transport does too.
func FuzzAgentHost(f *testing.F) {
	for _, seed := range []string{"agent", "1.2.3", "1.2.3.4", "1.2.3.4.", "a.5", "a.5.", "-", "[::1]", "::1", "fe80::1%eth0", "fe80::1%1.2", "::ffff:1.2.3.4", "00.0.0.1", "_x._y", "5", "."} {
		f.Add(seed)
	}
	nowhere := func(context.Context, string) ([]netip.Addr, error) { return nil, io.EOF }
	f.Fuzz(func(t *testing.T, host string) {
		c := &config.Config{ServiceName: "s", Reporter: config.Reporter{AgentHost: host}}
		if c.Validate() != nil {
			return
		}
		full, err := c.Complete()
		if err != nil {
			t.Fatal(err)
		}
		target := net.JoinHostPort(full.Reporter.AgentHost, "6831")
		udp, err := transport.NewUDP(target, transport.WithLookup(nowhere), transport.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil))))
		if err != nil {
			t.Fatalf("got %v for %q", err, target)
		}
		udp.Close()
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
	if got, want := again.BaggageRestrictions.Enabled, c.BaggageRestrictions.Enabled; got != want {
		t.Errorf("got restrictions enabled %v, want %v", got, want)
	}
	for i := range c.Tags {
		if again.Tags[i].Key != c.Tags[i].Key || !sameOnTheWire(again.Tags[i].Value, c.Tags[i].Value) {
			t.Errorf("got tag %#v, want %#v", again.Tags[i], c.Tags[i])
		}
	}
}
