// SPDX-License-Identifier: Apache-2.0

//go:build go1.25

package jaeger_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/sampler"
)

// Spans far apart see the anchor renewed; their times stay those of time.Now.
func TestTimesFollowTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := reporter.NewMemory()
		tracer, err := jaeger.New("svc", kept)
		if err != nil {
			t.Fatal(err)
		}
		for _, pause := range []time.Duration{0, time.Millisecond, 999 * time.Millisecond, time.Second, time.Hour, 10 * 365 * 24 * time.Hour} {
			time.Sleep(pause)
			kept.Reset()
			start := time.Now()
			span := tracer.StartSpan("op")
			time.Sleep(90 * time.Minute)
			span.LogKV("event", "late")
			span.Finish()
			got := only(t, kept)
			if !got.StartTime().Equal(start) || got.Duration != 90*time.Minute {
				t.Errorf("after %v: got %v for %v, want %v", pause, got.StartTime(), got.Duration, start)
			}
			if at := got.Logs[0].Time; at != time.Now().UnixNano() {
				t.Errorf("after %v: log at %d, want %d", pause, at, time.Now().UnixNano())
			}
		}
	})
}

// A tracer that is older than the bubble it is used in tells the bubble's time there.
func TestTimesInABubbleAreTheBubbles(t *testing.T) {
	tracer, kept := newTracer(t)
	for begun := time.Now(); time.Since(begun) < 60*time.Millisecond; { // long enough for its clock to learn
		tracer.StartSpan("before").Finish()
	}
	kept.Reset()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		span := tracer.StartSpan("op")
		time.Sleep(5 * time.Second)
		span.Finish()
		if got := only(t, kept); got.Duration != 5*time.Second || got.StartTime().Sub(start).Abs() > time.Millisecond {
			t.Errorf("got %v for %v, want about %v for 5s", got.StartTime(), got.Duration, start)
		}
	})
}

// A program that starts very many unsampled spans knows their start to a
// millisecond, should it force one; before and after that, exactly.
func TestCoarseStartOfUnsampledSpans(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := reporter.NewMemory()
		tracer, err := jaeger.New("svc", kept, jaeger.WithSampler(sampler.NewConst(false)))
		if err != nil {
			t.Fatal(err)
		}
		off := func() time.Duration {
			kept.Reset()
			start := time.Now()
			tracer.StartSpan("op").SetTag("sampling.priority", 1).Finish()
			return start.Sub(only(t, kept).StartTime())
		}
		time.Sleep(time.Second)
		if got := off(); got != 0 {
			t.Errorf("idle: %v off", got)
		}
		for range 100_000 {
			tracer.StartSpan("op").Finish()
		}
		time.Sleep(7*time.Millisecond + 300*time.Microsecond)
		if got := off(); got < 1 || got > time.Millisecond {
			t.Errorf("busy: %v off, want the last tick", got)
		}
		time.Sleep(100 * time.Millisecond)
		if got := off(); got != 0 {
			t.Errorf("idle again: %v off", got)
		}
	})
}
