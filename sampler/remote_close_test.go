// SPDX-License-Identifier: Apache-2.0

package sampler_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/sampler"
)

// closer is a sampler that counts its Closes.
type closer struct {
	sampler.Const
	closed atomic.Int32
	err    error
}

func (c *closer) Close() error {
	c.closed.Add(1)
	return c.err
}

func TestRemoteClose(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	initial := &closer{Const: *sampler.NewConst(true), err: errors.New("not today")}
	r := must(sampler.NewRemote("shop", sampler.WithFetcher(s.fetch), sampler.WithInitial(initial)))
	s.await() // the fetcher is in the middle of a question
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 2 {
				if err := r.Close(); err != initial.err {
					t.Errorf("got %v, want the initial sampler's %v", err, initial.err)
				}
			}
		}()
	}
	wg.Wait()
	if got := initial.closed.Load(); got != 1 {
		t.Errorf("the initial sampler was closed %d times, want 1", got)
	}
	select {
	case <-s.asked:
		t.Error("asked after Close")
	default:
	}
	if got, want := answer(r.Sample(unlikely, "op")), "yes const true"; got != want {
		t.Errorf("got %s after Close, want %s", got, want)
	}
	if got := r.Stats(); got.QueriesFailed != 0 || got.LastError != nil {
		t.Errorf("got %+v, want a Close that is no failure", got)
	}
}

// TestRemoteCloseCutsQuestions: Close does not wait for a server that hangs, at
// whatever point. TestMain sees that no goroutine is left.
func TestRemoteCloseCutsQuestions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		handler http.HandlerFunc
	}{
		{"headers", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }},
		{"body", func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, "{")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}},
		{"no end", func(w http.ResponseWriter, _ *http.Request) {
			for {
				if _, err := fmt.Fprint(w, " "); err != nil {
					return
				}
				w.(http.Flusher).Flush()
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newPeer(t)
			p.behaves(test.handler)
			r := startRemote(t, sampler.WithServer(p.URL), sampler.WithFetchTimeout(time.Hour))
			p.await()
			if err := r.Close(); err != nil {
				t.Error(err)
			}
			if got := r.Stats(); got.LastError != nil {
				t.Errorf("got %v, want a Close that is no failure", got.LastError)
			}
		})
	}
}

// TestRemoteCloseCutsHandshakes: http.Transport would go on with it.
func TestRemoteCloseCutsHandshakes(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	r := startRemote(t, sampler.WithServer("https://"+listener.Addr().String()), sampler.WithFetchTimeout(time.Hour))
	conn, err := listener.Accept() // and say nothing
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	buffer := make([]byte, 1<<12)
	for {
		if _, err := conn.Read(buffer); err != nil { // the client's side is gone
			return
		}
	}
}
