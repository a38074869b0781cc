// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"fmt"
	"math"

	"github.com/jaegerkit/jaeger/bench/measure"
	"github.com/jaegerkit/jaeger/bench/micro"
	"github.com/jaegerkit/jaeger/bench/peer"
	"github.com/jaegerkit/jaeger/bench/process"
	"github.com/jaegerkit/jaeger/bench/replaced"
)

// Verdict is how a budget came out.
type Verdict string

// The verdicts.
const (
	Pass   Verdict = "PASS"
	Miss   Verdict = "MISS"
	NotRun Verdict = "not judged"
)

// Budget is one promise about cost and what was measured of it.
type Budget struct {
	Work    string
	Against string  // a peer's name, or what is counted
	Limit   float64 // Got must not be above it
	Got     float64
	Shown   string // of the limit, as people write it: 1/6
	Verdict Verdict
}

// allocSlack is what the runtime may allocate now and then, per operation,
// without an allocation of the operation itself: a refilled sync.Pool after a
// garbage collection, for one.
const allocSlack = 0.05

// The rates that budgets refer to.
const (
	JudgedRate   = 50_000  // for processor time
	LosslessRate = 200_000 // for losses
)

// Budgets judges all of them, in the order of DESIGN's table.
func (r *Report) Budgets() []Budget {
	budgets := []Budget{
		r.time("unsampled span, 5 tags", micro.Unsampled, peer.Old, 1./6, "1/6"),
		r.time("", micro.Unsampled, peer.OTelEach, 1./6, "1/6"),
		r.time("", micro.Unsampled, peer.Bridge, 1./6, "1/6"),
		r.allocs(micro.Unsampled, 1),
		r.time("the same, tags skipped if it says so", micro.Guarded, peer.OTel, 1./6, "1/6"),
		r.time("sampled span, 5 tags, 1 log, discarded", micro.Sampled, peer.Old, 1./3, "1/3"),
		r.time("", micro.Sampled, peer.OldPool, 1./2, "1/2"),
		r.allocs(micro.Sampled, 2),
		r.time("inject, HTTP headers", micro.Inject, peer.Old, 1./3, "1/3"),
		r.time("", micro.Inject, peer.OTel, 1, "1"),
		r.allocs(micro.Inject, 2),
		r.time("extract, HTTP headers", micro.Extract, peer.Old, 1./5, "1/5"),
		r.time("", micro.Extract, peer.OTel, 1, "1"),
		r.allocs(micro.Extract, 1),
		r.time("finished span to Thrift compact", micro.Encode, peer.Old, 1./10, "1/10"),
		r.allocs(micro.Encode, 0),
		r.cpu("processor time per span delivered at 50k/s", peer.Old, 1./4, "1/4"),
		r.cpu("", peer.OTel, 1./7, "1/7"),
		r.cpu("", peer.Floor, 2, "2"),
		r.losses("spans lost by the client at 200k/s"),
		r.dropIn("drop-in: unsampled span, 5 tags", micro.Unsampled),
		r.replacing("", micro.Unsampled, 1./6, "1/6"),
		r.dropIn("drop-in: sampled span, 5 tags, 1 log, discarded", micro.Sampled),
		r.replacing("", micro.Sampled, 1./3, "1/3"),
	}
	if r.Unjudged {
		for i := range budgets {
			budgets[i].Verdict = NotRun
		}
	}
	return budgets
}

// judge compares; Got is NaN where it was not measured.
func judge(b Budget, slack float64) Budget {
	switch {
	case math.IsNaN(b.Got):
		b.Verdict = NotRun
	case b.Got <= b.Limit+slack:
		b.Verdict = Pass
	default:
		b.Verdict = Miss
	}
	return b
}

func (r *Report) time(work, name, against string, limit float64, shown string) Budget {
	b := Budget{Work: work, Against: "of the time of " + against, Limit: limit, Shown: shown, Got: math.NaN()}
	ours, theirs := r.call(micro.Calls, name, peer.House), r.call(micro.Calls, name, against)
	if ours != nil && theirs != nil {
		b.Got = measure.MedianRatio(ours.Wall(), theirs.Wall())
	}
	return judge(b, 0)
}

func (r *Report) allocs(name string, limit float64) Budget {
	b := Budget{Against: "allocations", Limit: limit, Shown: fmt.Sprint(limit), Got: math.NaN()}
	if ours := r.call(micro.Calls, name, peer.House); ours != nil {
		b.Got = measure.Median(ours.Allocs())
	}
	return judge(b, allocSlack)
}

// cpu compares with the best a peer can do: where it was also run with a longer
// queue, the ratio that is worse for this library counts.
func (r *Report) cpu(work, against string, limit float64, shown string) Budget {
	b := Budget{Work: work, Against: "of " + against, Limit: limit, Shown: shown, Got: math.NaN()}
	for _, ours := range r.runs(peer.House, JudgedRate) {
		for _, theirs := range r.runs(against, JudgedRate) {
			ratio := measure.MedianRatio(ours.Of((*process.Result).CPUPerSpan), theirs.Of((*process.Result).CPUPerSpan))
			if math.IsNaN(b.Got) || ratio > b.Got {
				b.Got = ratio
			}
		}
	}
	return judge(b, 0)
}

// losses takes the worst round, not the median: a promise of none.
func (r *Report) losses(work string) Budget {
	b := Budget{Work: work, Against: "spans, worst round", Limit: 0, Shown: "0", Got: math.NaN()}
	for _, ours := range r.runs(peer.House, LosslessRate) {
		for i := range ours.Rounds {
			if lost := float64(ours.Rounds[i].LostByClient()); math.IsNaN(b.Got) || lost > b.Got {
				b.Got = lost
			}
		}
	}
	return judge(b, 0)
}

func (r *Report) replaced(name string) *replaced.Case {
	for i := range r.DropIn {
		if r.DropIn[i].Name == name {
			return &r.DropIn[i]
		}
	}
	return nil
}

// dropIn compares the drop-in with the native API.
func (r *Report) dropIn(work, name string) Budget {
	b := Budget{Work: work, Against: "of the native API's time", Limit: 1.3, Shown: "1.3", Got: math.NaN()}
	if c := r.replaced(name); c != nil {
		b.Got = c.Ratio()
	}
	return judge(b, 0)
}

// replacing compares the drop-in with what it replaces, by way of the native
// API, beside which each of them was measured.
func (r *Report) replacing(work, name string, limit float64, shown string) Budget {
	b := r.time(work, name, peer.Old, limit, shown)
	if c := r.replaced(name); c != nil {
		b.Got *= c.Ratio()
	} else {
		b.Got = math.NaN()
	}
	return judge(b, 0)
}

const budgetNotes = "Ratios are medians over rounds in which the peers took turns, those of single operations in three\n" +
	"sittings with minutes in between; for processor time against a peer that was also run with a longer queue than\n" +
	"its default, the less flattering one. The price of an unsampled span is judged against OpenTelemetry where both do\n" +
	"the same: each tag is set with a call (*otel-each*, and the bridge), or both ask the span whether anything is\n" +
	"recorded and then skip the tags (*unsampled-guarded*).\n\n"

func (r *Report) writeBudgets(b *bytes.Buffer) {
	t := table{}
	t.row("work", "of what", "at most", "measured", "verdict")
	for _, budget := range r.Budgets() {
		got := "-"
		if !math.IsNaN(budget.Got) {
			got = fmt.Sprintf("%.3g", budget.Got)
			if budget.Got > 0 && budget.Got < 1 {
				got += fmt.Sprintf(" (1/%.1f)", 1/budget.Got)
			}
		}
		t.row(budget.Work, budget.Against, budget.Shown, got, string(budget.Verdict))
	}
	t.write(b)
}
