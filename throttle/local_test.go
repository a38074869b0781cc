// SPDX-License-Identifier: Apache-2.0

package throttle_test

import (
	"math"
	"sync"
	"testing"

	"github.com/jaegerkit/jaeger/throttle"
)

func TestLocal(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		perSecond float64
		burst     int
		want      uint64
	}{{"burst", 1e-6, 7, 7}, {"one", 1e-6, 1, 1}, {"none", 0, 100, 0}} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l, err := throttle.NewLocal(test.perSecond, test.burst)
			if err != nil {
				t.Fatal(err)
			}
			var wg sync.WaitGroup
			for range 4 {
				wg.Add(1)
				go func() {
					defer wg.Done()
					for range 50 {
						l.Allow("op")
					}
				}()
			}
			wg.Wait()
			if got, want := l.Stats(), (throttle.LocalStats{Allowed: test.want, Refused: 200 - test.want}); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}

func TestBadLocal(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		perSecond float64
		burst     int
		want      string
	}{
		{"negative", -1, 1, "debug spans per second -1: want 0 or more"},
		{"NaN", math.NaN(), 1, "debug spans per second NaN: want 0 or more"},
		{"infinite", math.Inf(1), 1, "debug spans per second +Inf: want 0 or more"},
		{"no burst", 1, 0, "debug span burst 0: want 1 or more"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if l, err := throttle.NewLocal(test.perSecond, test.burst); l != nil || err == nil || err.Error() != test.want {
				t.Errorf("got %v, %v, want %s", l, err, test.want)
			}
		})
	}
	if (&throttle.Local{}).Allow("op") {
		t.Error("got a zero Local that allows, want one that refuses")
	}
}

func TestAllowDoesNotAllocate(t *testing.T) {
	l, err := throttle.NewLocal(1e9, 1)
	if err != nil {
		t.Fatal(err)
	}
	p := newPeer(t, "")
	p.gives(1)
	r := p.throttle()
	r.Allow("known")
	p.settle(r, "known")
	for _, test := range []struct {
		name string
		t    throttle.Throttler
		op   string
	}{{"local", l, "op"}, {"known", r, "known"}, {"long", r, string(make([]byte, 300))}} {
		if got := testing.AllocsPerRun(100, func() { test.t.Allow(test.op) }); got > 0 {
			t.Errorf("%s: got %v allocations, want 0", test.name, got)
		}
	}
}

func BenchmarkLocal(b *testing.B) {
	l, err := throttle.NewLocal(1, 1)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			l.Allow("op")
		}
	})
}

func BenchmarkRemote(b *testing.B) {
	p := newPeer(b, "")
	p.gives(1)
	r := p.throttle(throttle.WithInterval(throttle.DefaultInterval))
	r.Allow("op")
	p.await()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r.Allow("op")
		}
	})
}
