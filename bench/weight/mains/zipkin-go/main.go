// SPDX-License-Identifier: Apache-2.0

// Zipkin-go is the service traced by zipkin-go over HTTP.
package main

import (
	"log"
	"net/http"

	"github.com/openzipkin/zipkin-go"
	zipkinhttp "github.com/openzipkin/zipkin-go/reporter/http"
)

func main() {
	rep := zipkinhttp.NewReporter("http://localhost:9411/api/v2/spans")
	defer rep.Close()
	tracer, err := zipkin.NewTracer(rep)
	if err != nil {
		log.Fatal(err)
	}
	_ = http.ListenAndServe("127.0.0.1:8080", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		span := tracer.StartSpan("hello")
		defer span.Finish()
		_, _ = w.Write([]byte("hello"))
	}))
}
