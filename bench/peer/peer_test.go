// SPDX-License-Identifier: Apache-2.0

package peer_test

import (
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/bench/peer"
	"github.com/jaegerkit/jaeger/bench/workload"
)

func TestByName(t *testing.T) {
	for _, p := range peer.All {
		if got, err := peer.ByName(p.Name); err != nil || got.Name != p.Name {
			t.Errorf("got %q, %v, want %q", got.Name, err, p.Name)
		}
	}
	if _, err := peer.ByName("nobody"); err == nil || !strings.Contains(err.Error(), `peer "nobody": want one of jaegerkit, `) {
		t.Errorf("got error %v", err)
	}
}

// Everything a peer claims to do works on every shape, recorded and not. A call
// that fails ends the program.
func TestEveryCallOfEveryPeer(t *testing.T) {
	for _, p := range peer.All {
		for _, shape := range workload.All {
			for _, sampled := range []bool{true, false} {
				client, err := p.New(peer.Config{Data: shape.Data(), Sampled: sampled})
				if err != nil {
					t.Fatalf("%s: %v", p.Name, err)
				}
				client.Span(1)
				client.Fresh(2)
				client.Child(3)
				client.Wide(4, 2)
				client.Deep(6, 2)
				client.Baggage(8)
				client.Inject()
				client.Extract()
				if err := client.Close(); err != nil {
					t.Errorf("%s: close: %v", p.Name, err)
				}
			}
		}
	}
}

// The floor touches no memory of its own making.
func TestTheFloorAllocatesNothing(t *testing.T) {
	info, err := peer.ByName(peer.Floor)
	if err != nil {
		t.Fatal(err)
	}
	client, err := info.New(peer.Config{Data: workload.Standard.Data(), Sampled: true})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if got := testing.AllocsPerRun(1000, func() { client.Wide(0, 3) }); got != 0 {
		t.Errorf("got %v allocations, want 0", got)
	}
}
