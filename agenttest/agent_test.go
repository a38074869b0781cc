// SPDX-License-Identifier: Apache-2.0

package agenttest_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/apache/thrift/lib/go/thrift"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"

	"github.com/jaegerkit/jaeger/agenttest"
)

func TestReceive(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		addr func(*agenttest.Agent) string
		wire thrift.TProtocolFactory
	}{
		{"compact", (*agenttest.Agent).Addr, compact},
		{"strict binary", (*agenttest.Agent).BinaryAddr, strict},
		{"non-strict binary", (*agenttest.Agent).BinaryAddr, unstrict},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := agenttest.New(t, agenttest.WithRawPackets())
			send := dial(t, test.addr(a))
			first, second := batchOf(1, "a", "b"), batchOf(2, "c")
			second.Stats = &jaeger.ClientStats{FullQueueDroppedSpans: 4}
			packets := [][]byte{call(t, test.wire, first), call(t, test.wire, second)}
			for _, p := range packets {
				must(t, send(p))
			}
			spans, err := a.WaitSpans(testContext(t), 3)
			must(t, err)
			if want := append(first.Spans, second.Spans...); !reflect.DeepEqual(spans, want) {
				t.Errorf("spans\ngot  %v\nwant %v", spans, want)
			}
			if got, want := a.Batches(), []*jaeger.Batch{first, second}; !reflect.DeepEqual(got, want) {
				t.Errorf("batches\ngot  %v\nwant %v", got, want)
			}
			if got := a.RawPackets(); !reflect.DeepEqual(got, packets) {
				t.Errorf("raw packets\ngot  %x\nwant %x", got, packets)
			}
			if got, want := a.Process(), second.Process; !reflect.DeepEqual(got, want) {
				t.Errorf("process\ngot  %v\nwant %v", got, want)
			}
			if got, want := a.Stats(), second.Stats; !reflect.DeepEqual(got, want) {
				t.Errorf("stats\ngot  %v\nwant %v", got, want)
			}
			expect(t, a, counts{packets: 2, spans: 3})
		})
	}
}

// counts are all counters of an agent.
type counts struct {
	packets, rejected, dropped int
	spans, lost                int64
	errors                     int
}

func expect(t *testing.T, a *agenttest.Agent, want counts) {
	t.Helper()
	got := counts{a.Packets(), a.Rejected(), a.Dropped(), a.SpanCount(), a.Lost(), len(a.Errors())}
	if got != want {
		t.Errorf("counters\ngot  %+v\nwant %+v\nerrors %v", got, want, a.Errors())
	}
}

func TestMalformedPackets(t *testing.T) {
	t.Parallel()
	a := agenttest.New(t, agenttest.WithRawPackets())
	send := dial(t, a.Addr())
	bad := [][]byte{{}, []byte("hello"), call(t, compact, batchOf(1, "op"))[:40]}
	for _, p := range bad {
		must(t, send(p))
	}
	must(t, send(call(t, compact, batchOf(1, "good"))))
	spans, err := a.WaitSpans(testContext(t), 1)
	must(t, err)
	if agenttest.FindSpan(spans, "good") == nil {
		t.Errorf("spans: got %v, want one named good", spans)
	}
	expect(t, a, counts{packets: 4, rejected: 3, spans: 1, errors: 3})
	if got := a.RawPackets(); len(got) != 4 || !bytes.Equal(got[1], bad[1]) {
		t.Errorf("raw packets: got %q, want the bad ones too", got)
	}
	if got, want := a.Errors()[1].Error(), "packet 2, 5 bytes on the compact port: message header: "; !strings.HasPrefix(got, want) {
		t.Errorf("error\ngot  %s\nwant %s...", got, want)
	}
}

func TestErrorsAreBounded(t *testing.T) {
	t.Parallel()
	a := agenttest.New(t)
	n := agenttest.ErrorLimit + 5
	sendAll(t, a, a.BinaryAddr(), n, func(int) []byte { return []byte("x") })
	expect(t, a, counts{packets: n, rejected: n, errors: agenttest.ErrorLimit})
}

func TestKeepLimit(t *testing.T) {
	t.Parallel()
	packet := call(t, compact, batchOf(0, "op"))
	a := agenttest.New(t, agenttest.WithRawPackets(), agenttest.WithKeepLimit(2*len(packet)))
	sendAll(t, a, a.Addr(), 3, func(int) []byte { return packet })
	if len(a.Spans()) != 2 || len(a.Batches()) != 2 || len(a.RawPackets()) != 2 || a.SpanCount() != 3 {
		t.Errorf("got %d spans, %d batches, %d packets kept of %d spans, want 2, 2, 2 of 3",
			len(a.Spans()), len(a.Batches()), len(a.RawPackets()), a.SpanCount())
	}
}

func TestCountOnly(t *testing.T) {
	t.Parallel()
	a := agenttest.New(t, agenttest.WithCountOnly())
	send := dial(t, a.Addr())
	must(t, send(call(t, compact, batchOf(1, "a", "b"))))
	must(t, send(call(t, compact, batchOf(3, "c"))))
	spans, err := a.WaitSpans(testContext(t), 3)
	must(t, err)
	if spans != nil || a.Spans() != nil || a.Batches() != nil {
		t.Errorf("got %d spans waited for, %d spans, %d batches, want none kept", len(spans), len(a.Spans()), len(a.Batches()))
	}
	if got := a.Process().GetServiceName(); got != "shop" {
		t.Errorf("service: got %q, want %q", got, "shop")
	}
	expect(t, a, counts{packets: 2, spans: 3, lost: 1})
}

func TestReset(t *testing.T) {
	t.Parallel()
	a := agenttest.New(t, agenttest.WithRawPackets())
	send := dial(t, a.Addr())
	b := batchOf(2, "before")
	b.Stats = &jaeger.ClientStats{}
	must(t, send(call(t, compact, b)))
	must(t, send([]byte("x")))
	must(t, a.Wait(testContext(t), func() bool { return a.Packets() == 2 }))
	expect(t, a, counts{packets: 2, rejected: 1, spans: 1, lost: 1, errors: 1})

	a.Reset()
	expect(t, a, counts{})
	if a.Spans() != nil || a.Batches() != nil || a.RawPackets() != nil || a.Process() != nil || a.Stats() != nil || a.Clients() != nil {
		t.Errorf("got spans %v, batches %v, raw %v, process %v, stats %v, clients %v, want none of them",
			a.Spans(), a.Batches(), a.RawPackets(), a.Process(), a.Stats(), a.Clients())
	}
	for _, seq := range []int64{3, 1, 5} { // 1 was missing before the Reset: neither lost now nor a repetition
		must(t, send(call(t, compact, batchOf(seq, "after"))))
	}
	spans, err := a.WaitSpans(testContext(t), 3)
	must(t, err)
	if got := spans[0].OperationName; got != "after" {
		t.Errorf("operation: got %q, want %q", got, "after")
	}
	expect(t, a, counts{packets: 3, spans: 3, lost: 1})
}

func TestQueueLimit(t *testing.T) {
	t.Parallel()
	a := agenttest.New(t, agenttest.WithQueueLimit(10))
	send := dial(t, a.Addr())
	must(t, send(make([]byte, 11)))
	must(t, a.Wait(testContext(t), func() bool { return a.Packets() == 1 }))
	if got, want := a.Errors()[0].Error(), "packet 1, 11 bytes on the compact port: the queue is full"; !strings.HasPrefix(got, want) {
		t.Errorf("error\ngot  %s\nwant %s...", got, want)
	}
	expect(t, a, counts{packets: 1, rejected: 1, errors: 1})
}

// Every method is used at once while packets arrive; the race detector is the judge, and no span may get lost.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	const senders, each = 4, 20
	a := agenttest.New(t, agenttest.WithRawPackets())
	stop := make(chan struct{})
	var readers, writers sync.WaitGroup
	for _, use := range []func(){
		func() { a.Batches(); a.Spans(); a.RawPackets() },
		func() { a.Packets(); a.Rejected(); a.Dropped(); a.SpanCount(); a.Errors() },
		func() { a.Process(); a.Stats(); a.Clients(); a.Lost() },
		func() {
			a.Drop(0)
			a.DropAll(false)
			a.Delay(0)
			_ = a.ComeBack()
			a.Addr()
			a.BinaryAddr()
		},
	} {
		readers.Add(1)
		go func() {
			defer readers.Done()
			for {
				select {
				case <-stop:
					return
				default:
					use()
				}
			}
		}()
	}
	for i := range senders {
		b := batchOf(0)
		b.Process.Tags[0].VStr = ptr(fmt.Sprint("client-", i))
		send := dial(t, a.Addr())
		writers.Add(1)
		go func() {
			defer writers.Done()
			for seq := range each {
				b.SeqNo = ptr(int64(seq + 1))
				b.Spans = batchOf(0, "op").Spans
				if err := send(call(t, compact, b)); err != nil {
					t.Errorf("send: %v", err)
				}
			}
		}()
	}
	_, err := a.WaitSpans(testContext(t), senders*each)
	writers.Wait()
	close(stop)
	readers.Wait()
	must(t, err)
	expect(t, a, counts{packets: senders * each, spans: senders * each})
	var got []string
	for _, c := range a.Clients() {
		got = append(got, c.UUID)
	}
	slices.Sort(got)
	if want := []string{"client-0", "client-1", "client-2", "client-3"}; !slices.Equal(got, want) {
		t.Errorf("clients\ngot  %v\nwant %v", got, want)
	}
}

// A load test in small: packets of 60 spans through the kernel, 16 on the way at most, until the agent has counted them.
func BenchmarkReceive(b *testing.B) {
	const spans, window = 60, 16
	a := agenttest.New(b, agenttest.WithCountOnly())
	send := dial(b, a.Addr())
	ctx := testContext(b)
	packet := call(b, compact, batchOf(1, slices.Repeat([]string{"GET /dispatch"}, spans)...))
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		must(b, send(packet))
		must(b, a.Wait(ctx, func() bool { return i+1-a.Packets() < window }))
	}
	if _, err := a.WaitSpans(ctx, b.N*spans); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N*spans)/b.Elapsed().Seconds(), "spans/s")
}
