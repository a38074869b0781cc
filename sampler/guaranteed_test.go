// SPDX-License-Identifier: Apache-2.0

package sampler_test

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

// never is a bound so low that its bucket lets one trace through and then none
// for as long as any test runs.
const never = 1e-7

// likely and unlikely are ids that a share of a half keeps, and does not keep.
var likely, unlikely = model.TraceID{Low: 1 << 61}, model.TraceID{Low: 3 << 61}

// answer writes a decision as "no", or "yes" with its tags.
func answer(d sampler.Decision) string {
	if !d.Sample {
		return "no"
	}
	s := []string{"yes"}
	for i := range d.Tags.List() {
		s = append(s, d.Tags.List()[i].Text())
	}
	return strings.Join(s, " ")
}

func TestGuaranteed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name              string
		rate, lowerBound  float64
		ids               []model.TraceID
		want, description string
	}{
		{"bound makes up for the share", 0.5, never, []model.TraceID{unlikely, unlikely, likely},
			"yes lowerbound 0.5, no, yes probabilistic 0.5", "guaranteed(0.5, lower bound 1e-07)"},
		{"the share's traces count", 0.5, never, []model.TraceID{likely, unlikely, likely},
			"yes probabilistic 0.5, no, yes probabilistic 0.5", "guaranteed(0.5, lower bound 1e-07)"},
		{"several a second", 0.5, 2, []model.TraceID{likely, unlikely},
			"yes probabilistic 0.5, yes lowerbound 0.5", "guaranteed(0.5, lower bound 2)"},
		{"no bound", 0.5, 0, []model.TraceID{unlikely, likely},
			"no, yes probabilistic 0.5", "guaranteed(0.5, lower bound 0)"},
		{"no share", 0, never, []model.TraceID{likely, likely},
			"yes lowerbound 0, no", "guaranteed(0, lower bound 1e-07)"},
		{"all", 1, never, []model.TraceID{unlikely, likely},
			"yes probabilistic 1, yes probabilistic 1", "guaranteed(1, lower bound 1e-07)"},
		{"nothing", 0, 0, []model.TraceID{unlikely, likely}, "no, no", "guaranteed(0, lower bound 0)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := must(sampler.NewGuaranteed(test.rate, test.lowerBound))
			var answers []string
			for _, id := range test.ids {
				answers = append(answers, answer(g.Sample(id, "op")))
			}
			if got := strings.Join(answers, ", "); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if got := fmt.Sprint(g); got != test.description {
				t.Errorf("got %s, want %s", got, test.description)
			}
			if g.Rate() != test.rate || g.LowerBound() != test.lowerBound {
				t.Errorf("got %v and %v, want %v and %v", g.Rate(), g.LowerBound(), test.rate, test.lowerBound)
			}
		})
	}
}

func TestGuaranteedTags(t *testing.T) {
	t.Parallel()
	g := must(sampler.NewGuaranteed(0.5, never))
	for _, want := range []string{"lowerbound", "probabilistic"} {
		id := unlikely
		if want == "probabilistic" {
			id = likely
		}
		tags := g.Sample(id, "op").Tags.List()
		if len(tags) != 2 || tags[0].Key != "sampler.type" || tags[0].Text() != want ||
			tags[1].Key != "sampler.param" || tags[1].Kind() != model.KindFloat64 || tags[1].Float64() != 0.5 {
			t.Errorf("got %+v, want sampler.type=%s sampler.param=0.5", tags, want)
		}
		if cap(tags) != len(tags) {
			t.Errorf("%s: got room for %d tags in the sampler's slice, want %d", want, cap(tags), len(tags))
		}
	}
}

func TestGuaranteedBadNumbers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name             string
		rate, lowerBound float64
		want             string
	}{
		{"share", 1.5, 1, "sampling rate 1.5: want a probability from 0 to 1"},
		{"share NaN", math.NaN(), 1, "sampling rate NaN: want a probability from 0 to 1"},
		{"bound below 0", 0.5, -1, "lower bound -1: want traces per second, 0 or more"},
		{"bound NaN", 0.5, math.NaN(), "lower bound NaN: want traces per second, 0 or more"},
		{"bound infinite", 0.5, math.Inf(1), "lower bound +Inf: want traces per second, 0 or more"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := sampler.NewGuaranteed(test.rate, test.lowerBound); err == nil || err.Error() != test.want {
				t.Errorf("got error %v, want %s", err, test.want)
			}
		})
	}
}

func TestGuaranteedSharedByGoroutines(t *testing.T) {
	t.Parallel()
	g := must(sampler.NewGuaranteed(0.5, never))
	var byBound, byShare atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 1000 {
				if g.Sample(unlikely, "op").Sample {
					byBound.Add(1)
				}
				if g.Sample(likely, "op").Sample {
					byShare.Add(1)
				}
			}
		}()
	}
	wg.Wait()
	if got := byShare.Load(); got != 8000 {
		t.Errorf("got %d traces by the share, want 8000", got)
	}
	if got := byBound.Load(); got > 1 {
		t.Errorf("got %d traces by the bound, want at most 1", got)
	}
}

// FuzzGuaranteed has the two samplers it is made of as its oracle.
func FuzzGuaranteed(f *testing.F) {
	f.Add(0.5, 1e-7, uint64(1)<<61, uint64(3)<<61)
	f.Add(0.0, 2.0, uint64(0), uint64(1))
	f.Add(1.0, 0.0, uint64(math.MaxUint64), uint64(7))
	f.Fuzz(func(t *testing.T, rate, lowerBound float64, first, second uint64) {
		g, err := sampler.NewGuaranteed(rate, lowerBound)
		share, badShare := sampler.NewProbabilistic(rate)
		_, badBound := sampler.NewRateLimiting(lowerBound)
		if (err == nil) != (badShare == nil && badBound == nil) {
			t.Fatalf("got error %v, want it where one of %v and %v is", err, badShare, badBound)
		}
		if err != nil {
			return
		}
		for i, low := range []uint64{first, second} {
			id := model.TraceID{Low: low}
			got, chosen := g.Sample(id, "op").Sample, share.Sample(id, "op").Sample
			switch {
			case chosen && !got:
				t.Errorf("%v: trace %v was not kept, want the share's", g, id)
			case i == 0 && lowerBound > 0 && !got:
				t.Errorf("%v: the first trace was not kept", g)
			case lowerBound == 0 && got != chosen:
				t.Errorf("%v: got %v for %v, want %v", g, got, id, chosen)
			}
		}
	})
}
