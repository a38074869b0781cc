// SPDX-License-Identifier: Apache-2.0

// Package throttle bounds the debug spans that users and callers can ask for,
// which no sampler is asked about: by a rate of this process, or by credits that
// a server gives out.
//
//	t, err := throttle.NewLocal(1, 10) // one debug trace a second, ten at once
//	if err != nil {
//		return err // names the bad rate
//	}
//	tracer, err := jaeger.New("checkout", rep, jaeger.WithDebugThrottler(t))
//
// What it promises: a throttler is safe from any goroutine, takes no lock and
// does no I/O where it is asked, and does not allocate but for an operation that
// Remote sees for the first time; Remote has one goroutine of its own, which
// Close ends.
package throttle

// Throttler answers for each span that is to become a debug span. It is called
// on the goroutine that does so, from any number of them at once, so it must not
// block, do I/O or panic.
//
// A throttler that also implements io.Closer is closed with its tracer.
type Throttler interface {
	// Allow says whether one more debug span of operation may be. A yes is
	// spent whether or not the span comes to be.
	Allow(operation string) bool
}
