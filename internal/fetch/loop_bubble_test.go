// SPDX-License-Identifier: Apache-2.0

//go:build go1.25

package fetch_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jaegerkit/jaeger/internal/fetch"
)

// TestWaits: a question's outcome says when the next one is.
func TestWaits(t *testing.T) {
	t.Parallel()
	bad := errors.New("bad")
	for _, test := range []struct {
		name     string
		interval time.Duration
		outcomes []error
		want     []time.Duration
	}{
		{"good", time.Minute, []error{nil, nil}, []time.Duration{time.Minute, time.Minute}},
		{"before any answer", 5 * time.Second, []error{bad, bad, bad, bad},
			[]time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 5 * time.Second}},
		{"after one", time.Minute, []error{nil, bad, bad, bad, bad, nil}, []time.Duration{
			time.Minute, time.Minute, 2 * time.Minute, 4 * time.Minute, 4 * time.Minute, time.Minute,
		}},
		{"absent", 5 * time.Second, []error{fetch.ErrAbsent, fetch.ErrAbsent}, []time.Duration{20 * time.Second, 20 * time.Second}},
		{"absent, seldom asked", time.Hour, []error{fetch.ErrAbsent}, []time.Duration{time.Hour}},
		{"absent, a minute", 30 * time.Second, []error{fetch.ErrAbsent}, []time.Duration{time.Minute}},
		{"idle", 5 * time.Second, []error{fetch.ErrIdle, bad, fetch.ErrIdle, bad},
			[]time.Duration{5 * time.Second, time.Second, 5 * time.Second, 2 * time.Second}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				last, i := time.Now(), 0
				l := fetch.Start(fetch.Task{
					Interval: test.interval, Timeout: time.Second,
					Fetch: func(context.Context) ([]byte, error) {
						if i > 0 && i <= len(test.want) {
							got, want := time.Since(last), test.want[i-1]
							if float64(got) < 0.9*float64(want) || float64(got) > 1.1*float64(want) {
								t.Errorf("wait %d: got %v, want %v", i, got, want)
							}
						}
						last = time.Now()
						i++
						return nil, test.outcomes[min(i, len(test.outcomes))-1]
					},
					Use:  func([]byte) error { return nil },
					Tell: func(error) {},
				})
				time.Sleep(24 * time.Hour)
				if err := l.Close(); err != nil || i <= len(test.want) {
					t.Errorf("got %d questions, %v, want more than %d", i, err, len(test.want))
				}
			})
		})
	}
}

func TestWake(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var asked []time.Duration
		wake := make(chan struct{}, 1)
		l := fetch.Start(fetch.Task{
			Interval: time.Minute, Timeout: time.Second, Wake: wake,
			Fetch: func(context.Context) ([]byte, error) {
				asked = append(asked, time.Since(start))
				return nil, nil
			},
			Use:  func([]byte) error { return nil },
			Tell: func(error) {},
		})
		synctest.Wait()
		wake <- struct{}{} // too soon: at 1 s
		time.Sleep(11 * time.Second)
		wake <- struct{}{} // at 11.1 s
		time.Sleep(200 * time.Millisecond)
		for range 10 { // too many: at 12.1 s and 13.1 s
			select {
			case wake <- struct{}{}:
			default:
			}
			synctest.Wait()
		}
		time.Sleep(20 * time.Second)
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		want := []time.Duration{0, time.Second, 11100 * time.Millisecond, 12100 * time.Millisecond, 13100 * time.Millisecond}
		if len(asked) != len(want) {
			t.Fatalf("got questions at %v, want %v", asked, want)
		}
		for i := range want {
			if asked[i] != want[i] {
				t.Errorf("got questions at %v, want %v", asked, want)
			}
		}
	})
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := fetch.Start(fetch.Task{
			Interval: time.Hour, Timeout: 7 * time.Second,
			Fetch: func(ctx context.Context) ([]byte, error) { <-ctx.Done(); return nil, ctx.Err() },
			Use:   func([]byte) error { return nil },
			Tell:  func(error) {},
		})
		start := time.Now()
		for l.Stats().Failures == 0 {
			time.Sleep(time.Second / 10)
			synctest.Wait()
		}
		if got := time.Since(start); got != 7*time.Second || !errors.Is(l.Stats().LastError, context.DeadlineExceeded) {
			t.Errorf("got %v after %v, want a deadline of 7s", l.Stats().LastError, got)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestStuck: Close is bounded whatever Fetch does, and what comes of it later is
// not used.
func TestStuck(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		l := fetch.Start(fetch.Task{
			Interval: time.Hour, Timeout: time.Hour,
			Fetch: func(context.Context) ([]byte, error) { <-release; return nil, nil },
			Use:   func([]byte) error { t.Error("used"); return nil },
			Tell:  func(err error) { t.Errorf("told %v", err) },
		})
		start := time.Now()
		if err := l.Close(); err != fetch.ErrStuck || time.Since(start) != fetch.Grace {
			t.Errorf("got %v after %v, want that it is stuck after %v", err, time.Since(start), fetch.Grace)
		}
		close(release)
		synctest.Wait()
		if err := l.Close(); err != nil || l.Stats() != (fetch.Stats{}) {
			t.Errorf("got %v, %+v, want nothing", err, l.Stats())
		}
	})
}

func TestTeller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var lines bytes.Buffer
		bare := func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}
		teller := fetch.Teller{
			Logger:  slog.New(slog.NewTextHandler(&lines, &slog.HandlerOptions{ReplaceAttr: bare})),
			Failing: "failing", Recovered: "recovered", Absent: "absent",
		}
		bad := errors.New("bad")
		for i, step := range []struct {
			wait time.Duration
			err  error
			want string
		}{
			{0, nil, ""},
			{0, bad, "level=WARN msg=failing error=bad failures=1 x=y"},
			{time.Minute, bad, ""},
			{4 * time.Minute, bad, "level=WARN msg=failing error=bad failures=2 x=y"},
			{0, nil, "level=INFO msg=recovered failures=3 x=y"},
			{0, nil, ""},
			{0, bad, ""},
			{0, nil, ""},
			{0, fetch.ErrAbsent, `level=INFO msg=absent error="the server has no such endpoint" x=y`},
			{time.Hour, fetch.ErrAbsent, ""},
			{0, nil, "level=INFO msg=recovered failures=0 x=y"},
			{0, fetch.ErrAbsent, `level=INFO msg=absent error="the server has no such endpoint" x=y`},
			{0, nil, "level=INFO msg=recovered failures=0 x=y"},
			{0, fetch.ErrAbsent, ""}, // to and fro
			{0, nil, ""},
		} {
			time.Sleep(step.wait)
			got := teller.Tell(step.err, "x", "y")
			if line := strings.TrimSuffix(lines.String(), "\n"); line != step.want || got != strings.Contains(line, "recovered") {
				t.Errorf("step %d: got %v, %q, want %q", i, got, line, step.want)
			}
			lines.Reset()
		}
	})
}

// panics is a slog.Handler in bad shape.
type panics struct{ slog.Handler }

func (panics) Enabled(context.Context, slog.Level) bool { panic("no") }

func TestTellerSurvivesItsHandler(t *testing.T) {
	t.Parallel()
	teller := fetch.Teller{Logger: slog.New(panics{})}
	for _, err := range []error{errors.New("bad"), nil, fetch.ErrAbsent, nil} {
		teller.Tell(err)
	}
}
