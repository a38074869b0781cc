// SPDX-License-Identifier: Apache-2.0

// Http is a service that calls another over HTTP. The trace goes along in Jaeger's headers
// and in W3C's, each line of the log has its ids, and the spans go to a collector over
// HTTP, which is inside this program.
//
//	go run ./examples/http
//	JAEGER_ENDPOINT=http://localhost:14268/api/traces go run ./examples/http   # to a real one
package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/agenttest"
	"github.com/jaegerkit/jaeger/config"
	"github.com/jaegerkit/jaeger/logging"
)

func main() {
	slog.SetDefault(slog.New(logging.NewHandler(slog.NewTextHandler(os.Stdout, nil))))
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "http:", err)
		os.Exit(1)
	}
}

func run() error {
	collector, err := agenttest.StartCollector()
	if err != nil {
		return err
	}
	defer collector.Close()
	shop, err := newTracer("shop", collector.Endpoint())
	if err != nil {
		return err
	}
	defer shop.Close()
	stock, err := newTracer("stock", collector.Endpoint())
	if err != nil {
		return err
	}
	defer stock.Close()

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: traced(stock, count), ReadHeaderTimeout: 5 * time.Second}
	defer server.Close()
	go server.Serve(listener)

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := buy(ctx, shop, "http://"+listener.Addr().String()+"/stock/umbrella"); err != nil {
		return err
	}
	if err := server.Shutdown(ctx); err != nil {
		return err
	}
	return report(ctx, collector, shop, stock)
}

// newTracer is one of the two services' own. Variables win over what is written here.
func newTracer(service, endpoint string) (*jaeger.Tracer, error) {
	cfg, err := config.Parse(fmt.Appendf(nil, settings, service, endpoint))
	if err == nil {
		cfg, err = cfg.FromEnv()
	}
	if err != nil {
		return nil, err
	}
	return cfg.NewTracer()
}
