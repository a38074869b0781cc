// SPDX-License-Identifier: Apache-2.0

package sampler_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

func TestShareOfRandomIDs(t *testing.T) {
	t.Parallel()
	const n = 200_000
	for _, rate := range []float64{1e-4, 0.001, 0.01, 0.1, 0.25, 0.5, 0.9, 0.999} {
		s := must(sampler.NewProbabilistic(rate))
		if got := s.Rate(); got != rate {
			t.Errorf("got rate %v, want %v", got, rate)
		}
		ids := rand.New(rand.NewPCG(1, 2))
		kept := 0.0
		for range n {
			if s.Sample(model.TraceID{High: ids.Uint64(), Low: ids.Uint64()}, "op").Sample {
				kept++
			}
		}
		// The seed is fixed, so this does not fail now and then.
		if want, sigma := n*rate, math.Sqrt(n*rate*(1-rate)); math.Abs(kept-want) > 4*sigma {
			t.Errorf("rate %v: got %v of %v ids, want %v give or take %v", rate, kept, n, want, 4*sigma)
		}
	}
}

// TestHigherRateKeepsTheSameTraces: raising one service's rate must not lose
// traces it kept before, or services with different rates would tear traces.
func TestHigherRateKeepsTheSameTraces(t *testing.T) {
	t.Parallel()
	var samplers []*sampler.Probabilistic
	for _, rate := range []float64{0, 5e-324, 1e-18, 1e-9, 0.1, 0.3, 0.30000000000000004, 0.9, math.Nextafter(1, 0), 1} {
		samplers = append(samplers, must(sampler.NewProbabilistic(rate)))
	}
	ids := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		id := model.TraceID{Low: ids.Uint64() >> ids.IntN(64)}
		before := false
		for _, s := range samplers {
			kept := s.Sample(id, "op").Sample
			if before && !kept {
				t.Fatalf("%v drops %v, which a lower rate keeps", s, id)
			}
			before = kept
		}
		if !before {
			t.Fatalf("rate 1 drops %v", id)
		}
	}
}

func TestBoundaryIds(t *testing.T) {
	t.Parallel()
	const top = 1 << 63
	for _, test := range []struct {
		name string
		rate float64
		id   model.TraceID
		want bool
	}{
		{"0 drops the lowest", 0, model.TraceID{}, false},
		{"0 drops the highest", 0, model.TraceID{Low: math.MaxUint64}, false},
		{"1 keeps the lowest", 1, model.TraceID{}, true},
		{"1 keeps the highest", 1, model.TraceID{High: math.MaxUint64, Low: math.MaxUint64}, true},
		{"1 keeps the highest of 63 bits", 1, model.TraceID{Low: top - 1}, true},
		{"half keeps below", 0.5, model.TraceID{Low: 1<<62 - 1}, true},
		{"half drops at the boundary", 0.5, model.TraceID{Low: 1 << 62}, false},
		{"half drops above", 0.5, model.TraceID{Low: top - 1}, false},
		{"bit 63 does not count", 0.5, model.TraceID{Low: top}, true},
		{"nor does it above the boundary", 0.5, model.TraceID{Low: top | 1<<62}, false},
		{"the high half does not count", 0.5, model.TraceID{High: math.MaxUint64, Low: 1}, true},
		{"one id", math.Ldexp(1, -63), model.TraceID{}, true},
		{"and not the next", math.Ldexp(1, -63), model.TraceID{Low: 1}, false},
		{"less than one id", math.Ldexp(1, -64), model.TraceID{}, false},
		{"just below 1", math.Nextafter(1, 0), model.TraceID{Low: top - 1024 - 1}, true},
		{"the last 1024 ids", math.Nextafter(1, 0), model.TraceID{Low: top - 1024}, false},
		{"minus zero is zero", math.Copysign(0, -1), model.TraceID{}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := must(sampler.NewProbabilistic(test.rate)).Sample(test.id, "op").Sample; got != test.want {
				t.Errorf("rate %v, id %v: got %v, want %v", test.rate, test.id, got, test.want)
			}
		})
	}
}

// FuzzBoundary compares with arithmetic that does not round.
func FuzzBoundary(f *testing.F) {
	for _, rate := range []float64{0, 1, 0.5, 0.1, 0.001, 1e-300, math.Nextafter(1, 0), -1, 2, math.NaN()} {
		f.Add(rate, uint64(0))
		f.Add(rate, uint64(1)<<62)
		f.Add(rate, uint64(math.MaxUint64))
	}
	f.Fuzz(func(t *testing.T, rate float64, low uint64) {
		s, err := sampler.NewProbabilistic(rate)
		if valid := rate >= 0 && rate <= 1; valid != (err == nil) {
			t.Fatalf("rate %v: got error %v", rate, err)
		}
		if err != nil {
			return
		}
		boundary, _ := new(big.Float).SetMantExp(big.NewFloat(rate), 63).Int(nil)
		for _, id := range []uint64{low, boundary.Uint64(), boundary.Uint64() - 1} {
			want := new(big.Int).SetUint64(id<<1>>1).Cmp(boundary) < 0
			if got := s.Sample(model.TraceID{Low: id}, "").Sample; got != want {
				t.Errorf("rate %v, id %x: got %v, want %v", rate, id, got, want)
			}
		}
	})
}
