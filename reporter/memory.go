// SPDX-License-Identifier: Apache-2.0

package reporter

import (
	"sync"

	"github.com/jaegerkit/jaeger/model"
)

// Memory keeps every span it is given, for tests. It grows without bound.
type Memory struct {
	mu    sync.Mutex
	spans []*model.Span
	total uint64
}

// NewMemory returns an empty reporter.
func NewMemory() *Memory { return &Memory{} }

// Report implements Reporter.
func (m *Memory) Report(span *model.Span) {
	if span == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.spans = append(m.spans, span)
	m.total++
}

// Spans returns what was reported since the last Reset, in order. The slice is
// the caller's; the spans stay unchanged for ever.
func (m *Memory) Spans() []*model.Span {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]*model.Span(nil), m.spans...)
}

// Reset forgets the spans.
func (m *Memory) Reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.spans = nil
}

// Close does nothing: the spans can still be read.
func (m *Memory) Close() error { return nil }

// Stats implements Counter; a kept span counts as sent.
func (m *Memory) Stats() Stats {
	m.mu.Lock()
	defer m.mu.Unlock()
	return Stats{Reported: m.total, Sent: m.total}
}
