// SPDX-License-Identifier: Apache-2.0

package testutils_test

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/uber/jaeger-client-go/testutils"
	"github.com/uber/jaeger-client-go/thrift-gen/jaeger"
	"github.com/uber/jaeger-client-go/thrift-gen/sampling"
	"github.com/uber/jaeger-client-go/utils"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T) *testutils.MockAgent {
	t.Helper()
	a, err := testutils.StartMockAgent()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	return a
}

// until waits for what a packet on its way brings about.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	end := time.After(10 * time.Second)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("no %s after 10 seconds", what)
		}
	}
}

func TestSpans(t *testing.T) {
	t.Parallel()
	a := start(t)
	client, err := a.SpanServerClient()
	if err != nil {
		t.Fatal(err)
	}
	defer client.(*utils.AgentClientUDP).Close()

	garbage, err := net.Dial("udp", a.SpanServerAddr())
	if err != nil {
		t.Fatal(err)
	}
	defer garbage.Close()
	for _, packet := range []string{"x", "\x82\x21\x01\x09emitBatch\x1c", "\x82\x81\x00\x04none\x00"} {
		if _, err := garbage.Write([]byte(packet)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 3 {
		batch := &jaeger.Batch{Process: &jaeger.Process{ServiceName: "s"}, Spans: []*jaeger.Span{}}
		for j := range i {
			batch.Spans = append(batch.Spans, &jaeger.Span{OperationName: fmt.Sprint(j)})
		}
		if err := client.EmitBatch(context.Background(), batch); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "third batch", func() bool { return len(a.GetJaegerBatches()) == 3 })
	for i, b := range a.GetJaegerBatches() {
		if b.Process.ServiceName != "s" || len(b.Spans) != i {
			t.Errorf("batch %d: got %v, want %d spans of s", i, b, i)
		}
	}
	a.ResetJaegerBatches()
	if got := a.GetJaegerBatches(); len(got) != 0 {
		t.Errorf("after reset: got %v, want none", got)
	}
	if err := a.EmitZipkinBatch(context.Background(), nil); err == nil {
		t.Error("zipkin: got no error")
	}
	a.ResetZipkinSpans()
	if got := a.GetZipkinSpans(); got != nil {
		t.Errorf("zipkin: got %v, want nil", got)
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	a := start(t)
	if !a.IsServing() {
		t.Error("got not serving, want serving")
	}
	a.Close()
	a.Close()
	if a.IsServing() {
		t.Error("got serving after Close")
	}
}

func TestStrategies(t *testing.T) {
	t.Parallel()
	a := start(t)
	limit := &sampling.SamplingStrategyResponse{
		StrategyType:         sampling.SamplingStrategyType_RATE_LIMITING,
		RateLimitingSampling: &sampling.RateLimitingSamplingStrategy{MaxTracesPerSecond: 123},
	}
	a.AddSamplingStrategy("limited", limit)
	a.AddSamplingStrategy("broken", make(chan int))
	for _, test := range []struct {
		name, query string
		want        *sampling.SamplingStrategyResponse
	}{
		{"no service", "", nil},
		{"two services", "?service=a&service=b", nil},
		{"cannot be encoded", "?service=broken", nil},
		{"unknown", "?service=x", &sampling.SamplingStrategyResponse{
			StrategyType:          sampling.SamplingStrategyType_PROBABILISTIC,
			ProbabilisticSampling: &sampling.ProbabilisticSamplingStrategy{SamplingRate: 0.01},
		}},
		{"known", "?service=limited", limit},
	} {
		var got sampling.SamplingStrategyResponse
		err := utils.GetJSON("http://"+a.SamplingServerAddr()+"/sampling"+test.query, &got)
		if test.want == nil {
			if err == nil {
				t.Errorf("%s: got %v, want an error", test.name, got)
			}
		} else if err != nil || !got.Equals(test.want) {
			t.Errorf("%s:\ngot  %v %v\nwant %v", test.name, got, err, test.want)
		}
	}
}

func TestUDPTransport(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"127.0.0.1", "127.0.0.1:x", "192.0.2.1:1"} {
		if p, err := testutils.NewTUDPServerTransport(bad); err == nil {
			t.Errorf("%s: got %v, want an error", bad, p.Addr())
		}
	}
	p, err := testutils.NewTUDPServerTransport("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Open(); err != nil || !p.IsOpen() || p.Conn() == nil || p.RemainingBytes() == 0 {
		t.Errorf("got %v, open %t, want an open transport", err, p.IsOpen())
	}
	c, err := net.Dial("udp", p.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Write([]byte("packet")); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 10)
	if n, err := p.Read(b); err != nil || string(b[:n]) != "packet" {
		t.Errorf("got %q %v, want packet", b[:n], err)
	}
	if _, err := p.Write(b); err == nil {
		t.Error("Write: got no error")
	}
	if err := p.Flush(); err == nil {
		t.Error("Flush: got no error")
	}
	for range 2 {
		if err := p.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	if _, err := p.Read(b); err == nil || p.IsOpen() {
		t.Errorf("after Close: got %v, open %t", err, p.IsOpen())
	}
	var zero testutils.TUDPTransport
	if zero.IsOpen() || zero.Addr() != nil || zero.Conn() != nil || zero.Close() != nil {
		t.Error("the zero transport is not closed")
	}
}
