// SPDX-License-Identifier: Apache-2.0

package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/internal/fetch"
)

// patience ends a test that would hang; no test that passes waits for it.
const patience = 20 * time.Second

func await[T any](tb testing.TB, c <-chan T) (v T) {
	tb.Helper()
	select {
	case v = <-c:
	case <-time.After(patience):
		tb.Fatal("nothing came")
	}
	return v
}

// TestCloseCutsQuestions: whatever the server is at. TestMain sees that no
// goroutine is left.
func TestCloseCutsQuestions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		handler http.HandlerFunc
	}{
		{"headers", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }},
		{"body", func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, "[")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}},
		{"drip", func(w http.ResponseWriter, _ *http.Request) {
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
			asked := make(chan struct{}, 1)
			_, s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				asked <- struct{}{}
				test.handler(w, r)
			})
			l := fetch.Start(fetch.Task{
				Interval: time.Hour, Timeout: time.Hour,
				Fetch: func(ctx context.Context) ([]byte, error) { return s.Get(ctx, nil) },
				Use:   func([]byte) error { t.Error("got an answer"); return nil },
				Tell:  func(err error) { t.Errorf("told of %v, want a Close that is no failure", err) },
			})
			await(t, asked)
			var wg sync.WaitGroup
			for range 4 {
				wg.Add(1)
				go func() {
					defer wg.Done()
					if err := l.Close(); err != nil {
						t.Error(err)
					}
				}()
			}
			wg.Wait()
			if got := l.Stats(); got != (fetch.Stats{}) {
				t.Errorf("got %+v, want nothing counted", got)
			}
		})
	}
}

// TestCloseCutsHandshakes: http.Transport would go on with it.
func TestCloseCutsHandshakes(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	s, err := fetch.NewServer("server", "https://"+listener.Addr().String(), "", "shop", nil)
	if err != nil {
		t.Fatal(err)
	}
	l := fetch.Start(fetch.Task{
		Interval: time.Hour, Timeout: time.Hour,
		Fetch: func(ctx context.Context) ([]byte, error) { return s.Get(ctx, nil) },
		Use:   func([]byte) error { return nil },
		Tell:  func(error) {},
	})
	conn, err := listener.Accept() // and say nothing
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	buffer := make([]byte, 1<<12)
	for {
		if _, err := conn.Read(buffer); err != nil { // the client's side is gone
			return
		}
	}
}

// TestOutcomes: each question ends in one count, and a panic in one, too.
// hostile is an error whose methods panic: Error of 1, Is of 2.
type hostile int

func (h hostile) Error() string { return h.panics(1) }

func (h hostile) Is(error) bool { return h.panics(2) == "" }

func (h hostile) panics(method hostile) string {
	if h == method {
		panic(fmt.Sprintf("in method %d", int(method)))
	}
	return "hostile"
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	bad := errors.New("bad")
	for _, test := range []struct {
		name  string
		fetch func(context.Context) ([]byte, error)
		use   func([]byte) error
		want  string
	}{
		{"good", func(context.Context) ([]byte, error) { return nil, nil }, func([]byte) error { return nil },
			"queries 1/0, updates 1/0, 0 in a row, <nil>, absent false"},
		{"no answer", func(context.Context) ([]byte, error) { return nil, bad }, nil, "queries 0/1, updates 0/0, 1 in a row, bad, absent false"},
		{"refused", func(context.Context) ([]byte, error) { return nil, nil }, func([]byte) error { return bad },
			"queries 1/0, updates 0/1, 1 in a row, bad, absent false"},
		{"absent", func(context.Context) ([]byte, error) { return nil, fetch.ErrAbsent }, nil,
			"queries 0/1, updates 0/0, 1 in a row, the server has no such endpoint, absent true"},
		{"panic in fetch", func(context.Context) ([]byte, error) { panic(strings.Repeat("x", 5000)) }, nil,
			"queries 0/1, updates 0/0, 1 in a row, panic: " + strings.Repeat("x", 993) + "..., absent false"},
		{"panic in the error's text", func(context.Context) ([]byte, error) { return nil, hostile(1) }, nil,
			"queries 0/1, updates 0/0, 1 in a row, panic: in method 1, absent false"},
		{"panic in the error's Is", func(context.Context) ([]byte, error) { return nil, fmt.Errorf("it is %w", hostile(2)) }, nil,
			"queries 0/1, updates 0/0, 1 in a row, panic: in method 2, absent false"},
		{"panic in use", func(context.Context) ([]byte, error) { return nil, nil }, func(b []byte) error { return fmt.Errorf("%c", b[0]) },
			"queries 1/0, updates 0/1, 1 in a row, panic: runtime error: index out of range [0] with length 0, absent false"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			told := make(chan error)
			l := fetch.Start(fetch.Task{
				Interval: time.Hour, Timeout: time.Hour, Fetch: test.fetch, Use: test.use,
				Tell: func(err error) { told <- err },
			})
			err := await(t, told)
			s := l.Stats()
			got := fmt.Sprintf("queries %d/%d, updates %d/%d, %d in a row, %v, absent %v",
				s.QueriesOK, s.QueriesFailed, s.UpdatesOK, s.UpdatesFailed, s.Failures, s.LastError, s.Absent)
			if got != test.want || err != s.LastError {
				t.Errorf("got %s, told %v, want %s", got, err, test.want)
			}
			if err := l.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestCloseEndsPoll: also one whose question is under way, and never as if it had
// been the caller's own context that ended.
func TestCloseEndsPoll(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{})
	l := fetch.Start(fetch.Task{
		Interval: time.Hour, Timeout: time.Hour,
		Fetch: func(ctx context.Context) ([]byte, error) {
			select {
			case asked <- struct{}{}:
				return nil, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		},
		Use: func([]byte) error { return nil }, Tell: func(error) {},
	})
	await(t, asked)
	polled := make(chan error)
	go func() { polled <- l.Poll(context.Background()) }()
	await(t, asked)
	if err := await(t, polled); err != nil {
		t.Errorf("got %v, want nil", err)
	}
	under := make(chan struct{})
	go func() {
		close(under)
		polled <- l.Poll(context.Background())
	}()
	<-under
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if err := await(t, polled); err != fetch.ErrClosed {
		t.Errorf("got %v, want %v", err, fetch.ErrClosed)
	}
	if err := l.Poll(context.Background()); err != fetch.ErrClosed {
		t.Errorf("got %v of a closed loop, want %v", err, fetch.ErrClosed)
	}
}

func TestNilLoop(t *testing.T) {
	t.Parallel()
	var l *fetch.Loop
	if err := l.Close(); err != nil || l.Stats() != (fetch.Stats{}) {
		t.Errorf("got %v, %+v, want nothing", err, l.Stats())
	}
}

func TestWaitsDoNotOverflow(t *testing.T) {
	t.Parallel()
	outcomes := []error{errors.New("bad"), fetch.ErrAbsent, fetch.ErrIdle}
	for _, interval := range []time.Duration{time.Millisecond, time.Minute, 1<<63 - 1} {
		w := fetch.NewWaits(interval)
		for i := range 300 {
			err := outcomes[0]
			switch {
			case i%100 == 99:
				err = nil
			case i%10 == 9:
				err = outcomes[i/10%3]
			}
			if got := w.Next(err); got <= 0 {
				t.Fatalf("interval %v: got a wait of %v", interval, got)
			}
		}
	}
}
