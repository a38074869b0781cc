// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/jaegerkit/jaeger/bench/micro"
	"github.com/jaegerkit/jaeger/bench/peer"
	"github.com/jaegerkit/jaeger/bench/process"
	"github.com/jaegerkit/jaeger/bench/replaced"
	"github.com/jaegerkit/jaeger/bench/report"
	"github.com/jaegerkit/jaeger/bench/weight"
	"github.com/jaegerkit/jaeger/bench/workload"
)

// roomy is a queue that no peer overruns at the judged rate.
const roomy = 100_000

// plan is one line of the tables of whole processes.
type plan struct {
	process.Plan
	rounds int
}

// perRound is how many runs a plan at the judged rate has for each round of the
// others there: processor time of one run of 2 s differs by 8 % from that of the
// next (machine of docs/performance.md), and of all budgets the floor's is the one
// that is met with the least to spare. Peers that no budget names run once.
var perRound = map[string]int{peer.House: 3, peer.Floor: 3, peer.Old: 2, peer.OTel: 2, peer.Idle: 1}

// plans lists what emitters are to do. At the judged rate those that are compared
// take turns, the old client and OpenTelemetry also with a queue that loses nothing;
// at the other rates only this library does more than one round.
func (s *settings) plans() (all []plan) {
	for _, rate := range []int{10_000, report.JudgedRate, report.LosslessRate, 0} {
		for _, p := range peer.All {
			one := plan{process.Plan{Peer: p.Name, Shape: workload.Standard, Rate: rate, Duration: s.length}, 1}
			switch {
			case s.smoke:
			case rate == report.JudgedRate:
				one.rounds = max(1, s.rounds*perRound[p.Name])
			case rate == report.LosslessRate && p.Name == peer.House:
				one.rounds = s.rounds
			}
			if p.CallsOnly || p.Name == peer.Idle && rate == 0 {
				continue // the other form is what would be paced, or there is nothing to pace
			}
			all = append(all, one)
			if rate == report.JudgedRate && (p.Name == peer.Old || p.Name == peer.OTel) {
				one.Queue = roomy
				all = append(all, one)
			}
		}
	}
	return all
}

func planName(p process.Plan) string {
	name := fmt.Sprintf("process/%d/%s", p.Rate, p.Peer)
	if p.Queue > 0 {
		name += fmt.Sprintf("/%d", p.Queue)
	}
	return name
}

func caseName(c micro.Case) string { return c.Section + "/" + c.Name }

const (
	weightName = "weight"
	dropInName = "drop-in"
)

// names lists what -only chooses from.
func (s *settings) names() (names []string) {
	for _, c := range micro.Cases() {
		names = append(names, caseName(c))
	}
	for _, p := range s.plans() {
		names = append(names, planName(p.Plan))
	}
	return append(names, dropInName, weightName)
}

// measure runs everything that was chosen, the builds first: they fail where the
// program was not started inside its module.
//
// What is judged by its time is measured in three sittings, minutes apart, each
// with clients of its own: before, between and after the rest. A slow spell of the
// machine, or a client whose memory happened to lie badly, is then one of three.
func (s *settings) measure(ctx context.Context) (*report.Report, error) {
	r := &report.Report{Unjudged: s.smoke}
	var err error
	if s.only.MatchString(weightName) {
		programs := weight.All
		if s.smoke {
			programs = programs[:2]
		}
		progress("weight")
		if r.Weights, err = weight.Measure(ctx, programs); err != nil {
			return nil, err
		}
	}
	if err := s.sitting(ctx, r, func(*micro.Case) bool { return true }); err != nil {
		return nil, err
	}
	if !s.smoke {
		if err := s.sitting(ctx, r, (*micro.Case).Judged); err != nil {
			return nil, err
		}
	}
	if err := s.processes(ctx, r); err != nil {
		return nil, err
	}
	if !s.smoke {
		err = s.sitting(ctx, r, (*micro.Case).Judged)
	}
	return r, err
}

// sitting measures the drop-in and some of the single operations.
func (s *settings) sitting(ctx context.Context, r *report.Report, which func(*micro.Case) bool) error {
	if s.only.MatchString(dropInName) {
		progress(dropInName)
		cases, err := replaced.Measure(ctx, s.rounds, s.target)
		if err != nil {
			return err
		}
		r.AddDropIn(cases)
	}
	var cases []micro.Case
	for _, c := range micro.Cases() {
		if which(&c) && s.only.MatchString(caseName(c)) {
			cases = append(cases, c)
		}
	}
	calls, err := micro.Run(ctx, cases, micro.Options{Rounds: s.rounds, Target: s.target, Progress: progress})
	if err != nil {
		return err
	}
	r.AddCalls(calls)
	return nil
}

// processes lets the plans of one rate take turns, round by round.
func (s *settings) processes(ctx context.Context, r *report.Report) error {
	plans := s.plans()
	r.Tick = process.LeastTick
	if !s.smoke && slices.ContainsFunc(plans, func(p plan) bool { return s.only.MatchString(planName(p.Plan)) }) {
		progress("tick")
		var err error
		if r.Tick, err = process.Tick(ctx); err != nil {
			return err
		}
	}
	for from := 0; from < len(plans); {
		to, rounds := from, 0
		for to < len(plans) && plans[to].Rate == plans[from].Rate {
			rounds = max(rounds, plans[to].rounds)
			to++
		}
		var runs []report.Run
		for round := range rounds {
			n := 0
			for _, p := range plans[from:to] {
				if !s.only.MatchString(planName(p.Plan)) {
					continue
				}
				if round == 0 {
					runs = append(runs, report.Run{Plan: p.Plan})
				}
				if round < p.rounds {
					progress("%s, round %d", planName(p.Plan), round+1)
					p.Tick = r.Tick
					result, err := process.Run(ctx, p.Plan)
					if err != nil {
						return fmt.Errorf("%s: %w", planName(p.Plan), err)
					}
					runs[n].Rounds = append(runs[n].Rounds, result)
				}
				n++
			}
		}
		r.Runs = append(r.Runs, runs...)
		from = to
	}
	return nil
}

var began = time.Now()

// progress tells on standard error what is going on, so that standard output is
// the report and nothing else.
func progress(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%4.0fs %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, args...))
}
