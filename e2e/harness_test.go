// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/thrift/lib/go/thrift"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/agent"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"

	"github.com/jaegerkit/jaeger/e2e"
)

// TestHarness sends spans that apache/thrift encoded, not this library, so that a failure here is the harness's own
// and a failure elsewhere is not.
func TestHarness(t *testing.T) {
	t.Parallel()
	ctx, j := patient(t), startJaeger(t)
	tests := []struct {
		name     string
		to       e2e.Addr
		protocol thrift.TProtocolFactory
		traceID  int64
		want     string
	}{
		{"compact", j.Agent, thrift.NewTCompactProtocolFactoryConf(nil), 0x1122, "0000000000001122"},
		{"binary", j.AgentBinary, thrift.NewTBinaryProtocolFactoryConf(nil), 0x3344, "0000000000003344"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			service := "harness-" + test.name
			start := time.Now()
			if err := emitBatch(ctx, test.to, test.protocol, sampleBatch(service, test.traceID, start)); err != nil {
				t.Fatal(err)
			}
			if _, err := j.Query.Services(ctx, service); err != nil {
				t.Error(err)
			}
			trace, err := j.Query.Trace(ctx, test.want, func(tr e2e.Trace) error {
				if len(tr.Spans) != 2 {
					return fmt.Errorf("got spans %q, want 2", tr.Operations())
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			child, err := trace.Named("child")
			if err != nil {
				t.Fatal(err)
			}
			wantRefs := []e2e.Reference{{RefType: "CHILD_OF", TraceID: test.want, SpanID: test.want}}
			if got := child.References; !slices.Equal(got, wantRefs) {
				t.Errorf("references:\n got %v\nwant %v", got, wantRefs)
			}
			if got, want := child.StartTime, start.UnixMicro(); got != want {
				t.Errorf("start: got %d, want %d", got, want)
			}
			wantTags := []string{"answer:int64=42", "pi:float64=3.5", "yes:bool=true"}
			if got := e2e.Strings(child.Tags); !slices.Equal(got, wantTags) {
				t.Errorf("tags:\n got %q\nwant %q", got, wantTags)
			}
			wantProcess := []string{"from:string=thrift", "region:string=test", "token:string=abc"}
			if got := e2e.Strings(trace.Processes[child.ProcessID].Tags); !slices.Equal(got, wantProcess) {
				t.Errorf("process tags:\n got %q\nwant %q", got, wantProcess)
			}
		})
	}
	m, err := j.AgentMetrics(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, model := range []string{`protocol="compact"`, `protocol="binary"`} {
		if got := m.Sum("jaeger_agent_thrift_udp_server_packets_processed_total", `model="jaeger"`, model); got != 1 {
			t.Errorf("packets the agent read, %s: got %v, want 1", model, got)
		}
	}
}

// TestNothingFound keeps the polling honest: it ends with ctx, and says what it was still waiting for.
func TestNothingFound(t *testing.T) {
	t.Parallel()
	j := startJaeger(t)
	short, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	accept := func(e2e.Trace) error { return nil }
	if tr, err := j.Query.Trace(short, "dead", accept); err == nil {
		t.Errorf("trace dead: got %v, want an error", tr)
	}
	if traces, err := j.Query.Find(short, "nobody", func([]e2e.Trace) error { return nil }); err == nil {
		t.Errorf("service nobody: got %v, want an error", traces)
	}
	if services, err := j.Query.Services(short, "nobody"); err == nil {
		t.Errorf("services: got %q, want an error", services)
	}
}

// TestTakenPorts has somebody take a port of each process after it was chosen; both must come up on others.
func TestTakenPorts(t *testing.T) {
	t.Parallel()
	ctx := patient(t)
	tcp, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	udp, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()

	asked := map[int]int{} // how often, by the number of UDP ports asked for
	j, err := e2e.StartOn(ctx, backends, t.TempDir(), func(nTCP, nUDP int) ([]e2e.Addr, []e2e.Addr, error) {
		tcps, udps, err := e2e.FreePorts(nTCP, nUDP)
		if asked[nUDP]++; err != nil || asked[nUDP] > 2 {
			return tcps, udps, err
		}
		switch {
		case asked[nUDP] == 1:
			tcps[0] = e2e.Addr(tcp.Addr().String())
		case nUDP > 0:
			udps[0] = e2e.Addr(udp.LocalAddr().String())
		default:
			tcps[nTCP-1] = e2e.Addr(tcp.Addr().String())
		}
		return tcps, udps, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Stop()
	for nUDP, got := range asked {
		if want := 3; got < want {
			t.Errorf("attempts of the process with %d UDP ports: got %d, want at least %d", nUDP, got, want)
		}
	}
	if err := emitBatch(ctx, j.Agent, thrift.NewTCompactProtocolFactoryConf(nil), sampleBatch("taken", 0x55, time.Now())); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Query.Services(ctx, "taken"); err != nil {
		t.Error(err)
	}
}

// TestFailedBuild has the compiler's own words in the error.
func TestFailedBuild(t *testing.T) {
	t.Parallel()
	_, err := e2e.GoBuild(t.Context(), ".", "./no-such-folder", t.TempDir(), io.Discard)
	if err == nil || !strings.Contains(err.Error(), "directory not found") {
		t.Errorf("got %v, want an error that says that the directory was not found", err)
	}
}

// emitBatch sends one datagram, encoded by apache/thrift with jaeger-idl's generated types.
func emitBatch(ctx context.Context, to e2e.Addr, protocol thrift.TProtocolFactory, b *jaeger.Batch) error {
	buffer := thrift.NewTMemoryBufferLen(1024)
	client := agent.NewAgentClientFactory(buffer, protocol)
	if err := client.EmitBatch(ctx, b); err != nil {
		return err
	}
	conn, err := net.Dial("udp", string(to))
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.Write(buffer.Bytes())
	return err
}

func sampleBatch(service string, traceID int64, start time.Time) *jaeger.Batch {
	hello, answer, pi, yes := "thrift", int64(42), 3.5, true
	span := func(id, parent int64, name string, tags ...*jaeger.Tag) *jaeger.Span {
		return &jaeger.Span{
			TraceIdLow: traceID, SpanId: id, ParentSpanId: parent, OperationName: name, Flags: 1,
			StartTime: start.UnixMicro(), Duration: 1000, Tags: tags,
		}
	}
	return &jaeger.Batch{
		Process: &jaeger.Process{ServiceName: service, Tags: []*jaeger.Tag{
			{Key: "from", VType: jaeger.TagType_STRING, VStr: &hello},
		}},
		Spans: []*jaeger.Span{
			span(traceID, 0, "root"),
			span(traceID+1, traceID, "child",
				&jaeger.Tag{Key: "answer", VType: jaeger.TagType_LONG, VLong: &answer},
				&jaeger.Tag{Key: "pi", VType: jaeger.TagType_DOUBLE, VDouble: &pi},
				&jaeger.Tag{Key: "yes", VType: jaeger.TagType_BOOL, VBool: &yes}),
		},
	}
}
