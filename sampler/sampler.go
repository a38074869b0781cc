// SPDX-License-Identifier: Apache-2.0

// Package sampler decides which traces are recorded: const, probabilistic, rate
// limiting, guaranteed throughput, per operation, and remote, which asks a
// server for one of these.
//
//	s, err := sampler.NewProbabilistic(0.01)
//	if err != nil {
//		return err // names the bad rate
//	}
//	tracer, err := jaeger.New("checkout", rep, jaeger.WithSampler(s))
//
// What it promises: a sampler sees ids and names, never a live span; it is safe
// from any goroutine, takes no lock and does not allocate, but for an operation
// that a per-operation sampler sees for the first time.
package sampler

import "github.com/jaegerkit/jaeger/model"

// Sampler answers once for each trace that begins in this process. It is called
// on the goroutine that starts the span, from any number of them at once, so it
// must not block, do I/O or panic. A trace that came from elsewhere, a debug trace and
// a child span are not asked about: their decision is already taken.
//
// A sampler that also implements io.Closer is closed with its tracer.
type Sampler interface {
	Sample(id model.TraceID, operation string) Decision
}

// Decision is a sampler's answer. The zero value is "no".
type Decision struct {
	Sample bool
	// Tags say which sampler decided (sampler.type, sampler.param) and go on
	// the span that was asked about, ahead of its own. The sampler keeps the
	// slice and must not change it afterwards.
	Tags []model.Tag
}

const (
	typeKey  = "sampler.type"
	paramKey = "sampler.param"
)
