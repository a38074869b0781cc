// SPDX-License-Identifier: Apache-2.0

package agenttest

import (
	"fmt"
	"slices"

	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"
)

// The first errors tell the cause; the rest only repeat it.
const errorLimit = 100

// results is what came since Start or the latest Reset. Agent.mu guards it.
type results struct {
	generation int // number of Resets
	packets    int
	rejected   int
	dropped    int
	spanCount  int64
	batches    []*jaeger.Batch
	spans      []*jaeger.Span
	raw        [][]byte
	errs       []error
	process    *jaeger.Process
	stats      *jaeger.ClientStats
	clients    clients
}

func (r *results) note(err error) {
	if len(r.errs) < errorLimit {
		r.errs = append(r.errs, err)
	}
}

func (r *results) reject(from protocol, size int, err error) {
	r.packets++
	r.rejected++
	r.note(fmt.Errorf("packet %d, %d bytes on the %s port: %w", r.packets, size, from.name, err))
}

func (r *results) accept(b *jaeger.Batch, keep bool) {
	r.packets++
	r.spanCount += int64(len(b.Spans))
	r.process = b.Process
	if b.Stats != nil {
		r.stats = b.Stats
	}
	if err := r.clients.take(b); err != nil {
		r.note(fmt.Errorf("packet %d: %w", r.packets, err))
	}
	if keep {
		r.batches = append(r.batches, b)
		r.spans = append(r.spans, b.Spans...)
	}
}

// Batches returns the batches received, in order of arrival. The slice is the caller's; the batches are shared with
// every other caller and must not be changed. It is nil with WithCountOnly.
func (a *Agent) Batches() []*jaeger.Batch {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.results.batches)
}

// Spans returns the spans of all batches, in order of arrival. The slice is the caller's; the spans are shared with
// every other caller and must not be changed. It is nil with WithCountOnly.
func (a *Agent) Spans() []*jaeger.Span {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.results.spans)
}

// SpanCount returns the number of spans received.
func (a *Agent) SpanCount() int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.results.spanCount
}

// Process returns the process of the latest batch, or nil before the first. It is shared and must not be changed.
func (a *Agent) Process() *jaeger.Process {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.results.process
}

// Stats returns the loss counters of the latest batch that carried some, or nil. They are the client's own, cumulative
// since it started. They are shared and must not be changed. Clients has them for each client.
func (a *Agent) Stats() *jaeger.ClientStats {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.results.stats
}

// Packets returns the number of packets received, decoded or rejected. Packets dropped on request are not in it.
func (a *Agent) Packets() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.results.packets
}

// Rejected returns the number of packets that could not be decoded, or that found the agent's queue of 128 MiB full.
func (a *Agent) Rejected() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.results.rejected
}

// Dropped returns the number of packets thrown away because Drop or DropAll asked for it.
func (a *Agent) Dropped() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.results.dropped
}

// RawPackets returns the bytes of each packet in the order it was decoded or rejected, if WithRawPackets was given, else
// nil. Packets dropped on request or refused by a full queue are not in it. The bytes are shared and must not be changed.
func (a *Agent) RawPackets() [][]byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.results.raw)
}

// Errors returns why packets were rejected and what else was wrong with them, such as an impossible seqNo: the first
// 100 such errors, in order of arrival.
func (a *Agent) Errors() []error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.results.errs)
}

// Reset forgets all results, and packets that were read but not decoded yet. Faults stay as they are. The sequence
// numbers of known clients go on where they were, so that a Reset does not look like a loss.
func (a *Agent) Reset() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.results = results{generation: a.results.generation + 1, clients: a.results.clients.restarted()}
	a.queue, a.queued = nil, 0
	close(a.expired)
	a.expired = make(chan struct{})
	a.notify()
}
