// SPDX-License-Identifier: Apache-2.0

package sampler_test

import (
	"fmt"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

// troubles keeps a trace when one of its spans failed or took long. It has no
// state of its own, so it is the Late of every trace.
type troubles struct{ slow time.Duration }

func (t troubles) Sample(model.TraceID, string) sampler.Decision {
	return sampler.Decision{Later: t}
}

func (t troubles) Ask(e sampler.Event) sampler.Decision {
	var why string
	switch {
	case e.Kind == sampler.Tagged && e.Tag == model.Bool("error", true):
		why = "error"
	case e.Kind == sampler.Finished && e.Duration >= t.slow:
		why = "slow"
	default:
		return sampler.Decision{Later: t}
	}
	return sampler.Decision{Sample: true, Tags: sampler.NewTags(model.String("sampler.type", "troubles"), model.String("sampler.param", why))}
}

// A sampler that decides late is asked again on what happens to the spans. The
// tracer makes the events; here they are made by hand.
func ExampleLate() {
	var s sampler.Sampler = troubles{slow: time.Second}
	for _, events := range [][]sampler.Event{
		{{Kind: sampler.Started}, {Kind: sampler.Tagged, Tag: model.Bool("error", true)}},
		{{Kind: sampler.Finished, Duration: 3 * time.Second}},
		{{Kind: sampler.Finished, Duration: time.Millisecond}, {Kind: sampler.Finished, LocalRoot: true, Duration: 2 * time.Millisecond}},
	} {
		d := s.Sample(model.TraceID{Low: 1}, "GET /")
		for _, e := range events {
			if d.Later == nil {
				break
			}
			d = d.Later.Ask(e)
		}
		if d.Later != nil {
			fmt.Println("not kept: its root has finished and nothing was wrong")
			continue
		}
		fmt.Println("kept:", d.Tags.List()[1].Text())
	}
	// Output:
	// kept: error
	// kept: slow
	// not kept: its root has finished and nothing was wrong
}

func ExampleNewTagMatching() {
	s, err := sampler.NewTagMatching("tenant",
		sampler.TagMatch{Value: "acme"},
		sampler.TagMatch{Value: "load-test", Firehose: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	d := s.Sample(model.TraceID{Low: 1}, "GET /")
	fmt.Println(d.Sample, d.Later != nil)
	d = d.Later.Ask(sampler.Event{Kind: sampler.Tagged, Tag: model.String("tenant", "load-test")})
	fmt.Println(d.Sample, d.Firehose)
	// Output:
	// false true
	// true true
}

// The cheap samplers go first: what they keep needs no recording ahead of the
// decision.
func ExampleNewPriority() {
	share, err := sampler.NewProbabilistic(0.01)
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := sampler.NewPriority(share, troubles{slow: time.Second})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Sample(model.TraceID{Low: 1}, "GET /").Sample)
	d := s.Sample(model.TraceID{Low: 1 << 62}, "GET /")
	d = d.Later.Ask(sampler.Event{Kind: sampler.Tagged, Tag: model.Bool("error", true)})
	fmt.Println(d.Sample, d.Tags.List()[1].Text())
	// Output:
	// true
	// true error
}
