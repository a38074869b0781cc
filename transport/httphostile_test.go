// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

// rawServer talks to each connection as serve likes.
func rawServer(t *testing.T, serve func(n int, c net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var conns []net.Conn
	var done sync.WaitGroup
	done.Add(1)
	go func() {
		defer done.Done()
		for n := 0; ; n++ {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			conns = append(conns, c)
			mu.Unlock()
			done.Add(1)
			go func() {
				defer done.Done()
				defer c.Close()
				serve(n, c)
			}()
		}
	}()
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		for _, c := range conns {
			c.Close()
		}
		mu.Unlock()
		done.Wait()
	})
	return "http://" + l.Addr().String()
}

// readRequest reads a whole request.
func readRequest(c net.Conn) {
	if r, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
		_, _ = io.Copy(io.Discard, r.Body)
	}
}

func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	say := func(text string) func(int, net.Conn) {
		return func(_ int, c net.Conn) {
			readRequest(c)
			_, _ = io.WriteString(c, text)
		}
	}
	endless := func(head, piece string) func(int, net.Conn) {
		return func(_ int, c net.Conn) {
			readRequest(c)
			_, err := io.WriteString(c, head)
			for err == nil {
				_, err = io.WriteString(c, piece)
			}
		}
	}
	hang := func(text string) func(int, net.Conn) {
		return func(_ int, c net.Conn) {
			readRequest(c)
			_, _ = io.WriteString(c, text)
			_, _ = c.Read(make([]byte, 1)) // until the client or the test ends it
		}
	}
	const ok, bad = "HTTP/1.1 202 Accepted\r\n", "HTTP/1.1 400 Bad Request\r\n"
	for _, test := range []struct {
		name  string
		serve func(int, net.Conn)
		want  string // of the error; "" for success
	}{
		{"closes at once", func(int, net.Conn) {}, "gave up after 2 tries"},
		{"closes after the request", say(""), "gave up after 2 tries"},
		{"garbage", say("\x16\x03\x01 no http \x00\r\n\r\n"), "gave up after 2 tries"},
		{"much garbage", say(strings.Repeat("\xff", 100_000)), ""},
		{"half a status line", say("HTTP/1.1 20"), "gave up after 2 tries"},
		{"half a header", say(ok + "Content-Le"), "gave up after 2 tries"},
		{"endless header", endless(ok, "X: "+strings.Repeat("y", 1000)+"\r\n"), "gave up after 2 tries"},
		{"endless 1xx", endless("", "HTTP/1.1 102 Processing\r\n\r\n"), "gave up after 2 tries"},
		{"never answers", hang(""), "no answer within 300ms"},
		{"half an answer, then nothing", hang("HTTP/1.1 202"), "no answer within 300ms"},
		{"a body that does not come", hang(ok + "Content-Length: 10\r\n\r\n"), ""},
		{"a body cut short", say(ok + "Content-Length: 10\r\n\r\nabc"), ""},
		{"endless body", endless(ok+"\r\n", strings.Repeat("x", 4096)), ""},
		{"an error without its body", hang(bad + "Content-Length: 10\r\n\r\nabc"), `status 400 Bad Request: "abc"`},
		{"an error cut short", say(bad + "Content-Length: 10\r\n\r\nabc"), `status 400 Bad Request: "abc"`},
		{"an endless error", endless(bad+"\r\n", "why \x1b[2J "), `status 400 Bad Request: "why \x1b[2J why`},
		{"bad chunks", say(ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"), ""},
		{"gzip that is none", say(ok + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"), ""},
		{"status 0", say("HTTP/1.1 000 what\r\n\r\n"), "status 0"},
		{"status 999", say("HTTP/1.1 999 what\r\n\r\n"), "status 999"},
		{"switches protocols", say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"), "status 101"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h, _ := newHTTP(t, rawServer(t, test.serve), transport.WithTimeout(300*time.Millisecond), transport.WithRetry(time.Millisecond))
			n, err := h.Send(context.Background(), spansWithIDs(2))
			switch {
			case test.name == "much garbage":
				if err == nil || len(err.Error()) > 800 {
					t.Errorf("got: %d, %.900v\nwant: a short error", n, err)
				}
			case test.want == "" && (n != 2 || err != nil), test.want != "" && (n != 0 || err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("got: %d, %v\nwant: %q", n, err, test.want)
			}
		})
	}
}

// TestAnswersWithoutTheirBody: the headers say all, the rest is not waited for.
func TestAnswersWithoutTheirBody(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]int{"202 Accepted": 1, "403 Forbidden": 0} {
		h, _ := newHTTP(t, rawServer(t, func(_ int, c net.Conn) {
			readRequest(c)
			_, _ = io.WriteString(c, "HTTP/1.1 "+status+"\r\nContent-Length: 10\r\n\r\n")
			_, _ = c.Read(make([]byte, 1))
		}), transport.WithTimeout(time.Hour))
		if n, err := h.Send(context.Background(), spansWithIDs(1)); n != want || (err == nil) != (want == 1) {
			t.Errorf("%s\n got: %d, %v\nwant: %d", status, n, err, want)
		}
	}
}

// TestAnswersBeforeTheBodyIsRead has the memory of the body used again while
// net/http may still be writing it; the race detector looks on.
func TestAnswersBeforeTheBodyIsRead(t *testing.T) {
	t.Parallel()
	h, _ := newHTTP(t, rawServer(t, func(_ int, c net.Conn) {
		_, _ = http.ReadRequest(bufio.NewReader(c))
		_, _ = io.WriteString(c, "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
	}), transport.WithTimeout(time.Second))
	b := spansWithIDs(1)
	b.Spans[0].Tags = []model.Tag{model.String("v", strings.Repeat("x", 3<<20))}
	for range 5 {
		// Whether the answer or the broken connection is seen first is chance.
		if n, err := h.Send(context.Background(), b); n == 1 && err != nil || n == 0 && err == nil {
			t.Errorf("got: %d, %v\nwant: an error for what is lost", n, err)
		}
	}
}

func TestNoCollectorListens(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	h, f := newHTTP(t, "http://"+l.Addr().String())
	n, err := h.Send(context.Background(), spansWithIDs(1))
	if n != 0 || err == nil || !strings.Contains(err.Error(), "gave up after 9 tries") {
		t.Errorf("got: %d, %v\nwant: given up", n, err)
	}
	equal(t, "total pause", f.total(), 30*time.Second)
}

func TestConnectionsThatBreakAreReplaced(t *testing.T) {
	t.Parallel()
	h, f := newHTTP(t, rawServer(t, func(n int, c net.Conn) {
		if n < 3 {
			_, _ = io.ReadFull(c, make([]byte, 100)) // and away in the midst of the request
			return
		}
		readRequest(c)
		_, _ = io.WriteString(c, "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
	}))
	wantSent(t, h, spansWithIDs(1))
	if len(f.sleeps) != 3 {
		t.Errorf("pauses\n got: %v\nwant: 3", f.sleeps)
	}
}

// TestForeignRoundTripper is one that keeps none of the rules.
func TestForeignRoundTripper(t *testing.T) {
	t.Parallel()
	var kept io.ReadCloser
	answers := []func(*http.Request) (*http.Response, error){
		func(r *http.Request) (*http.Response, error) { return nil, nil },
		func(r *http.Request) (*http.Response, error) { return nil, errors.New(strings.Repeat("no ", 10_000)) },
		func(r *http.Request) (*http.Response, error) { return &http.Response{StatusCode: 503}, nil },
		func(r *http.Request) (*http.Response, error) {
			kept = r.Body
			r.Header.Set("X-Mine", "1")
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader("ok"))}, nil
		},
	}
	n := 0
	trip := roundTrip(func(r *http.Request) (*http.Response, error) {
		n++
		equal(t, "X-Mine", r.Header.Get("X-Mine"), "")
		return answers[min(n, len(answers))-1](r)
	})
	h, _ := newHTTP(t, "http://127.0.0.1", transport.WithRoundTripper(trip))
	wantSent(t, h, spansWithIDs(1))
	wantSent(t, h, spansWithIDs(1))
	equal(t, "tries", n, 5)
	if k, err := kept.Read(make([]byte, 10)); k != 0 || err == nil {
		t.Errorf("a body kept\n got: %d, %v\nwant: an error", k, err)
	}
	kept.Close()
}
