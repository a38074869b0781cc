// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/bench/peer"
	"github.com/jaegerkit/jaeger/bench/process"
	"github.com/jaegerkit/jaeger/bench/report"
)

// The test's executable is what emitters and sinks are started from.
func TestMain(m *testing.M) {
	if mine, err := process.Main(os.Args[1:]); mine {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		return
	}
	os.Exit(m.Run())
}

func TestNamesAreDistinct(t *testing.T) {
	s := settings{rounds: 5}
	names := s.names()
	slices.Sort(names)
	if got := slices.Compact(slices.Clone(names)); len(got) != len(names) {
		t.Errorf("%d of %d names are used twice", len(names)-len(got), len(names))
	}
}

// A budget whose run is not planned would never be judged.
func TestPlansHaveWhatBudgetsNeed(t *testing.T) {
	s := settings{rounds: 5}
	for _, test := range []struct {
		peer         string
		rate, rounds int
	}{
		{peer.House, report.JudgedRate, 15},
		{peer.Old, report.JudgedRate, 10},
		{peer.OTel, report.JudgedRate, 10},
		{peer.Floor, report.JudgedRate, 15},
		{peer.Idle, report.JudgedRate, 5},
		{peer.OldPool, report.JudgedRate, 1},
		{peer.House, report.LosslessRate, 5},
	} {
		if !slices.ContainsFunc(s.plans(), func(p plan) bool {
			return p.Peer == test.peer && p.Rate == test.rate && p.rounds == test.rounds && p.Queue == 0
		}) {
			t.Errorf("no %d rounds of %s at %d spans/s with its default queue", test.rounds, test.peer, test.rate)
		}
	}
}

func TestFlags(t *testing.T) {
	for _, test := range []struct {
		args string
		want string
	}{
		{"everything", `argument "everything": want flags only`},
		{"-rounds 0", "-rounds 0: want 1 or more"},
		{"-only (", `-only "(": error parsing regexp`},
		{"-smoke -o x.md", `-o "x.md": want a whole run`},
		{"-only micro -o x.md", `-o "x.md": want a whole run`},
	} {
		_, err := run(strings.Fields(test.args))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got error %v, want %q in it", test.args, err, test.want)
		}
	}
}

// Rounds of one rate take turns, and each plan gets its own.
func TestMeasure(t *testing.T) {
	s := settings{
		only:   regexp.MustCompile(`^micro/inject$|^process/50000/(jaegerkit|floor|idle)$`),
		rounds: 2,
		length: 20 * time.Millisecond,
	}
	r, err := s.measure(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Calls) != 6 || len(r.Weights) != 0 {
		t.Errorf("got %d calls and %d weights, want inject of 6 peers", len(r.Calls), len(r.Weights))
	}
	for _, one := range r.Calls {
		if want := 3 * s.rounds; len(one.Rounds) != want {
			t.Errorf("got %d rounds of %s by %s, want %d", len(one.Rounds), one.Case.Name, one.Peer, want)
		}
	}
	var got []string
	for _, one := range r.Runs {
		got = append(got, fmt.Sprintf("%s %d", one.Plan.Peer, len(one.Rounds)))
		for _, round := range one.Rounds {
			if round.Plan.Peer != one.Plan.Peer || round.Delivered == 0 {
				t.Errorf("%s: got round %+v", one.Plan.Peer, round)
			}
		}
	}
	if want := []string{"jaegerkit 6", "floor 6", "idle 2"}; !slices.Equal(got, want) {
		t.Errorf("got runs %v, want %v", got, want)
	}
	name := filepath.Join(t.TempDir(), "performance.md")
	if err := write(r, name); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(name)
	if err != nil || !strings.HasPrefix(string(text), "# Performance\n") {
		t.Errorf("got %.40q, %v", text, err)
	}
	if err := write(r, filepath.Join(name, "x")); err == nil {
		t.Error("a report was written into a file that is no folder")
	}
}
