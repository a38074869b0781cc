// SPDX-License-Identifier: Apache-2.0

package agenttest_test

import (
	"fmt"
	"math"
	"reflect"
	"testing"

	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"

	"github.com/jaegerkit/jaeger/agenttest"
)

func TestSequenceNumbers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		seqs       []int64
		wantLost   int64
		wantErrors int
	}{
		{"none", nil, 0, 0},
		{"complete", []int64{1, 2, 3}, 0, 0},
		{"first ones missing", []int64{3}, 2, 0},
		{"middle missing", []int64{1, 2, 5, 6, 9}, 4, 0},
		{"overtaking", []int64{2, 1, 4, 3}, 0, 0},
		{"filled at the ends", []int64{1, 10, 2, 9}, 6, 0},
		{"filled in the middle", []int64{10, 5, 7, 3}, 6, 0},
		{"repeated", []int64{1, 2, 2, 1}, 0, 2},
		{"repeated beside a gap", []int64{1, 4, 1, 4}, 2, 2},
		{"repeated after filling", []int64{3, 1, 1}, 1, 1},
		{"zero and negative", []int64{0, -1, 1}, 0, 2},
		{"huge", []int64{math.MaxInt64, math.MinInt64, math.MaxInt64}, math.MaxInt64 - 1, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := agenttest.New(t)
			send := dial(t, a.Addr())
			for _, seq := range test.seqs {
				must(t, send(call(t, compact, batchOf(seq))))
			}
			must(t, a.Wait(testContext(t), func() bool { return a.Packets() == len(test.seqs) }))
			expect(t, a, counts{packets: len(test.seqs), lost: test.wantLost, errors: test.wantErrors})
		})
	}
}

func TestClients(t *testing.T) {
	t.Parallel()
	a := agenttest.New(t)
	send := dial(t, a.Addr())
	emit := func(service, uuid string, seq *int64, stats *jaeger.ClientStats) {
		t.Helper()
		b := batchOf(0)
		b.SeqNo, b.Stats, b.Process.ServiceName = seq, stats, service
		b.Process.Tags[0].VStr = ptr(uuid)
		if uuid == "" {
			b.Process.Tags = nil
		}
		must(t, send(call(t, compact, b)))
	}
	latest := &jaeger.ClientStats{FullQueueDroppedSpans: 2, TooLargeDroppedSpans: 3, FailedToEmitSpans: 5}
	emit("shop", "b", ptr(int64(1)), &jaeger.ClientStats{})
	emit("shop", "a", ptr(int64(4)), nil)
	emit("shop", "b", ptr(int64(3)), latest)
	emit("shop", "b", ptr(int64(4)), nil)
	emit("python", "", nil, nil)
	emit("c++", "", ptr(int64(math.MaxInt64)), nil)
	emit("node", "", ptr(int64(math.MaxInt64)), nil)
	must(t, a.Wait(testContext(t), func() bool { return a.Packets() == 7 }))

	want := []agenttest.Client{
		{UUID: "b", Service: "shop", Packets: 3, LastSeq: 4, Lost: 1, Stats: latest},
		{UUID: "a", Service: "shop", Packets: 1, LastSeq: 4, Lost: 3},
		{Service: "python", Packets: 1},
		{Service: "c++", Packets: 1, LastSeq: math.MaxInt64, Lost: math.MaxInt64 - 1},
		{Service: "node", Packets: 1, LastSeq: math.MaxInt64, Lost: math.MaxInt64 - 1},
	}
	if got := a.Clients(); !reflect.DeepEqual(got, want) {
		t.Errorf("clients\ngot  %+v\nwant %+v", got, want)
	}
	expect(t, a, counts{packets: 7, lost: math.MaxInt64})
	if got := a.Stats(); !reflect.DeepEqual(got, latest) {
		t.Errorf("stats\ngot  %v\nwant %v", got, latest)
	}
}

func TestClientsAreBounded(t *testing.T) {
	t.Parallel()
	a := agenttest.New(t, agenttest.WithCountOnly())
	n := agenttest.ClientLimit + 1
	sendAll(t, a, a.Addr(), n, func(i int) []byte {
		b := batchOf(1)
		b.Process.Tags[0].VStr = ptr(fmt.Sprint(i))
		return call(t, compact, b)
	})
	expect(t, a, counts{packets: n, errors: 1})
	if got := len(a.Clients()); got != agenttest.ClientLimit {
		t.Errorf("clients: got %d, want %d", got, agenttest.ClientLimit)
	}
}

// Every second number is missing, in more gaps than the agent remembers: the count stays exact, and a late packet that
// falls into a forgotten gap is not called a repetition.
func TestGapsAreBounded(t *testing.T) {
	t.Parallel()
	a := agenttest.New(t, agenttest.WithCountOnly())
	gaps := agenttest.GapLimit + 10
	sendAll(t, a, a.Addr(), gaps+2, func(i int) []byte {
		switch i {
		case gaps:
			return call(t, compact, batchOf(1)) // in a forgotten gap
		case gaps + 1:
			return call(t, compact, batchOf(int64(2*gaps-1))) // in a remembered one
		}
		return call(t, compact, batchOf(int64(2*i+2)))
	})
	expect(t, a, counts{packets: gaps + 2, lost: int64(gaps - 1)})
}
