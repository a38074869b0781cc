// SPDX-License-Identifier: Apache-2.0

package sampler_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

// scripted is a sampler for one trace that answers by a script, one letter a
// question: y(es), f (yes, firehose), n(o), or a point for later.
type scripted struct {
	name   string // its tag
	script string
	asked  int
	closed int
	err    error // of Close
}

func (a *scripted) Sample(model.TraceID, string) sampler.Decision {
	answer := a.script[a.asked]
	a.asked++
	switch answer {
	case '.':
		return sampler.Decision{Later: a}
	case 'n':
		return sampler.Decision{Tags: sampler.NewTags(model.String("not", "used"))}
	}
	return sampler.Decision{Sample: true, Firehose: answer == 'f', Tags: sampler.NewTags(model.String("by", a.name))}
}

func (a *scripted) Ask(sampler.Event) sampler.Decision { return a.Sample(model.TraceID{}, "") }

func (a *scripted) Close() error {
	a.closed++
	return a.err
}

func TestPriority(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		scripts string // of the samplers 0, 1, ...
		want    string
		asked   string // how often each
	}{
		{"first yes", "y y", "yes 0", "1 0"},
		{"second yes", "n y y", "yes 1", "1 1 0"},
		{"all no", "n n n", "no", "1 1 1"},
		{"firehose is passed on", "n f", "yes firehose 1", "1 1"},
		{"yes over an earlier later", ". y", "yes 1", "1 1"},
		{"no keeps the later open", "n ..y n", "later later yes 1", "1 3 1"},
		{"one later, no", ".n n", "later no", "2 1"},
		{"two later, first yes", ".y .y", "later yes 0", "2 1"},
		{"two later, second yes", "..y .y", "later yes 1", "2 2"},
		{"two later, one says no", ".n ..y", "later later yes 1", "2 3"},
		{"two later, other says no", "..f .n", "later later yes firehose 0", "3 2"},
		{"two later, all no", ".n ..n", "later later no", "2 3"},
		{"two later, no at once", ".n .n", "later no", "2 2"},
		{"five later", "....y ...n ..n .n ..n", "later later later later yes 0", "5 4 3 2 3"},
		{"five later, the middle one", "...y ...n ..y .n ..n", "later later yes 2", "3 3 3 2 2"},
		{"later among the decided", "n ..y n ..n n", "later later yes 1", "1 3 1 2 1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var members []sampler.Sampler
			for i, script := range strings.Fields(test.scripts) {
				members = append(members, &scripted{name: fmt.Sprint(i), script: script})
			}
			p := must(sampler.NewPriority(members...))
			d := p.Sample(model.TraceID{Low: 7}, "op")
			got := []string{verdict(d)}
			for d.Later != nil {
				d = d.Later.Ask(sampler.Event{Kind: sampler.Named})
				got = append(got, verdict(d))
			}
			if got := strings.Join(got, " "); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			var asked []string
			for _, m := range members {
				asked = append(asked, fmt.Sprint(m.(*scripted).asked))
			}
			if got := strings.Join(asked, " "); got != test.asked {
				t.Errorf("got asked %s times, want %s", got, test.asked)
			}
		})
	}
}

// relay hands a trace over to another Late.
type relay struct{ to sampler.Late }

func (r relay) Sample(model.TraceID, string) sampler.Decision { return sampler.Decision{Later: r} }

func (r relay) Ask(sampler.Event) sampler.Decision { return sampler.Decision{Later: r.to} }

func TestPriorityFollowsHandovers(t *testing.T) {
	t.Parallel()
	p := must(sampler.NewPriority(relay{&scripted{name: "0", script: ".n"}}, relay{&scripted{name: "1", script: "..y"}}))
	d, got := p.Sample(model.TraceID{Low: 7}, "op"), ""
	for d.Later != nil {
		d = d.Later.Ask(sampler.Event{Kind: sampler.Started})
		got += verdict(d) + " "
	}
	if want := "later later later yes 1 "; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// stages answers for any number of traces, each in its own time: at the Finished
// event of the span that has the trace's low id as its own.
type stages struct{ yes bool }

func (s stages) Sample(model.TraceID, string) sampler.Decision { return sampler.Decision{Later: s} }

func (s stages) Ask(e sampler.Event) sampler.Decision {
	if e.Kind == sampler.Finished && uint64(e.SpanID) == e.TraceID.Low {
		return sampler.Decision{Sample: s.yes}
	}
	return sampler.Decision{Later: s}
}

// TestPriorityManyTraces is for the race detector, too: traces share the sampler
// and nothing else.
func TestPriorityManyTraces(t *testing.T) {
	t.Parallel()
	p := must(sampler.NewPriority(sampler.NewConst(false), stages{false}, stages{true}, must(sampler.NewTagMatching("k", sampler.TagMatch{Value: 1}))))
	for worker := range 4 {
		t.Run(fmt.Sprint(worker), func(t *testing.T) {
			t.Parallel()
			for i := range uint64(100) {
				id := model.TraceID{Low: uint64(worker)<<32 + i + 1}
				d := p.Sample(id, "op")
				for span := uint64(0); span < 3 && d.Later != nil; span++ {
					d = d.Later.Ask(sampler.Event{Kind: sampler.Finished, TraceID: id, SpanID: model.SpanID(id.Low - 2 + span)})
				}
				if got := verdict(d); got != "yes" {
					t.Fatalf("trace %v: got %s, want yes", id, got)
				}
			}
		})
	}
}

func TestPriorityErrors(t *testing.T) {
	t.Parallel()
	if _, err := sampler.NewPriority(); fmt.Sprint(err) != "priority sampler: no samplers: want one or more" {
		t.Errorf("got %v", err)
	}
	if _, err := sampler.NewPriority(sampler.NewConst(true), nil); fmt.Sprint(err) != "priority sampler: sampler 2 of 2 is nil" {
		t.Errorf("got %v", err)
	}
	var none sampler.Priority
	if got := verdict(none.Sample(model.TraceID{}, "")); got != "no" {
		t.Errorf("got %s of the zero sampler, want no", got)
	}
}

func TestPriorityClosesAndNames(t *testing.T) {
	t.Parallel()
	a, b := &scripted{err: errors.New("a will not")}, &scripted{}
	members := []sampler.Sampler{a, sampler.NewConst(false), b, must(sampler.NewTagMatching("k", sampler.TagMatch{Value: 1}))}
	p := must(sampler.NewPriority(members...))
	members[0] = nil // the caller's own
	if got, want := p.String(), `priority(*sampler_test.scripted, const(false), *sampler_test.scripted, tagmatching("k", 1 values))`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if err := p.Close(); fmt.Sprint(err) != "a will not" {
		t.Errorf("got %v, want a will not", err)
	}
	if a.closed != 1 || b.closed != 1 {
		t.Errorf("got %d and %d closed, want 1 and 1", a.closed, b.closed)
	}
}

// badCloser fails at its worst.
type badCloser struct{ *sampler.Const }

func (badCloser) Close() error { panic("boom") }

// TestPriorityClosesBehindAPanic: a member's goroutine must not outlive another
// member's mistake.
func TestPriorityClosesBehindAPanic(t *testing.T) {
	t.Parallel()
	behind := &scripted{}
	p := must(sampler.NewPriority(badCloser{sampler.NewConst(false)}, behind))
	if err := p.Close(); fmt.Sprint(err) != "panic in Close: boom" {
		t.Errorf("got %v, want panic in Close: boom", err)
	}
	if behind.closed != 1 {
		t.Errorf("got %d closed, want 1", behind.closed)
	}
}

func TestPriorityAllocations(t *testing.T) {
	no, yes, late := sampler.NewConst(false), sampler.NewConst(true), must(sampler.NewTagMatching("k", sampler.TagMatch{Value: 1}))
	for _, test := range []struct {
		name    string
		members []sampler.Sampler
		want    float64
	}{
		{"first yes", []sampler.Sampler{yes, late}, 0},
		{"all no", []sampler.Sampler{no, no, no}, 0},
		{"one later", []sampler.Sampler{no, late, no}, 0},
		{"later, then yes", []sampler.Sampler{late, yes}, 0},
		{"two later", []sampler.Sampler{late, no, late}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			var p sampler.Sampler = must(sampler.NewPriority(test.members...))
			if got := testing.AllocsPerRun(100, func() { p.Sample(model.TraceID{Low: 7}, "op") }); got != test.want {
				t.Errorf("got %v allocations, want %v", got, test.want)
			}
		})
	}
}

func BenchmarkPriority(b *testing.B) {
	var p sampler.Sampler = must(sampler.NewPriority(sampler.NewConst(false), must(sampler.NewProbabilistic(0))))
	b.ReportAllocs()
	for range b.N {
		p.Sample(model.TraceID{Low: 7}, "op")
	}
}
