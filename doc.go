// SPDX-License-Identifier: Apache-2.0

// Package jaeger is a tracer for OpenTracing programs that sends its spans to
// Jaeger. Tracer and Span are the machinery; samplers, propagators, reporters
// and transports are packages of their own that can be used alone, and package
// config builds all of it from a file or the environment.
//
//	udp, err := transport.NewUDP("localhost:6831")
//	if err != nil {
//		return err
//	}
//	tracer, err := jaeger.New("checkout", reporter.NewRemote(udp))
//	if err != nil {
//		return err
//	}
//	defer tracer.Close()
//	opentracing.SetGlobalTracer(tracer)
//
// What it promises: every method of Tracer and Span is safe from any goroutine
// and at any time, after Finish and after Close too, and panics on no input. No
// call on a span does I/O or waits for anything but its own short lock, unless
// its reporter does (reporter.Logging, for development, writes in Finish). A tag
// or log is turned into a typed value when it is set, so nothing the caller
// owns is read later. An unsampled span takes no lock and at most one allocation;
// several roots of traces share one. Each span is counted once: as unsampled, as sent,
// or as dropped for one cause.
package jaeger
