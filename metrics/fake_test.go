// SPDX-License-Identifier: Apache-2.0

package metrics_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	lib "github.com/uber/jaeger-lib/metrics"
)

// backend is a metrics system that keeps each series as "scope.name{k=v,k=v}".
type backend struct {
	mu     sync.Mutex
	values map[string]int64
	calls  int
	broken func(series string) // called before a series is made, and before each call of it
}

func newBackend() *backend { return &backend{values: map[string]int64{}} }

// state lists the series that are not zero, in order.
func (b *backend) state() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var lines []string
	for _, k := range slices.Sorted(maps.Keys(b.values)) {
		if b.values[k] != 0 {
			lines = append(lines, fmt.Sprintf("%s %d", k, b.values[k]))
		}
	}
	return strings.Join(lines, "\n")
}

func (b *backend) names() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Sorted(maps.Keys(b.values))
}

func (b *backend) add(series string, n int64, set bool) {
	if b.broken != nil {
		b.broken(series)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls++
	if set {
		b.values[series] = n
		return
	}
	b.values[series] += n
}

func (b *backend) factory() lib.Factory { return factory{b: b} }

type factory struct {
	b     *backend
	scope string
	tags  map[string]string
}

type handle struct {
	b      *backend
	series string
}

func (h handle) Inc(n int64)    { h.b.add(h.series, n, false) }
func (h handle) Update(n int64) { h.b.add(h.series, n, true) }

func (f factory) handle(name string, tags map[string]string) handle {
	all := maps.Clone(f.tags)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, tags)
	var pairs []string
	for _, k := range slices.Sorted(maps.Keys(all)) {
		pairs = append(pairs, k+"="+all[k])
	}
	series := strings.TrimPrefix(f.scope+"."+name, ".") + "{" + strings.Join(pairs, ",") + "}"
	h := handle{f.b, series}
	h.b.add(series, 0, false)
	return h
}

func (f factory) Counter(o lib.Options) lib.Counter            { return f.handle(o.Name, o.Tags) }
func (f factory) Gauge(o lib.Options) lib.Gauge                { return f.handle(o.Name, o.Tags) }
func (f factory) Timer(lib.TimerOptions) lib.Timer             { return lib.NullTimer }
func (f factory) Histogram(lib.HistogramOptions) lib.Histogram { return lib.NullHistogram }

func (f factory) Namespace(o lib.NSOptions) lib.Factory {
	f.scope = strings.TrimPrefix(f.scope+"."+o.Name, ".")
	tags := maps.Clone(f.tags)
	if tags == nil {
		tags = map[string]string{}
	}
	maps.Copy(tags, o.Tags)
	f.tags = tags
	return f
}
