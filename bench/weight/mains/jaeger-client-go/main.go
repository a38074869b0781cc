// SPDX-License-Identifier: Apache-2.0

// Jaeger-client-go is the service traced by the old client over UDP, built from
// its parts like the one for this library.
package main

import (
	"log"
	"net/http"

	"github.com/opentracing/opentracing-go"
	"github.com/uber/jaeger-client-go"
)

func main() {
	udp, err := jaeger.NewUDPTransport("localhost:6831", 0)
	if err != nil {
		log.Fatal(err)
	}
	tracer, closer := jaeger.NewTracer("hello", jaeger.NewConstSampler(true), jaeger.NewRemoteReporter(udp))
	defer closer.Close()
	opentracing.SetGlobalTracer(tracer)
	_ = http.ListenAndServe("127.0.0.1:8080", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		span := opentracing.StartSpan("hello")
		defer span.Finish()
		_, _ = w.Write([]byte("hello"))
	}))
}
