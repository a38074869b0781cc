// SPDX-License-Identifier: Apache-2.0

package sampler_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/sampler"
)

// peer is a sampling server whose behaviour a test changes as it goes.
type peer struct {
	*httptest.Server
	tb      testing.TB
	handler atomic.Pointer[http.HandlerFunc]
	asked   chan string // queries, each before it is answered
}

func newPeer(tb testing.TB) *peer {
	p := &peer{tb: tb, asked: make(chan string, 1000)}
	p.says(allAnswer)
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

func (p *peer) says(body string) {
	p.behaves(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
}

// settle waits until the present behaviour was met, for which a question that
// began with an older one has to be over.
func (p *peer) settle() {
	p.tb.Helper()
	for len(p.asked) > 0 {
		<-p.asked
	}
	for range 3 {
		p.await()
	}
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

func TestRemoteAsksOverHTTP(t *testing.T) {
	t.Parallel()
	p := newPeer(t)
	r := startRemote(t, sampler.WithServer(p.URL+"/path?tenant=a+b"))
	if got, want := p.await(), "GET /path?service=shop&tenant=a+b"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, step := range []struct{ body, want string }{
		{allAnswer, "remote(probabilistic(1))"}, {slowAnswer, "remote(ratelimiting(1e-07))"}, {noneAnswer, "remote(probabilistic(0))"},
	} {
		p.says(step.body)
		p.settle()
		if got := r.String(); got != step.want {
			t.Errorf("got %s, want %s", got, step.want)
		}
	}
}

func TestRemoteHostPort(t *testing.T) {
	t.Parallel()
	p := newPeer(t)
	startRemote(t, sampler.WithServer(strings.TrimPrefix(p.URL, "http://")))
	if got, want := p.await(), "GET /sampling?service=shop"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// forever writes until the client has had enough.
func forever(w http.ResponseWriter, text string) {
	for {
		if _, err := fmt.Fprint(w, text); err != nil {
			return
		}
	}
}

func TestRemoteBadServers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		handler http.HandlerFunc
		timeout time.Duration // 0 is the default
		want    string        // URL stands for the server's
	}{
		{"500", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "jaeger: sorry", 500) }, 0,
			`sampling server URL: status 500: "jaeger: sorry\n"`},
		{"404 with a strategy", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404); fmt.Fprint(w, allAnswer) }, 0,
			"sampling server URL: status 404: "},
		{"503 without end", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503); forever(w, "busy ") }, 0,
			`status 503: "busy busy `},
		{"204", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, 0, `sampling strategy "": unexpected end of JSON input`},
		{"304", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304) }, 0, `status 304: ""`},
		{"redirect to itself", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), http.StatusFound) }, 0,
			"sampling server URL: more than 3 redirects"},
		{"redirect to a file", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "file:///etc/hostname", http.StatusFound)
		}, 0,
			`unsupported protocol scheme "file"`},
		{"no end", func(w http.ResponseWriter, _ *http.Request) {
			forever(w, `{"probabilisticSampling":{"samplingRate":0}}  `)
		}, 0,
			"sampling server URL: answer is longer than 1048576 bytes"},
		{"long headers", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X", strings.Repeat("x", 1<<20)) }, 0,
			"server response headers exceeded 16384 bytes"},
		{"no answer", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, 100 * time.Millisecond,
			"context deadline exceeded"},
		{"slow body", func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, `{"probabilisticSampling":`)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, 100 * time.Millisecond, "context deadline exceeded"},
		{"cut off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, `{"probabilisticSampling":`)
		}, 0, "sampling server URL: after 25 bytes: unexpected EOF"},
		{"hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 0, "sampling server URL: EOF"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newPeer(t)
			p.behaves(test.handler)
			lines := newLines()
			opts := []sampler.RemoteOption{sampler.WithServer(p.URL + "/s"), sampler.WithLogger(lines.logger())}
			if test.timeout != 0 {
				opts = append(opts, sampler.WithFetchTimeout(test.timeout))
			}
			r := startRemote(t, opts...)
			lines.await(t, "WARN jaeger: no sampling strategy")
			want := strings.ReplaceAll(test.want, "URL", p.URL+"/s?service=shop")
			got := r.Stats()
			if got.LastError == nil || !strings.Contains(got.LastError.Error(), want) || len(got.LastError.Error()) > 1100 {
				t.Errorf("got %.2000v, want %s", got.LastError, want)
			}
			if got.UpdatesOK != 0 || got.Failures == 0 || got.Strategy != "probabilistic(0.001)" {
				t.Errorf("got %+v, want failures and the initial sampler", got)
			}
			p.says(allAnswer)
			lines.await(t, "INFO jaeger: the sampling server answers again")
			if got := r.Stats(); got.UpdatesOK == 0 || got.Strategy != "probabilistic(1)" {
				t.Errorf("got %+v, want a recovery", got)
			}
		})
	}
}

func TestRemoteFollowsRedirects(t *testing.T) {
	t.Parallel()
	p := newPeer(t)
	p.behaves(func(w http.ResponseWriter, r *http.Request) {
		if hops := len(r.URL.Path); hops <= 3 {
			http.Redirect(w, r, r.URL.Path+"x?"+r.URL.RawQuery, http.StatusFound)
			return
		}
		fmt.Fprint(w, allAnswer)
	})
	r := startRemote(t, sampler.WithServer(p.URL+"/"))
	for range 9 {
		p.await()
	}
	if got, want := r.String(), "remote(probabilistic(1))"; got != want {
		t.Errorf("got %s, want %s; %v", got, want, r.Stats().LastError)
	}
}

// TestRemoteHidesPasswords: what is wrong with a server goes to the log.
func TestRemoteHidesPasswords(t *testing.T) {
	t.Parallel()
	p := newPeer(t)
	seen := make(chan string, 1)
	p.behaves(func(w http.ResponseWriter, r *http.Request) {
		_, password, _ := r.BasicAuth()
		select {
		case seen <- password:
		default:
		}
		http.Error(w, "no", http.StatusUnauthorized)
	})
	r := startRemote(t, sampler.WithServer(strings.Replace(p.URL, "http://", "http://me:secret@", 1)))
	p.settle()
	if got := <-seen; got != "secret" {
		t.Errorf("the server got password %q, want secret", got)
	}
	err := r.Stats().LastError
	if err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "me:xxxxx@") {
		t.Errorf("got %v, want it without the password", err)
	}
}

// TestRemoteServerRestarts: connections break, are refused, and come back.
func TestRemoteServerRestarts(t *testing.T) {
	t.Parallel()
	s := newPeer(t)
	address := s.Listener.Addr().String()
	lines := newLines()
	r := startRemote(t, sampler.WithServer(s.URL), sampler.WithLogger(lines.logger()))
	s.settle()
	s.Close()
	lines.await(t, "WARN jaeger: no sampling strategy")
	if got := r.Stats(); got.QueriesFailed == 0 || got.Strategy != "probabilistic(1)" {
		t.Errorf("got %+v, want failures and the last good strategy", got)
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Skipf("the port was taken meanwhile: %v", err)
	}
	again := &peer{tb: t, asked: make(chan string, 1000)}
	again.says(noneAnswer)
	again.Server = &httptest.Server{Listener: listener, Config: &http.Server{Handler: again}}
	again.Start()
	t.Cleanup(again.Close)
	lines.await(t, "INFO jaeger: the sampling server answers again")
	if got := r.Stats(); got.Failures != 0 || got.Strategy != "probabilistic(0)" {
		t.Errorf("got %+v, want the new strategy", got)
	}
}

// TestRemoteHTTPClient: a client of the user's own is used as it is.
func TestRemoteHTTPClient(t *testing.T) {
	t.Parallel()
	p := newPeer(t)
	proxied := make(chan string, 1000)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, Proxy: func(r *http.Request) (*url.URL, error) {
		select {
		case proxied <- r.URL.Host:
		default:
		}
		return url.Parse(p.URL)
	}}}
	startRemote(t, sampler.WithServer("http://sampling.invalid/s"), sampler.WithHTTPClient(client))
	if got, want := p.await(), "GET http://sampling.invalid/s?service=shop"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := <-proxied; got != "sampling.invalid" {
		t.Errorf("got %s, want sampling.invalid", got)
	}
}
