// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"runtime"
	"strings"
	"testing"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

// alternating has two lists of tags that are equally long, and one that is not cached.
type alternating struct{ n int }

var alternatives = []sampler.Tags{
	sampler.NewTags(model.String("sampler.type", "one"), model.Bool("sampler.param", true)),
	sampler.NewTags(model.String("sampler.type", "two"), model.Int64("sampler.param", 2)),
	sampler.NewTags(model.String("sampler.type", strings.Repeat("long", 100))),
}

func (a *alternating) Sample(model.TraceID, string) sampler.Decision {
	a.n++
	return sampler.Decision{Sample: true, Tags: alternatives[a.n%3]}
}

// The tags of a decision are those of the list that the sampler gave, however often.
func TestPackedDecisions(t *testing.T) {
	tracer := packingTracer(t, overUDP(t), WithSampler(&alternating{}))
	for i := range 3000 {
		s := tracer.StartSpan("op").(*Span)
		want := alternatives[(i+1)%3].List()
		if got := s.Snapshot().Tags; !alike(got, want) {
			t.Fatalf("span %d\n got: %v\nwant: %v", i, got, want)
		}
		s.Finish()
	}
}

// A record that was not packed to its end keeps nothing alive once it is used again.
func TestUnpackedValuesAreNotKeptAlive(t *testing.T) {
	tracer := packingTracer(t, overUDP(t))
	before := heap()
	var spans []opentracing.Span
	for range 40 {
		s := tracer.StartSpan("op")
		s.SetTag("bad \xff", 1)
		s.SetTag("k", strings.Repeat("x", 1<<20)[:10])
		spans = append(spans, s)
	}
	for _, s := range spans {
		s.Finish()
	}
	for range 10 {
		spans = spans[:0]
		for range 40 {
			spans = append(spans, tracer.StartSpan("op"))
		}
		for _, s := range spans {
			s.Finish()
		}
		runtime.GC()
	}
	spans = spans[:0]
	for range 40 { // with the records, which would else go with the pool
		spans = append(spans, tracer.StartSpan("op"))
	}
	if grown := heap() - before; grown > 4<<20 {
		t.Errorf("tags of 10 bytes keep %d bytes alive", grown)
	}
	runtime.KeepAlive(spans)
}
