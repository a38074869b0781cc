// SPDX-License-Identifier: Apache-2.0

package process

import (
	"context"
	"fmt"
	"time"

	"github.com/jaegerkit/jaeger/bench/measure"
	"github.com/jaegerkit/jaeger/bench/peer"
	"github.com/jaegerkit/jaeger/bench/workload"
)

// ticks are how often the pacer may wake. With 1 ms it would be half of what is measured at
// 50,000 spans a second on any machine seen. Longer pauses mean larger bursts, of which a
// queue of 100 spans, the old client's default, loses more; it is judged with a longer one
// as well.
var ticks = []time.Duration{LeastTick, 5 * time.Millisecond, 10 * time.Millisecond}

// LeastTick is the shortest of them.
const LeastTick = 2 * time.Millisecond

// mostPacing is what pacing may take, as a part of one processor: 250 ns a span at 50,000 a
// second, about a fifth of the least that a client takes there. It is on everybody's
// bill, and what a wake-up costs is up to the host of a virtual machine: 30 µs were seen
// with a tick of 2 ms, and 95, which was 40 % of this library's figure. The dearer the
// host, the nearer to 1 were all ratios.
const mostPacing = 0.0125

// Tick measures what pacing costs here, and returns the shortest tick that takes no more
// than mostPacing, or else the longest.
func Tick(ctx context.Context) (time.Duration, error) {
	return tickFor(func(tick time.Duration) (float64, error) {
		var parts []float64
		for range 3 {
			r, err := Run(ctx, Plan{Peer: peer.Idle, Shape: workload.Standard, Rate: 1000, Duration: 500 * time.Millisecond, Tick: tick})
			if err != nil {
				return 0, fmt.Errorf("tick: %w", err)
			}
			parts = append(parts, r.Emitted.Cost.CPU/r.Emitted.Cost.Wall)
		}
		return measure.Median(parts), nil
	})
}

// tickFor is Tick, where pacing says what part of a processor a tick takes.
func tickFor(pacing func(tick time.Duration) (float64, error)) (tick time.Duration, err error) {
	for _, tick = range ticks {
		part, err := pacing(tick)
		if err != nil || part <= mostPacing {
			return tick, err
		}
	}
	return tick, nil
}

// pacer says how many groups are due. Where the emitter was kept from running
// for long, it forgives what it missed rather than making it up in one burst.
type pacer struct {
	rate   float64 // groups a second
	most   int     // groups in one burst
	start  time.Time
	issued int // since start
}

func newPacer(groupsPerSecond float64, tick time.Duration, start time.Time) *pacer {
	return &pacer{
		rate:  groupsPerSecond,
		most:  max(1, int(10*tick.Seconds()*groupsPerSecond)),
		start: start,
	}
}

// due returns how many groups to make now.
func (p *pacer) due(now time.Time) int {
	n := int(now.Sub(p.start).Seconds()*p.rate) - p.issued
	if n > p.most {
		missed := n - p.most
		p.start = p.start.Add(time.Duration(float64(missed) / p.rate * float64(time.Second)))
		n = p.most
	}
	p.issued += n
	return n
}

// paced calls group at a rate of so many items a second, of which a group has
// several, in bursts a tick apart, and returns how many groups it made.
func paced(itemsPerSecond, itemsPerGroup int, tick, length time.Duration, group func(i int)) (groups int) {
	start := time.Now()
	p := newPacer(float64(itemsPerSecond)/float64(itemsPerGroup), tick, start)
	for next := start; ; {
		now := time.Now()
		if now.Sub(start) >= length {
			return groups
		}
		for range p.due(now) {
			group(groups)
			groups++
		}
		if next = next.Add(tick); next.Before(now) {
			next = now.Add(tick)
		}
		time.Sleep(time.Until(next))
	}
}
