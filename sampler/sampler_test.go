// SPDX-License-Identifier: Apache-2.0

package sampler_test

import (
	"fmt"
	"math"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

// must is for constructors that cannot fail with the arguments of a test.
func must[S sampler.Sampler](s S, err error) S {
	if err != nil {
		panic(err)
	}
	return s
}

func TestDecisionNamesTheSampler(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text, tags string
		sampler          sampler.Sampler
		want             bool
	}{
		{"const yes", "const(true)", "sampler.type=const sampler.param=true", sampler.NewConst(true), true},
		{"const no", "const(false)", "sampler.type=const sampler.param=false", sampler.NewConst(false), false},
		{"probabilistic all", "probabilistic(1)", "sampler.type=probabilistic sampler.param=1", must(sampler.NewProbabilistic(1)), true},
		{"probabilistic none", "probabilistic(0)", "sampler.type=probabilistic sampler.param=0", must(sampler.NewProbabilistic(0)), false},
		{"probabilistic some", "probabilistic(0.001)", "sampler.type=probabilistic sampler.param=0.001", must(sampler.NewProbabilistic(0.001)), true},
		{"rate limiting", "ratelimiting(2.5)", "sampler.type=ratelimiting sampler.param=2.5", must(sampler.NewRateLimiting(2.5)), true},
		{"rate limiting none", "ratelimiting(0)", "sampler.type=ratelimiting sampler.param=0", must(sampler.NewRateLimiting(0)), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := test.sampler.Sample(model.TraceID{Low: 7}, "op")
			if d.Sample != test.want {
				t.Errorf("got %v, want %v", d.Sample, test.want)
			}
			var tags []string
			for i := range d.Tags.List() {
				tags = append(tags, d.Tags.List()[i].Key+"="+d.Tags.List()[i].Text())
			}
			if got := strings.Join(tags, " "); got != test.tags {
				t.Errorf("got tags %s, want %s", got, test.tags)
			}
			if got := fmt.Sprint(test.sampler); got != test.text {
				t.Errorf("got %s, want %s", got, test.text)
			}
			if got := cap(d.Tags.List()); got != len(d.Tags.List()) {
				t.Errorf("got room for %d tags in the sampler's slice, want %d: an append would write there", got, len(d.Tags.List()))
			}
		})
	}
}

// TestParamKeepsItsType: Jaeger's users search for sampler.param as a bool or a number.
func TestParamKeepsItsType(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		sampler sampler.Sampler
		want    model.Kind
	}{
		{sampler.NewConst(true), model.KindBool},
		{must(sampler.NewProbabilistic(1)), model.KindFloat64},
		{must(sampler.NewRateLimiting(1)), model.KindFloat64},
	} {
		if got := test.sampler.Sample(model.TraceID{}, "").Tags.List()[1].Kind(); got != test.want {
			t.Errorf("%v: got %v, want %v", test.sampler, got, test.want)
		}
	}
}

func TestBadRates(t *testing.T) {
	t.Parallel()
	probabilistic := func(rate float64) (sampler.Sampler, error) { return sampler.NewProbabilistic(rate) }
	limiting := func(rate float64) (sampler.Sampler, error) { return sampler.NewRateLimiting(rate) }
	for _, test := range []struct {
		name string
		make func(float64) (sampler.Sampler, error)
		rate float64
		want string
	}{
		{"share below 0", probabilistic, -0.1, "sampling rate -0.1: want a probability from 0 to 1"},
		{"share above 1", probabilistic, 1.1, "sampling rate 1.1: want a probability from 0 to 1"},
		{"share next to 1", probabilistic, math.Nextafter(1, 2), "sampling rate 1.0000000000000002: want a probability from 0 to 1"},
		{"share NaN", probabilistic, math.NaN(), "sampling rate NaN: want a probability from 0 to 1"},
		{"share infinite", probabilistic, math.Inf(1), "sampling rate +Inf: want a probability from 0 to 1"},
		{"limit below 0", limiting, -1, "sampling rate -1: want traces per second, 0 or more"},
		{"limit NaN", limiting, math.NaN(), "sampling rate NaN: want traces per second, 0 or more"},
		{"limit infinite", limiting, math.Inf(1), "sampling rate +Inf: want traces per second, 0 or more"},
		{"limit below all", limiting, math.Inf(-1), "sampling rate -Inf: want traces per second, 0 or more"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := test.make(test.rate)
			if err == nil || err.Error() != test.want {
				t.Errorf("got error %v, want %s", err, test.want)
			}
		})
	}
}

func TestZeroValuesKeepNothing(t *testing.T) {
	t.Parallel()
	for _, s := range []sampler.Sampler{&sampler.Const{}, &sampler.Probabilistic{}, &sampler.RateLimiting{}} {
		if d := s.Sample(model.TraceID{}, ""); d.Sample || len(d.Tags.List()) != 0 {
			t.Errorf("%T: got %+v, want no", s, d)
		}
	}
}

func all() []sampler.Sampler {
	return []sampler.Sampler{
		sampler.NewConst(true),
		must(sampler.NewProbabilistic(0.5)),
		must(sampler.NewRateLimiting(100)),
		must(sampler.NewRateLimiting(1e9)),
	}
}

func TestSampleDoesNotAllocate(t *testing.T) {
	for _, s := range all() {
		id := model.TraceID{Low: 1}
		if got := testing.AllocsPerRun(100, func() {
			sink = s.Sample(id, "operation")
			id.Low += 1 << 60
		}); got != 0 {
			t.Errorf("%v: got %v allocations, want 0", s, got)
		}
	}
}

// What benchmarks produce goes here, so that it is not optimised away.
var (
	sink  sampler.Decision
	total atomic.Uint64
)

func BenchmarkSample(b *testing.B) {
	for _, s := range all() {
		b.Run(fmt.Sprint(s), func(b *testing.B) {
			b.ReportAllocs()
			for i := range b.N {
				sink = s.Sample(model.TraceID{Low: uint64(i) * golden}, "operation")
			}
		})
	}
}

func BenchmarkSampleParallel(b *testing.B) {
	for _, s := range all() {
		b.Run(fmt.Sprint(s), func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				kept, id := uint64(0), uint64(0)
				for pb.Next() {
					id += golden
					if s.Sample(model.TraceID{Low: id}, "operation").Sample {
						kept++
					}
				}
				total.Add(kept)
			})
		})
	}
}

// golden steps evenly through all 64-bit ids.
const golden = 0x9e3779b97f4a7c15
