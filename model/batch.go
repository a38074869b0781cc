// SPDX-License-Identifier: Apache-2.0

package model

// Process describes the service that made a span. It is immutable once a
// tracer was made with it, and shared by pointer: two spans of one process
// carry the same pointer, which is how a transport knows to encode it once.
type Process struct {
	ServiceName string
	Tags        []Tag
}

// Batch is what a Sender gets: spans of one process. The spans and the slice
// belong to the reporter again when Send returns.
type Batch struct {
	Process *Process
	Spans   []*Span
	Stats   ClientStats
}

// ClientStats tell the agent what the client lost, summed since it started
// (ClientStats in jaeger.thrift).
type ClientStats struct {
	FullQueueDropped int64 // spans that found the queue full
	TooLargeDropped  int64 // spans that fit no packet
	FailedToEmit     int64 // spans that could not be encoded or sent
}
