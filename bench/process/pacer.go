// SPDX-License-Identifier: Apache-2.0

package process

import "time"

// tick is how often the pacer wakes. Waking costs some 20 µs of processor time,
// which at 50,000 spans a second and a tick of 1 ms would be as much as half of
// what is measured; with 5 ms, bursts of 250 spans would overrun the old client's
// default queue of 100, which the pacer should not decide. Tables show what the
// pacing alone costs.
const tick = 2 * time.Millisecond

// pacer says how many groups are due. Where the emitter was kept from running
// for long, it forgives what it missed rather than making it up in one burst.
type pacer struct {
	rate   float64 // groups a second
	most   int     // groups in one burst
	start  time.Time
	issued int // since start
}

func newPacer(groupsPerSecond float64, start time.Time) *pacer {
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
// several, and returns how many groups it made.
func paced(itemsPerSecond, itemsPerGroup int, length time.Duration, group func(i int)) (groups int) {
	start := time.Now()
	p := newPacer(float64(itemsPerSecond)/float64(itemsPerGroup), start)
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
