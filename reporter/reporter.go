// SPDX-License-Identifier: Apache-2.0

// Package reporter takes finished spans out of the tracer: Remote queues and
// sends them, Memory keeps them, Logging prints them, Multi does several of
// these, Discard none.
//
//	udp, err := transport.NewUDP("localhost:6831")
//	if err != nil {
//		return err
//	}
//	rep := reporter.NewRemote(udp)
//	tracer, err := jaeger.New("checkout", rep)
//	defer tracer.Close() // sends what is queued, then closes rep and udp
//
// What it promises: Report never blocks and never fails; every span that was
// reported is counted once, as sent or as dropped for one cause; a closed
// reporter stays safe to call.
package reporter

import (
	"context"

	"github.com/jaegerkit/jaeger/model"
)

// Reporter receives each finished, sampled span once.
//
// Report is called on the goroutine that finishes the span, from any number of
// them at once, and must return promptly: no panic, no I/O, no waiting (Logging, made for
// development, is the one here that writes). The record
// belongs to the reporter from then on (see model.Span); a nil one is ignored by
// those here. Close is called once
// by the tracer; Report may still be called afterwards.
type Reporter interface {
	Report(span *model.Span)
	Close() error
}

// Flusher is implemented by reporters that hold spans back for a while. Flush
// returns when what was reported before the call is out, or when ctx ends, with
// an error that says how many spans were left.
//
// It must not be called on the goroutine that sends, that is in a
// transport.Sender or in a handler of the reporter's or transport's logger: it
// would wait for itself until ctx ends, for ever if it does not.
type Flusher interface {
	Flush(ctx context.Context) error
}

// Shutdowner is implemented by reporters whose Close may have to wait. Shutdown
// is Close with a deadline of the caller's choice: what cannot be delivered
// until ctx ends is dropped, counted and named in the error.
type Shutdowner interface {
	Shutdown(ctx context.Context) error
}

// Counter is implemented by reporters that count.
type Counter interface {
	Stats() Stats
}

// Stats count spans since the reporter was made, except Queued. Reported equals
// Sent plus Dropped.Total() plus Queued at all times, and Queued is 0 after a
// Close that did not leave a stuck sender behind.
type Stats struct {
	Reported uint64  // spans handed to the reporter
	Sent     uint64  // spans handed to the network (UDP) or accepted by the peer (HTTP), or kept (Memory)
	Dropped  Dropped // spans lost, by cause
	Reduced  uint64  // sent spans that had to lose logs or tags to fit a packet
	Queued   uint64  // spans waiting or being sent now
}

// Dropped counts lost spans by the cause of their loss.
type Dropped struct {
	QueueFull uint64 // the queue had no room
	TooLarge  uint64 // fits no packet even when reduced
	Encode    uint64 // could not be encoded
	Transport uint64 // the sender gave up on it
	Closed    uint64 // finished after Close, or left over when its deadline passed
}

// Total returns the sum over all causes.
func (d Dropped) Total() uint64 {
	return d.QueueFull + d.TooLarge + d.Encode + d.Transport + d.Closed
}

// Add returns the sums of s and t.
func (s Stats) Add(t Stats) Stats {
	s.Reported += t.Reported
	s.Sent += t.Sent
	s.Reduced += t.Reduced
	s.Queued += t.Queued
	s.Dropped.QueueFull += t.Dropped.QueueFull
	s.Dropped.TooLarge += t.Dropped.TooLarge
	s.Dropped.Encode += t.Dropped.Encode
	s.Dropped.Transport += t.Dropped.Transport
	s.Dropped.Closed += t.Dropped.Closed
	return s
}
