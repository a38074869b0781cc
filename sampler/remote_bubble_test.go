// SPDX-License-Identifier: Apache-2.0

//go:build go1.25

package sampler_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jaegerkit/jaeger/sampler"
)

// diary is a fetcher that notes when it is asked and answers at once.
type diary struct {
	start time.Time
	mu    sync.Mutex
	asked []time.Duration
	body  string
	err   error
}

func newDiary(body string, err error) *diary {
	return &diary{start: time.Now(), body: body, err: err}
}

func (d *diary) fetch(context.Context) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = append(d.asked, time.Since(d.start))
	return []byte(d.body), d.err
}

// says changes the answers from now on.
func (d *diary) says(body string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.body, d.err = body, err
}

func (d *diary) times() []time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.asked)
}

// about tells whether d is want, give or take the jitter.
func about(d, want time.Duration) bool {
	return float64(d) >= 0.9*float64(want) && float64(d) <= 1.1*float64(want)
}

func TestRemoteAsksAtOnceAndThenAtTheInterval(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDiary(allAnswer, nil)
		r := must(sampler.NewRemote("shop", sampler.WithFetcher(d.fetch), sampler.WithLogger(newLines().logger())))
		synctest.Wait()
		if asked := d.times(); len(asked) != 1 || asked[0] != 0 || r.String() != "remote(probabilistic(1))" {
			t.Fatalf("got questions at %v and %v, want one at once and its answer in force", asked, r)
		}
		time.Sleep(100 * time.Minute)
		synctest.Wait()
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		asked := d.times()
		shortest, longest := time.Hour, time.Duration(0)
		for i := 1; i < len(asked); i++ {
			wait := asked[i] - asked[i-1]
			if !about(wait, time.Minute) {
				t.Errorf("got a wait of %v, want a minute give or take 6 seconds", wait)
			}
			shortest, longest = min(shortest, wait), max(longest, wait)
		}
		// A hundred waits all in the middle half: once in 1e30 runs.
		if longest-shortest < 6*time.Second {
			t.Errorf("got waits from %v to %v, want them spread", shortest, longest)
		}
		time.Sleep(time.Hour)
		if n := len(d.times()) - len(asked); n != 0 {
			t.Errorf("got %d questions after Close, want none", n)
		}
	})
}

func TestRemoteBacksOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDiary("", errors.New("connection refused"))
		r := must(sampler.NewRemote("shop", sampler.WithFetcher(d.fetch), sampler.WithLogger(newLines().logger())))
		defer r.Close()
		check := func(what string, seconds ...int) {
			t.Helper()
			synctest.Wait()
			first := len(d.times())
			for i, want := range seconds {
				for len(d.times()) == first+i {
					time.Sleep(100 * time.Millisecond)
					synctest.Wait()
				}
				asked := d.times()
				wait := asked[first+i] - asked[first+i-1]
				if !about(wait, time.Duration(want)*time.Second) {
					t.Errorf("%s, wait %d: got %v, want about %d s", what, i+1, wait, want)
				}
			}
		}
		check("before any answer", 1, 2, 4, 8, 16, 32, 60, 60)
		d.says(allAnswer, nil)
		check("first answer", 60, 60, 60)
		d.says("garbage", nil)
		check("later failures", 60, 60, 120, 240, 240, 240)
		d.says(noneAnswer, nil)
		check("recovery", 240, 60, 60)
	})
}

func TestRemoteTellsLittle(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d, l := newDiary("", errors.New("refused")), newLines()
		r := must(sampler.NewRemote("shop", sampler.WithFetcher(d.fetch), sampler.WithLogger(l.logger()), sampler.WithInterval(10*time.Second)))
		defer r.Close()
		check := func(what string, want ...string) {
			t.Helper()
			synctest.Wait()
			got := l.take()
			for i := range max(len(got), len(want)) {
				switch {
				case i >= len(want):
					t.Errorf("%s: got %s, want no more", what, got[i])
				case i >= len(got):
					t.Errorf("%s: got no more, want %s", what, want[i])
				case !strings.HasPrefix(got[i], want[i]):
					t.Errorf("%s: got %s, want %s", what, got[i], want[i])
				}
			}
		}
		const warn = "WARN jaeger: no sampling strategy from the server, keeping the present one error=refused failures="
		check("first failure", warn+"1 strategy=probabilistic(0.001)")
		time.Sleep(sampler.TellInterval - 20*time.Second)
		check("more of them")
		time.Sleep(time.Minute)
		check("after a while", warn)
		d.says(allAnswer, nil)
		time.Sleep(11 * time.Second)
		check("recovery", "INFO jaeger: the sampling server answers again failures=")
		time.Sleep(time.Minute)
		check("all well")
		d.says("", errors.New("refused"))
		time.Sleep(time.Minute)
		check("again soon")
		d.says(allAnswer, nil)
		time.Sleep(2 * time.Minute)
		check("recovery from what was not told")
		d.says(noneAnswer, nil)
		time.Sleep(11 * time.Second)
		check("new rate", "DEBUG jaeger: sampling strategy strategy=probabilistic(0)")
		time.Sleep(sampler.TellInterval)
		check("same rate")
		d.says(opsAnswer, nil)
		time.Sleep(11 * time.Second)
		check("new kind", "INFO jaeger: sampling strategy strategy=peroperation(1 listed")
		for i := range 10 {
			d.says([]string{allAnswer, opsAnswer}[i%2], nil)
			time.Sleep(11 * time.Second)
		}
		synctest.Wait()
		for _, line := range l.take() {
			if !strings.HasPrefix(line, "DEBUG") {
				t.Errorf("to and fro: got %s, want level DEBUG", line)
			}
		}
	})
}

// TestRemoteLeavesStuckFetchersBehind: Close is bounded whatever a fetcher does,
// and what it answers later is not used.
func TestRemoteLeavesStuckFetchersBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		r := must(sampler.NewRemote("shop", sampler.WithFetcher(func(context.Context) ([]byte, error) {
			<-release
			return []byte(allAnswer), nil
		})))
		synctest.Wait()
		for range 2 {
			start := time.Now()
			if err := r.Close(); err == nil || err.Error() != "remote sampler: the fetcher does not return" {
				t.Errorf("got %v, want that the fetcher does not return", err)
			}
			if got := time.Since(start); got != sampler.CloseGrace {
				t.Errorf("Close took %v, want %v", got, sampler.CloseGrace)
			}
		}
		close(release)
		synctest.Wait()
		if got, want := r.Stats(), (sampler.RemoteStats{Strategy: "probabilistic(0.001)"}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		if err := r.Close(); err != nil {
			t.Errorf("got %v when it has returned, want nil", err)
		}
	})
}

func TestRemoteFetchTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var took []time.Duration
		r := must(sampler.NewRemote("shop", sampler.WithLogger(newLines().logger()), sampler.WithFetcher(func(ctx context.Context) ([]byte, error) {
			start := time.Now()
			<-ctx.Done()
			took = append(took, time.Since(start))
			return nil, ctx.Err()
		})))
		time.Sleep(12 * time.Second)
		if got := r.Stats().LastError; !errors.Is(got, context.DeadlineExceeded) || took[0] != sampler.DefaultFetchTimeout {
			t.Errorf("got %v after %v, want a deadline of %v", got, took, sampler.DefaultFetchTimeout)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
}
