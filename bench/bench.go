// SPDX-License-Identifier: Apache-2.0

// Command bench measures this library beside its peers, judges the budgets and
// writes docs/performance.md.
//
//	go run . -o ../docs/performance.md     everything, in about eight minutes
//	go run . -quick                        shorter runs, for a first look
//	go run . -smoke                        everything once, judging nothing
//	go run . -only 'micro/(un)?sampled$'   only some of -list
//	go test -bench 'Calls/sampled/jaegerkit' -cpuprofile cpu.out ./micro
//	go run . emit -peer jaegerkit -rate 0 -cpuprofile cpu.out
//
// What it promises: it exits with 1 when a budget is missed and with 2 when it
// could not measure; it talks to processes of its own on loopback only; what it
// builds is removed. See the packages for what each figure means.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/jaegerkit/jaeger/bench/process"
	"github.com/jaegerkit/jaeger/bench/report"
)

func main() {
	if mine, err := process.Main(os.Args[1:]); mine || err != nil {
		if err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(2)
		}
		return
	}
	missed, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	if missed > 0 {
		fmt.Fprintf(os.Stderr, "bench: %d budgets missed\n", missed)
		os.Exit(1)
	}
}

// settings are the flags.
type settings struct {
	only   *regexp.Regexp
	rounds int
	target time.Duration // of one run of a small operation
	length time.Duration // of one run of an emitter
	smoke  bool
}

func run(args []string) (missed int, err error) {
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	s := settings{target: 80 * time.Millisecond, length: 2 * time.Second}
	out := f.String("o", "", "write the report to this `file` too")
	only := f.String("only", "", "measure only what matches this `regexp` in -list")
	quick := f.Bool("quick", false, "shorter runs: good for ratios above 2")
	list := f.Bool("list", false, "list what can be measured, and do not")
	f.BoolVar(&s.smoke, "smoke", false, "run each thing once and judge nothing")
	f.IntVar(&s.rounds, "rounds", 5, "rounds that medians are made of")
	if err := f.Parse(args); err != nil {
		return 0, err
	}
	if f.NArg() > 0 {
		return 0, fmt.Errorf("argument %q: want flags only", f.Arg(0))
	}
	if *out != "" && (*only != "" || s.smoke) {
		return 0, fmt.Errorf("-o %q: want a whole run, without -only and -smoke", *out)
	}
	if s.rounds < 1 {
		return 0, fmt.Errorf("-rounds %d: want 1 or more", s.rounds)
	}
	if s.only, err = regexp.Compile(*only); err != nil {
		return 0, fmt.Errorf("-only %q: %w", *only, err)
	}
	if *quick {
		s.target, s.length, s.rounds = 20*time.Millisecond, time.Second, min(s.rounds, 3)
	}
	if s.smoke {
		s.target, s.length, s.rounds = 0, 100*time.Millisecond, 1
	}
	if *list {
		for _, name := range s.names() {
			fmt.Println(name)
		}
		return 0, nil
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	r, err := s.measure(ctx)
	if err != nil {
		return 0, err
	}
	r.Machine = report.ThisMachine(strings.TrimSpace("cd bench && go run . " + strings.Join(args, " ")))
	if err := r.Write(os.Stdout); err != nil {
		return 0, err
	}
	if *out != "" {
		if err := write(r, *out); err != nil {
			return 0, err
		}
	}
	if s.smoke {
		return 0, nil
	}
	return r.Missed(), nil
}

func write(r *report.Report, name string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := r.Write(file); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}
