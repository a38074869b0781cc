// SPDX-License-Identifier: Apache-2.0

//go:build go1.25

package baggage_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jaegerkit/jaeger/baggage"
)

// TestRemoteTells: when it asks, and what of it is told.
func TestRemoteTells(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex // the race detector does not know of the bubble's clock
		code, body, asked, l := 0, "", 0, newLines()
		says := func(c int, b string) (questions int) {
			mu.Lock()
			defer mu.Unlock()
			code, body = c, b
			return asked
		}
		r, err := baggage.NewRemote("shop", baggage.WithLogger(l.logger()), baggage.WithHTTPClient(&http.Client{
			Transport: roundTrip(func(*http.Request) (*http.Response, error) {
				mu.Lock()
				defer mu.Unlock()
				asked++
				if code == 0 {
					return nil, errors.New("refused")
				}
				return &http.Response{StatusCode: code, Body: io.NopCloser(strings.NewReader(body))}, nil
			}),
		}))
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if n := says(0, ""); n != 1 {
			t.Errorf("got %d questions at the start, want 1", n)
		}
		for _, step := range []struct {
			name        string
			code        int
			body        string
			wait        time.Duration
			least, most int // questions
			want        string
		}{
			{"down", 0, "", 70 * time.Second, 6, 7,
				`level=WARN msg="jaeger: no baggage restrictions from the server, keeping the present ones" failures=1 keys=0 others=true`},
			{"absent", 404, "", 30 * time.Minute, 26, 35,
				`level=INFO msg="jaeger: the server has no baggage restrictions, keeping the present ones" keys=0 others=true`},
			{"there", 200, userOnly, 10 * time.Minute, 9, 12,
				`level=INFO msg="jaeger: the server answers with baggage restrictions again" failures=6 keys=1 others=false`},
			{"all well", 200, userOnly, 10 * time.Minute, 9, 12, ""},
		} {
			before := says(step.code, step.body)
			time.Sleep(step.wait)
			synctest.Wait()
			got := strings.TrimSpace(l.take())
			if i := strings.Index(step.want, "failures=6"); i >= 0 && strings.HasPrefix(got, step.want[:i]) {
				got = step.want // however many there were
			}
			if n := says(step.code, step.body) - before; got != step.want || n < step.least || n > step.most {
				t.Errorf("%s: got %d questions and %s, want %d to %d and %s", step.name, n, got, step.least, step.most, step.want)
			}
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		before := says(0, "")
		time.Sleep(time.Hour)
		if n := says(0, "") - before; n != 0 {
			t.Errorf("got %d questions after Close, want none", n)
		}
	})
}
