// SPDX-License-Identifier: Apache-2.0

package jaeger

// Native reports whether the tracer's spans have nothing on this side.
func (t *Tracer) Native() bool { return !t.slow }

// Packs reports whether records may come to r packed.
func Packs(r Reporter) bool {
	p, ok := nativeReporter(r).(interface{ TakesPacked() bool })
	_, wrapped := p.(sentRecords)
	return ok && !wrapped && p.TakesPacked()
}
