// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"

	"github.com/jaegerkit/jaeger/agenttest"
)

const (
	barWidth  = 32
	nameWidth = 34
)

// node is a span with what the drawing needs to know.
type node struct {
	*jaeger.Span
	service  string
	children []*node
}

// draw prints the traces in batches, a time bar and the details under each
// span. Colours are for terminals only.
func draw(w io.Writer, batches []*jaeger.Batch) {
	nodes := map[int64]*node{}
	var all []*node
	for _, b := range batches {
		for _, s := range b.Spans {
			n := &node{Span: s, service: b.Process.ServiceName}
			nodes[s.SpanId] = n
			all = append(all, n)
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].StartTime < all[j].StartTime })
	var roots []*node
	for _, n := range all {
		if p := nodes[n.ParentSpanId]; p != nil && p != n {
			p.children = append(p.children, n)
		} else {
			roots = append(roots, n)
		}
	}
	p := printer{w: w, colour: isTerminal(w)}
	for _, root := range roots {
		p.origin, p.length = root.StartTime, max(extent(root)-root.StartTime, 1)
		fmt.Fprintf(w, "\n%s %s, %d spans, %v\n\n", p.paint(bold, "trace"), traceID(root.Span), count(root), micros(p.length))
		p.span(root, "", "")
	}
	fmt.Fprintf(w, "\n%d spans arrived in %d packets.\n", len(all), len(batches))
}

type printer struct {
	w              io.Writer
	colour         bool
	origin, length int64 // microseconds
}

// span prints n behind first and what belongs to it behind rest.
func (p *printer) span(n *node, first, rest string) {
	name := first + n.service + " " + n.OperationName
	pad := strings.Repeat(" ", max(nameWidth-len([]rune(name)), 1))
	fmt.Fprintf(p.w, "%s%s %s%s%s %8v\n", p.paint(dim, first), n.service, p.paint(bold, n.OperationName), pad, p.bar(n), micros(n.Duration))
	under := rest + "   "
	if len(n.children) > 0 {
		under = rest + "│  "
	}
	if len(n.Tags) > 0 {
		fmt.Fprintf(p.w, "%s %s\n", p.paint(dim, under), fields(n.Tags))
	}
	for _, l := range n.Logs {
		at := fmt.Sprintf("+%v", micros(l.Timestamp-n.StartTime))
		fmt.Fprintf(p.w, "%s %s %s\n", p.paint(dim, under), p.paint(yellow, at), fields(l.Fields))
	}
	for i, c := range n.children {
		if i == len(n.children)-1 {
			p.span(c, rest+"└─ ", rest+"   ")
		} else {
			p.span(c, rest+"├─ ", rest+"│  ")
		}
	}
}

// bar shows when n ran within the trace.
func (p *printer) bar(n *node) string {
	from := int((n.StartTime - p.origin) * barWidth / p.length)
	from = min(max(from, 0), barWidth-1)
	size := min(max(int(n.Duration*barWidth/p.length), 1), barWidth-from)
	return strings.Repeat("·", from) + p.paint(cyan, strings.Repeat("█", size)) + strings.Repeat("·", barWidth-from-size)
}

// fields prints tags in the order they were sent.
func fields(tags []*jaeger.Tag) string {
	parts := make([]string, len(tags))
	for i, t := range tags {
		v := agenttest.Tags(tags[i : i+1])[t.Key]
		if s, ok := v.(string); ok && strings.ContainsAny(s, " =\"") {
			v = fmt.Sprintf("%q", s)
		}
		parts[i] = fmt.Sprintf("%s=%v", t.Key, v)
	}
	return strings.Join(parts, " ")
}

func extent(n *node) int64 {
	end := n.StartTime + n.Duration
	for _, c := range n.children {
		end = max(end, extent(c))
	}
	return end
}

func count(n *node) int {
	sum := 1
	for _, c := range n.children {
		sum += count(c)
	}
	return sum
}

func traceID(s *jaeger.Span) string {
	if s.TraceIdHigh != 0 {
		return fmt.Sprintf("%016x%016x", uint64(s.TraceIdHigh), uint64(s.TraceIdLow))
	}
	return fmt.Sprintf("%016x", uint64(s.TraceIdLow))
}

func micros(n int64) time.Duration { return time.Duration(n) * time.Microsecond }

const (
	bold   = "1"
	dim    = "2"
	yellow = "33"
	cyan   = "36"
)

func (p *printer) paint(style, s string) string {
	if !p.colour || s == "" {
		return s
	}
	return "\x1b[" + style + "m" + s + "\x1b[0m"
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
