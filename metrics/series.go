// SPDX-License-Identifier: Apache-2.0

package metrics

import (
	"maps"
	"math"

	lib "github.com/uber/jaeger-lib/metrics"
)

// series is one counter or gauge and what it was given last.
type series struct {
	name    string
	value   func(*Snapshot) uint64
	counter lib.Counter // nil for a gauge
	gauge   lib.Gauge
	pushed  uint64
}

// push leaves pushed alone when the user's counter panics: the next push tries
// the same difference again.
func (s *series) push(now *Snapshot) {
	v := s.value(now)
	if v > math.MaxInt64 { // a difference gone below zero at its source, not a count
		return
	}
	switch {
	case s.gauge != nil:
		s.gauge.Update(int64(v))
	case v > s.pushed: // backends take no negative counts; Prometheus panics
		s.counter.Inc(int64(v - s.pushed))
		s.pushed = v
	}
}

// makeSeries asks the factory for everything in table. A series that it fails to
// make is left out.
func (e *Exporter) makeSeries(factory lib.Factory) {
	if !e.guard("namespace", func() {
		factory = factory.Namespace(lib.NSOptions{Name: "jaeger"}).Namespace(lib.NSOptions{Name: "tracer"})
	}) {
		return
	}
	for _, row := range table {
		s := series{name: row.name, value: row.value}
		o := lib.Options{Name: row.name, Tags: e.tagsOf(row.tags), Help: row.help}
		e.guard(row.name, func() {
			if row.gauge {
				s.gauge = factory.Gauge(o)
			} else {
				s.counter = factory.Counter(o)
			}
		})
		if s.gauge != nil || s.counter != nil {
			e.series = append(e.series, s)
		}
	}
}

// tagsOf returns a map that the factory may keep.
func (e *Exporter) tagsOf(own []string) map[string]string {
	tags := make(map[string]string, len(e.tags)+len(own)/2)
	maps.Copy(tags, e.tags)
	for i := 0; i < len(own); i += 2 {
		tags[own[i]] = own[i+1]
	}
	return tags
}
