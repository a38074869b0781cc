// SPDX-License-Identifier: Apache-2.0

package throttle_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/throttle"
)

// drain takes what op has, up to a limit.
func drain(r *throttle.Remote, op string, most int) (n int) {
	for n < most && r.Allow(op) {
		n++
	}
	return n
}

// TestRemoteBadServers: a server without credits leaves it to the local limit,
// one that is out of order too until it has answered.
func TestRemoteBadServers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		handler http.HandlerFunc
		absent  bool
	}{
		{"404", func(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }, true},
		{"501", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(501) }, true},
		{"not implemented", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "credits not implemented", 500) }, true},
		{"Jaeger 2", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `{"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":1}}`)
		}, true},
		{"500", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, false},
		{"garbage", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "{{") }, false},
		{"web page", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }, false},
		{"wrong shape", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `["op"]`) }, false},
		{"negative", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `{"balances":[{"operation":"op","balance":-1}]}`)
		}, false},
		{"no end", func(w http.ResponseWriter, _ *http.Request) {
			for {
				if _, err := fmt.Fprint(w, strings.Repeat("{} ", 1<<14)); err != nil {
					return
				}
			}
		}, false},
		{"redirects", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.RequestURI, http.StatusFound) }, false},
		{"hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, false},
		{"hangs", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newPeer(t, "")
			p.behaves(test.handler)
			if test.name == "redirects" {
				p.hops = 3
			}
			opts := []throttle.RemoteOption{throttle.WithLocalLimit(1e-6, 1000)}
			if test.name == "hangs" {
				opts = append(opts, throttle.WithFetchTimeout(50*time.Millisecond))
			}
			r := p.throttle(opts...)
			p.settle(r, "op")
			if !r.Allow("op") {
				t.Error("got no, want the local limit's yes")
			}
			if s := r.Stats(); s.UpdatesOK != 0 || s.UpdatesFailed == 0 || s.Failures == 0 || s.LastError == nil ||
				s.Absent != test.absent || !s.Updated.IsZero() || s.Refused != 0 || s.Operations != 1 {
				t.Errorf("got %+v, want failures, and absent %v", s, test.absent)
			}
			p.gives(0)
			p.settle(r, "op")
			if r.Allow("op") || r.Stats().UpdatesOK == 0 || r.Stats().Absent {
				t.Errorf("got yes, or %+v, want no where no credits are given", r.Stats())
			}
			p.behaves(test.handler)
			p.settle(r, "op")
			if got := r.Allow("op"); got != test.absent || r.Stats().Failures == 0 {
				t.Errorf("got %v, %+v when it has answered, want %v", got, r.Stats(), test.absent)
			}
			if s := r.Stats(); s.Allowed == 0 || s.Refused == 0 {
				t.Errorf("got %+v, want both allowed and refused", s)
			}
		})
	}
}

// TestRemoteSpendsCredits: no more than were given, in whole ones, however many
// ask.
func TestRemoteSpendsCredits(t *testing.T) {
	t.Parallel()
	p := newPeer(t, "")
	var given atomic.Int64
	p.behaves(func(w http.ResponseWriter, r *http.Request) {
		given.Add(1) // credits are two and a half, for one of two
		fmt.Fprint(w, `{"balances":[{"operation":"op","balance":1.25},{"operation":"op","balance":1.25},{"operation":"stranger","balance":9}]}`)
	})
	r := p.throttle()
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 2000 {
				r.Allow("op")
				r.Allow("other")
				r.Stats()
			}
		}()
	}
	wg.Wait()
	p.settle(r, "op")
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	drain(r, "op", 1e5)
	s := r.Stats()
	if s.Operations != 2 || s.Allowed+s.Refused < 16_000 {
		t.Errorf("got %+v, want 2 operations and every question counted", s)
	}
	// An answer that Close cut off was not booked.
	if most, least := uint64(2.5*float64(given.Load())), uint64(2.5*float64(given.Load()-1)); s.Allowed > most || s.Allowed < least {
		t.Errorf("got %d allowed of %d given", s.Allowed, most)
	}
}

func TestRemoteCapsCredits(t *testing.T) {
	t.Parallel()
	for _, credits := range []float64{400, 1e300} {
		p := newPeer(t, "")
		p.gives(credits)
		r := p.throttle()
		r.Allow("op")
		for r.Stats().UpdatesOK < 5 {
			r.Allow("op")
			p.await()
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		if got := drain(r, "op", 1e6); got > throttle.MostCredits || got < throttle.MostCredits/2 {
			t.Errorf("credits of %v: got %d, want the %d that are saved up", credits, got, throttle.MostCredits)
		}
	}
}

func TestRemoteAsks(t *testing.T) {
	t.Parallel()
	p := newPeer(t, "")
	p.gives(1)
	r := p.throttle()
	r.Allow("GET /a&b")
	if got, want := p.await(), "GET /c?service=shop&operations=GET+%2Fa%26b&uuid=me"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := r.ClientID(); got != "me" {
		t.Errorf("got id %s, want me", got)
	}
	var ids []string
	for range 2 {
		r, err := throttle.NewRemote("shop")
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		ids = append(ids, r.ClientID())
	}
	if ids[0] == ids[1] || ids[0] == "" {
		t.Errorf("got ids %q, want two that differ", ids)
	}
}

// TestRemoteBoundsOperations: what there is no room for shares the local limit.
func TestRemoteBoundsOperations(t *testing.T) {
	t.Parallel()
	p := newPeer(t, "")
	p.gives(0)
	r := p.throttle(throttle.WithMaxOperations(2), throttle.WithLocalLimit(1e-6, 10_000))
	for r.Stats().Operations < 2 {
		r.Allow("a")
		r.Allow("b")
		p.await()
	}
	p.settle(r, "a")
	p.settle(r, "b")
	long := strings.Repeat("x", throttle.LongestName+1)
	for i := range 1000 {
		if op := fmt.Sprint("c", i); !r.Allow(op) || !r.Allow(long) {
			t.Fatalf("%s: got no, want the local limit's yes", op)
		}
	}
	p.settle(r, "a")
	if r.Allow("a") || r.Allow("b") {
		t.Error("got yes, want no without credits")
	}
	if got := r.Stats().Operations; got != 2 {
		t.Errorf("got %d operations, want 2", got)
	}
}

// TestRemoteSplitsQuestions: addresses stay short, and all operations have their
// turn.
func TestRemoteSplitsQuestions(t *testing.T) {
	t.Parallel()
	p := newPeer(t, "")
	var mu sync.Mutex
	longest, seen := 0, map[string]bool{}
	p.behaves(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		longest = max(longest, len(r.RequestURI))
		for _, op := range r.URL.Query()["operations"] {
			seen[op] = true
		}
		fmt.Fprint(w, `{"balances":[]}`)
	})
	r := p.throttle()
	const n = 300
	pad := strings.Repeat("é", 100)
	for {
		for i := range n {
			r.Allow(fmt.Sprint(i, pad))
		}
		p.await()
		mu.Lock()
		all := len(seen) == n
		mu.Unlock()
		if all {
			break
		}
	}
	if got, want := longest, throttle.LongestQuestion+100; got > want {
		t.Errorf("got an address of %d bytes, want %d at most", got, want)
	}
}

func TestRemoteOptions(t *testing.T) {
	t.Parallel()
	_, err := throttle.NewRemote("", nil, throttle.WithServer("agent"), throttle.WithInterval(0), throttle.WithFetchTimeout(-1),
		throttle.WithHTTPClient(nil), throttle.WithMaxOperations(0), throttle.WithLocalLimit(-1, 1), throttle.WithClientID(""))
	want := `remote throttler: service name is empty
credits interval 0s: want 1ms or more
credits fetch timeout -1ns: want more than 0
credits http client is nil
credits max operations 0: want 1 or more
debug spans per second -1: want 0 or more
credits client id is empty
credits server "agent": want host:port, or an http or https URL`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestRemoteCloseCutsQuestions(t *testing.T) {
	t.Parallel()
	asked := make(chan context.Context, 1)
	r, err := throttle.NewRemote("shop", throttle.WithInterval(time.Millisecond), throttle.WithFetchTimeout(time.Hour),
		throttle.WithLocalLimit(0, 1), throttle.WithHTTPClient(&http.Client{
			Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				asked <- r.Context()
				<-r.Context().Done()
				return nil, r.Context().Err()
			}),
		}))
	if err != nil {
		t.Fatal(err)
	}
	if r.Allow("op") {
		t.Error("got yes, want no")
	}
	ctx := <-asked
	for i := range 1000 { // nobody takes them in, and nobody waits
		r.Allow(fmt.Sprint(i))
	}
	for range 2 {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	r.Allow("after")
	if ctx.Err() == nil || r.Stats().LastError != nil {
		t.Errorf("got %v, %v, want a question that was ended, which is no failure", ctx.Err(), r.Stats().LastError)
	}
	var zero throttle.Remote
	if err := zero.Close(); err != nil || zero.Allow("op") {
		t.Errorf("zero: got %v or yes, want nil and no", err)
	}
}
