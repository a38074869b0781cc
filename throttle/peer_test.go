// SPDX-License-Identifier: Apache-2.0

package throttle_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/throttle"
)

// patience ends a test that would hang; no test that passes waits for it.
const patience = 20 * time.Second

// peer is a server whose behaviour a test changes as it goes.
type peer struct {
	*httptest.Server
	tb      testing.TB
	handler atomic.Pointer[http.HandlerFunc]
	asked   chan string // each before it is answered
	hops    int         // of a question that is sent on
}

func newPeer(tb testing.TB, body string) *peer {
	p := &peer{tb: tb, asked: make(chan string, 1000)}
	p.says(200, body)
	p.Server = httptest.NewServer(p)
	tb.Cleanup(p.Close)
	return p
}

func (p *peer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	select {
	case p.asked <- r.Method + " " + r.RequestURI:
	default:
	}
	(*p.handler.Load())(w, r)
}

func (p *peer) behaves(h http.HandlerFunc) { p.handler.Store(&h) }

func (p *peer) says(code int, body string) {
	p.behaves(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		fmt.Fprint(w, body)
	})
}

func (p *peer) await() string {
	p.tb.Helper()
	select {
	case q := <-p.asked:
		return q
	case <-time.After(patience):
		p.tb.Fatal("no question came")
		return ""
	}
}

// gives answers each question with so many credits for each operation.
func (p *peer) gives(credits float64) {
	p.behaves(func(w http.ResponseWriter, r *http.Request) {
		grants := []map[string]any{}
		for _, op := range r.URL.Query()["operations"] {
			grants = append(grants, map[string]any{"operation": op, "balance": credits})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"balances": grants})
	})
}

// settle waits until the present behaviour was met in a question about op, for
// which one that began with an older one has to be over.
func (p *peer) settle(r *throttle.Remote, op string) {
	p.tb.Helper()
	for len(p.asked) > 0 {
		<-p.asked
	}
	for range 3 + 2*p.hops {
		r.Allow(op) // or nothing is asked
		p.await()
		r.Allow(op)
	}
}

// throttle starts a throttler that asks often, quietly, has no local limit to
// speak of, and is closed with the test.
func (p *peer) throttle(opts ...throttle.RemoteOption) *throttle.Remote {
	p.tb.Helper()
	r, err := throttle.NewRemote("shop", append([]throttle.RemoteOption{
		throttle.WithServer(p.URL + "/c"), throttle.WithInterval(time.Millisecond), throttle.WithLogger(newLines().logger()),
		throttle.WithLocalLimit(0, 1), throttle.WithClientID("me"),
	}, opts...)...)
	if err != nil {
		p.tb.Fatal(err)
	}
	p.tb.Cleanup(func() {
		if err := r.Close(); err != nil {
			p.tb.Errorf("close: %v", err)
		}
	})
	return r
}

// lines keep what is logged.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func newLines() *lines { return &lines{} }

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == "error" {
			return slog.Attr{}
		}
		return a
	}}))
}

// take returns what was logged since.
func (l *lines) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.text.Reset()
	return l.text.String()
}
