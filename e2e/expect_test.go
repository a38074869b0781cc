// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"net"
	"os"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/e2e"
)

// wantSpan is all of a span that does not differ from run to run.
type wantSpan struct {
	operation string
	service   string
	refs      []string // kind and operation, sorted
	tags      []string // key:type=value
	logs      [][]string
}

// checkTrace compares every span of the trace with want, and wants no warnings.
func checkTrace(t *testing.T, trace e2e.Trace, want []wantSpan, flags uint32, begin time.Time) {
	t.Helper()
	if len(trace.Warnings) != 0 {
		t.Errorf("warnings of the trace: got %q, want none", trace.Warnings)
	}
	for _, w := range want {
		checkSpan(t, trace, w, flags, begin)
	}
}

// checkSpan compares the trace's span of that name with want. begin is from before the program was started.
func checkSpan(t *testing.T, trace e2e.Trace, want wantSpan, flags uint32, begin time.Time) {
	t.Helper()
	span, err := trace.Named(want.operation)
	if err != nil {
		t.Error(err)
		return
	}
	if got := trace.Processes[span.ProcessID].ServiceName; got != want.service {
		t.Errorf("%s: service: got %q, want %q", want.operation, got, want.service)
	}
	if got := sorted(references(trace, span)); !slices.Equal(got, want.refs) {
		t.Errorf("%s: references:\n got %q\nwant %q", want.operation, got, want.refs)
	}
	if got, want := sorted(e2e.Strings(span.Tags)), sorted(want.tags); !slices.Equal(got, want) {
		t.Errorf("%s: tags:\n got %q\nwant %q", span.OperationName, got, want)
	}
	var logs [][]string
	for _, l := range span.Logs {
		logs = append(logs, e2e.Strings(l.Fields))
		if at := time.UnixMicro(l.Timestamp); at.Before(span.Start()) || at.After(span.End().Add(time.Microsecond)) {
			t.Errorf("%s: log at %v, outside the span's %v to %v", want.operation, at, span.Start(), span.End())
		}
	}
	if !slices.EqualFunc(logs, want.logs, slices.Equal) {
		t.Errorf("%s: logs:\n got %q\nwant %q", want.operation, logs, want.logs)
	}
	if span.Flags != flags {
		t.Errorf("%s: flags: got %d, want %d", want.operation, span.Flags, flags)
	}
	if len(span.Warnings) != 0 {
		t.Errorf("%s: warnings: got %q, want none", want.operation, span.Warnings)
	}
	if span.Start().Before(begin.Truncate(time.Microsecond)) || span.End().After(time.Now()) || span.Duration < 0 {
		t.Errorf("%s: from %v for %d µs, want it between %v and now", want.operation, span.Start(), span.Duration, begin)
	}
}

// references spells a span's references with the operations they lead to; "?" is a span that is not there.
func references(trace e2e.Trace, span e2e.Span) []string {
	var out []string
	for _, r := range span.References {
		to := "?"
		for _, s := range trace.Spans {
			if s.SpanID == r.SpanID && s.TraceID == r.TraceID {
				to = s.OperationName
			}
		}
		out = append(out, r.RefType+" "+to)
	}
	return out
}

// checkProcess compares the tags of the process that made the span, which came through the agent: user are the user's
// own, the agent's and those every client sends come on top. Jaeger hands them out sorted.
func checkProcess(t *testing.T, trace e2e.Trace, operation string, user ...string) {
	t.Helper()
	for key, value := range e2e.AgentTags {
		user = append(user, key+":string="+value)
	}
	checkDirect(t, trace, operation, user...)
}

// checkDirect is checkProcess for spans that came without the agent.
func checkDirect(t *testing.T, trace e2e.Trace, operation string, user ...string) {
	t.Helper()
	span, err := trace.Named(operation)
	if err != nil {
		t.Error(err)
		return
	}
	tags := trace.Processes[span.ProcessID].Tags
	hostname, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	want := append([]string{"hostname:string=" + hostname}, user...)
	patterns := map[string]*regexp.Regexp{
		"client-uuid":    regexp.MustCompile(`^client-uuid:string=[0-9a-f]{1,16}$`),
		"ip":             regexp.MustCompile(`^ip:string=[0-9.]+$`),
		"jaeger.version": regexp.MustCompile(`^jaeger\.version:string=Go-.+$`),
	}
	var got []string
	for _, tag := range tags {
		pattern := patterns[tag.Key]
		if pattern == nil {
			got = append(got, tag.String())
			continue
		}
		if delete(patterns, tag.Key); !pattern.MatchString(tag.String()) {
			t.Errorf("process of %s: got %q, want it to match %s", operation, tag, pattern)
		}
		if tag.Key == "ip" && !isOurAddress(t, tag.Value) {
			t.Errorf("process of %s: %q is no address of this machine", operation, tag)
		}
	}
	for key := range patterns {
		t.Errorf("process of %s: tag %s is missing among %q", operation, key, tags)
	}
	if got, want := sorted(got), sorted(want); !slices.Equal(got, want) {
		t.Errorf("process of %s:\n got %q\nwant %q", operation, got, want)
	}
}

func isOurAddress(t *testing.T, value any) bool {
	t.Helper()
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	text, _ := value.(string)
	ip := net.ParseIP(text)
	return ip != nil && slices.ContainsFunc(addrs, func(a net.Addr) bool {
		n, ok := a.(*net.IPNet)
		return ok && n.IP.Equal(ip)
	})
}

// checkAgent compares the agent's own counters: it could read every packet, and learned from seqNo and ClientStats
// that none was lost on the way. It counts a client's batches as sent from the second on.
func checkAgent(ctx context.Context, t *testing.T, j *e2e.Jaeger, clients int) {
	t.Helper()
	m, err := j.AgentMetrics(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"jaeger_agent_thrift_udp_server_read_errors_total",
		"jaeger_agent_thrift_udp_server_packets_dropped_total",
		"jaeger_agent_thrift_udp_t_processor_handler_errors_total",
		"jaeger_agent_reporter_spans_failures_total",
		"jaeger_agent_client_stats_spans_dropped_total",
	} {
		if !m.Has(name) {
			t.Errorf("the agent has no counter %s", name)
		}
		if got := m.Sum(name); got != 0 {
			t.Errorf("%s: got %v, want 0", name, got)
		}
	}
	received := m.Sum("jaeger_agent_client_stats_batches_received_total")
	sent := m.Sum("jaeger_agent_client_stats_batches_sent_total")
	if packets := m.Sum("jaeger_agent_thrift_udp_server_packets_processed_total"); received != packets {
		t.Errorf("batches with a seqNo: got %v of %v packets", received, packets)
	}
	if got := received - sent; got != float64(clients) {
		t.Errorf("batches received %v - batches sent by seqNo %v: got %v, want one for each of %d clients", received, sent, got, clients)
	}
}
