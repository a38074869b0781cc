// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/uber/jaeger-lib/metrics"

	house "github.com/jaegerkit/jaeger"
)

const pushInterval = time.Second

// pusher calls tick once a second, on a goroutine of its own, and a last time
// when it is stopped. A nil pusher is none.
type pusher struct {
	tick func()
	once sync.Once
	quit chan struct{}
	done chan struct{}
}

func newPusher(tick func()) *pusher {
	p := &pusher{tick: tick, quit: make(chan struct{}), done: make(chan struct{})}
	go p.run()
	return p
}

func (p *pusher) run() {
	defer close(p.done)
	ticker := time.NewTicker(pushInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			p.push()
		case <-p.quit:
			p.push()
			return
		}
	}
}

// push keeps a counter that panics from taking the program with it.
func (p *pusher) push() {
	defer func() { _ = recover() }()
	p.tick()
}

// stop returns when the last tick is over. It must not be called from tick.
func (p *pusher) stop() {
	if p == nil {
		return
	}
	p.once.Do(func() { close(p.quit) })
	<-p.done
}

// early counts traces and spans that the library behind takes for undecided when
// they start, because a SamplerV2 is asked about them just after.
type early struct {
	traces, spans struct{ sampled, unsampled atomic.Uint64 }
}

func (e *early) count(s *Span) {
	c := s.SpanContext()
	if !c.IsSamplingFinalized() {
		return
	}
	traces, spans := &e.traces.unsampled, &e.spans.unsampled
	if c.IsSampled() {
		traces, spans = &e.traces.sampled, &e.spans.sampled
	}
	if c.ParentID() == 0 {
		traces.Add(1)
	}
	spans.Add(1)
}

// started are the counts at start as the old client would have them.
func (e *early) started(s *house.Stats) (traces, spans house.BySampling) {
	correct := func(b house.BySampling, sampled, unsampled uint64) house.BySampling {
		return house.BySampling{
			Sampled: b.Sampled + sampled, Unsampled: b.Unsampled + unsampled,
			Undecided: b.Undecided - min(sampled+unsampled, b.Undecided),
		}
	}
	return correct(s.TracesStarted, e.traces.sampled.Load(), e.traces.unsampled.Load()),
		correct(s.SpansStarted, e.spans.sampled.Load(), e.spans.unsampled.Load())
}

// pushTo brings the tracer's counters in m up to date, and returns nil where
// nobody looks at one.
func (t *Tracer) pushTo(m *Metrics) *pusher {
	counters := []metrics.Counter{
		m.TracesStartedSampled, m.TracesStartedNotSampled, m.TracesStartedDelayedSampling,
		m.TracesJoinedSampled, m.TracesJoinedNotSampled,
		m.SpansStartedSampled, m.SpansStartedNotSampled, m.SpansStartedDelayedSampling,
		m.SpansFinishedSampled, m.SpansFinishedNotSampled, m.SpansFinishedDelayedSampling,
		m.DecodingErrors, m.BaggageUpdateSuccess, m.BaggageUpdateFailure, m.BaggageTruncate,
		m.ThrottledDebugSpans,
	}
	if !counting(counters...) {
		return nil
	}
	before := make([]uint64, len(counters))
	return newPusher(func() {
		stats := t.house.Stats()
		traces, spans := t.early.started(&stats)
		now := [...]uint64{
			traces.Sampled, traces.Unsampled, traces.Undecided,
			stats.TracesJoined.Sampled, stats.TracesJoined.Unsampled,
			spans.Sampled, spans.Unsampled, spans.Undecided,
			stats.SpansFinished.Sampled, stats.SpansFinished.Unsampled, stats.SpansFinished.Undecided,
			stats.DecodingErrors, stats.BaggageSet, stats.BaggageRefused, stats.BaggageTruncated,
			stats.DebugThrottled,
		}
		for i, c := range counters {
			if now[i] > before[i] { // a count that is corrected may fall for a moment
				inc(c, now[i]-before[i])
				before[i] = now[i]
			}
		}
	})
}
