// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/transport"
)

func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		in, want string
		literal  bool
	}{
		{"", "localhost:6831", false},
		{":7000", "localhost:7000", false},
		{"agent", "agent:6831", false},
		{"agent:1", "agent:1", false},
		{"jaeger-agent.tracing_1.svc.cluster.local.:65535", "jaeger-agent.tracing_1.svc.cluster.local.:65535", false},
		{"10.0.0.1", "10.0.0.1:6831", true},
		{"10.0.0.1:99", "10.0.0.1:99", true},
		{"::1", "[::1]:6831", true},
		{"[::1]", "[::1]:6831", true},
		{"[::1]:99", "[::1]:99", true},
		{"[fe80::1%eth0]:99", "[fe80::1%eth0]:99", true},
	} {
		got, literal, err := transport.ParseAddress(test.in)
		if err != nil || got != test.want || literal != test.literal {
			t.Errorf("%q\n got: %q, literal %v, %v\nwant: %q, %v", test.in, got, literal, err, test.want, test.literal)
		}
	}
}

func TestBadAddresses(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		"agent:", "agent:0", "agent:65536", "agent:-1", "agent:http", "agent:+1", "agent: 1",
		"[::1", "[::1]x", "[::1]:", "[agent]:1", "[10.0.0.1]:1", "::1::", "1:2:3", "10.0.0.256", "10.0.0:1", "1",
		" agent", "udp://agent:6831", "agent/path", "a b", "agänt", strings.Repeat("a", 254), "http://" + strings.Repeat("a", 10000),
	} {
		_, err := transport.NewUDP(in)
		if err == nil {
			t.Errorf("%.70q\n got: no error\nwant: one", in)
			continue
		}
		if text := err.Error(); !strings.Contains(text, in[:min(len(in), 20)]) || !strings.Contains(text, "want host:port") || len(text) > 250 {
			t.Errorf("%.70q\n got: %s\nwant: the address and what is accepted", in, text)
		}
	}
}

func TestBadOptionsAreAllNamed(t *testing.T) {
	t.Parallel()
	_, err := transport.NewUDP("agent:x", transport.WithMaxPacketSize(511), transport.WithMaxPacketSize(65508), transport.WithLookup(nil))
	if err == nil {
		t.Fatal("got: no error\nwant: four")
	}
	for _, want := range []string{`"agent:x"`, "511: want 512 to 65507 bytes", "65508", "lookup"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got: %v\nwant: %s in it", err, want)
		}
	}
}

// TestQuiet counts lines on a clock of its own.
func TestQuiet(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	at := time.Unix(1000, 0)
	warn := transport.Quiet(slog.New(slog.NewTextHandler(&out, nil)), func() time.Time { return at })
	for i := range 200 {
		warn("nothing listens", slog.Int("i", i))
		if i == 5 {
			warn("no buffers")
		}
		at = at.Add(time.Second)
	}
	var lines []string
	for _, line := range strings.Split(strings.TrimSpace(out.String()), "\n") {
		_, line, _ = strings.Cut(line, "msg=")
		lines = append(lines, line)
	}
	want := []string{
		`"jaeger: nothing listens" i=0 times=1`, `"jaeger: no buffers" times=1`, `"jaeger: nothing listens" i=60 times=60`,
		`"jaeger: nothing listens" i=120 times=60`, `"jaeger: nothing listens" i=180 times=60`,
	}
	if got := strings.Join(lines, "\n"); got != strings.Join(want, "\n") {
		t.Errorf(" got:\n%s\nwant:\n%s", got, strings.Join(want, "\n"))
	}
}

// panicking is a slog.Handler with a defect.
type panicking struct{ slog.Handler }

func (panicking) Handle(context.Context, slog.Record) error { panic("boom") }

func TestLoggerThatPanics(t *testing.T) {
	t.Parallel()
	warn := transport.Quiet(slog.New(panicking{slog.NewTextHandler(io.Discard, nil)}), time.Now)
	warn("nothing listens")
}
