// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"fmt"
	"math"
	"time"

	"github.com/jaegerkit/jaeger/bench/measure"
	"github.com/jaegerkit/jaeger/bench/micro"
	"github.com/jaegerkit/jaeger/bench/peer"
	"github.com/jaegerkit/jaeger/bench/process"
)

const (
	callNotes = "Medians, with a heap of 64 MB held as in a service. In brackets: how many times this library's, round by round. The\n" +
		"floor reads the clock twice, draws an id and copies as many bytes as the encoded span has. *otel* sets all attributes in\n" +
		"one call behind IsRecording, the fastest form there is; *otel-each* sets them one by one, as all OpenTracing peers do.\n\n"
	shapeNotes = "A recorded root span of each shape, thrown away when it is finished.\n\n"
	coreNotes  = "Processor time for each span, with as many goroutines as GOMAXPROCS says (the number behind the case's name), on the\n" +
		"processors this machine has. If goroutines wrote to one cache line or waited for one lock, the figure would rise from\n" +
		"2 to 32. A heap of 64 MB is held meanwhile, as in a service, or the collector's coordination of its workers would be\n" +
		"what rises. What an unsampled span takes more with 32 than with 2 is that each of them has memory of its own, half a\n" +
		"kilobyte, in two processors' caches; with a processor for each it is in the cache of its own. *queued* goes through the\n" +
		"reporter's queue, as records, to a transport that forgets; what finds it full is dropped.\n\n"
	runNotes = "One emitter process each, sending traces of four spans (5 tags and 1 log each) to a sink process that decodes and\n" +
		"counts. They are paced in ticks of %v, the shortest of 2, 5 and 10 ms with which pacing alone took no more than 1.25 %% of\n" +
		"a processor, or the longest. Processor time is the emitter's, user and system, from the end of a warm-up half as long to the end of\n" +
		"Close, divided by the spans that arrived; *net* is without what the idle emitter took for pacing alone. Budgets are judged\n" +
		"on the gross figure. p50 and p99 are of all calls that one trace of four spans needs. *On the way* are spans the client\n" +
		"sent over UDP that did not arrive. With a queue in brackets, the client was allowed to hold back so many spans.\n\n"
	weightNotes = "A small HTTP service without tracing and with each client, `go build -ldflags='-s -w'`.\n\n"
)

func (r *Report) writeCalls(b *bytes.Buffer, section, title, notes string) {
	names := r.peersIn(section)
	if len(names) == 0 {
		return
	}
	b.WriteString("## " + title + "\n\n" + notes)
	if section != micro.Cores {
		r.callTable(b, "ns", section, names, (*micro.Result).Wall, true)
	}
	r.callTable(b, "processor ns", section, names, (*micro.Result).CPU, true)
	if section != micro.Cores {
		r.callTable(b, "allocations", section, names, (*micro.Result).Allocs, false)
		r.callTable(b, "bytes allocated", section, names, (*micro.Result).Bytes, false)
	}
	if section == micro.Calls {
		r.writeMeanings(b)
	}
}

// callTable has a row for each case and a column for each peer.
func (r *Report) callTable(b *bytes.Buffer, unit, section string, names []string, of func(*micro.Result) []float64, ratios bool) {
	t := table{}
	t.row(append([]string{unit}, names...)...)
	for _, c := range r.casesIn(section) {
		row := []string{c.Name}
		ours := r.call(section, c.Name, peer.House)
		for _, name := range names {
			theirs := r.call(section, c.Name, name)
			switch {
			case theirs == nil:
				row = append(row, "")
			case ratios && measure.Median(of(theirs)) == 0:
				row = append(row, "") // the operation has a clock of its own
			case !ratios || name == peer.House || ours == nil:
				row = append(row, number(measure.Median(of(theirs))))
			default:
				row = append(row, fmt.Sprintf("%s (%.1f)", number(measure.Median(of(theirs))), measure.MedianRatio(of(theirs), of(ours))))
			}
		}
		t.row(row...)
	}
	t.write(b)
}

func (r *Report) casesIn(section string) (cases []*micro.Case) {
	for i := range r.Calls {
		c := &r.Calls[i].Case
		if c.Section == section && (len(cases) == 0 || cases[len(cases)-1].Name != c.Name) {
			cases = append(cases, c)
		}
	}
	return cases
}

func (r *Report) writeMeanings(b *bytes.Buffer) {
	for _, c := range r.casesIn(micro.Calls) {
		fmt.Fprintf(b, "- *%s*: %s\n", c.Name, c.What)
	}
	b.WriteString("\n")
}

func (r *Report) writeRuns(b *bytes.Buffer) {
	if len(r.Runs) == 0 {
		return
	}
	b.WriteString("## Whole process\n\n" + fmt.Sprintf(runNotes, r.Tick))
	var rates []int
	for i := range r.Runs {
		if rate := r.Runs[i].Plan.Rate; len(rates) == 0 || rates[len(rates)-1] != rate {
			rates = append(rates, rate)
		}
	}
	for _, rate := range rates {
		title := fmt.Sprintf("%d spans/s", rate)
		if rate == 0 {
			title = "unbounded"
		}
		t := table{}
		t.row(title, "CPU ns/span", "net", "gross ratio", "spans/s", "delivered", "lost by client", "on the way", "allocs", "bytes", "peak MB", "p50", "p99")
		pacing := 0.
		for _, idle := range r.runs(peer.Idle, rate) {
			pacing = idle.Median((*process.Result).CPUPerSpan)
		}
		for i := range r.Runs {
			if r.Runs[i].Plan.Rate == rate {
				t.row(r.runRow(&r.Runs[i], pacing)...)
			}
		}
		t.write(b)
	}
}

func (r *Report) runRow(run *Run, pacing float64) []string {
	name := run.Plan.Peer
	if run.Plan.Queue > 0 {
		name += fmt.Sprintf(" (%d)", run.Plan.Queue)
	}
	cpu := run.Median((*process.Result).CPUPerSpan)
	ratio := math.NaN()
	for _, ours := range r.runs(peer.House, run.Plan.Rate) {
		ratio = measure.MedianRatio(run.Of((*process.Result).CPUPerSpan), ours.Of((*process.Result).CPUPerSpan))
	}
	of := func(f func(p *process.Result) float64) string { return number(run.Median(f)) }
	if name == peer.Idle {
		return []string{name, number(cpu), "", fmt.Sprintf("%.2f", ratio), "", "", "", "", "", "", of(peakMB), "", ""}
	}
	return []string{
		name, number(cpu), number(cpu - pacing), fmt.Sprintf("%.2f", ratio),
		of(func(p *process.Result) float64 {
			return float64(p.Emitted.Started-p.Emitted.Warm) / p.Emitted.Took.Seconds()
		}),
		of(func(p *process.Result) float64 { return float64(p.Delivered) }),
		of(func(p *process.Result) float64 { return float64(p.LostByClient()) }),
		of(func(p *process.Result) float64 { return float64(p.LostOnTheWay()) }),
		of(func(p *process.Result) float64 {
			return p.Emitted.Cost.Allocs / float64(max(p.Emitted.Started-p.Emitted.Warm, 1))
		}),
		of(func(p *process.Result) float64 {
			return p.Emitted.Cost.Bytes / float64(max(p.Emitted.Started-p.Emitted.Warm, 1))
		}),
		of(peakMB),
		time.Duration(run.Median(func(p *process.Result) float64 { return float64(p.Emitted.P50) })).String(),
		time.Duration(run.Median(func(p *process.Result) float64 { return float64(p.Emitted.P99) })).String(),
	}
}

func peakMB(p *process.Result) float64 { return float64(p.Emitted.Peak) / (1 << 20) }

func (r *Report) writeWeights(b *bytes.Buffer) {
	if len(r.Weights) == 0 {
		return
	}
	b.WriteString("## Weight\n\n" + weightNotes)
	t := table{}
	t.row("service with", "MB", "more MB", "packages", "not of the standard library", "modules")
	for _, w := range r.Weights {
		t.row(w.Peer, fmt.Sprintf("%.2f", float64(w.Size)/1e6), fmt.Sprintf("%.2f", float64(w.Size-r.Weights[0].Size)/1e6),
			fmt.Sprint(w.Packages), fmt.Sprint(w.Foreign), fmt.Sprint(w.Modules))
	}
	t.write(b)
}

// number writes three significant digits, or all of a larger number, with
// thousands apart.
func number(v float64) string {
	switch {
	case math.IsNaN(v):
		return "-"
	case v == 0:
		return "0"
	case math.Abs(v) < 10:
		return fmt.Sprintf("%.2f", v)
	case math.Abs(v) < 100:
		return fmt.Sprintf("%.1f", v)
	}
	digits := fmt.Sprintf("%.0f", math.Abs(v))
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	if v < 0 {
		return "-" + digits
	}
	return digits
}
