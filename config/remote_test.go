// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/config"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

// What NewTracer started and no tracer owns must not go on.
func TestNothingLeftBehind(t *testing.T) {
	for _, test := range []struct {
		name string
		opt  jaeger.Option
		ok   bool
	}{
		{"sampler of one's own", jaeger.WithSampler(sampler.NewConst(true)), true},
		{"option that fails", jaeger.WithMaxLogsPerSpan(-1), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
			cfg := config.Config{ServiceName: "s", Logging: true} // and a remote sampler
			log := new(buffer)
			cfg.Logger = slog.NewTextHandler(log, nil)
			tracer, err := cfg.NewTracer(test.opt)
			if (err == nil) != test.ok {
				t.Fatalf("got error %v", err)
			}
			if tracer == nil {
				return
			}
			if !strings.Contains(log.String(), "sampler=const(true)") {
				t.Errorf("the log does not name the sampler in force:\n%s", log)
			}
			if err := tracer.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestRemoteSampler(t *testing.T) {
	asked := make(chan string, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.String()
		fmt.Fprint(w, `{"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":1}}`)
	}))
	defer server.Close()
	cfg, err := config.Parse([]byte("service_name: shop\nlogging: true\nsampler: {samplingServerURL: '" + server.URL + "/sampling'}"))
	if err != nil {
		t.Fatal(err)
	}
	cfg.Logger = slog.NewTextHandler(new(buffer), nil)
	tracer, err := cfg.NewTracer()
	if err != nil {
		t.Fatal(err)
	}
	defer tracer.Close()
	if got := <-asked; got != "/sampling?service=shop" {
		t.Errorf("got a question for %s", got)
	}
	deadline := time.Now().Add(10 * time.Second)
	for !tracer.StartSpan("op").Context().(model.SpanContext).IsSampled() {
		if time.Now().After(deadline) {
			t.Fatal("the answer was never used")
		}
		runtime.Gosched()
	}
}
