// SPDX-License-Identifier: Apache-2.0

package sampler_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

func TestRemoteFollowsStrategies(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	r := startRemote(t, sampler.WithFetcher(s.fetch), sampler.WithMaxOperations(7))
	s.await()
	if got, want := r.String(), "remote(probabilistic(0.001))"; got != want {
		t.Errorf("got %s before any answer, want %s", got, want)
	}
	if got := r.Stats(); got != (sampler.RemoteStats{Strategy: "probabilistic(0.001)"}) {
		t.Errorf("got %+v before any answer", got)
	}
	for i, step := range []struct{ body, want, answers string }{
		{allAnswer, "remote(probabilistic(1))", "yes probabilistic 1, yes probabilistic 1, yes probabilistic 1"},
		{opsAnswer, "remote(peroperation(1 listed, others 0, lower bound 1e-07))", "yes probabilistic 1, yes lowerbound 0, no"},
		{slowAnswer, "remote(ratelimiting(1e-07))", "yes ratelimiting 1e-07, no, no"},
		// What was used up stays used up, also across another kind.
		{slowAnswer, "remote(ratelimiting(1e-07))", "no, no, no"},
		{opsAnswer, "remote(peroperation(1 listed, others 0, lower bound 1e-07))", "yes probabilistic 1, no, no"},
		{strings.ReplaceAll(slowAnswer, "e-7", "e-6"), "remote(ratelimiting(1e-06))", "no, no, no"},
		{noneAnswer, "remote(probabilistic(0))", "no, no, no"},
	} {
		before := time.Now()
		s.answer(step.body)
		if got := r.String(); got != step.want {
			t.Errorf("step %d: got %s, want %s", i, got, step.want)
		}
		var got []string
		for _, operation := range []string{"listed", "seen", "seen"} {
			got = append(got, answer(r.Sample(unlikely, operation)))
		}
		if got := strings.Join(got, ", "); got != step.answers {
			t.Errorf("step %d: got %s, want %s", i, got, step.answers)
		}
		stats, n := r.Stats(), uint64(i+1)
		if stats.Updated.Before(before) {
			t.Errorf("step %d: got updated %v, want %v or later", i, stats.Updated, before)
		}
		stats.Updated = time.Time{}
		want := sampler.RemoteStats{QueriesOK: n, UpdatesOK: n, Strategy: strings.TrimSuffix(strings.TrimPrefix(step.want, "remote("), ")")}
		if stats != want {
			t.Errorf("step %d: got %+v, want %+v", i, stats, want)
		}
	}
}

func TestRemoteKeepsTheLastGoodStrategy(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	r := startRemote(t, sampler.WithFetcher(s.fetch))
	s.await()
	s.answer(allAnswer)
	updated := r.Stats().Updated
	cause := errors.New("no route")
	for _, bad := range badAnswers {
		s.answer(bad.body)
		if err := r.Stats().LastError; err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%s: got last error %v, want %s", bad.name, err, bad.want)
		}
	}
	s.fail(cause)
	if err := r.Stats().LastError; !errors.Is(err, cause) {
		t.Errorf("got last error %v, want %v", err, cause)
	}
	n := uint64(len(badAnswers))
	want := sampler.RemoteStats{
		QueriesOK: 1 + n, QueriesFailed: 1, UpdatesOK: 1, UpdatesFailed: n, Failures: n + 1,
		LastError: cause, Updated: updated, Strategy: "probabilistic(1)",
	}
	if got := r.Stats(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got, want := answer(r.Sample(unlikely, "op")), "yes probabilistic 1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	s.answer(noneAnswer)
	if got := r.Stats(); got.Failures != 0 || got.LastError != cause || got.Strategy != "probabilistic(0)" {
		t.Errorf("got %+v, want no failures, the last error and probabilistic(0)", got)
	}
}

func TestRemoteShortensErrors(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	r := startRemote(t, sampler.WithFetcher(s.fetch))
	s.await()
	cause := errors.New(strings.Repeat("x", 1<<20))
	s.fail(cause)
	if err := r.Stats().LastError; !errors.Is(err, cause) || len(err.Error()) > 1100 {
		t.Errorf("got an error of %d bytes, want a short one that wraps the cause", len(err.Error()))
	}
	s.do(func() ([]byte, error) { panic(cause) })
	if err := r.Stats().LastError; len(err.Error()) > 1100 {
		t.Errorf("got an error of %d bytes of a panic, want a short one", len(err.Error()))
	}
}

// panicking panics wherever it can.
type panicking struct{ slog.Handler }

func (panicking) Sample(model.TraceID, string) sampler.Decision { return sampler.Decision{} }
func (panicking) String() string                                { panic("description") }
func (panicking) Error() string                                 { panic("error text") }
func (panicking) Enabled(context.Context, slog.Level) bool      { panic("log handler") }

func TestRemoteSurvivesPanics(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	r := startRemote(t, sampler.WithFetcher(s.fetch), sampler.WithInitial(panicking{}), sampler.WithLogger(slog.New(panicking{})))
	s.await()
	s.do(func() ([]byte, error) { panic("fetcher") })
	if err := r.Stats().LastError; err == nil || err.Error() != "panic: fetcher" {
		t.Errorf("got last error %v, want panic: fetcher", err)
	}
	s.fail(panicking{})
	if err := r.Stats().LastError; err == nil || err.Error() != "panic: error text" {
		t.Errorf("got last error %v, want panic: error text", err)
	}
	s.answer(allAnswer)
	if got, want := answer(r.Sample(unlikely, "op")), "yes probabilistic 1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := r.Stats(); got.QueriesFailed != 2 || got.UpdatesOK != 1 {
		t.Errorf("got %+v, want 2 failed queries and 1 update", got)
	}
}

func TestRemoteOptions(t *testing.T) {
	t.Parallel()
	_, err := sampler.NewRemote("", nil, sampler.WithServer("nowhere"), sampler.WithInterval(time.Microsecond), sampler.WithFetchTimeout(0),
		sampler.WithMaxOperations(0), sampler.WithInitial(nil), sampler.WithFetcher(nil), sampler.WithHTTPClient(nil), sampler.WithLogger(nil))
	want := `remote sampler: service name is empty
sampling interval 1µs: want 1ms or more
sampling fetch timeout 0s: want more than 0
sampling max operations 0: want 1 or more
initial sampler is nil
sampling fetcher is nil
sampling http client is nil
sampling server "nowhere": want host:port, or an http or https URL`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestZeroRemote(t *testing.T) {
	t.Parallel()
	r := &sampler.Remote{}
	if d := r.Sample(likely, "op"); d.Sample || len(d.Tags.List()) != 0 {
		t.Errorf("got %+v, want no", d)
	}
	if err := r.Close(); err != nil {
		t.Errorf("got %v, want nil", err)
	}
	if got, want := fmt.Sprint(r), "remote(none)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestRemoteDescribesCustomSamplers: they need not have a String method.
func TestRemoteDescribesCustomSamplers(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	r := startRemote(t, sampler.WithFetcher(s.fetch), sampler.WithInitial(probes{sampler.NewConst(true)}))
	if got, want := fmt.Sprint(r), "remote(sampler_test.probes)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestRemoteUnderLoad: spans start on many goroutines while strategies change.
func TestRemoteUnderLoad(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	r := startRemote(t, sampler.WithFetcher(s.fetch), sampler.WithMaxOperations(20))
	s.await()
	s.answer(allAnswer)
	var stop atomic.Bool
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := 0; !stop.Load(); i++ {
				d := r.Sample(model.TraceID{Low: uint64(i) * golden}, fmt.Sprint("op", g, i%100))
				if d.Sample && len(d.Tags.List()) != 2 {
					t.Errorf("got %+v, want two tags", d)
					return
				}
				if i%64 == 0 {
					_, _ = r.Stats(), r.String()
				}
			}
		}()
	}
	for i := range 60 {
		switch i % 5 {
		case 0:
			s.answer(allAnswer)
		case 1, 2:
			s.answer(opsAnswer)
		case 3:
			s.answer(slowAnswer)
		case 4:
			s.fail(io.ErrUnexpectedEOF)
		}
	}
	stop.Store(true)
	wg.Wait()
}

func TestRemoteDoesNotAllocate(t *testing.T) {
	s := newScript(t)
	r := startRemote(t, sampler.WithFetcher(s.fetch))
	s.await()
	for _, body := range []string{allAnswer, opsAnswer, slowAnswer} {
		s.answer(body)
		r.Sample(unlikely, "seen")
		for _, name := range []string{"listed", "seen"} {
			if got := testing.AllocsPerRun(100, func() { sink = r.Sample(unlikely, name) }); got != 0 {
				t.Errorf("%v, %s: got %v allocations, want 0", r, name, got)
			}
		}
	}
}

func BenchmarkRemote(b *testing.B) {
	s := newScript(b)
	r := startRemote(b, sampler.WithFetcher(s.fetch))
	s.await()
	for _, body := range []string{allAnswer, opsAnswer, slowAnswer} {
		s.answer(body)
		b.Run(r.String(), func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				sink = r.Sample(unlikely, "listed")
			}
		})
	}
}
