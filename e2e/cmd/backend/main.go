// SPDX-License-Identifier: Apache-2.0

// Command backend is the second half of the two-process service. It prints the URL it serves, continues the trace of
// every request, and when its standard input ends prints its tracer's counters as JSON and ends too. Its tracer is
// configured by JAEGER_* alone.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger/config"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "backend:", err)
		os.Exit(1)
	}
}

func run() error {
	cfg, err := config.FromEnv()
	if err != nil {
		return err
	}
	tracer, err := cfg.InitTracer()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: http.HandlerFunc(handle), ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	fmt.Printf("http://%s/\n", listener.Addr())

	_, err = io.Copy(io.Discard, os.Stdin)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	err = errors.Join(err, server.Shutdown(ctx))
	if e := <-served; !errors.Is(e, http.ErrServerClosed) {
		err = errors.Join(err, e)
	}
	return errors.Join(err, tracer.Shutdown(ctx), json.NewEncoder(os.Stdout).Encode(tracer.Stats()))
}

// handle continues the caller's trace; a request without one is the caller's mistake.
func handle(w http.ResponseWriter, r *http.Request) {
	tracer := opentracing.GlobalTracer()
	caller, err := tracer.Extract(opentracing.HTTPHeaders, opentracing.HTTPHeadersCarrier(r.Header))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	span := tracer.StartSpan("work", ext.RPCServerOption(caller))
	ext.HTTPStatusCode.Set(span, http.StatusOK)
	query(span)
	// Nobody waits for the audit: it follows from the work and is not part of it.
	audit := tracer.StartSpan("audit", opentracing.FollowsFrom(span.Context()))
	user := span.BaggageItem("user")
	span.Finish()
	audit.Finish()
	fmt.Fprintf(w, "hello %s", user)
}

// query fails, as its tags and log say.
func query(parent opentracing.Span) {
	span := parent.Tracer().StartSpan("query", opentracing.ChildOf(parent.Context()))
	defer span.Finish()
	span.SetTag("user", span.BaggageItem("user"))
	ext.LogError(span, errors.New("row is locked"), log.Int("attempt", 1))
}
