// SPDX-License-Identifier: Apache-2.0

package process_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/bench/measure"
	"github.com/jaegerkit/jaeger/bench/peer"
	"github.com/jaegerkit/jaeger/bench/process"
	"github.com/jaegerkit/jaeger/bench/workload"
)

// The test's executable is what Run starts, so it has to play both parts.
func TestMain(m *testing.M) {
	if mine, err := process.Main(os.Args[1:]); mine {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func TestEveryPeerDelivers(t *testing.T) {
	for _, p := range peer.All {
		t.Run(p.Name, func(t *testing.T) {
			r, err := process.Run(t.Context(), process.Plan{
				Peer: p.Name, Shape: workload.Standard, Rate: 4000, Duration: 100 * time.Millisecond, Queue: 10_000,
			})
			if err != nil {
				t.Fatal(err)
			}
			if r.Emitted.Started == 0 || r.Delivered != r.Emitted.Started || r.LostByClient() != 0 || r.LostOnTheWay() != 0 {
				t.Errorf("%d spans started, %d delivered, %d lost by the client, %d on the way; want all delivered",
					r.Emitted.Started, r.Delivered, r.LostByClient(), r.LostOnTheWay())
			}
			if r.CPUPerSpan() <= 0 || r.Emitted.Peak <= 0 || p.Name != peer.Idle && r.Emitted.P99 <= 0 {
				t.Errorf("got %+v", r.Emitted)
			}
		})
	}
}

func TestRunSaysWhatFailed(t *testing.T) {
	_, err := process.Run(t.Context(), process.Plan{Peer: "nobody"})
	if err == nil || !strings.Contains(err.Error(), `peer "nobody": want one of jaegerkit,`) {
		t.Errorf("got error %v", err)
	}
	_, err = process.Run(t.Context(), process.Plan{Peer: peer.Idle, Shape: workload.Shape{Name: "round"}})
	if err == nil || !strings.Contains(err.Error(), `shape "round" is not known`) {
		t.Errorf("got error %v", err)
	}
}

func TestLosses(t *testing.T) {
	for _, test := range []struct {
		name        string
		sent        int64
		client, way int64
		cpuPerSpan  float64
	}{
		{"the client counts", 90, 10, 20, 100},
		{"the peer answers", -1, 30, 0, 100},
	} {
		r := process.Result{
			Emitted:   process.Emitted{Started: 100, Sent: test.sent, Cost: measure.Cost{CPU: 7000}},
			Delivered: 70,
		}
		if client, way := r.LostByClient(), r.LostOnTheWay(); client != test.client || way != test.way {
			t.Errorf("%s: got %d lost by the client and %d on the way, want %d and %d", test.name, client, way, test.client, test.way)
		}
		if got := r.CPUPerSpan(); got != test.cpuPerSpan {
			t.Errorf("%s: got %v ns a span, want %v", test.name, got, test.cpuPerSpan)
		}
	}
}
