// SPDX-License-Identifier: Apache-2.0

// Package peer has the tracing clients that are compared, each behind the same
// few calls so that one loop runs them all: this library, jaeger-client-go plain
// and with PoolSpans, OpenTelemetry's SDK natively and through its OpenTracing
// bridge, zipkin-go, the floor and nothing at all.
//
//	info, err := peer.ByName("jaegerkit")
//	client, err := info.New(peer.Config{Data: workload.Standard.Data(), Sampled: true})
//	for i := range n {
//		client.Span(i)
//	}
//	client.Close()
//
// What it promises: every peer is set up as its documentation recommends, with
// its default queue and batch sizes unless Config says otherwise, and gets its
// tags in the form it takes fastest, prepared before anything is timed: boxed
// values for OpenTracing, attribute.KeyValue for OpenTelemetry, strings for
// zipkin-go. The file of a peer says what was chosen for it and why.
package peer

import (
	"fmt"
	"strings"

	"github.com/jaegerkit/jaeger/bench/workload"
)

// Client is one peer, set up for one shape of spans. Span, Child, Wide and Deep
// are called from any number of goroutines unless Info.Single says otherwise;
// all other calls from one.
type Client interface {
	// Span starts the root of a new trace, sets the tags and logs of the i-th
	// span and finishes it.
	Span(i int)
	// Fresh is Span with five tags that are made into the client's form in the
	// call, as a handler does it: boxing or converting them is part of the cost.
	Fresh(i int)
	// Child does the same under a span that stays open all the time.
	Child(i int)
	// Wide starts a root and, one after the other, so many children of it.
	Wide(i, children int)
	// Deep starts so many spans, each the child of the one before, and finishes
	// them from the innermost out.
	Deep(i, depth int)
	// Inject writes a context into the headers of an outgoing request.
	Inject()
	// Extract reads the context from the headers of an incoming request.
	Extract()
	// Baggage starts a child, sets one baggage item on it, writes its context
	// into headers and finishes it.
	Baggage(i int)
	// Close sends what is buffered and ends the client's goroutines.
	Close() error
	// Sent returns how many spans the client says it sent, after Close; -1 where
	// it does not count them.
	Sent() int64
}

// Guarder is a Client whose spans can be asked whether anything is recorded: ours
// (Span.Idle) and OpenTelemetry's (IsRecording).
type Guarder interface {
	// Guarded is Span whose tags and logs are skipped if nothing is.
	Guarded(i int)
}

// Config is how a client is to be set up.
type Config struct {
	Data    *workload.Data
	Sampled bool   // record every trace, or none
	To      string // host:port of the sink; "" throws finished spans away
	Queue   int    // spans the client may hold back; 0 is its own default
}

// Sink names who receives a peer's spans.
type Sink string

// The sinks of the peers.
const (
	UDP    Sink = "udp"    // emitBatch in Thrift compact
	OTLP   Sink = "otlp"   // OTLP over HTTP in protobuf
	Zipkin Sink = "zipkin" // Zipkin v2 JSON over HTTP
	None   Sink = "none"
)

// Info describes a peer.
type Info struct {
	Name      string // in flags and tables
	Module    string // whose version the tables show
	Sink      Sink
	NoContext bool // has neither Inject nor Extract
	NoBaggage bool
	NoOff     bool // cannot be unsampled
	NoQueue   bool // Config.Queue means nothing to it
	Single    bool // for one goroutine at a time
	CallsOnly bool // its single operations are measured, whole processes not
	New       func(Config) (Client, error)
}

// Names of the peers that budgets refer to.
const (
	House    = "jaegerkit"
	Old      = "jaeger-client-go"
	OldPool  = "jaeger-client-go-pooled"
	OTel     = "otel"
	OTelEach = "otel-each"
	Bridge   = "otel-bridge"
	ZipkinGo = "zipkin-go"
	Floor    = "floor"
	Idle     = "idle"
)

// All lists the peers in the order of the tables, this library first.
var All = []Info{
	{Name: House, Module: "github.com/jaegerkit/jaeger", Sink: UDP, New: newHouse},
	{Name: Old, Module: "github.com/uber/jaeger-client-go", Sink: UDP, New: func(c Config) (Client, error) { return newOld(c, false) }},
	{Name: OldPool, Module: "github.com/uber/jaeger-client-go", Sink: UDP, New: func(c Config) (Client, error) { return newOld(c, true) }},
	{Name: OTel, Module: "go.opentelemetry.io/otel/sdk", Sink: OTLP, New: newOTel},
	{Name: OTelEach, Module: "go.opentelemetry.io/otel/sdk", Sink: OTLP, CallsOnly: true, New: newOTelEach},
	{Name: Bridge, Module: "go.opentelemetry.io/otel/bridge/opentracing", Sink: OTLP, New: newBridge},
	{Name: ZipkinGo, Module: "github.com/openzipkin/zipkin-go", Sink: Zipkin, NoBaggage: true, New: newZipkin},
	{Name: Floor, Sink: UDP, NoContext: true, NoBaggage: true, NoOff: true, NoQueue: true, Single: true, New: newFloor},
	{Name: Idle, Sink: None, NoContext: true, NoBaggage: true, NoOff: true, NoQueue: true, New: newIdle},
}

// ByName finds one of All.
func ByName(name string) (Info, error) {
	var names []string
	for _, p := range All {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return Info{}, fmt.Errorf("peer %q: want one of %s", name, strings.Join(names, ", "))
}
