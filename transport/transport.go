// SPDX-License-Identifier: Apache-2.0

// Package transport turns batches of finished spans into bytes and sends them:
// UDP to a jaeger-agent as Thrift compact packets, HTTP to a collector as Thrift
// binary, Zipkin to a Zipkin server as JSON.
//
//	sender, err := transport.NewHTTP("https://collector:14268/api/traces", transport.WithBearerToken(token))
//	if err != nil {
//		return err // a malformed URL or option; a collector that is away is no error
//	}
//	rep := reporter.NewRemote(sender) // or transport.NewUDP("localhost:6831"), transport.NewZipkin("http://zipkin:9411")
//
// What it promises: each span is encoded once; an absent, slow, refusing or
// hostile peer never blocks for longer than the context allows, never takes
// unbounded memory and never floods a log; secrets appear in no error and no
// line of it.
package transport

import (
	"context"
	"errors"
	"fmt"

	"github.com/jaegerkit/jaeger/model"
)

// Sender delivers batches. One goroutine calls Send, never two at once; Close
// may be called from another and comes after the last Send. A reporter owns the
// batch: the sender keeps neither it nor its spans after Send returns.
//
// Send may block on the network until ctx ends. As with io.Writer, n spans from
// the front were delivered, and n < len(b.Spans) means err says why: if err is
// an *Error, b.Spans[n:n+err.Spans] are lost for err.Cause and the caller goes
// on with those behind them; any other error means that all of b.Spans[n:] are
// lost in transport.
//
// Send may trace, but must not wait for its own spans: a Flush, Shutdown or
// Close of the tracer or reporter that called it waits for Send to return. The
// same holds for a handler of a logger that Send writes to.
type Sender interface {
	Send(ctx context.Context, b *model.Batch) (n int, err error)
	Close() error
}

// Error says which spans of a batch were lost, and why.
type Error struct {
	Cause Cause
	Spans int // how many, at least 1
	Err   error
}

// Cause is why spans were lost in a Sender.
type Cause uint8

const (
	Transport Cause = iota // the network or the peer
	TooLarge               // fits no packet or request even without logs and tags, or is refused for its size
	Encode                 // cannot be represented
)

// String names the cause as it is counted.
func (c Cause) String() string {
	switch c {
	case TooLarge:
		return "too_large"
	case Encode:
		return "encode"
	}
	return "transport"
}

func (e *Error) Error() string { return fmt.Sprintf("%d spans lost: %v", e.Spans, e.Err) }

// Unwrap returns the error of the network or the encoder.
func (e *Error) Unwrap() error { return e.Err }

// Reducer is implemented by senders that shorten a span rather than drop it.
// Reduced is called from any goroutine.
type Reducer interface {
	Reduced() uint64 // spans sent without some of their logs or tags so far
}

// ErrClosed is the error of a Send after Close.
var ErrClosed = errors.New("transport is closed")
