// SPDX-License-Identifier: Apache-2.0

package sampler_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/sampler"
)

// TestPoll: one poll, one answer in force when it returns.
func TestPoll(t *testing.T) {
	t.Parallel()
	answers := []string{
		`{"probabilisticSampling":{"samplingRate":0.5}}`,
		`{"rateLimitingSampling":{"maxTracesPerSecond":3}}`,
		`{"operationSampling":{"defaultSamplingProbability":0.25,"perOperationStrategies":[{"operation":"get","probabilisticSampling":{"samplingRate":1}}]}}`,
		`{}`,
		"",
	}
	asked := 0
	first := make(chan struct{})
	var polled []string
	initial := sampler.NewConst(true)
	r, err := sampler.NewRemote("checkout", sampler.WithInitial(initial), sampler.WithInterval(time.Hour),
		sampler.WithPolled(func(answered bool, err error) {
			polled = append(polled, fmt.Sprint(answered, err == nil))
			if len(polled) == 1 {
				close(first)
			}
			panic("a counter's own fault")
		}),
		sampler.WithFetcher(func(context.Context) ([]byte, error) {
			if asked++; asked == 1 || asked == len(answers)+1 {
				return nil, errors.New("no route")
			}
			return []byte(answers[asked-2]), nil
		}))
	if err != nil {
		t.Fatal(err)
	}
	<-first
	if got := r.Current(); got != sampler.Sampler(initial) {
		t.Errorf("got %v before an answer, want the initial sampler", got)
	}
	for i, want := range []string{
		"*sampler.Probabilistic probabilistic(0.5)", "*sampler.RateLimiting ratelimiting(3)",
		"*sampler.PerOperation peroperation(1 listed, others 0.25, lower bound 0)",
		"error", "error",
	} {
		err := r.Poll(context.Background())
		got := fmt.Sprintf("%T %v", r.Current(), r.Current())
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("poll %d: got %s (%v), want %s", i, got, err, want)
		}
	}
	p := r.Current().(*sampler.PerOperation)
	if got, want := fmt.Sprint(p.Strategies(), p.MaxOperations()), "{0.25 0 [{get 1}] false} 2000"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if err := r.Poll(context.Background()); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("got %v of a closed one, want an error", err)
	}
	if got, want := strings.Join(polled, ", "), "false false, true true, true true, true true, true false, false false"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestPollIsBounded: a fetcher that hangs keeps no one waiting for longer than
// they want.
func TestPollIsBounded(t *testing.T) {
	t.Parallel()
	hanging := make(chan struct{})
	r, err := sampler.NewRemote("checkout", sampler.WithInterval(time.Hour), sampler.WithFetcher(func(ctx context.Context) ([]byte, error) {
		close(hanging)
		<-ctx.Done()
		return nil, ctx.Err()
	}))
	if err != nil {
		t.Fatal(err)
	}
	<-hanging
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := r.Poll(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	polling := make(chan error)
	go func() { polling <- r.Poll(context.Background()) }()
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if err := <-polling; err == nil {
		t.Error("got no error of a poll that Close cut short")
	}
	if (&sampler.Remote{}).Poll(context.Background()) == nil {
		t.Error("got no error of the zero Remote")
	}
	if got := (&sampler.Remote{}).Current(); got != nil {
		t.Errorf("got %v, want nil", got)
	}
}

func TestHTTPFetcher(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.URL.String())
	}))
	defer server.Close()
	fetch, err := sampler.NewHTTPFetcher(server.Listener.Addr().String(), "checkout", nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := fetch(context.Background())
	if want := "/sampling?service=checkout"; err != nil || string(got) != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	if _, err := sampler.NewHTTPFetcher("ftp://x", "checkout", nil); err == nil {
		t.Error("got no error of a bad URL")
	}
}

// TestRateLimitingNext: what is used up stays used up.
func TestRateLimitingNext(t *testing.T) {
	t.Parallel()
	r, err := sampler.NewRateLimiting(1e-6)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Sample(unlikely, "x").Sample {
		t.Error("got no, want one trace")
	}
	next, err := r.Next(1e-5)
	if err != nil {
		t.Fatal(err)
	}
	if next.Sample(unlikely, "x").Sample || next.Rate() != 1e-5 {
		t.Errorf("got yes, or rate %v", next.Rate())
	}
	if _, err := r.Next(-1); err == nil {
		t.Error("got no error of a negative rate")
	}
	if !sampler.NewConst(true).Decision() {
		t.Error("got no, want yes")
	}
}
