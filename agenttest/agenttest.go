// SPDX-License-Identifier: Apache-2.0

// Package agenttest is Jaeger's receiving side inside a test, as net/http/httptest is a web server inside one. It decodes
// what clients send with apache/thrift, jaeger-idl's generated types and encoding/json, hands back what came, and shares
// no code with the client it judges. Its servers are
//
//   - [Agent]: the jaeger-agent's UDP ports, which take emitBatch messages in Thrift compact and Thrift binary;
//   - [Collector]: over HTTP, POST /api/traces with Thrift binary and POST /api/v2/spans with Zipkin's JSON;
//   - [ConfigServer]: the agent's port 5778: sampling strategies, baggage restrictions, debug credits;
//   - [Host]: all three on one loopback address, at the ports clients know by default.
//
// Use:
//
//	agent := agenttest.New(t)                     // closed by t.Cleanup
//	tracer := startTracer(agent.Addr())           // Thrift compact; BinaryAddr for Thrift binary
//	tracer.StartSpan("checkout").Finish()
//	spans, err := agent.WaitSpans(ctx, 1)         // err says how many came
//	span := agenttest.FindSpan(spans, "checkout")
//	tags := agenttest.Tags(span.Tags)             // map[string]any
//
//	collector := agenttest.NewCollector(t)        // collector.Endpoint() is its URL
//	collector.Fail(2, agenttest.Status(503, nil, "busy"))
//
// They misbehave on request: packets with [Agent.Drop], [Agent.DropAll], [Agent.Delay], [Agent.GoAway] and
// [Agent.ComeBack]; HTTP requests with Fail and a [Fault]. TLS is there with [WithTLS], client certificates with
// [WithClientCA].
//
// Promises:
//   - Servers bind loopback addresses only, on free ports unless told otherwise.
//   - Nothing a client sends can make them panic. Decoding allocates at most a small multiple of the packet's or body's
//     size, bodies are limited ([WithBodyLimit]), and so is what is kept: 128 MiB of packets or bodies, 10,000 HTTP requests,
//     100 errors. Beyond that things are counted only. What cannot be decoded is counted, and why is kept in Errors.
//   - Waiting returns as soon as the awaited thing is there; nothing polls.
//   - Every method is safe to call from any goroutine, also after Close.
//   - An Agent runs three goroutines: a reader per socket, which only copies, and one that decodes, in order of arrival.
//     An HTTP server runs one, and net/http's for each connection. Close returns when all have ended, at once also
//     while requests hang; only the first call does something.
package agenttest

// TB is the part of testing.TB that New and its sisters need, spelled out so that this package, which examples and load tests use too,
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
	return ended(tb, a, err)
}

// ended gives server to tb to close, or err to fail with. The result is nil after an error.
func ended[S interface{ Close() error }](tb TB, server S, err error) S {
	tb.Helper()
	if err != nil {
		tb.Fatalf("%v", err)
		var none S
		return none
	}
	tb.Cleanup(func() { _ = server.Close() })
	return server
}
