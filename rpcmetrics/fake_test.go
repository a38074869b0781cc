// SPDX-License-Identifier: Apache-2.0

package rpcmetrics_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	lib "github.com/uber/jaeger-lib/metrics"
)

// backend is a metrics system that keeps each series as "scope.name{k=v,k=v}":
// the count of a counter, the times of a timer.
type backend struct {
	mu     sync.Mutex
	counts map[string]int64
	times  map[string][]time.Duration
	made   int
	broken func(series string) // called before a series is made
}

func newBackend() *backend {
	return &backend{counts: map[string]int64{}, times: map[string][]time.Duration{}}
}

// state lists the series that were used, in order.
func (b *backend) state() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var lines []string
	for k, n := range b.counts {
		if n != 0 {
			lines = append(lines, fmt.Sprintf("%s %d", k, n))
		}
	}
	for k, times := range b.times {
		if len(times) > 0 {
			lines = append(lines, fmt.Sprintf("%s %v", k, times))
		}
	}
	slices.Sort(lines)
	return strings.ReplaceAll(strings.Join(lines, "\n"), "component=jaeger,", "")
}

// names lists all series, in order.
func (b *backend) names() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Sorted(maps.Keys(b.counts))
}

func (b *backend) factory() lib.Factory { return factory{b: b} }

type factory struct {
	b     *backend
	scope string
	tags  map[string]string
}

func (f factory) series(name string, tags map[string]string) series {
	all := map[string]string{}
	maps.Copy(all, f.tags)
	maps.Copy(all, tags)
	var pairs []string
	for _, k := range slices.Sorted(maps.Keys(all)) {
		pairs = append(pairs, k+"="+all[k])
	}
	s := series{f.b, strings.TrimPrefix(f.scope+"."+name, ".") + "{" + strings.Join(pairs, ",") + "}"}
	if f.b.broken != nil {
		f.b.broken(s.name)
	}
	f.b.mu.Lock()
	defer f.b.mu.Unlock()
	f.b.counts[s.name] += 0
	f.b.made++
	return s
}

type series struct {
	b    *backend
	name string
}

func (s series) Inc(n int64) {
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	s.b.counts[s.name] += n
}

func (s series) Record(d time.Duration) {
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	s.b.times[s.name] = append(s.b.times[s.name], d)
}

func (f factory) Counter(o lib.Options) lib.Counter            { return f.series(o.Name, o.Tags) }
func (f factory) Timer(o lib.TimerOptions) lib.Timer           { return f.series(o.Name, o.Tags) }
func (f factory) Gauge(lib.Options) lib.Gauge                  { return lib.NullGauge }
func (f factory) Histogram(lib.HistogramOptions) lib.Histogram { return lib.NullHistogram }

func (f factory) Namespace(o lib.NSOptions) lib.Factory {
	tags := map[string]string{}
	maps.Copy(tags, f.tags)
	maps.Copy(tags, o.Tags)
	return factory{f.b, strings.TrimPrefix(f.scope+"."+o.Name, "."), tags}
}
