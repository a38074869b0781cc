// SPDX-License-Identifier: Apache-2.0

package agenttest

import (
	"context"
	"fmt"
	"slices"

	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"
)

// inbox is what Agent and Collector embed: the spans that came in Jaeger's own format.
type inbox struct {
	watch
	unit      string // "packet" or "request"; fixed
	failing   string // what Drop or Fail does to them; fixed
	keepLimit int    // fixed
	countOnly bool   // fixed
	results   results
}

// results is what came since the start or the latest Reset. watch.mu guards it.
type results struct {
	generation int // number of Resets
	units      int // packets or requests, accepted or rejected
	rejected   int
	spanCount  int64
	kept       int // bytes of what is kept, as they came
	full       bool
	batches    []*jaeger.Batch
	spans      []*jaeger.Span
	raw        [][]byte
	rawSize    int // bytes in raw
	process    *jaeger.Process
	stats      *jaeger.ClientStats
	clients    clients
}

func newInbox(kind, unit, failing string, s settings) inbox {
	return inbox{
		watch: watch{kind: kind, done: make(chan struct{})},
		unit:  unit, failing: failing, keepLimit: s.keepLimit, countOnly: s.countOnly,
	}
}

// reject books a unit that is no use. The caller holds mu.
func (i *inbox) reject(where string, err error) {
	i.results.units++
	i.results.rejected++
	i.note(fmt.Errorf("%s %d, %s: %w", i.unit, i.results.units, where, err))
}

// accept books a unit of size bytes with Jaeger's spans. The caller holds mu.
func (i *inbox) accept(b *jaeger.Batch, size int) {
	r := &i.results
	r.units++
	r.spanCount += int64(len(b.Spans))
	r.process = b.Process
	if b.Stats != nil {
		r.stats = b.Stats
	}
	if err := r.clients.take(b); err != nil {
		i.note(fmt.Errorf("%s %d: %w", i.unit, r.units, err))
	}
	if i.keeps(size) {
		r.batches = append(r.batches, b)
		r.spans = append(r.spans, b.Spans...)
	}
}

// keeps tells whether something that came in size bytes is to be kept, and books it if so. The caller holds mu.
func (i *inbox) keeps(size int) bool {
	r := &i.results
	if i.countOnly || r.full {
		return false
	}
	if r.kept+size > i.keepLimit {
		r.full = true // nothing later is kept either: no holes
		i.note(fmt.Errorf("%d bytes are kept; what comes from here on is only counted", r.kept))
		return false
	}
	r.kept += size
	return true
}

// restart forgets everything but the numbering of known clients. The caller holds mu and notifies.
func (i *inbox) restart() {
	i.results = results{generation: i.results.generation + 1, clients: i.results.clients.restarted()}
	i.errs, i.failed = nil, 0
}

// WaitSpans returns all spans received since the start or the latest Reset as soon as there are n or more. When ctx ends
// or the server is closed before that, it returns the spans that did come and an error that says how many, what happened
// to other packets or requests, and wraps ctx's error. With WithCountOnly it waits as usual and returns no spans.
func (i *inbox) WaitSpans(ctx context.Context, n int) ([]*jaeger.Span, error) {
	err := i.Wait(ctx, func() bool { return i.SpanCount() >= int64(n) })
	if err != nil {
		i.mu.Lock()
		got := fmt.Sprintf("%d in %s", i.results.spanCount, i.tally())
		i.mu.Unlock()
		err = i.short(err, "want %d spans, got %s", n, got)
	}
	return i.Spans(), err
}

// tally tells what happened to packets or requests. The caller holds mu.
func (i *inbox) tally() string {
	r := &i.results
	return fmt.Sprintf("%d %ss (%d rejected, %d %s on request)", r.units, i.unit, r.rejected, i.failed, i.failing)
}

// Batches returns the batches received, in order of arrival. The slice is the caller's; the batches are shared with
// every other caller and must not be changed. It is nil with WithCountOnly.
func (i *inbox) Batches() []*jaeger.Batch {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.results.batches)
}

// Spans returns the spans of all batches, in order of arrival. The slice is the caller's; the spans are shared with
// every other caller and must not be changed. It is nil with WithCountOnly.
func (i *inbox) Spans() []*jaeger.Span {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.results.spans)
}

// SpanCount returns the number of spans received, kept or not.
func (i *inbox) SpanCount() int64 {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.results.spanCount
}

// Process returns the process of the latest batch, or nil before the first. It is shared and must not be changed.
func (i *inbox) Process() *jaeger.Process {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.results.process
}

// Stats returns the loss counters of the latest batch that carried some, or nil. They are the client's own, cumulative
// since it started. They are shared and must not be changed. Clients has them for each client.
func (i *inbox) Stats() *jaeger.ClientStats {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.results.stats
}

// Rejected returns how many packets could not be decoded or found the agent's queue of 128 MiB full, or how many requests
// a collector refused without being asked to.
func (i *inbox) Rejected() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.results.rejected
}
