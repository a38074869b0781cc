// SPDX-License-Identifier: Apache-2.0

// Package agenttest is a jaeger-agent inside a test, as net/http/httptest is a web server inside one. It listens on
// loopback UDP, decodes emitBatch messages with apache/thrift and jaeger-idl's generated types, and hands back what came:
// spans, batches, lost packets, packets that no agent could have read. It shares no code with the client it judges.
//
//	agent := agenttest.New(t)                     // closed by t.Cleanup
//	tracer := startTracer(agent.Addr())           // Thrift compact; BinaryAddr for Thrift binary
//	tracer.StartSpan("checkout").Finish()
//	spans, err := agent.WaitSpans(ctx, 1)         // err says how many came
//	span := agenttest.FindSpan(spans, "checkout")
//	tags := agenttest.Tags(span.Tags)             // map[string]any
//
// It also misbehaves on request: [Agent.Drop], [Agent.DropAll], [Agent.Delay], [Agent.GoAway] and [Agent.ComeBack].
//
// Promises:
//   - It binds loopback addresses only, on free ports unless told otherwise.
//   - No packet can make it panic, or allocate more than a small multiple of the packet's size. A packet that cannot be
//     decoded is counted, and why is kept in [Agent.Errors].
//   - Waiting returns as soon as the awaited thing is there; nothing polls.
//   - Every method of Agent is safe to call from any goroutine, also after Close.
//   - An agent runs three goroutines: a reader per socket, which only copies, and one that decodes, in order of arrival.
//     Close returns when they have ended.
package agenttest

// TB is the part of testing.TB that New needs, spelled out so that this package, which examples and load tests use too,
// does not import package testing.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// New starts an agent that tb closes when the test ends. A failure to start is reported by tb.Fatalf.
func New(tb TB, opts ...Option) *Agent {
	tb.Helper()
	a, err := Start(opts...)
	if err != nil {
		tb.Fatalf("%v", err)
		return nil
	}
	tb.Cleanup(func() { _ = a.Close() })
	return a
}

// Option changes how an agent starts.
type Option func(*settings)

type settings struct {
	compactAddr string
	binaryAddr  string
	raw         bool
	countOnly   bool
	queueLimit  int
}

// WithAddr sets the host:port that takes Thrift compact, such as "127.0.0.1:6831". The host must be a loopback
// address. The default is "127.0.0.1:0", any free port.
func WithAddr(hostport string) Option {
	return func(s *settings) { s.compactAddr = hostport }
}

// WithBinaryAddr sets the host:port that takes Thrift binary, such as "127.0.0.1:6832". The host must be a loopback
// address. The default is "127.0.0.1:0", any free port.
func WithBinaryAddr(hostport string) Option {
	return func(s *settings) { s.binaryAddr = hostport }
}

// WithRawPackets keeps the bytes of every packet, good or bad, for [Agent.RawPackets]. By default they are not kept.
func WithRawPackets() Option {
	return func(s *settings) { s.raw = true }
}

// WithCountOnly decodes and counts but keeps neither batches nor spans, so that a load test of any length runs in
// constant memory. The counters, Errors, Process, Stats, Clients and Lost work as usual.
func WithCountOnly() Option {
	return func(s *settings) { s.countOnly = true }
}
