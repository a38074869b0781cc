// SPDX-License-Identifier: Apache-2.0

package baggage_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/baggage"
)

const userOnly = `[{"baggageKey":"user","maxValueLength":64}]`

// answer is what a restrictor says of two keys.
func answer(r baggage.Restrictor) string {
	var words []string
	for _, key := range []string{"user", "other"} {
		if allowed, length := r.Restriction(key); allowed {
			words = append(words, fmt.Sprint(key, " ", length))
		} else {
			words = append(words, key+" no")
		}
	}
	return strings.Join(words, ", ")
}

const (
	listed = "user 64, other no"
	all    = "user 2048, other 2048"
	none   = "user no, other no"
)

func TestRemote(t *testing.T) {
	t.Parallel()
	p := newPeer(t, userOnly)
	r := p.restrict()
	if got, want := p.await(), "GET /r?service=shop"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	p.settle()
	if got := answer(r); got != listed {
		t.Errorf("got %s, want %s", got, listed)
	}
	p.says(200, `[{"baggageKey":"other"}]`)
	p.settle()
	if got, want := answer(r), "user no, other 2048"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	p.says(200, `[]`)
	p.settle()
	if got := answer(r); got != none {
		t.Errorf("got %s, want %s", got, none)
	}
	if got := r.Stats(); got.UpdatesOK < 3 || got.UpdatesFailed != 0 || !got.Restricted || got.Keys != 0 || got.Updated.IsZero() {
		t.Errorf("got %+v, want good answers only, of which the last lists nothing", got)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if got := answer(r); got != none {
		t.Errorf("got %s after Close, want %s", got, none)
	}
}

func TestRemoteHostPort(t *testing.T) {
	t.Parallel()
	p := newPeer(t, userOnly)
	p.restrict(baggage.WithServer(strings.TrimPrefix(p.URL, "http://")))
	if got, want := p.await(), "GET /baggageRestrictions?service=shop"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestRemoteBadServers: before a list, with and without denial, and after one.
func TestRemoteBadServers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		handler http.HandlerFunc
		absent  bool
	}{
		{"404", func(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }, true},
		{"agent of Jaeger 1", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "baggage not implemented", 500) }, true},
		{"501", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(501) }, true},
		{"Jaeger 2", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `{"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":1}}`)
		}, true},
		{"500", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, false},
		{"503 without end", func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(503)
			for r.Context().Err() == nil {
				fmt.Fprint(w, strings.Repeat("not implemented ", 1<<12))
			}
		}, false},
		{"garbage", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "[[") }, false},
		{"web page", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }, false},
		{"wrong shape", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `["user"]`) }, false},
		{"huge list", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, list(5000)) }, false},
		{"no end", func(w http.ResponseWriter, _ *http.Request) {
			for {
				if _, err := fmt.Fprint(w, strings.Repeat("[] ", 1<<14)); err != nil {
					return
				}
			}
		}, false},
		{"redirects", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/r", http.StatusFound) }, false},
		{"hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, false},
		{"hangs", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, false},
	} {
		for _, deny := range []bool{false, true} {
			t.Run(fmt.Sprint(test.name, ", deny ", deny), func(t *testing.T) {
				t.Parallel()
				p := newPeer(t, userOnly)
				p.behaves(test.handler)
				if test.name == "redirects" {
					p.hops = 3
				}
				opts, want := []baggage.RemoteOption{}, all
				if test.name == "hangs" {
					opts = append(opts, baggage.WithFetchTimeout(50*time.Millisecond))
				}
				if deny {
					opts = append(opts, baggage.WithDenyUntilFirstAnswer())
					if !test.absent {
						want = none
					}
				}
				r := p.restrict(opts...)
				p.settle()
				if got := answer(r); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
				if s := r.Stats(); s.UpdatesOK != 0 || s.UpdatesFailed == 0 || s.Failures == 0 || s.LastError == nil ||
					s.Absent != test.absent || s.Restricted != (want == none) || !s.Updated.IsZero() {
					t.Errorf("got %+v, want failures, and absent %v", s, test.absent)
				}
				p.says(200, userOnly)
				p.settle()
				if got, s := answer(r), r.Stats(); got != listed || s.UpdatesOK == 0 || s.Absent || s.Keys != 1 || !s.Restricted {
					t.Errorf("got %s, %+v when it answers, want %s", got, s, listed)
				}
				p.behaves(test.handler)
				p.settle()
				if got := answer(r); got != listed || r.Stats().Failures == 0 {
					t.Errorf("got %s, %+v when it has answered, want %s", got, r.Stats(), listed)
				}
			})
		}
	}
}

func TestRemoteOptions(t *testing.T) {
	t.Parallel()
	_, err := baggage.NewRemote("", nil, baggage.WithServer("agent"), baggage.WithInterval(0), baggage.WithFetchTimeout(-1), baggage.WithHTTPClient(nil))
	want := `remote baggage restrictions: service name is empty
baggage restrictions interval 0s: want 1ms or more
baggage restrictions fetch timeout -1ns: want more than 0
baggage restrictions http client is nil
baggage restrictions server "agent": want host:port, or an http or https URL`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestRemoteIsShared(t *testing.T) {
	t.Parallel()
	p := newPeer(t, userOnly)
	r := p.restrict()
	const between = "user 2048, other no" // the list came between the two questions
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 1000 {
				if got := answer(r); got != listed && got != all && got != between {
					t.Errorf("got %s, want %s or %s or %s", got, listed, all, between)
				}
				r.Stats()
			}
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		}()
	}
	wg.Wait()
}

// roundTrip is a transport without a network.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestRemoteCloseCutsQuestions(t *testing.T) {
	t.Parallel()
	asked := make(chan context.Context, 1)
	r, err := baggage.NewRemote("shop", baggage.WithFetchTimeout(time.Hour), baggage.WithHTTPClient(&http.Client{
		Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			asked <- r.Context()
			<-r.Context().Done()
			return nil, r.Context().Err()
		}),
	}))
	if err != nil {
		t.Fatal(err)
	}
	ctx := <-asked
	for range 2 {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	if ctx.Err() == nil || r.Stats().LastError != nil {
		t.Errorf("got %v, %v, want a question that was ended, which is no failure", ctx.Err(), r.Stats().LastError)
	}
	if err := (&baggage.Remote{}).Close(); err != nil {
		t.Errorf("zero: got %v, want nil", err)
	}
}
