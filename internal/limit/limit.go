// SPDX-License-Identifier: Apache-2.0

// Package limit lets through at most so many events a second.
//
//	var l limit.Limiter
//	l.Init(0.5, 10) // one every two seconds, ten at once
//	if l.Allow() {
//		...
//	}
//
// What it promises: a limiter is safe from any goroutine, takes no lock and does
// not allocate; a refusal, the usual answer under load, only reads.
package limit

import (
	"math"
	"sync/atomic"
	"time"
)

// Limiter is a leaky bucket in one atomic word: the time at which the bucket
// will be full again (GCRA, the "virtual scheduling" form of ITU-T I.371). The
// zero value refuses all.
type Limiter struct {
	start    time.Time
	interval int64 // nanoseconds one event takes from the bucket; 0 refuses all
	room     int64 // how far ahead of now fullAt may run: the bucket less one event
	fullAt   atomic.Int64
}

// longest keeps the sums below from overflowing: one event in 73 years.
const longest = math.MaxInt64 / 4

// Init makes l a full bucket of burst events, at least one, that perSecond
// events a second flow into; 0 or less refuses all. To be called before any use.
func (l *Limiter) Init(perSecond, burst float64) {
	l.start = time.Now()
	if perSecond <= 0 {
		return
	}
	// Rounded up: a limit may be missed by a little, not exceeded. The clock's
	// nanoseconds make 1e9 a second the highest limit there is.
	interval := math.Ceil(math.Min(float64(time.Second)/perSecond, longest))
	l.interval = int64(interval)
	if burst > 1 {
		l.room = int64(math.Min((burst-1)*interval, longest))
	}
}

// Allow takes one event from the bucket, if there is one.
func (l *Limiter) Allow() bool {
	return l.interval != 0 && l.AllowAt(int64(time.Since(l.start)))
}

// AllowAt is Allow at so many nanoseconds after Init, of a limiter that does not
// refuse all. Callers may come with a time that others have overtaken; they are
// answered as if they were a little early.
func (l *Limiter) AllowAt(now int64) bool {
	for {
		fullAt := l.fullAt.Load()
		if fullAt-now > l.room {
			return false
		}
		if l.fullAt.CompareAndSwap(fullAt, max(fullAt, now)+l.interval) {
			return true
		}
	}
}

// Equal tells whether both let through as much.
func (l *Limiter) Equal(other *Limiter) bool {
	return l.interval == other.interval && l.room == other.room
}

// Inherit leaves l, which nobody uses yet, as full as old is, so that a changed
// limit is no gift of a full bucket. What others take from old meanwhile is lost.
func (l *Limiter) Inherit(old *Limiter) {
	if old.interval == 0 {
		return
	}
	now := int64(time.Since(old.start))
	taken := float64(old.fullAt.Load()-now) / float64(old.room+old.interval)
	l.start = old.start
	if taken > 0 {
		l.fullAt.Store(now + int64(min(taken, 1)*float64(l.room+l.interval)))
	}
}

// Full tells whether l differs from a new limiter in anything.
func (l *Limiter) Full() bool {
	return l.fullAt.Load() <= int64(time.Since(l.start))
}
