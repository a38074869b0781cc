// SPDX-License-Identifier: Apache-2.0

// Command frontend is the first half of the two-process service: it makes one trace that goes through the backend and
// one that nobody should ever see, prints its tracer's counters as JSON, and ends. Its tracer is configured by JAEGER_*
// alone.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger/config"
)

func main() {
	backend := flag.String("backend", "", "URL of the backend")
	force := flag.Bool("force", false, "force the sampling of the trace, whatever the sampler says")
	flag.Parse()
	if err := run(*backend, *force); err != nil {
		fmt.Fprintln(os.Stderr, "frontend:", err)
		os.Exit(1)
	}
}

func run(backend string, force bool) error {
	cfg, err := config.FromEnv()
	if err != nil {
		return err
	}
	tracer, err := cfg.InitTracer()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()

	var opts []opentracing.StartSpanOption
	if force {
		opts = append(opts, opentracing.Tag{Key: string(ext.SamplingPriority), Value: 1})
	}
	hidden()
	err = checkout(ctx, backend, opts...)
	return errors.Join(err, tracer.Shutdown(ctx), json.NewEncoder(os.Stdout).Encode(tracer.Stats()))
}

// hidden is a trace whose priority is 0, so neither of its spans is reported, even with a sampler that takes all.
func hidden() {
	root := opentracing.StartSpan("hidden", opentracing.Tag{Key: string(ext.SamplingPriority), Value: uint16(0)})
	opentracing.StartSpan("hidden-child", opentracing.ChildOf(root.Context())).Finish()
	root.Finish()
}

// checkout has a tag of every type and a log field of every type, calls the backend in a child, and is followed by
// two spans that begin when it is over.
func checkout(ctx context.Context, backend string, opts ...opentracing.StartSpanOption) error {
	root := opentracing.StartSpan("checkout", opts...)
	root.SetTag("customer", "Zoë")
	root.SetTag("items", 3)
	root.SetTag("account", int64(math.MinInt64))
	root.SetTag("stock", uint64(math.MaxUint64))
	root.SetTag("discount", 0.25)
	root.SetTag("express", true)
	root.SetTag("cart", []byte{0x00, 0x01, 0xfe, 0xff})
	root.SetTag("problem", errors.New("stock is low"))
	root.SetBaggageItem("user", "alice & bob")

	err := call(ctx, backend, root)

	root.LogFields(log.Event("done"), log.Int("status", 200), log.Uint64("bytes", 1<<40), log.Float64("ratio", 0.5),
		log.Bool("ok", err == nil), log.Error(errors.New("none but a test's")))
	root.LogKV("event", "archived", "copies", 2)
	root.Finish()

	receipt := opentracing.StartSpan("receipt", opentracing.FollowsFrom(root.Context()))
	receipt.Finish()
	opentracing.StartSpan("report", opentracing.FollowsFrom(receipt.Context()), opentracing.ChildOf(root.Context())).Finish()
	return err
}

// call sends the context along in HTTP headers. The backend answers with the baggage item it got.
func call(ctx context.Context, backend string, root opentracing.Span) error {
	span := opentracing.StartSpan("call-backend", opentracing.ChildOf(root.Context()), ext.SpanKindRPCClient)
	defer span.Finish()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, backend, nil)
	if err != nil {
		return err
	}
	ext.HTTPMethod.Set(span, req.Method)
	err = span.Tracer().Inject(span.Context(), opentracing.HTTPHeaders, opentracing.HTTPHeadersCarrier(req.Header))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	ext.HTTPStatusCode.Set(span, uint16(resp.StatusCode))
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	if err != nil {
		return err
	}
	if got, want := string(body), "hello alice & bob"; got != want || resp.StatusCode != http.StatusOK {
		return fmt.Errorf("backend answered %d %q, want 200 %q", resp.StatusCode, got, want)
	}
	return nil
}
