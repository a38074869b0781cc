// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"sync/atomic"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

// steady embeds a sampler that refuses by ids and keeps what that would refuse.
type steady struct{ *sampler.Probabilistic }

func (steady) NeverPanics()                                  {}
func (steady) Sample(model.TraceID, string) sampler.Decision { return sampler.Decision{Sample: true} }

// sharer refuses half of the ids, and says so.
type sharer struct{ asked *atomic.Int64 }

func (sharer) NeverPanics()     {}
func (sharer) AskAbout() uint64 { return 1 << 62 }
func (s sharer) Sample(id model.TraceID, _ string) sampler.Decision {
	if s.asked.Add(1); id.Low&idBits >= 1<<62 {
		panic("asked about a trace that it refuses")
	}
	return sampler.Decision{Sample: true}
}

// switched keeps what a variable says, and is not to be asked which.
type switched struct{ on *bool }

func (switched) NeverPanics()                                  {}
func (switched) AskAbout() uint64                              { panic("asked about its share") }
func (s switched) Switch() *bool                               { return s.on }
func (switched) Sample(model.TraceID, string) sampler.Decision { return sampler.Decision{Sample: true} }

func TestSwitchedSampler(t *testing.T) {
	on := false
	tracer := unsampledTracer(t, WithSampler(switched{&on}))
	for n := range uint64(3) {
		tracer.StartSpan("op").Finish()
		if got := tracer.Stats().TracesStarted; got.Sampled != n || got.Unsampled != n+1 {
			t.Errorf("switched off: got %+v, want %d of %d sampled", got, n, 2*n+1)
		}
		on = true
		tracer.StartSpan("op").Finish()
		on = false
		if got := tracer.Stats().TracesStarted; got.Sampled != n+1 || got.Unsampled != n+1 {
			t.Errorf("switched on: got %+v, want %d of %d sampled", got, n+1, 2*n+2)
		}
	}
}

func TestWhoIsAsked(t *testing.T) {
	none, err := sampler.NewProbabilistic(0)
	if err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int64
	const n = 1000
	for _, test := range []struct {
		name     string
		sampler  sampler.Sampler
		low, top uint64 // sampled
	}{
		{"an embedded sampler's share is not the outer one's", steady{none}, n, n},
		{"the program's own", sharer{&asked}, n / 3, n * 2 / 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			tracer := unsampledTracer(t, WithSampler(test.sampler))
			for range n {
				tracer.StartSpan("op").Finish()
			}
			if got := tracer.Stats().TracesStarted; got.Sampled < test.low || got.Sampled > test.top || got.Total() != n {
				t.Errorf("got %+v, want %d to %d sampled", got, test.low, test.top)
			}
		})
	}
	if got := asked.Load(); got < n/3 || got > n*2/3 {
		t.Errorf("asked about %d of %d", got, n)
	}
}
