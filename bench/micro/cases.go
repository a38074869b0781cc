// SPDX-License-Identifier: Apache-2.0

package micro

import (
	"fmt"
	"slices"

	"github.com/jaegerkit/jaeger/bench/peer"
	"github.com/jaegerkit/jaeger/bench/workload"
)

// Sections of the report, and names of the cases that budgets refer to.
const (
	Calls  = "micro"
	Shapes = "shapes"
	Cores  = "cores"

	Unsampled = "unsampled"
	Guarded   = "unsampled-guarded"
	Sampled   = "sampled"
	Inject    = "inject"
	Extract   = "extract"
	Encode    = "encode"
)

// Judged reports whether a budget names the case.
func (c *Case) Judged() bool {
	return c.Section == Calls && slices.Contains([]string{Unsampled, Guarded, Sampled, Inject, Extract, Encode}, c.Name)
}

const children = 100 // of the trees

// Cases lists all operations in the order of the tables.
func Cases() []Case {
	off := without(func(p peer.Info) bool { return p.NoOff })
	on := without(func(peer.Info) bool { return false })
	many := without(func(p peer.Info) bool { return p.Single })
	carriers := without(func(p peer.Info) bool { return p.NoContext })
	baggage := without(func(p peer.Info) bool { return p.NoBaggage })

	span := func(c peer.Client, i int) { c.Span(i) }
	cases := []Case{
		{Calls, Unsampled, "a root span of a trace that is not recorded, 5 tags", 1, 0, append(off, peer.OTelEach),
			call(false, workload.Tagged, span)},
		{Calls, Guarded, "the same, its tags skipped if the span says that nothing is recorded", 1, 0, []string{peer.House, peer.OTel},
			call(false, workload.Tagged, func(c peer.Client, i int) { c.(peer.Guarder).Guarded(i) })},
		{Calls, Sampled, "a recorded root span, 5 tags, 1 log of 2 fields, thrown away", 1, 0, append(on, peer.OTelEach),
			call(true, workload.Standard, span)},
		{Calls, "unsampled-fresh", "a root span that is not recorded, 5 tags boxed or converted in the call", 1, 0, off,
			call(false, workload.Tagged, func(c peer.Client, i int) { c.Fresh(i) })},
		{Calls, "sampled-fresh", "the same recorded, without a log, thrown away", 1, 0, off,
			call(true, workload.Tagged, func(c peer.Client, i int) { c.Fresh(i) })},
		{Calls, "child", "the same as the child of an open span", 1, 0, on,
			call(true, workload.Standard, func(c peer.Client, i int) { c.Child(i) })},
		{Calls, "deep", "per span of a chain of 100", children, 0, on,
			call(true, workload.Standard, func(c peer.Client, i int) { c.Deep(i, children) })},
		{Calls, "wide", "per span of a root with 99 children", children, 0, on,
			call(true, workload.Standard, func(c peer.Client, i int) { c.Wide(i, children-1) })},
		{Calls, "parallel", "sampled, a goroutine on each processor", 1, 0, many, parallel(true, workload.Standard)},
		{Calls, "parallel-off", "unsampled, a goroutine on each processor", 1, 0, off, parallel(false, workload.Tagged)},
		{Calls, Inject, "into HTTP headers", 1, 0, carriers,
			call(true, workload.Bare, func(c peer.Client, _ int) { c.Inject() })},
		{Calls, Extract, "from HTTP headers, 8 others beside", 1, 0, carriers,
			call(true, workload.Bare, func(c peer.Client, _ int) { c.Extract() })},
		{Calls, "baggage", "start a child, set an item, inject, finish", 1, 0, baggage,
			call(true, workload.Bare, func(c peer.Client, i int) { c.Baggage(i) })},
		{Calls, Encode, "finished span to Thrift compact", 1, 0, encoders, newEncode},
		{Calls, "export", "the same with its share of datagrams of 128 spans", exported, 0, encoders, newExport},
	}
	for _, shape := range workload.All {
		cases = append(cases, Case{Shapes, shape.Name, about(shape), 1, 0, on, call(true, shape, span)})
	}
	for _, procs := range []int{2, 8, 32} {
		cases = append(cases,
			Case{Cores, fmt.Sprintf("unsampled-%d", procs), "5 tags", 1, procs, olds, parallel(false, workload.Tagged)},
			Case{Cores, fmt.Sprintf("sampled-%d", procs), "5 tags, 1 log, thrown away", 1, procs, olds, parallel(true, workload.Standard)},
			Case{Cores, fmt.Sprintf("queued-%d", procs), "the same through the reporter's queue, nothing sent", 1, procs, olds, queued},
		)
	}
	return cases
}

func about(s workload.Shape) string {
	text := fmt.Sprintf("%d tags, values of %d bytes, %d logs", s.Tags, s.ValueBytes, s.Logs)
	if s.Operations > 1 {
		text += fmt.Sprintf(", %d names", s.Operations)
	}
	if s.Wide {
		text += ", 128-bit trace ids"
	}
	return text
}

func parallel(sampled bool, shape workload.Shape) func(peer.Info) (*Op, error) {
	return func(p peer.Info) (*Op, error) {
		client, err := p.New(peer.Config{Data: shape.Data(), Sampled: sampled})
		if err != nil {
			return nil, err
		}
		return spread(client), nil
	}
}

// olds are the peers whose queue can be had without a network behind it.
var olds = []string{peer.House, peer.Old, peer.OldPool}

func queued(p peer.Info) (*Op, error) {
	c := peer.Config{Data: workload.Standard.Data(), Sampled: true}
	open := peer.NewHouseQueued
	if p.Name != peer.House {
		open = func(c peer.Config) (peer.Client, error) { return peer.NewOldQueued(c, p.Name == peer.OldPool) }
	}
	client, err := open(c)
	if err != nil {
		return nil, err
	}
	return spread(client), nil
}
