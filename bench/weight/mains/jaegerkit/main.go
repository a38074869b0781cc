// SPDX-License-Identifier: Apache-2.0

// Jaegerkit is the service traced by this library over UDP.
package main

import (
	"log"
	"net/http"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/transport"
)

func main() {
	udp, err := transport.NewUDP("localhost:6831")
	if err != nil {
		log.Fatal(err)
	}
	tracer, err := jaeger.New("hello", reporter.NewRemote(udp))
	if err != nil {
		log.Fatal(err)
	}
	defer tracer.Close()
	opentracing.SetGlobalTracer(tracer)
	_ = http.ListenAndServe("127.0.0.1:8080", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		span := opentracing.StartSpan("hello")
		defer span.Finish()
		_, _ = w.Write([]byte("hello"))
	}))
}
