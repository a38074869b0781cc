// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

// keep has a finished record wait, with v.mu held, if there is room.
func (t *Tracer) keep(v *verdict, r *model.Span) {
	if len(v.waiting) >= maxWaiting || t.hold(v, r) == 0 {
		t.overflow(r)
		return
	}
	t.counts.add(r.ID, postponed)
	v.waiting = append(v.waiting, r)
}

// hold counts the memory of a record that waits, and returns 0 where there is no
// room for it.
func (t *Tracer) hold(v *verdict, r *model.Span) int {
	n := r.Bytes()
	if v.bytes+n > maxWaitingBytes || t.verdicts.bytes.Load()+int64(n) > maxWaitingTotal {
		return 0
	}
	v.bytes += n
	t.verdicts.bytes.Add(int64(n))
	return n
}

// overflow drops a record for which there is no room.
func (t *Tracer) overflow(r *model.Span) {
	t.counts.add(r.ID, postponed)
	t.counts.add(r.ID, overflowed)
	r.Release()
}

// ask contains what a sampler may do: a panic is a no, and so is the end of its
// goroutine, which has to leave the verdict to others as it goes.
func (t *Tracer) ask(v *verdict, l sampler.Late, h happening) (d sampler.Decision) {
	returned := false
	defer func() {
		if recover() == nil && !returned {
			t.exited(v, h)
		}
	}()
	d = l.Ask(h.event)
	returned = true
	return d
}

// exited answers no on a goroutine that ends in the question about h.
func (t *Tracer) exited(v *verdict, h happening) {
	var ready []*model.Span
	v.mu.Lock()
	if !v.settled {
		ready = t.settle(v, 0)
	}
	for _, left := range append([]happening{h}, v.events...) {
		if r := t.decided(left.record, v.sampling.Flags()); r != nil {
			ready = append(ready, r)
		}
	}
	v.asking, v.events = false, nil
	v.mu.Unlock()
	t.report(ready)
}

// decided counts the record of a span that finished when its trace was decided,
// and returns it if it is to be reported.
func (t *Tracer) decided(r *model.Span, f model.Flags) *model.Span {
	if r == nil {
		return nil
	}
	if f&model.FlagSampled == 0 {
		t.counts.add(r.ID, stopped)
		r.Release()
		return nil
	}
	r.Flags = f
	t.counts.add(r.ID, finished)
	return r
}
