// SPDX-License-Identifier: Apache-2.0

// Package sink receives what a peer sends, decodes all of it and counts the
// spans. It runs in a process of its own, so that its work is not on the bill of
// the client that is measured.
//
//	s, err := sink.Start(peer.OTLP)
//	fmt.Println(s.Addr())        // host:port on loopback
//	n := s.Wait(ctx, 1000)       // until 1000 spans came, or no more come
//	err = s.Close()
//
// What it promises: each kind decodes with the same library that real receivers
// of it use (apache/thrift, protobuf, encoding/json), keeps no spans, and fails
// loudly about what it could not decode.
package sink

import (
	"context"
	"fmt"
	"time"

	"github.com/jaegerkit/jaeger/bench/peer"
)

// Sink counts spans. Its methods are safe from any goroutine.
type Sink interface {
	Addr() string
	// Spans returns how many arrived.
	Spans() int64
	// Err says what arrived and could not be decoded.
	Err() error
	Close() error
}

// Start starts the sink of one kind on a free loopback port.
func Start(kind peer.Sink) (Sink, error) {
	switch kind {
	case peer.UDP:
		return newUDP()
	case peer.OTLP:
		return newHTTP("/v1/traces", decodeOTLP)
	case peer.Zipkin:
		return newHTTP("/api/v2/spans", decodeZipkin)
	}
	return nil, fmt.Errorf("sink %q is not known", kind)
}

// quiet is how long nothing has to arrive before the rest counts as lost.
const quiet = time.Second

// Wait returns the number of spans once it is at least want, or when none came
// for a second, or when ctx ends. It looks every few milliseconds: a sink
// under load should not have to tell anyone about each packet.
func Wait(ctx context.Context, s Sink, want int64) int64 {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	last, since := s.Spans(), time.Now()
	for last < want {
		select {
		case <-ctx.Done():
			return s.Spans()
		case now := <-tick.C:
			if n := s.Spans(); n != last {
				last, since = n, now
			} else if now.Sub(since) > quiet {
				return n
			}
		}
	}
	return last
}
