// SPDX-License-Identifier: Apache-2.0

//go:build go1.25

package throttle_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jaegerkit/jaeger/throttle"
)

// TestRemoteTimes: when it asks, for what, and what of it is told.
func TestRemoteTimes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex // the race detector does not know of the bubble's clock
		code, body, l := 404, "", newLines()
		var asked []string
		says := func(c int, b string) {
			mu.Lock()
			defer mu.Unlock()
			code, body = c, b
		}
		r, err := throttle.NewRemote("shop", throttle.WithLogger(l.logger()), throttle.WithHTTPClient(&http.Client{
			Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				time.Sleep(100 * time.Millisecond)
				mu.Lock()
				defer mu.Unlock()
				asked = append(asked, strings.Join(r.URL.Query()["operations"], "+"))
				return &http.Response{StatusCode: code, Body: io.NopCloser(strings.NewReader(body))}, nil
			}),
		}))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		check := func(name string, wait time.Duration, want string) {
			t.Helper()
			time.Sleep(wait)
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			if got := strings.Join(asked, " "); got != want {
				t.Errorf("%s: got questions %q, want %q", name, got, want)
			}
			asked = nil
		}
		allow := func(op string, want int) {
			t.Helper()
			got := 0
			for got < 100 && r.Allow(op) {
				got++
			}
			if got != want {
				t.Errorf("%s: got %d allowed, want %d", op, got, want)
			}
		}
		check("nothing to ask", time.Hour, "")
		allow("a", throttle.DefaultLocalBurst)
		check("new, asked for soon", time.Second, "a")
		if got, want := strings.TrimSpace(l.take()),
			`level=INFO msg="jaeger: the server has no credits for debug spans, limiting them in this process" perSecond=1 burst=10`; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		allow("b", 1) // a second's
		check("absent", 10*time.Second, "")
		check("absent, a while", 12*time.Second, "a+b")
		check("absent, told once", 45*time.Second, "a+b a+b")
		if got := l.take(); got != "" {
			t.Errorf("got %s, want nothing", got)
		}
		says(200, `{"balances":[{"operation":"a","balance":2},{"operation":"b","balance":0.9}]}`)
		check("there", 22*time.Second, "a+b")
		if got := l.take(); !strings.HasPrefix(got, `level=INFO msg="jaeger: the server gives credits for debug spans again"`) {
			t.Errorf("got %s, want a recovery", got)
		}
		check("not in use", time.Hour, "")
		allow("a", 2)
		allow("c", throttle.DefaultLocalBurst)
		check("in use", 2*time.Second, "a+c")
		allow("c", 0)
		check("interval", 6*time.Second, "c")
		allow("a", 4)
		allow("b", 2) // of 0.9 three times
		says(503, "")
		check("fails", 4*time.Second, "a+b")
		allow("a", 0)
		allow("b", 0)
		if got := l.take(); !strings.HasPrefix(got, `level=WARN msg="jaeger: no credits for debug spans from the server"`) {
			t.Errorf("got %s, want a warning", got)
		}
	})
}
