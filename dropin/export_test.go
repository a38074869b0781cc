// SPDX-License-Identifier: Apache-2.0

package jaeger

// Native reports whether the tracer's spans have nothing on this side.
func (t *Tracer) Native() bool { return !t.slow }
