// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/bench/measure"
	"github.com/jaegerkit/jaeger/bench/micro"
	"github.com/jaegerkit/jaeger/bench/peer"
	"github.com/jaegerkit/jaeger/bench/process"
	"github.com/jaegerkit/jaeger/bench/replaced"
	"github.com/jaegerkit/jaeger/bench/report"
	"github.com/jaegerkit/jaeger/bench/weight"
	"github.com/jaegerkit/jaeger/bench/workload"
)

func call(name, who string, allocs float64, wall ...float64) micro.Result {
	r := micro.Result{Case: micro.Case{Section: micro.Calls, Name: name, What: "what it is"}, Peer: who}
	for _, w := range wall {
		r.Rounds = append(r.Rounds, measure.Cost{Wall: w, CPU: w, Allocs: allocs})
	}
	return r
}

func run(who string, rate, queue int, lost int64, cpu ...float64) report.Run {
	r := report.Run{Plan: process.Plan{Peer: who, Shape: workload.Standard, Rate: rate, Queue: queue}}
	for _, c := range cpu {
		r.Rounds = append(r.Rounds, process.Result{
			Plan:      r.Plan,
			Emitted:   process.Emitted{Started: 1000, Sent: 1000 - lost, Took: time.Second, Cost: measure.Cost{CPU: c * 1000}},
			Delivered: 1000,
		})
	}
	return r
}

// verdicts maps "work of what" to the verdict.
func verdicts(r *report.Report) map[string]report.Verdict {
	m, work := map[string]report.Verdict{}, ""
	for _, b := range r.Budgets() {
		if b.Work != "" {
			work = b.Work
		}
		m[work+" "+b.Against] = b.Verdict
	}
	return m
}

func TestVerdicts(t *testing.T) {
	const (
		unsampled = "unsampled span, 5 tags of the time of jaeger-client-go"
		allocs    = "unsampled span, 5 tags allocations"
		cpu       = "processor time per span delivered at 50k/s of jaeger-client-go"
		lost      = "spans lost by the client at 200k/s spans, worst round"
	)
	for _, test := range []struct {
		name   string
		report report.Report
		budget string
		want   report.Verdict
		missed int
	}{
		{"nothing measured", report.Report{}, unsampled, report.NotRun, 0},
		{"one side measured", report.Report{Calls: []micro.Result{call(micro.Unsampled, peer.House, 0, 1)}}, unsampled, report.NotRun, 0},
		{"at the limit", report.Report{Calls: []micro.Result{
			call(micro.Unsampled, peer.House, 1, 100), call(micro.Unsampled, peer.Old, 3, 600)}}, unsampled, report.Pass, 0},
		{"above it", report.Report{Calls: []micro.Result{
			call(micro.Unsampled, peer.House, 1, 101), call(micro.Unsampled, peer.Old, 3, 600)}}, unsampled, report.Miss, 1},
		{"round by round", report.Report{Calls: []micro.Result{
			call(micro.Unsampled, peer.House, 1, 10, 1000, 10), call(micro.Unsampled, peer.Old, 3, 100, 9000, 60)}}, unsampled, report.Pass, 0},
		{"allocations", report.Report{Calls: []micro.Result{call(micro.Unsampled, peer.House, 1.01, 1)}}, allocs, report.Pass, 0},
		{"too many allocations", report.Report{Calls: []micro.Result{call(micro.Unsampled, peer.House, 1.5, 1)}}, allocs, report.Miss, 1},
		{"processor time", report.Report{Runs: []report.Run{
			run(peer.House, report.JudgedRate, 0, 0, 100), run(peer.Old, report.JudgedRate, 0, 0, 500)}}, cpu, report.Pass, 0},
		{"the longer queue does better", report.Report{Runs: []report.Run{
			run(peer.House, report.JudgedRate, 0, 0, 100), run(peer.Old, report.JudgedRate, 0, 0, 500),
			run(peer.Old, report.JudgedRate, 100, 0, 300)}}, cpu, report.Miss, 1},
		{"another rate", report.Report{Runs: []report.Run{
			run(peer.House, 1, 0, 0, 100), run(peer.Old, 1, 0, 0, 100)}}, cpu, report.NotRun, 0},
		{"nothing lost", report.Report{Runs: []report.Run{run(peer.House, report.LosslessRate, 0, 0, 1, 1)}}, lost, report.Pass, 0},
		{"one lost", report.Report{Runs: []report.Run{run(peer.House, report.LosslessRate, 0, 1, 1, 1)}}, lost, report.Miss, 1},
		{"too short to judge", report.Report{Unjudged: true,
			Runs: []report.Run{run(peer.House, report.LosslessRate, 0, 1, 1, 1)}}, lost, report.NotRun, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, ok := verdicts(&test.report)[test.budget]
			if !ok || got != test.want {
				t.Errorf("got %q (%t), want %q", got, ok, test.want)
			}
			if got := test.report.Missed(); got != test.missed {
				t.Errorf("got %d missed, want %d", got, test.missed)
			}
		})
	}
}

// Losses are judged by the worst round.
func TestOneBadRoundIsEnough(t *testing.T) {
	bad := run(peer.House, report.LosslessRate, 0, 0, 1, 1, 1)
	bad.Rounds[1].Emitted.Sent--
	r := report.Report{Runs: []report.Run{bad}}
	if got := r.Missed(); got != 1 {
		t.Errorf("got %d missed, want 1", got)
	}
}

// Rounds of several sittings are judged together, each beside its own.
func TestSittingsAreJoined(t *testing.T) {
	var r report.Report
	for _, ours := range []float64{30, 10, 10} { // of 100: the first sitting alone would miss
		r.AddCalls([]micro.Result{call(micro.Unsampled, peer.House, 1, ours), call(micro.Unsampled, peer.Old, 3, 100)})
		one := measure.Cost{Wall: 100}
		r.AddDropIn([]replaced.Case{{Name: micro.Unsampled, Native: []measure.Cost{one}, DropIn: []measure.Cost{{Wall: 4 * ours}}}})
	}
	if len(r.Calls) != 2 || len(r.Calls[0].Rounds) != 3 || len(r.DropIn) != 1 || len(r.DropIn[0].Native) != 3 {
		t.Errorf("got %+v and %+v, want three rounds of each", r.Calls, r.DropIn)
	}
	got := verdicts(&r)
	for _, budget := range []string{"unsampled span, 5 tags of the time of jaeger-client-go", "drop-in: unsampled span, 5 tags of the native API's time"} {
		if got[budget] != report.Pass {
			t.Errorf("%s: got %s", budget, got[budget])
		}
	}
}

func TestWrite(t *testing.T) {
	r := report.Report{
		Machine: report.ThisMachine("make bench"),
		Calls: []micro.Result{
			call(micro.Unsampled, peer.House, 1, 100, 110, 120),
			call(micro.Unsampled, peer.Old, 3, 1000, 1100, 1440),
		},
		Runs: []report.Run{
			run(peer.House, report.JudgedRate, 0, 0, 700), run(peer.Old, report.JudgedRate, 100, 0, 2100),
			run(peer.Idle, report.JudgedRate, 0, 0, 200),
		},
		Weights: []weight.Weight{{Peer: "nothing", Size: 5e6, Packages: 180}, {Peer: peer.House, Size: 56e5, Packages: 200, Foreign: 9, Modules: 2}},
	}
	var b strings.Builder
	if err := r.Write(&b); err != nil {
		t.Fatal(err)
	}
	// Columns are padded for the terminal; here only the cells matter.
	var lines []string
	for line := range strings.Lines(b.String()) {
		lines = append(lines, strings.Join(strings.Fields(line), " "))
	}
	for _, want := range []string{
		"| unsampled span, 5 tags | of the time of jaeger-client-go | 1/6 | 0.1 (1/10.0) | PASS |",
		"| unsampled | 110 | 1,100 (10.0) |",
		"- *unsampled*: what it is",
		"| jaegerkit | 700 | 500 | 1.00 | 1,000 | 1,000 | 0 | 0 | 0 | 0 | 0 | 0s | 0s |",
		"| jaeger-client-go (100) | 2,100 | 1,900 | 3.00 | 1,000 | 1,000 | 0 | 0 | 0 | 0 | 0 | 0s | 0s |",
		"| jaegerkit | 5.60 | 0.60 | 200 | 9 | 2 |",
	} {
		if !slices.Contains(lines, want) {
			t.Errorf("no line %q in\n%s", want, b.String())
		}
	}
}
