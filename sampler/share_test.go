// SPDX-License-Identifier: Apache-2.0

package sampler_test

import (
	"math/rand/v2"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

// What is outside of the share is what Sample refuses; what is inside may be either,
// unless the sampler goes by the ids alone.
func TestShareIsWhatSampleRefuses(t *testing.T) {
	probabilistic := func(rate float64) *sampler.Probabilistic {
		p, err := sampler.NewProbabilistic(rate)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	edge := probabilistic(0.25).Share()
	ids := []uint64{1, edge - 1, edge, edge + 1, 1<<63 - 1, 1 << 63, 1<<63 + 1, 1<<63 + edge, 1<<64 - 1}
	for range 1000 {
		ids = append(ids, rand.Uint64())
	}
	for _, s := range []interface {
		sampler.Sampler
		Share() uint64
	}{
		sampler.NewConst(true), sampler.NewConst(false), &sampler.Const{}, &sampler.Probabilistic{},
		probabilistic(0), probabilistic(1e-300), probabilistic(0.001), probabilistic(0.25), probabilistic(0.999999), probabilistic(1),
	} {
		share := s.Share()
		if share > 1<<63 {
			t.Errorf("%v: got share %d, want at most 1<<63", s, share)
		}
		for _, id := range ids {
			inside := id&(1<<63-1) < share
			if got := s.Sample(model.TraceID{Low: id}, "op").Sample; got != inside {
				t.Fatalf("%v: id %x is sampled %v, in the share %v", s, id, got, inside)
			}
		}
	}
}

func TestShareOfRemoteIsThatOfItsStrategy(t *testing.T) {
	if got := (&sampler.Remote{}).Share(); got != 1<<63 {
		t.Errorf("before a strategy: got %d, want all", got)
	}
}
