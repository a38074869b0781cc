// SPDX-License-Identifier: Apache-2.0

// Package report turns results into tables, judges the budgets and writes both
// as Markdown, to the terminal and to docs/performance.md.
//
//	r := report.Report{Machine: report.ThisMachine("make bench"), Calls: calls, Runs: runs}
//	missed := r.Missed()
//	err := r.Write(os.Stdout)
//
// What it promises: a budget is judged on medians over rounds that ran next to
// each other; one that was not measured is neither met nor missed; nothing is
// rounded before it is judged.
package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jaegerkit/jaeger/bench/measure"
	"github.com/jaegerkit/jaeger/bench/micro"
	"github.com/jaegerkit/jaeger/bench/peer"
	"github.com/jaegerkit/jaeger/bench/process"
	"github.com/jaegerkit/jaeger/bench/replaced"
	"github.com/jaegerkit/jaeger/bench/weight"
)

// Report holds what was measured; parts may be empty.
type Report struct {
	Machine Machine
	Calls   []micro.Result
	Runs    []Run
	Tick    time.Duration // of the pacer
	Weights []weight.Weight
	DropIn  []replaced.Case
	// Unjudged leaves every budget open: what was run was too short to tell.
	Unjudged bool
}

// Run has the rounds of one plan, in the order in which all plans took turns.
type Run struct {
	Plan   process.Plan
	Rounds []process.Result
}

// Of lists one number of each round.
func (r *Run) Of(f func(*process.Result) float64) []float64 {
	var list []float64
	for i := range r.Rounds {
		list = append(list, f(&r.Rounds[i]))
	}
	return list
}

// Median is the median of that.
func (r *Run) Median(f func(*process.Result) float64) float64 { return measure.Median(r.Of(f)) }

// call finds the result of a peer in a case, nil if it was not measured.
func (r *Report) call(section, name, who string) *micro.Result {
	for i := range r.Calls {
		c := &r.Calls[i]
		if c.Case.Section == section && c.Case.Name == name && c.Peer == who {
			return c
		}
	}
	return nil
}

// AddCalls adds what another sitting measured; its rounds join those of the same
// peer in the same case.
func (r *Report) AddCalls(results []micro.Result) {
	for _, one := range results {
		if had := r.call(one.Case.Section, one.Case.Name, one.Peer); had != nil {
			had.Rounds = append(had.Rounds, one.Rounds...)
		} else {
			r.Calls = append(r.Calls, one)
		}
	}
}

// AddDropIn is AddCalls for the drop-in.
func (r *Report) AddDropIn(cases []replaced.Case) {
	for _, one := range cases {
		if had := r.replaced(one.Name); had != nil {
			had.Native, had.DropIn = append(had.Native, one.Native...), append(had.DropIn, one.DropIn...)
		} else {
			r.DropIn = append(r.DropIn, one)
		}
	}
}

// runs finds the plans of a peer at a rate: with its default queue, and others.
func (r *Report) runs(who string, rate int) (found []*Run) {
	for i := range r.Runs {
		if p := r.Runs[i].Plan; p.Peer == who && p.Rate == rate {
			found = append(found, &r.Runs[i])
		}
	}
	return found
}

// Missed returns how many budgets are missed.
func (r *Report) Missed() (n int) {
	for _, b := range r.Budgets() {
		if b.Verdict == Miss {
			n++
		}
	}
	return n
}

// Write writes the report as Markdown.
func (r *Report) Write(to io.Writer) error {
	var b bytes.Buffer
	b.WriteString("# Performance\n\nWritten by `" + r.Machine.Command + "`. Do not edit: run it again.\n\n")
	r.Machine.write(&b)
	b.WriteString("## Budgets\n\n" + budgetNotes)
	r.writeBudgets(&b)
	for _, s := range []struct{ section, title, notes string }{
		{micro.Calls, "Single operations", callNotes},
		{micro.Shapes, "Shapes", shapeNotes},
		{micro.Cores, "Many cores", coreNotes},
	} {
		r.writeCalls(&b, s.section, s.title, s.notes)
	}
	r.writeRuns(&b)
	r.writeWeights(&b)
	_, err := to.Write(b.Bytes())
	return err
}

// table is a Markdown table whose columns are padded, so that it reads well in a
// terminal too. The first column is text, the others are numbers.
type table struct{ rows [][]string }

func (t *table) row(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) write(b *bytes.Buffer) {
	if len(t.rows) == 0 {
		return
	}
	widths := make([]int, len(t.rows[0]))
	for _, row := range t.rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)), 3)
		}
	}
	for n, row := range t.rows {
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-len([]rune(cell)))
			if i == 0 {
				fmt.Fprintf(b, "| %s%s ", cell, pad)
			} else {
				fmt.Fprintf(b, "| %s%s ", pad, cell)
			}
		}
		b.WriteString("|\n")
		if n == 0 {
			for i, w := range widths {
				rule := strings.Repeat("-", w)
				if i > 0 {
					rule = rule[1:] + ":"
				}
				b.WriteString("| " + rule + " ")
			}
			b.WriteString("|\n")
		}
	}
	b.WriteString("\n")
}

// peersIn lists the peers of a section in the order of peer.All.
func (r *Report) peersIn(section string) (names []string) {
	for _, p := range peer.All {
		for i := range r.Calls {
			if r.Calls[i].Case.Section == section && r.Calls[i].Peer == p.Name {
				names = append(names, p.Name)
				break
			}
		}
	}
	return names
}
