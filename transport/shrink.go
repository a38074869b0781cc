// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"log/slog"

	"github.com/jaegerkit/jaeger/model"
)

// shrink makes the next request smaller than one of k spans and size bytes that
// was too large. It reports false if that is not possible.
func (d *delivery) shrink(size, k int, spans []*model.Span, at int) bool {
	half := size / 2
	d.fill = min(d.fill, half)
	if half >= minRequestSize {
		d.most = min(d.most, half)
		d.log.warn("the collector takes no requests of this size, smaller ones are sent from now on",
			slog.Int("bytes", size), slog.Int("limit", half))
	}
	if k > 1 {
		return true
	}
	if spans == nil || half < minRequestSize {
		return false
	}
	// The span moves to the end while it is shortened, and back to the front.
	rest := append([]slot(nil), d.slots[1:]...)
	first, all := d.slots[0].end, len(d.buf)
	if !d.addReduced(spans[at], half-d.head-1) {
		return false
	}
	short := append([]byte(nil), d.buf[all:]...)
	behind := append([]byte(nil), d.buf[first:all]...)
	d.buf = append(append(d.buf[:d.head], short...), behind...)
	d.slots = append(d.slots[:0], slot{end: d.head + len(short), reduced: true})
	for _, s := range rest {
		s.end += d.head + len(short) - first
		d.slots = append(d.slots, s)
	}
	return true
}

// took notes that a request was taken. So small a bound as shrink may have come
// to would cost too much if whoever set it was only passing, so it grows again.
func (d *delivery) took() {
	if d.fill < minRequestSize {
		d.fill = min(d.fill+d.fill/8+1, minRequestSize)
	}
}
