// SPDX-License-Identifier: Apache-2.0

package micro_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/jaegerkit/jaeger/bench/micro"
	"github.com/jaegerkit/jaeger/bench/peer"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Every case of every peer runs, so a broken one fails here and not after
// minutes of measuring.
func TestEveryCaseRuns(t *testing.T) {
	cases := micro.Cases()
	results, err := micro.Run(t.Context(), cases, micro.Options{Rounds: 1})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, c := range cases {
		for _, name := range c.Peers {
			r := results[n]
			if r.Case.Name != c.Name || r.Peer != name {
				t.Fatalf("result %d is %s of %s, want %s of %s", n, r.Case.Name, r.Peer, c.Name, name)
			}
			if len(r.Rounds) != 1 || r.Wall()[0] <= 0 {
				t.Errorf("%s of %s: got %+v", c.Name, name, r.Rounds)
			}
			n++
		}
	}
	if n != len(results) {
		t.Errorf("got %d results, want %d", len(results), n)
	}
}

func TestBudgetsHaveTheirPeers(t *testing.T) {
	for _, test := range []struct {
		name  string
		peers []string
	}{
		{micro.Unsampled, []string{peer.House, peer.Old, peer.OTel, peer.OTelEach}},
		{micro.Sampled, []string{peer.House, peer.Old, peer.OldPool}},
		{micro.Inject, []string{peer.House, peer.Old, peer.OTel}},
		{micro.Extract, []string{peer.House, peer.Old, peer.OTel}},
		{micro.Encode, []string{peer.House, peer.Old}},
	} {
		i := slices.IndexFunc(micro.Cases(), func(c micro.Case) bool { return c.Section == micro.Calls && c.Name == test.name })
		if i < 0 {
			t.Errorf("there is no case %q", test.name)
			continue
		}
		for _, p := range test.peers {
			if got := micro.Cases()[i].Peers; !slices.Contains(got, p) {
				t.Errorf("%s: got peers %v, want %q among them", test.name, got, p)
			}
		}
	}
}

// A fake operation that takes as long as it says shows how rounds are made.
func TestRoundsTakeTurns(t *testing.T) {
	var order []string
	c := micro.Case{Name: "fake", Spans: 10, Peers: []string{peer.House, peer.Old}}
	c.New = func(p peer.Info) (*micro.Op, error) {
		return &micro.Op{
			Run: func(n int) time.Duration {
				order = append(order, p.Name)
				return time.Duration(n) * 70
			},
			Close: func() error { order = append(order, "close"); return nil },
		}, nil
	}
	results, err := micro.Run(t.Context(), []micro.Case{c}, micro.Options{Rounds: 2})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{peer.House, peer.Old, peer.House, peer.Old, "close", "close"}
	if !slices.Equal(order, want) {
		t.Errorf("got %v, want %v", order, want)
	}
	for _, r := range results {
		if got := r.Wall(); !slices.Equal(got, []float64{7, 7}) {
			t.Errorf("%s: got %v ns per span, want 7 and 7", r.Peer, got)
		}
	}
}

func TestFailuresAreToldAndClosed(t *testing.T) {
	closed := 0
	c := micro.Case{Section: "s", Name: "fake", Peers: []string{peer.House, peer.Old}}
	c.New = func(p peer.Info) (*micro.Op, error) {
		if p.Name == peer.Old {
			return nil, errors.New("no socket")
		}
		return &micro.Op{Close: func() error { closed++; return nil }}, nil
	}
	_, err := micro.Run(t.Context(), []micro.Case{c}, micro.Options{Rounds: 1})
	if want := "s fake: jaeger-client-go: no socket"; err == nil || err.Error() != want {
		t.Errorf("got error %v, want %q", err, want)
	}
	if closed != 1 {
		t.Errorf("%d operations were closed, want 1", closed)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := micro.Run(ctx, []micro.Case{c}, micro.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want that of the context", err)
	}
}

// The loops of the peers start what they say.
func TestClientsStartAsManySpansAsTheyAreAskedFor(t *testing.T) {
	for _, name := range []string{peer.House, peer.Old} {
		count, client := micro.Counting(t, name)
		client.Span(0)
		client.Child(1)
		client.Fresh(1)
		client.Wide(2, 3)
		client.Deep(6, 5)
		if got, want := count(), 1+1+1+4+5; got != want {
			t.Errorf("%s: got %d spans, want %d", name, got, want)
		}
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	}
}

func BenchmarkCalls(b *testing.B) { benchmark(b, micro.Calls) }

func BenchmarkShapes(b *testing.B) { benchmark(b, micro.Shapes) }

// benchmark is for profiles: the report's figures come from micro.Run.
func benchmark(b *testing.B, section string) {
	for _, c := range micro.Cases() {
		if c.Section != section {
			continue
		}
		for _, name := range c.Peers {
			b.Run(c.Name+"/"+name, func(b *testing.B) {
				info, err := peer.ByName(name)
				if err != nil {
					b.Fatal(err)
				}
				op, err := c.New(info)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportAllocs()
				b.ResetTimer()
				op.Run(b.N)
				b.StopTimer()
				if c.Spans > 1 {
					b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(c.Spans), "ns/span")
				}
				if err := op.Close(); err != nil {
					b.Fatal(err)
				}
			})
		}
	}
}
