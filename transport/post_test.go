// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

func TestStatuses(t *testing.T) {
	t.Parallel()
	retried := map[int]bool{429: true, 500: true, 502: true, 503: true, 504: true, 507: true, 520: true, 599: true}
	for _, code := range []int{200, 201, 202, 204, 299, 300, 304, 305, 400, 401, 403, 404, 405, 408, 415, 418, 422, 425, 429, 431, 451, 499,
		500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511, 520, 599} {
		c := newCollector(t, statuses(code, 202))
		h, f := newHTTP(t, c.URL)
		n, err := h.Send(context.Background(), spansWithIDs(2))
		requests := len(c.got())
		switch {
		case code < 300:
			if n != 2 || err != nil || requests != 1 {
				t.Errorf("%d\n got: %d, %v after %d requests\nwant: success", code, n, err, requests)
			}
		case retried[code]:
			if n != 2 || err != nil || requests != 2 || len(f.sleeps) != 1 {
				t.Errorf("%d\n got: %d, %v after %d requests\nwant: success with the second", code, n, err, requests)
			}
		default:
			var lost *transport.Error
			if n != 0 || !errors.As(err, &lost) || lost.Cause != transport.Transport || lost.Spans != 2 || requests != 1 {
				t.Errorf("%d\n got: %d, %v after %d requests\nwant: 2 spans lost after 1", code, n, err, requests)
			} else if !strings.Contains(err.Error(), fmt.Sprintf("status %d", code)) {
				t.Errorf("%d\n got: %v\nwant: the status in it", code, err)
			}
		}
	}
}

func TestPauses(t *testing.T) {
	t.Parallel()
	ms := time.Millisecond
	doubling := []time.Duration{250 * ms, 500 * ms, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 8 * time.Second, 6250 * ms}
	after := func(value, date string) func(int, http.ResponseWriter, *http.Request) {
		return func(n int, w http.ResponseWriter, _ *http.Request) {
			if n > 0 {
				w.WriteHeader(202)
				return
			}
			w.Header().Set("Retry-After", value)
			if date != "" {
				w.Header().Set("Date", date)
			}
			w.WriteHeader(429)
		}
	}
	for _, test := range []struct {
		name   string
		answer func(int, http.ResponseWriter, *http.Request)
		opts   []transport.HTTPOption
		want   []time.Duration
	}{
		{"doubled, to the end of the budget", statuses(503), nil, doubling},
		{"a small budget", statuses(503), []transport.HTTPOption{transport.WithRetry(300 * ms)}, doubling[:1:1]},
		{"no budget", statuses(503), []transport.HTTPOption{transport.WithRetry(0)}, nil},
		{"seconds", after("7", ""), nil, []time.Duration{7250 * ms}},
		{"no number", after("soon", ""), nil, []time.Duration{250 * ms}},
		{"negative", after("-7", ""), nil, []time.Duration{250 * ms}},
		{"beyond the budget", after("3600", ""), nil, []time.Duration{30 * time.Second}},
		{"beyond all numbers", after(strings.Repeat("9", 30), ""), nil, []time.Duration{30 * time.Second}},
		{"date", after("Wed, 21 Oct 2015 07:28:05 GMT", "Wed, 21 Oct 2015 07:28:00 GMT"), nil, []time.Duration{5250 * ms}},
		{"date gone by", after("Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 21 Oct 2015 07:28:05 GMT"), nil, []time.Duration{250 * ms}},
		{"date far away", after("Fri, 31 Dec 9999 23:59:59 GMT", ""), nil, []time.Duration{30 * time.Second}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newCollector(t, test.answer)
			h, f := newHTTP(t, c.URL, test.opts...)
			n, err := h.Send(context.Background(), spansWithIDs(1))
			if test.name == "a small budget" {
				test.want = append(test.want, 50*ms)
			}
			equal(t, "pauses", f.sleeps, test.want)
			if taken := len(c.got()) == len(test.want)+1; !taken {
				t.Errorf("requests\n got: %d\nwant: %d", len(c.got()), len(test.want)+1)
			}
			if (n == 1) != (err == nil) {
				t.Errorf("got: %d, %v\nwant: an error for what is lost", n, err)
			}
		})
	}
}

func TestGivingUpSaysWhy(t *testing.T) {
	t.Parallel()
	var lines strings.Builder
	c := newCollector(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(500)
		fmt.Fprint(w, "queue \x1b[31mis full\n\xff", strings.Repeat("x", 1000))
	})
	h, f := newHTTP(t, strings.Replace(c.URL, "://", "://me:hunter2@", 1)+"/x?token=hunter2",
		transport.WithLogger(slog.New(slog.NewTextHandler(&lines, nil))), transport.WithBatchSize(2))
	b := spansWithIDs(5)
	n, err := h.Send(context.Background(), b)
	var lost *transport.Error
	if n != 0 || !errors.As(err, &lost) || lost.Spans != 2 || lost.Cause != transport.Transport {
		t.Fatalf("got: %d, %v\nwant: 2 of the 5 lost", n, err)
	}
	for _, want := range []string{c.URL + "/x", "gave up after 9 tries", "status 500 Internal Server Error", `"queue \x1b[31mis full\n\xffxxx`, `x"...`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error\n got: %v\nwant: %s in it", err, want)
		}
	}
	equal(t, "total pause", f.total(), 30*time.Second)
	if strings.Contains(err.Error()+lines.String(), "hunter2") {
		t.Errorf("a secret in\n%v\n%s", err, lines.String())
	}
	if len(err.Error()) > 700 {
		t.Errorf("got: an error of %d bytes\nwant: a short one", len(err.Error()))
	}
	equal(t, "lines", strings.Count(lines.String(), "\n"), 2) // the first failure, and giving up
}

func TestContextEndsThePause(t *testing.T) {
	t.Parallel()
	c := newCollector(t, statuses(503))
	h, f := newHTTP(t, c.URL)
	cause := errors.New("shutdown")
	ctx, cancel := context.WithCancelCause(context.Background())
	f.on = func(n int) {
		if n == 2 {
			cancel(cause)
		}
	}
	b := spansWithIDs(3)
	n, err := h.Send(ctx, b)
	var lost *transport.Error
	if n != 0 || !errors.Is(err, cause) || errors.As(err, &lost) || !strings.Contains(err.Error(), "status 503") {
		t.Errorf("got: %d, %v\nwant: 0, shutdown after status 503, for all spans", n, err)
	}
	equal(t, "requests", len(c.got()), 2)
	if n, err := h.Send(ctx, b); n != 0 || !errors.Is(err, cause) {
		t.Errorf("got: %d, %v\nwant: 0, shutdown", n, err)
	}
	equal(t, "requests", len(c.got()), 2)
}

func TestContextEndsATry(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	c := newCollector(t, nil)
	c.answer = func(int, http.ResponseWriter, *http.Request) {
		cancel()
		<-c.done
	}
	h, _ := newHTTP(t, c.URL, transport.WithTimeout(time.Hour), transport.WithBatchSize(1))
	var lost *transport.Error
	if n, err := h.Send(ctx, spansWithIDs(3)); n != 0 || !errors.Is(err, context.Canceled) || errors.As(err, &lost) {
		t.Errorf("got: %d, %v\nwant: 0, cancelled, for all spans", n, err)
	}
	equal(t, "requests", len(c.got()), 1)
}

// TestCloseWhilePosting closes at each place where a Send may be.
func TestCloseWhilePosting(t *testing.T) {
	t.Parallel()
	t.Run("in a pause", func(t *testing.T) {
		t.Parallel()
		c := newCollector(t, statuses(503))
		h, f := newHTTP(t, c.URL)
		f.on = func(int) { h.Close() }
		wantClosed(t, h)
		equal(t, "requests", len(c.got()), 1)
	})
	t.Run("in a real pause", func(t *testing.T) {
		t.Parallel()
		c := newCollector(t, nil)
		h, err := transport.NewHTTP(c.URL, transport.WithRetry(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		c.answer = func(_ int, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(503)
			go h.Close()
		}
		wantClosed(t, h)
	})
	t.Run("before an answer", func(t *testing.T) {
		t.Parallel()
		arrived := make(chan struct{})
		c := newCollector(t, nil)
		c.answer = func(_ int, _ http.ResponseWriter, r *http.Request) {
			close(arrived)
			<-c.done
		}
		h, _ := newHTTP(t, c.URL, transport.WithTimeout(time.Hour))
		go func() {
			<-arrived
			h.Close()
		}()
		wantClosed(t, h)
	})
	t.Run("in an answer", func(t *testing.T) {
		t.Parallel()
		c := newCollector(t, nil)
		h, _ := newHTTP(t, c.URL)
		c.answer = func(_ int, w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(500)
			w.(http.Flusher).Flush()
			h.Close()
			<-c.done
		}
		wantClosed(t, h)
	})
	t.Run("before", func(t *testing.T) {
		t.Parallel()
		c := newCollector(t, nil)
		h, _ := newHTTP(t, c.URL)
		wantSent(t, h, spansWithIDs(1))
		h.Close()
		wantClosed(t, h)
		wantClosed(t, &transport.HTTP{})
		wantClosed(t, &transport.Zipkin{})
		equal(t, "requests", len(c.got()), 1)
	})
}

func wantClosed(t *testing.T, s transport.Encoder) {
	t.Helper()
	if n, err := s.Send(context.Background(), spansWithIDs(2)); n != 0 || !errors.Is(err, transport.ErrClosed) {
		t.Errorf("got: %d, %v\nwant: 0, closed", n, err)
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	data, ok := s.Encode(nil, spansWithIDs(1).Spans[0])
	if !ok { // a zero transport encodes nothing
		data = []byte("x")
	}
	e := &transport.EncodedBatch{Process: &model.Process{}, Chunks: []transport.Chunk{{Data: data, Ends: []int{len(data)}}}}
	if n, err := s.SendEncoded(context.Background(), e); n != 0 || !errors.Is(err, transport.ErrClosed) {
		t.Errorf("encoded\n got: %d, %v\nwant: 0, closed", n, err)
	}
}
